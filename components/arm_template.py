"""From resources that a Pulumi program registered to an Azure Resource Manager template.

Owns the form of the template: where an input of azure-native stands in ARM, and how a value that only Azure knows is
written as an expression. Which types there are is data (``presets/arm.json``). The template is for checks to read; it
holds no order of deployment and is not made for deploying.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

from kaitops.documents.plain import MutableObject, Object, mapping
from kaitops.errors import BadInput
from kaitops.kaito import facts

PREFIX = "azure-native:"
SUBSCRIPTION, TENANT = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
_KNOWN = {SUBSCRIPTION: "subscription().subscriptionId", TENANT: "tenant().tenantId"}
TOKEN = re.compile(r"<<([0-9a-f]{32})\.([\w.]+)>>")
"""What stands for an output that only Azure knows: the key of its resource, and the path of the output."""
_SECRET = re.compile(r"<<secret\.([\w-]+)>>")
_FIELD = re.compile(r"\{(\w+)\}")
_VERSIONED = re.compile(r"/v\d{8}(preview|privatepreview)?:")


@dataclass(frozen=True, slots=True)
class Registered:
    """One Azure resource as it was registered.

    Attributes:
        token: such as ``containerservice:ManagedCluster``.
        inputs: plain values; what only Azure knows is a token of ``unknown``.
        read: it exists elsewhere and was looked up.
    """

    token: str
    name: str
    inputs: Object
    id: str
    read: bool = False

    @property
    def key(self) -> str:
        """What stands for it: the same from run to run, in whatever order a program's resources come."""
        return uuid5(NAMESPACE_URL, f"{self.token}|{self.name}|{self.id}").hex


def short(token: str) -> str:
    """``containerservice:ManagedCluster`` of a type token, whichever API version it names."""
    return _VERSIONED.sub(":", token.removeprefix(PREFIX))


def known(token: str) -> Object:
    """What is known of a type.

    Raises:
        BadInput: nothing is known.
    """
    try:
        return facts.load(".", "arm.json")["types"][token]
    except KeyError:
        raise BadInput(
            f"{PREFIX}{token}: its resource type in ARM is not known here, so the template would lack it and no check "
            "would see it; add the type to presets/arm.json"
        ) from None


def azure_id(token: str, name: str, inputs: Object) -> str:
    """The resource id that Azure would give, in a subscription that stands for the real one.

    Raises:
        BadInput: the type is not known, or an input that names the resource is missing.
    """
    path = known(token)["path"]
    named = {key: mapping(inputs).get(key) for key in _FIELD.findall(path)}
    if "resourceGroupName" not in named and "{scope}" not in path and "{resourceUri}" not in path:
        named["resourceGroupName"] = inputs.get("resourceGroupName", "")
    missing = [key for key, value in named.items() if value is None]
    if missing:
        # An automatic name is random; here it is the name in the program, so that two runs say the same.
        named |= dict.fromkeys(missing, name)
    root = f"/subscriptions/{SUBSCRIPTION}"
    if token == "resources:ResourceGroup":  # noqa: S105 - a type token
        return f"{root}/resourceGroups/{named['resourceGroupName']}"
    filled = path.format(**named)
    if path.startswith("{"):
        return filled
    group = named.get("resourceGroupName")
    return f"{root}/resourceGroups/{group}/providers/{filled}" if group else f"{root}/providers/{filled}"


def unknown(one: Registered) -> MutableObject:
    """What of a resource only Azure knows: nested, each a text that ``template`` makes an expression of."""
    found: MutableObject = {}
    for path in known(one.token).get("outputs", ()):
        *above, last = path.split(".")
        place = found
        for step in above:
            place = place.setdefault(step, {})
        place[last] = f"<<{one.key}.{path}>>"
    return found


def template(resources: Sequence[Registered], description: str) -> MutableObject:
    """The whole template, in an order that does not depend on the program's.

    Raises:
        BadInput: no Azure resource was declared.
    """
    made = [one for one in resources if not one.read]
    if not made:
        raise BadInput(f"{description}: declares no Azure resource, so there is nothing to check; name another stack")
    text = _Text(resources)
    written = sorted((_resource(one, text) for one in made), key=lambda one: (one["type"], one["name"], str(one)))
    parameters = {name: {"type": "securestring"} for name in sorted(text.parameters)}
    return {
        "$schema": facts.load(".", "arm.json")["schema"],
        "contentVersion": "1.0.0.0",
        "metadata": {"description": description},
        "parameters": parameters,
        "resources": written,
    }


def alone(token: str, name: str, inputs: Object) -> MutableObject:
    """One resource as it would stand in a template; what only Azure knows is left out.

    Raises:
        BadInput: nothing is known of the type.
    """
    one = Registered(short(token), name, inputs, azure_id(short(token), name, inputs))
    return _resource(one, _Text([one]))


def _resource(one: Registered, text: "_Text") -> MutableObject:
    fact = known(one.token)
    path: str = fact["path"]
    inside: Iterable[str] = fact.get("inside", ())
    renamed: Mapping[str, str] = fact.get("renamed", {})
    kind, names, scope = _split(one.id)
    found: MutableObject = {"type": kind, "apiVersion": fact["api"], "name": text.of("/".join(names))}
    if path.startswith("{") or "/providers/" in path:
        found["scope"] = text.of(scope)
    properties: MutableObject = {}
    naming = {*_FIELD.findall(path), *fact.get("naming", ()), "resourceGroupName"}
    for key, value in sorted(one.inputs.items()):
        if key in naming or value is None:
            continue
        if key in facts.load(".", "arm.json")["top"] and key not in inside:
            found[key] = text.of(_identity(value) if key == "identity" else value)
        elif key == "properties":
            properties |= text.of(value)
        else:
            properties[renamed.get(key, key)] = text.of(value)
    if properties:
        found["properties"] = dict(sorted(properties.items()))
    return found


def _identity(value: object) -> Any:
    """The identities of a resource: a list in azure-native, a map in ARM."""
    given = mapping(value).get("userAssignedIdentities")
    if not isinstance(given, list):
        return value
    named: MutableObject = {one: {} for one in cast("list[str]", given)}
    return {**mapping(value), "userAssignedIdentities": named}


def _split(identity: str) -> tuple[str, list[str], str]:
    """Type, names and scope of a resource id."""
    scope, found, tail = identity.rpartition("/providers/")
    if not found:
        return "Microsoft.Resources/resourceGroups", [identity.rpartition("/")[2]], ""
    space, *rest = tail.split("/")
    return "/".join([space, *rest[0::2]]), rest[1::2], scope


class _Text:
    """Writes values: texts with what is not known yet become expressions."""

    def __init__(self, resources: Sequence[Registered]) -> None:
        self.parameters: set[str] = set()
        self._resources = {one.key: one for one in resources}
        self._ids = {one.id: _reference(one) for one in resources}
        ids = sorted((re.escape(one) for one in self._ids), key=len, reverse=True)
        parts = [*(f"{one}(?![\\w.-])" for one in ids), *map(re.escape, _KNOWN), TOKEN.pattern, _SECRET.pattern]
        self._special = re.compile("|".join(parts))

    def of(self, value: object) -> Any:
        """The value as it stands in a template."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            pairs = cast("Object", value).items()
            return {self._text(key): self.of(entry) for key, entry in sorted(pairs) if entry is not None}
        if isinstance(value, list):
            return [self.of(entry) for entry in cast("list[Any]", value)]
        return value

    def _text(self, value: str) -> str:
        parts = list(self._parts(value))
        if all(not special for special, _ in parts):
            # A text that starts with a bracket would be read as an expression.
            return f"[{value}" if value.startswith("[") else value
        if len(parts) == 1:
            return f"[{parts[0][1]}]"
        inner = ", ".join(part if special else "'{}'".format(part.replace("'", "''")) for special, part in parts)
        return f"[concat({inner})]"

    def _parts(self, value: str) -> Iterator[tuple[bool, str]]:
        end = 0
        for match in self._special.finditer(value):
            if match.start() > end:
                yield False, value[end : match.start()]
            yield True, self._expression(match.group())
            end = match.end()
        if end < len(value) or not value:
            yield False, value[end:]

    def _expression(self, found: str) -> str:
        if found in self._ids:
            return self._ids[found]
        if found in _KNOWN:
            return _KNOWN[found]
        if match := _SECRET.fullmatch(found):
            self.parameters.add(match[1])
            return f"parameters('{match[1]}')"
        key, path = found[2:-2].split(".", 1)
        one = self._resources[key]
        api = known(one.token)["api"]
        inner = path.removeprefix("properties.")
        full = ", 'Full'" if path.startswith("identity.") else ""
        return f"reference({self._ids[one.id]}, '{api}'{full}).{inner}"


def _reference(one: Registered) -> str:
    """The expression for a resource's id."""
    kind, names, scope = _split(one.id)
    quoted = ", ".join(f"'{name}'" for name in [kind, *names])
    group = scope.removeprefix(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/")
    if not scope or scope == f"/subscriptions/{SUBSCRIPTION}":
        return f"subscriptionResourceId({quoted})"
    if known(one.token)["path"].startswith("{") or "/" in group:
        return f"extensionResourceId('{scope}', {quoted})"
    return f"resourceId('{group}', {quoted})"
