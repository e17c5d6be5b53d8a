"""What holds within the volumes of a pod and within what its containers read their environment from."""

import re
from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import amount
from kaitops.kaito.kubernetes.dns_names import subdomain_problems

Found = Iterator[tuple[Path, str]]
_ABOUT_POD = frozenset({"metadata.name", "metadata.namespace", "metadata.uid"})
_IN_FILES = _ABOUT_POD | {"metadata.labels", "metadata.annotations"}
_IN_VARIABLES = _ABOUT_POD | {
    "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
}  # fmt: skip
_SUBSCRIPT = re.compile(r"metadata\.(?:labels|annotations)\['(.+)'\]", re.DOTALL)
_RESOURCE = re.compile(r"(?:limits|requests)\.(?:cpu|memory|ephemeral-storage|hugepages-.+)")
_NEEDED = {"nfs": ("server", "path"), "csi": ("driver",), "azureFile": ("secretName", "shareName")}
_FILES = ("configMap", "secret", "downwardAPI")
_PRINTABLE = re.compile(r"[ -<>-~]*")
_MODES = 0o777
_LONGEST_TOKEN = 1 << 32


def volumes(listed: Sequence[object], path: Path) -> Found:
    """What is wrong within the sources of volumes."""
    for place, one in enumerate(listed):
        volume, where = mapping(one), (*path, "volumes", place)
        for kind in ("configMap", "secret"):
            if volume.get(kind) is not None:
                yield from _files(mapping(volume[kind]), (*where, kind))
        if volume.get("downwardAPI") is not None:
            yield from _downward(mapping(volume["downwardAPI"]), (*where, "downwardAPI"))
        if volume.get("projected") is not None:
            yield from _projected(mapping(volume["projected"]), (*where, "projected"))
        if volume.get("ephemeral") is not None:
            yield from _claim(mapping(volume["ephemeral"]), (*where, "ephemeral"))
        for kind, needed in _NEEDED.items():
            for key in needed:
                if volume.get(kind) is not None and not at(volume, kind, key):
                    yield (*where, kind, key), "is missing; name it"
        folder = at(volume, "nfs", "path")
        if folder and not folder.startswith("/"):
            yield (*where, "nfs", "path"), "must begin with /; correct it"
        for kind in ("hostPath", "nfs"):
            if _climbs(at(volume, kind, "path")):
                yield (*where, kind, "path"), "may not hold '..'; correct it"


def variables(listed: Sequence[object], path: Path) -> Found:
    """What is wrong with what variables are read from."""
    for place, one in enumerate(listed):
        source, where = mapping(mapping(one).get("valueFrom")), (*path, "env", place, "valueFrom")
        if source.get("fieldRef") is not None:
            yield from _field(mapping(source["fieldRef"]), (*where, "fieldRef"), _IN_VARIABLES)
        if source.get("resourceFieldRef") is not None:
            yield from _resource(mapping(source["resourceFieldRef"]), (*where, "resourceFieldRef"), named=False)


def whole(listed: Sequence[object], path: Path) -> Found:
    """What is wrong with objects that are read into the environment as a whole."""
    for place, one in enumerate(listed):
        held, where = mapping(one), (*path, "envFrom", place)
        if not _PRINTABLE.fullmatch(held.get("prefix") or ""):
            yield (*where, "prefix"), "must be printable ASCII without '='; correct it"
        kinds = [kind for kind in ("configMapRef", "secretRef") if held.get(kind) is not None]
        if len(kinds) != 1:
            yield where, "must have one of configMapRef and secretRef; correct it"
        for kind in kinds:
            if subdomain_problems(at(held, kind, "name") or ""):
                yield (*where, kind, "name"), "must be the name of an object; correct it"


def _files(held: Object, path: Path) -> Found:
    yield from _mode(held.get("defaultMode"), (*path, "defaultMode"))
    for place, one in enumerate(items(held.get("items"))):
        entry, where = mapping(one), (*path, "items", place)
        if not entry.get("key"):
            yield (*where, "key"), "is missing; name a key of its data"
        yield from _relative(entry.get("path"), (*where, "path"))
        yield from _mode(entry.get("mode"), (*where, "mode"))


def _mode(mode: object, path: Path) -> Found:
    if isinstance(mode, int) and not 0 <= mode <= _MODES:
        yield path, "must be from 0 to 0777; correct it"


def _relative(name: object, path: Path) -> Found:
    if not name:
        yield path, "is missing; name the file"
    elif str(name).startswith(("/", "..")) or _climbs(name):
        yield path, "must be a path below the volume; correct it"


def _climbs(name: object) -> bool:
    return isinstance(name, str) and ".." in name.split("/")


def _downward(held: Object, path: Path) -> Found:
    yield from _mode(held.get("defaultMode"), (*path, "defaultMode"))
    for place, one in enumerate(items(held.get("items"))):
        entry, where = mapping(one), (*path, "items", place)
        yield from _relative(entry.get("path"), (*where, "path"))
        yield from _mode(entry.get("mode"), (*where, "mode"))
        kinds = [kind for kind in ("fieldRef", "resourceFieldRef") if entry.get(kind) is not None]
        if len(kinds) != 1:
            yield where, "must have one of fieldRef and resourceFieldRef; correct it"
        elif kinds[0] == "fieldRef":
            yield from _field(mapping(entry["fieldRef"]), (*where, "fieldRef"), _IN_FILES)
        else:
            yield from _resource(mapping(entry["resourceFieldRef"]), (*where, "resourceFieldRef"), named=True)


def _field(held: Object, path: Path, known: frozenset[str]) -> Found:
    name = held.get("fieldPath") or ""
    if name not in known and not _SUBSCRIPT.fullmatch(name):
        yield (*path, "fieldPath"), f"must be one of {', '.join(sorted(known))}, or a label or annotation; correct it"
    if held.get("apiVersion") not in (None, "", "v1"):
        yield (*path, "fieldPath"), "is of a version that no pod has; drop apiVersion"


def _resource(held: Object, path: Path, *, named: bool) -> Found:
    if named and not held.get("containerName"):
        yield (*path, "containerName"), "is missing; name the container"
    if not _RESOURCE.fullmatch(held.get("resource") or ""):
        text = "must be limits or requests of cpu, memory or ephemeral-storage, such as limits.memory; correct it"
        yield (*path, "resource"), text
    divisor = amount(held.get("divisor"))
    if divisor is not None and divisor < 0:
        yield (*path, "divisor"), "may not be negative; correct it"


def _projected(held: Object, path: Path) -> Found:
    yield from _mode(held.get("defaultMode"), (*path, "defaultMode"))
    taken: set[str] = set()
    for place, one in enumerate(items(held.get("sources"))):
        source, where = mapping(one), (*path, "sources", place)
        kinds = [kind for kind, value in source.items() if value is not None]
        if len(kinds) != 1:
            yield where, "must have exactly one source; correct it"
        for kind in ("configMap", "secret"):
            if source.get(kind) is not None:
                if not at(source, kind, "name"):
                    yield (*where, kind, "name"), "is missing; name the object"
                yield from _files(mapping(source[kind]), (*where, kind))
        if source.get("downwardAPI") is not None:
            yield from _downward(mapping(source["downwardAPI"]), (*where, "downwardAPI"))
        token = source.get("serviceAccountToken")
        if token is not None:
            yield from _relative(at(token, "path"), (*where, "serviceAccountToken", "path"))
            seconds = at(token, "expirationSeconds")
            if isinstance(seconds, int) and not 600 <= seconds <= _LONGEST_TOKEN:
                yield (*where, "serviceAccountToken", "expirationSeconds"), "must be 600 or more; raise it"
        names = [at(entry, "path") for kind in _FILES for entry in items(at(source, kind, "items"))]
        names.append(at(token, "path"))
        for name in names:
            if name and name in taken:
                yield path, f"puts more than one file at {name}; rename one"
            taken.add(name)


def _claim(held: Object, path: Path) -> Found:
    template = held.get("volumeClaimTemplate")
    where = (*path, "volumeClaimTemplate")
    if template is None:
        yield where, "is missing; describe the claim"
        return
    spec = mapping(mapping(template).get("spec"))
    modes = items(spec.get("accessModes"))
    if not modes or not all(modes):
        yield (*where, "spec", "accessModes"), "is missing; name one, such as ReadWriteOnce"
    storage = at(spec, "resources", "requests", "storage")
    size = amount(storage)
    if storage is None or (size is not None and size <= 0):
        yield (*where, "spec", "resources"), "must request storage, more than none; say how much"
    name = spec.get("storageClassName")
    if name and subdomain_problems(name):
        yield (*where, "spec", "storageClassName"), "can be no class's name; correct it"
