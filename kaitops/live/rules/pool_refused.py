"""A NodePool that the API server or Karpenter refuses."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    remedy = (
        f"kubectl describe nodepool {view.pool_name}",
        "the definitions of the Karpenter that KAITO is built with refuse its key karpenter.azure.com/placement-scope: "
        "install newer ones",
    )
    if said := signs.by_error(view, r"node ?pool|karpenter\.sh", "KAITO's NodePool is refused: {error}", *remedy):
        return said
    for kind in ("ValidationSucceeded",):
        found = condition(view.pool or {}, kind)
        if found.get("status") == "False":
            since = str(found.get("lastTransitionTime") or "")
            text = signs.short(found.get("message"))
            return Said(f"Karpenter cannot use the NodePool: {text}", (signs.cited(found),), remedy, since)
    return None


RULE = Rule(
    "pool-refused",
    "configuration",
    "degraded",
    "the NodePool that KAITO makes is refused by its definition or by Karpenter",
    "no machine is made",
    _find,
)
