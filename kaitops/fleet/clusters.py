"""What a fleet says of a cluster before any workload is worked out: its defaults, and the kinds that it runs.

Owns how a declaration and the differences of a cluster are merged.
"""

from typing import TYPE_CHECKING, cast

from kaitops.documents.plain import MutableObject, Object, at, items, mapping
from kaitops.fleet.shape import Shape

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

GROUPS = {"models": "Model", "tuning": "Tuning", "rag": "Rag", "mirrors": "Mirror"}
"""The groups of workloads and the part of the schema that each entry is."""
ROLES = ("prefill", "decode")
"""The parts that one model is served in where they run apart."""
ADDON_VERSION = "0.6.0"
"""The version of KAITO that the AKS add-on runs."""
DEFAULTED = {
    "models": None,
    "tuning": {"namespace", "mode", "gpu", "secret", "nodeLabels"},
    "rag": {"namespace", "mode"},
}
"""Which of the fleet's defaults a group takes; None for all."""


def given(declared: Object) -> MutableObject:
    """What is declared, without keys set to null, so that null means "not said" everywhere."""
    return {
        key: given(mapping(value)) if isinstance(value, dict) else value
        for key, value in declared.items()
        if value is not None
    }


def merged(base: Object, patch: Object) -> MutableObject:
    """The base with the patch's values; mappings are merged, lists replaced."""
    whole = dict(base)
    for key, value in patch.items():
        old = whole.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        whole[key] = merged(mapping(old), mapping(value)) if both else value
    return whole


def filled(shape: Shape, declared: Object) -> "Cluster":
    """The declaration of a cluster with its defaults."""
    cluster = {**shape.defaults("Cluster"), **given(declared)}
    if cluster.get("nodes"):
        usual = shape.defaults("NodePool")
        cluster["nodes"] = {pool: {**usual, **given(nodes)} for pool, nodes in cluster["nodes"].items()}
    if "secrets" in cluster:
        cluster["secrets"] = {**shape.defaults("Secrets"), **cluster["secrets"]}
    # The shape was checked before.
    return cast("Cluster", cluster)


def filled_entry(shape: Shape, group: str, declared: MutableObject) -> MutableObject:
    """The declaration of a workload with the defaults of those of its parts that are there."""
    fill = shape.defaults
    if group == "mirrors":
        return {**fill("Mirror"), **declared}
    entry = dict(declared)
    if group == "models":
        parts = {"autoscale": "Autoscale", "autoUpgrade": "AutoUpgrade", **dict.fromkeys(ROLES, "Role")}
        entry |= {key: {**fill(part), **entry[key]} for key, part in parts.items() if key in entry}
        if "custom" in entry:
            entry["custom"] = {
                pattern: {**fill(pattern[0].upper() + pattern[1:]), **server}
                for pattern, server in entry["custom"].items()
            }
    elif group == "rag" and "vectorDB" in entry.get("storage", {}):
        entry["storage"] = {**entry["storage"], "vectorDB": {**fill("VectorDB"), **entry["storage"]["vectorDB"]}}
    return entry


def defaults_of(fleet: Object, group: str) -> MutableObject:
    """The fleet's defaults that a group of workloads takes."""
    allowed = DEFAULTED.get(group, {"namespace"})
    return {
        key: value for key, value in given(mapping(fleet.get("defaults"))).items() if allowed is None or key in allowed
    }


def kind_of(group: str, entry: Object) -> str:
    """The kind of custom resource that a merged declaration becomes."""
    if group == "models":
        if any(role in entry for role in ROLES):
            return "MultiRoleInference"
        if any(key in entry for key in ("replicas", "autoscale", "autoUpgrade")):
            return "InferenceSet"
    return {"rag": "RAGEngine", "mirrors": "ModelMirror"}.get(group, "Workspace")


def kinds_of(fleet: Object, cluster: str) -> frozenset[str]:
    """The kinds that a fleet declares for a cluster."""
    found: set[str] = set()
    for group in GROUPS:
        defaults = defaults_of(fleet, group)
        for name, entry in mapping(fleet.get(group)).items():
            if entry.get("clusters") is not None and cluster not in items(entry["clusters"]):
                continue
            patch = mapping(at(fleet, "clusters", cluster, group, name))
            found.add(kind_of(group, merged({**defaults, **given(entry)}, given(patch))))
    return frozenset(found)
