"""The API server's own rules on what the metadata of an object says, which hold before any webhook is asked.

Source of the forms and messages: k8s.io/apimachinery ``pkg/util/validation``.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from kaitops.documents.plain import Object, items, mapping
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.kubernetes.cluster import is_cluster_scoped
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems
from kaitops.kaito.kubernetes.schema_rules import Finding

_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
_IS_QUALIFIED = re.compile(rf"{_QUALIFIED}\Z")
_IS_VALUE = re.compile(rf"{_VALUE}\Z")
_EXAMPLES = re.compile(r" \(e[.]g[.].*")
_LONGEST = 63
_MOST_BYTES = 256 * 1024
_LONGEST_MANAGER = 128
_CHARACTERS = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    f"(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_QUALIFIED}'"
)


def findings(metadata: Object, *, create: bool) -> list[Finding]:
    """What is wrong with the names, on a create, the labels, the annotations, the owners and the finalizers."""
    found = _names(metadata) if create else []
    for key, value in mapping(metadata.get("labels")).items():
        found += [_invalid("labels", key, text) for text in _key_problems(key)]
        found += [_invalid("labels", value or "", text) for text in _value_problems(value or "")]
    size = 0
    for key, value in mapping(metadata.get("annotations")).items():
        found += [_invalid("annotations", key, text) for text in _key_problems(key.lower())]
        size += len(key.encode()) + len((value or "").encode())
    if size > _MOST_BYTES:
        found.append(Finding("metadata.annotations", f"Too long: may not be more than {_MOST_BYTES} bytes"))
    found += _owners(items(metadata.get("ownerReferences")))
    found += _finalizers(items(metadata.get("finalizers")))
    for number, entry in enumerate(map(mapping, items(metadata.get("managedFields")))):
        # The server forgets the entries that it cannot make sense of, and judges the others.
        known = entry.get("operation") in ("Apply", "Update") and entry.get("fieldsType") == "FieldsV1"
        if known and len((entry.get("manager") or "").encode()) > _LONGEST_MANAGER:
            text = f"Too long: may not be more than {_LONGEST_MANAGER} bytes"
            found.append(Finding(f"metadata.managedFields[{number}].manager", text))
    return found


def reasons(metadata: Object) -> Iterator[str]:
    """The same of labels and annotations, without their values, which may be long, and the server's examples."""
    for one in findings(metadata, create=False):
        yield _EXAMPLES.sub("", one.text.rpartition('": ')[2])


def namespace_refusal(kind: str, metadata: Object) -> str | None:
    """The server's answer to a namespace that no cluster can have; None where one can, or where none counts."""
    namespace = metadata.get("namespace")
    if namespace and not is_cluster_scoped(kind) and label_problems(namespace):
        return f"namespaces {quote(namespace)} not found"
    return None


def apply_refusal(metadata: Object) -> tuple[int, str, str] | None:
    """Code, text and field of what a server-side apply refuses and a create takes; None where there is nothing."""
    if metadata.get("managedFields") is not None:
        return 400, "metadata.managedFields must be nil", "metadata.managedFields"
    owners = [mapping(one).get("uid") for one in items(metadata.get("ownerReferences"))]
    if twice := next((uid for number, uid in enumerate(owners) if uid in owners[:number]), None):
        text = f"metadata.ownerReferences: duplicate entries for key [uid={quote(twice)}]"
        return 500, text, "metadata.ownerReferences"
    finalizers = items(metadata.get("finalizers"))
    if twice := next((one for number, one in enumerate(finalizers) if one in finalizers[:number]), None):
        return 500, f"metadata.finalizers: duplicate entries for key [={quote(twice)}]", "metadata.finalizers"
    version = metadata.get("resourceVersion")
    if version and not re.fullmatch("[0-9]{1,20}", version):
        text = f"metadata.resourceVersion: strconv.ParseUint: parsing {quote(version)}: invalid syntax"
        return 500, text, "metadata.resourceVersion"
    if uid := metadata.get("uid"):
        text = f"the provided object specified uid {uid}, and no existing object was found"
        return 409, f"metadata.uid: uid mismatch: {text}", "metadata.uid"
    return None


def version_refusal(metadata: Object) -> str | None:
    """The server's answer to a create that says which version of the object it is; None where it says none."""
    version = metadata.get("resourceVersion") or "0"
    if re.fullmatch("[0-9]+", version) and int(version[:25]):
        return "resourceVersion should not be set on objects to be created"
    return None


def _names(metadata: Object) -> list[Finding]:
    prefix, name = metadata.get("generateName") or "", metadata.get("name") or ""
    # What is drawn is appended, so that the prefix may end in what a name may not.
    masked = f"{prefix[:-1]}a" if prefix.endswith("-") and len(prefix) > 1 else prefix
    found = [_invalid("generateName", prefix, text) for text in subdomain_problems(masked)] if prefix else []
    if name:
        return [*found, *(_invalid("name", name, text) for text in subdomain_problems(name))]
    if prefix:
        return found
    return [Finding("metadata.name", "Required value: name or generateName is required")]


def _owners(owners: list[Any]) -> list[Finding]:
    found: list[Finding] = []
    controllers: list[str] = []
    for each in owners:
        owner = mapping(each)
        version: str = owner.get("apiVersion") or ""
        group, _, number = version.rpartition("/")
        if version.count("/") > 1 or not number:
            found.append(_invalid("ownerReferences.apiVersion", version, "version must not be empty"))
        found += [
            _invalid(f"ownerReferences.{key}", "", "must not be empty")
            for key in ("kind", "name", "uid")
            if not owner.get(key)
        ]
        if (group, number, owner.get("kind")) == ("", "v1", "Event"):
            shown = json.dumps(owner, separators=(",", ":"))
            text = f"Invalid value: {shown}: /v1, Kind=Event is disallowed from being an owner"
            found.append(Finding("metadata.ownerReferences", text))
        if owner.get("controller") is True:
            controllers.append(owner.get("name") or "")
    if len(controllers) > 1:
        text = (
            'Only one reference can have Controller set to true. Found "true" in references for '
            f"{controllers[0]} and {controllers[1]}"
        )
        found.append(Finding("metadata.ownerReferences", f"Invalid value: {json.dumps(owners)}: {text}"))
    return found


def _finalizers(finalizers: list[Any]) -> list[Finding]:
    found = [_invalid("finalizers", one or "", text) for one in finalizers for text in _key_problems(one or "")]
    both = [one for one in finalizers if one in ("orphan", "foregroundDeletion")]
    if len(set(both)) > 1:
        text = "finalizer orphan and foregroundDeletion cannot be both set"
        found.append(Finding("metadata.finalizers", f"Invalid value: {json.dumps(finalizers)}: {text}"))
    return found


def _invalid(field: str, value: str, text: str) -> Finding:
    return Finding(f"metadata.{field}", f"Invalid value: {quote(value)}: {text}")


def _key_problems(key: str) -> Iterator[str]:
    parts = key.split("/")
    if len(parts) > 2:
        yield (
            f"a qualified name {_CHARACTERS}) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        )
        return
    if len(parts) == 2:
        if not parts[0]:
            yield "prefix part must be non-empty"
        else:
            yield from (f"prefix part {text}" for text in subdomain_problems(parts[0]))
    name = parts[-1]
    if not name:
        yield "name part must be non-empty"
    elif len(name.encode()) > _LONGEST:
        yield f"name part must be no more than {_LONGEST} bytes"
    if not _IS_QUALIFIED.match(name):
        yield f"name part {_CHARACTERS})"


def _value_problems(value: str) -> Iterator[str]:
    if len(value.encode()) > _LONGEST:
        yield f"must be no more than {_LONGEST} bytes"
    if not _IS_VALUE.match(value):
        yield (
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
            f"validation is '{_VALUE}')"
        )
