"""Where the tuning jobs of a fleet put what they make, and which of them put it into each other's place."""

from collections.abc import Iterable, Iterator

from kaitops.documents.plain import Steps
from kaitops.fleet.workload import ClusterPlan
from kaitops.kaito.training import Result


def lost(plans: Iterable[ClusterPlan]) -> Iterator[tuple[Steps, str]]:
    """Each job whose result goes where that of an earlier one does: its key, and what is said of it.

    One job on several clusters is the same training over, so it is told of nowhere.
    """
    first: dict[tuple[str, str, Result], str] = {}
    for plan in plans:
        for job in plan.workloads:
            if job.group != "tuning":
                continue
            output = job.entry["output"]
            result = Result.of(output.get("image"), output.get("claim"))
            if result is None:
                continue
            # All clusters push to the same registries; a claim is of one namespace on one of them.
            cluster, namespace = ("", "") if result.image else (plan.name, job.namespace)
            other = first.setdefault((cluster, namespace, result), job.name)
            if other != job.name:
                key = "image" if result.image else "claim"
                yield (*job.path, "output", key), result.lost(f"tuning.{other}")
