"""What holds between the fields of what makes pods: selectors, numbers, strategies, restarts."""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.pods import ENDING
from kaitops.documents.selectors import selects
from kaitops.gate.native import places
from kaitops.gate.native.forms import is_part
from kaitops.gate.native.selecting import expression
from kaitops.kaito.kubernetes.dns_names import label_problems

Found = Iterator[tuple[Path, str]]
_SELECTING = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
_NONE = (None, 0, "0%")
_COUNTS = (
    "replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds", "parallelism", "completions",
    "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished", "successfulJobsHistoryLimit",
    "failedJobsHistoryLimit", "startingDeadlineSeconds",
)  # fmt: skip


def problems(document: Object) -> Found:
    """What is wrong with a workload."""
    kind, where = document["kind"], places.template(document)
    spec = mapping(document.get("spec"))
    if where is None or kind == "PodTemplate":
        return
    for field in _COUNTS:
        for path in (("spec", field), ("spec", "jobTemplate", "spec", field)):
            value = at(document, *path)
            if isinstance(value, int) and value < 0:
                yield path, "may not be negative; correct it"
    policy = at(document, *where, "spec", "restartPolicy")
    if kind in ENDING and policy not in ("OnFailure", "Never"):
        yield (*where, "spec", "restartPolicy"), f"must be OnFailure or Never for a {kind}; write one of both"
    elif kind not in ENDING and policy not in (None, "", "Always"):
        yield (*where, "spec", "restartPolicy"), f"must be Always for a {kind}; drop it"
    if kind in _SELECTING:
        yield from _selector(document, spec, where)
    elif kind == "ReplicationController":
        labels = mapping(at(document, *where, "metadata", "labels"))
        chosen = mapping(spec.get("selector"))
        if (chosen or labels) and any(labels.get(key) != value for key, value in chosen.items()):
            yield ("spec", "selector"), "does not select the pods of the template; write the labels of the template"
    service = spec.get("serviceName")
    if kind == "StatefulSet" and service and label_problems(service):
        yield ("spec", "serviceName"), "can be no Service's name; correct it"
    if kind in ("Deployment", "DaemonSet", "StatefulSet"):
        yield from _strategy(spec, "strategy" if kind == "Deployment" else "updateStrategy")
    if kind == "CronJob":
        yield from _timed(spec)
    if kind in ENDING:
        from kaitops.gate.native import jobs

        inner = ("spec",) if kind == "Job" else ("spec", "jobTemplate", "spec")
        yield from jobs.problems(mapping(at(document, *inner)), inner)
    elif at(document, *where, "spec", "activeDeadlineSeconds") is not None:
        yield (*where, "spec", "activeDeadlineSeconds"), f"may not be set for a {kind}, whose pods go on; drop it"
    if kind == "DaemonSet":
        yield from _daemons(spec)
    if kind == "StatefulSet":
        yield from _numbered(spec)
    deadline, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds") or 0
    if isinstance(deadline, int) and deadline <= ready:
        yield ("spec", "progressDeadlineSeconds"), "must be more than minReadySeconds; raise it"


def _selector(document: Object, spec: Object, where: Path) -> Found:
    selector = mapping(spec.get("selector"))
    wanted, expressions = mapping(selector.get("matchLabels")), items(selector.get("matchExpressions"))
    labels = mapping(at(document, *where, "metadata", "labels"))
    if not wanted and not expressions:
        yield ("spec", "selector"), "is empty and would select every pod; name labels of the template"
    elif not selects(selector, labels):
        yield ("spec", "selector"), "does not select the pods of the template; write the labels of the template"
    for place, one in enumerate(expressions):
        yield from expression(mapping(one), ("spec", "selector", "matchExpressions", place))


def _strategy(spec: Object, field: str) -> Found:
    held = mapping(spec.get(field))
    kind, rolling = held.get("type"), held.get("rollingUpdate")
    if kind in ("Recreate", "OnDelete") and rolling is not None and field == "strategy":
        yield ("spec", field, "rollingUpdate"), f"may not be set where the type is {kind}; drop it"
    parts = {key: mapping(rolling).get(key) for key in ("maxSurge", "maxUnavailable")}
    for key, value in parts.items():
        if value is not None and not is_part(value):
            yield ("spec", field, "rollingUpdate", key), "must be a number of pods or percent of them; correct it"
    if field == "updateStrategy" and kind == "OnDelete" and rolling is not None and "partition" in mapping(rolling):
        yield ("spec", field, "rollingUpdate"), "may not be set where the type is OnDelete; drop it"
    partition = mapping(rolling).get("partition")
    if isinstance(partition, int) and partition < 0:
        yield ("spec", field, "rollingUpdate", "partition"), "may not be negative; correct it"
    if field == "strategy" and all(value in (0, "0%") for value in parts.values()):
        yield (
            ("spec", field, "rollingUpdate"),
            "allows neither more pods nor fewer, so nothing could be replaced; raise one",
        )


def _daemons(spec: Object) -> Found:
    """How the pods of a DaemonSet are replaced: one more on each node, or one less."""
    held = mapping(spec.get("updateStrategy"))
    if held.get("type") == "OnDelete" or held.get("rollingUpdate") is None:
        return
    more, less = (at(held, "rollingUpdate", key) for key in ("maxSurge", "maxUnavailable"))
    less = 1 if less is None else less
    if (more in _NONE) == (less in _NONE):
        yield (
            ("spec", "updateStrategy", "rollingUpdate"),
            "must have one of maxSurge and maxUnavailable above 0, and not both; correct it",
        )


def _numbered(spec: Object) -> Found:
    start = at(spec, "ordinals", "start")
    if isinstance(start, int) and start < 0:
        yield ("spec", "ordinals", "start"), "may not be negative; correct it"
    from kaitops.gate.native import cluster

    for place, one in enumerate(items(spec.get("volumeClaimTemplates"))):
        path: Path = ("spec", "volumeClaimTemplates", place)
        if label_problems(at(one, "metadata", "name") or ""):
            yield (*path, "metadata", "name"), "must be a label of DNS; rename it"
        for where, text in cluster.claim(mapping(at(one, "spec"))):
            yield (*path, *where), text


def _timed(spec: Object) -> Found:
    """When a CronJob runs; few trees have one, so what knows of time is loaded for those."""
    from kaitops.kaito.admission import cron
    from kaitops.kaito.kubernetes import timezones

    text, zone = spec.get("schedule"), spec.get("timeZone")
    if not isinstance(text, str) or text.startswith(("TZ=", "CRON_TZ=")) or cron.schedule_problem(text) is not None:
        yield ("spec", "schedule"), "is no schedule in the form of cron; write five fields, such as '0 3 * * *'"
    if isinstance(zone, str) and zone not in timezones.known():
        meant = " or ".join(timezones.alike(zone)) or "one such as Europe/Berlin"
        yield ("spec", "timeZone"), f"is no name of the IANA time zone database; write {meant}"
