"""Roles, accounts and policies that bindings name: one that is of another kind or namespace, or a slip.

Charts make roles and accounts too, so a name that is nowhere is no fault. Source: Kubernetes' RBAC.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kaitops.documents.plain import Object, Path, items, mapping
from kaitops.documents.ref import DEFAULT, namespace_of
from kaitops.gate.effects import absent
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item

_POLICY = "ValidatingAdmissionPolicy"
_OWN, _WIDE, _ACCOUNT = "Role", "ClusterRole", "ServiceAccount"
# Roles that every cluster begins with.
_BEGUN_WITH = ("view", "edit", "admin", "cluster-admin")


class _Known(NamedTuple):
    """What there is to name: of a namespace, or of none."""

    kind: str
    space: str
    name: str


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """What is wrong with the role and the accounts that each names."""
    every = [one.data for one in state.items] + [one for made in state.made.values() for one in made.objects]
    known = [
        _Known(one["kind"], "" if one["kind"] == _WIDE else namespace_of(one), str(one["metadata"].get("name")))
        for one in every
        if one["kind"] in (_OWN, _WIDE, _ACCOUNT)
    ]
    known += [_Known(_WIDE, "", name) for name in _BEGUN_WITH]
    policies = [one["metadata"].get("name") for one in every if one["kind"] == _POLICY]
    for item in state.items:
        named = mapping(item.data.get("spec")).get("policyName")
        if item.data["kind"] == f"{_POLICY}Binding" and absent.is_name(named) and named not in policies:
            need = f"{_POLICY} {named}"
            if not state.settled(need) and (asked := absent.slipped(need, map(str, policies))):
                text = f"names {need}, which the tree does not declare, so nothing is held to it; {asked}"
                yield item, ("spec", "policyName"), text
        if item.data["kind"] in ("RoleBinding", "ClusterRoleBinding"):
            space = namespace_of(item.data) if item.data["kind"] == "RoleBinding" else ""
            if text := _role(mapping(item.data.get("roleRef")), space, known, state):
                yield item, ("roleRef", "name"), text
            for place, one in enumerate(items(item.data.get("subjects"))):
                if text := _account(mapping(one), space, known, state):
                    yield item, ("subjects", place), text


def _role(named: Object, space: str, known: Sequence[_Known], state: State) -> str:
    kind, name = named.get("kind"), named.get("name")
    if kind not in (_OWN, _WIDE) or not absent.is_name(name):
        return ""
    own = space if kind == _OWN else ""
    need = f"{kind} {own}/{name}" if own else f"{kind} {name}"
    if _Known(kind, own, name) in known or state.settled(need):
        return ""
    text = f"names {need}, which the tree does not declare, so nobody is allowed anything by it; "
    if kind == _OWN and _Known(_WIDE, "", name) in known:
        return f"{text}{_WIDE} {name} is there, so write kind: {_WIDE}"
    if kind == _WIDE and space and _Known(_OWN, space, name) in known:
        return f"{text}{_OWN} {name} is there, so write kind: {_OWN}"
    away = next((one.space for one in known if one.kind == _OWN == kind and one.name == name), None)
    if away is not None:
        return f"{text}it is in {away}, and a binding takes roles of its own namespace; declare it in {space} too"
    asked = absent.slipped(need, [one.name for one in known if (one.kind, one.space) == (kind, own)])
    return f"{text}{asked}" if asked else ""


def _account(named: Object, space: str, known: Sequence[_Known], state: State) -> str:
    place, name = named.get("namespace") or space, named.get("name")
    if named.get("kind") != _ACCOUNT or not absent.is_name(name) or not absent.is_name(place) or name == DEFAULT:
        return ""
    need = f"{_ACCOUNT} {place}/{name}"
    if _Known(_ACCOUNT, place, name) in known or state.settled(need):
        return ""
    text = f"gives its role to {need}, which the tree does not declare; "
    away = [one.space for one in known if (one.kind, one.name) == (_ACCOUNT, name)]
    # In a namespace that the tree has nothing in, a chart may make one of the same name.
    if away and (place in state.spaces or place == DEFAULT or absent.slip(place, away)):
        return f"{text}it is in {away[0]}, so write namespace: {away[0]}; if not, {absent.assumed(need)}"
    asked = absent.slipped(need, [one.name for one in known if (one.kind, one.space) == (_ACCOUNT, place)])
    return f"{text}{asked}" if asked else ""
