"""How many replicas an InferenceSet has at least, where a scaler owns the number.

Owns the annotations of KAITO's scaler for KEDA (keda-kaito-scaler 0.6), and how they and KEDA's own objects are read.
"""

from collections.abc import Iterable, Iterator

from kaitops.documents.plain import Object, at, count, items

AUTO, LEAST, MOST, METRICS = (
    f"scaledobject.kaito.sh/{key}" for key in ("auto-provision", "min-replicas", "max-replicas", "metrics")
)
COMBINED = "scaledobject.kaito.sh/combinepolicy"
"""How its metrics are taken together."""
SECONDS = tuple(f"scaledobject.kaito.sh/{key}" for key in ("evaluationwindow", "scaleupcooldown", "scaledowncooldown"))
"""What of it are seconds."""

SCALER_NAMESPACE = "keda"
"""Where KAITO's scaler runs and reads the metrics of models from."""

DOWN = 1
"""What a fleet's model is scaled down below, where it does not say so."""


def least(entry: Object) -> int:
    """The replicas that a declared model has at least: the scaler's fewest, else those it declares, else one."""
    fewest = at(entry, "autoscale", "min")
    return fewest if isinstance(fewest, int) else entry.get("replicas", 1)


def by_keda(scale: Object) -> bool:
    """Whether KEDA scales by an object of its own; KAITO's scaler would fight with it over the number."""
    return "prometheus" in scale or "hours" in scale


def floor(document: Object, beside: Iterable[Object] = ()) -> int:
    """The replicas that a set starts from: those it declares, else the scaler's least, else one.

    Args:
        beside: other objects of the cluster; KEDA raises the set to the least that a ScaledObject among them names.
    """
    scaled = max((_scaled(document, each) for each in beside), default=0)
    declared = at(document, "spec", "replicas")
    if isinstance(declared, int):
        return max(declared, scaled)
    annotated = count(at(document, "metadata", "annotations", LEAST))
    if at(document, "metadata", "annotations", AUTO) == "true" and annotated is not None:
        scaled = max(scaled, annotated)
    return max(scaled, 1)


def _scaled(document: Object, other: Object) -> int:
    """What a ScaledObject holds the set to; 0 for anything else."""
    if other.get("kind") != "ScaledObject":
        return 0
    target = at(other, "spec", "scaleTargetRef")
    places = [at(each, "metadata", "namespace") or "default" for each in (document, other)]
    if at(target, "kind") != "InferenceSet" or places[0] != places[1]:
        return 0
    if at(target, "name") != at(document, "metadata", "name"):
        return 0
    fewest = at(other, "spec", "minReplicaCount")
    return max([fewest if isinstance(fewest, int) else 0, *_by_the_clock(other)])


def _by_the_clock(scaler: Object) -> Iterator[int]:
    """What each of its hours asks for: machines that are paid for day by day."""
    for trigger in items(at(scaler, "spec", "triggers")):
        wanted = count(str(at(trigger, "metadata", "desiredReplicas")))
        if at(trigger, "type") == "cron" and wanted is not None:
            yield wanted
