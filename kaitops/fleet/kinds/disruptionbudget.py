"""What a drain may take of a model at once, as a PodDisruptionBudget.

A replica on several nodes stands or falls as one, while a budget counts pods: taking at most n pods takes at most n
replicas, so what must stay is written as what may be missing there.
"""

from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput
from kaitops.fleet.kinds.metadata import own_metadata
from kaitops.fleet.kinds.pods import groups, pods_of_one
from kaitops.fleet.workload import Workload
from kaitops.kaito.autoscaling import least


def disruption_budgets(workload: Workload, version: str) -> list[MutableObject]:
    """The budget of a model; one for each role of a split model.

    Raises:
        BadInput: the number of replicas moves, and each is on several nodes.
    """
    return [
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": own_metadata(name, workload.namespace, workload),
            "spec": {
                **_limit(workload, name),
                "selector": {"matchLabels": labels},
                # A pod that does not serve is no loss, and one that never starts must not hold its node for ever.
                "unhealthyPodEvictionPolicy": "AlwaysAllow",
            },
        }
        for name, labels in groups(workload, version).items()
    ]


def _limit(workload: Workload, name: str) -> dict[str, int]:
    entry, budget = workload.entry, workload.entry["disruption"]
    if "maxUnavailable" in budget or pods_of_one(workload) == 1:
        return dict(budget)
    if "autoscale" in entry and workload.mode != "plain":
        raise BadInput(
            "each replica has several pods and their number follows the load, so no number of "
            "pods stands for replicas; take maxUnavailable",
            ("disruption", "minAvailable"),
        )
    role = name.removeprefix(f"{workload.name}-")
    replicas = entry[role]["replicas"] if workload.kind == "MultiRoleInference" else least(entry)
    return {"maxUnavailable": replicas - budget["minAvailable"]}
