"""What holds between the fields of disks, and of the classes and drivers that make them."""

from collections.abc import Callable, Iterator, Mapping

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import amount, is_label_key
from kaitops.gate.native.selecting import expression
from kaitops.kaito.kubernetes.dns_names import subdomain_problems

Found = Iterator[tuple[Path, str]]
_LONGEST_DRIVER = 63
_NOT_OF_DISKS = frozenset(
    {"accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy",
     "storageClassName", "volumeAttributesClassName", "volumeMode"}
)  # fmt: skip


def problems(document: Object) -> Found:
    """What is wrong with an object of one of these kinds."""
    yield from _CHECKS[document["kind"]](document, mapping(document.get("spec")))


def _volume(document: Object, spec: Object) -> Found:
    if not items(spec.get("accessModes")):
        yield ("spec", "accessModes"), "is missing; name one"
    size = amount(at(spec, "capacity", "storage"))
    if size is None or size <= 0:
        yield ("spec", "capacity", "storage"), "must be an amount above 0; write it"
    sources = [key for key, value in spec.items() if key not in _NOT_OF_DISKS and value is not None]
    if len(sources) != 1:
        yield ("spec",), "must say by one source what the volume is, such as csi; correct it"
    for key in ("driver", "volumeHandle"):
        if spec.get("csi") is not None and not at(spec, "csi", key):
            yield ("spec", "csi", key), "is missing; name it"
    driver = str(at(spec, "csi", "driver") or "a")
    if subdomain_problems(driver.lower()) or len(driver) > _LONGEST_DRIVER:
        yield ("spec", "csi", "driver"), "can be no driver's name; correct it"
    terms = items(at(spec, "nodeAffinity", "required", "nodeSelectorTerms"))
    if spec.get("nodeAffinity") is not None and not terms:
        yield ("spec", "nodeAffinity", "required"), "is missing or empty; name the nodes, or drop nodeAffinity"
    for place, one in enumerate(terms):
        for number, held in enumerate(items(at(one, "matchExpressions"))):
            path = ("spec", "nodeAffinity", "required", "nodeSelectorTerms", place, "matchExpressions", number)
            yield from expression(mapping(held), path)


def _storage(document: Object, spec: Object) -> Found:
    if not is_label_key(str(document.get("provisioner") or "").lower()):
        yield ("provisioner",), "must be a driver's name, such as disk.csi.azure.com; correct it"
    for key in mapping(document.get("parameters")):
        if not key:
            yield ("parameters",), "hold an empty key; name it"
    terms: set[str] = set()
    for place, one in enumerate(items(document.get("allowedTopologies"))):
        held_all = items(at(one, "matchLabelExpressions"))
        keys = [str(at(held, "key")) for held in held_all]
        said = str(sorted((str(at(held, "key")), sorted(map(str, items(at(held, "values"))))) for held in held_all))
        if not held_all or len(keys) != len(set(keys)) or said in terms:
            yield ("allowedTopologies", place), "must say something that no other one does, each key once; correct it"
        terms.add(said)
        for number, held in enumerate(held_all):
            path = ("allowedTopologies", place, "matchLabelExpressions", number)
            values = items(at(held, "values"))
            if not values or len(values) != len(set(map(str, values))):
                yield (*path, "values"), "must hold values, each once; correct it"
            if not is_label_key(at(held, "key") or ""):
                yield (*path, "key"), "must be a label's key; correct it"


def _attributes(document: Object, spec: Object) -> Found:
    if not is_label_key(str(document.get("driverName") or "").lower()):
        yield ("driverName",), "must be a driver's name, such as disk.csi.azure.com; correct it"
    if not mapping(document.get("parameters")):
        yield ("parameters",), "is empty; name one"


def _driver(document: Object, spec: Object) -> Found:
    modes = items(spec.get("volumeLifecycleModes"))
    if spec.get("fsGroupPolicy") == "":
        yield ("spec", "fsGroupPolicy"), "is empty; write File, or drop it"
    if not all(modes):
        yield ("spec", "volumeLifecycleModes"), "holds an empty mode; write Persistent or Ephemeral"


_CHECKS: Mapping[str, Callable[[Object, Object], Found]] = {
    "CSIDriver": _driver,
    "PersistentVolume": _volume,
    "StorageClass": _storage,
    "VolumeAttributesClass": _attributes,
}
