"""A NodePool that the API server or Karpenter refuses."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    if said := signs.by_error(
        view,
        r"no matches for kind \S*Node(Pool|Claim)",
        "the cluster has no Karpenter, which is to make its machines: {error}",
        "az aks update --node-provisioning-mode Auto, or Karpenter's chart with its definitions",
        "docs/how-to/cluster.md (or the provisioner that the cluster has: fleet.yaml, clusters.NAME.provisioner)",
    ):
        return said
    remedy = (
        f"kubectl describe nodepool {view.pool_name}",
        "the definitions of the Karpenter that KAITO is built with refuse its key karpenter.azure.com/placement-scope: "
        "install newer ones",
    )
    if said := signs.by_error(view, r"node ?pool|karpenter\.sh", "KAITO's NodePool is refused: {error}", *remedy):
        return said
    return signs.by_condition(
        view.pool or {}, "ValidationSucceeded", "Karpenter cannot use the NodePool: {message}", *remedy
    )


RULE = Rule(
    "pool-refused",
    "configuration",
    "degraded",
    "the NodePool that KAITO makes is refused by its definition or by Karpenter",
    "no machine is made",
    _find,
)
