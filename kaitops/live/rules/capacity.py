"""The region has no such machines now."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    remedy = (
        "wait: it is tried again",
        f"fleet.yaml: {view.entry}.gpu: another size ('kaitops fit' lists them), or a cluster in another region",
    )
    return signs.by_launch(
        view,
        ("InsufficientCapacity", "InsufficientCapacityError", "ZonalAllocationFailure", "AllocationFailed"),
        r"insufficient ?(instance ?)?capacity|allocation ?failed|SkuNotAvailable|OverconstrainedAllocation",
        "no machine, the region has none of its size",
        *remedy,
    )


RULE = Rule(
    "capacity",
    "machine",
    "degraded",
    "the region has no machines of the size now",
    "Karpenter deletes the NodeClaim and tries again; it may pass or last for days",
    _find,
)
