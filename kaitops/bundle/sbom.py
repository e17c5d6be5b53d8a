"""The bill of the images and charts that a tree leads to, in CycloneDX 1.6."""

import json

from kaitops import __version__
from kaitops.documents.plain import MutableObject, at, items
from kaitops.errors import BadInput
from kaitops.inventory import Inventory, Weights
from kaitops.kaito.kubernetes import image_reference


def bill(found: Inventory, kaito: str, *, models: bool = False) -> bytes:
    """The bill as JSON; the same bytes for the same images, so it bears no time and no random number.

    Args:
        models: list the models as well, whose files come from elsewhere than a registry.
    """
    charts = {(each.repository, each.chart, each.version): each for each in found.charts}
    components = [
        _component("application", one.chart, one.version, one.digest, "Helm chart", f"{one.repository}/{one.chart}")
        for _, one in sorted(charts.items())
    ]
    for one in found.images:
        read = image_reference.parts(one.name)
        name, version = read.name, read.tag or read.digest
        components.append(_component("container", name, version, one.digest, one.role, name))
    if models:
        components += [_model(one) for one in found.weights]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "kaitops", "version": __version__}]},
            "component": {"type": "application", "name": "kaito", "version": kaito, "bom-ref": "fleet"},
        },
        "components": components,
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _model(one: Weights) -> MutableObject:
    """A model as a component of its own kind, with what is known of its origin."""
    component: MutableObject = {
        "type": "machine-learning-model",
        "bom-ref": f"huggingface:{one.name}@{one.revision}",
        "name": one.name,
        "description": "weights that a workload loads",
        "properties": [{"name": "kaitops:gated", "value": str(one.gated).lower()}],
    }
    if one.revision:
        component["version"] = one.revision
    if one.size:
        component["properties"].append({"name": "kaitops:size", "value": one.size})
    if one.licence:
        component["licenses"] = [{"license": {"name": one.licence}}]
    return component


def count(bill: bytes) -> int:
    """How many images and charts a bill lists.

    Raises:
        BadInput: it is no bill.
    """
    try:
        listed = at(json.loads(bill), "components")
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list):
        raise BadInput("its bill of images is none in CycloneDX; it is not a bundle of kaitops")
    return len(items(listed))


def without_digest(found: Inventory) -> list[str]:
    """What is named by its tag alone, because no digest of it is recorded."""
    return sorted(one.name for one in found.images if not one.digest)


def _component(kind: str, name: str, version: str, digest: str, role: str, reference: str) -> MutableObject:
    component: MutableObject = {
        "type": kind,
        "bom-ref": f"{reference}@{version}",
        "name": name,
        "version": version,
        "description": role,
    }
    if digest:
        component["hashes"] = [{"alg": "SHA-256", "content": digest.removeprefix("sha256:")}]
    return component
