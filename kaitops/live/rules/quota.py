"""The subscription's quota of a family of machines is used up."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    remedy = (
        "kaitops quota record (says what the region leaves)",
        "ask for more (Azure portal: Quotas; AWS: Service Quotas), for the family and region named above",
        f"fleet.yaml: {view.entry}.gpu: a size of another family, or another cluster",
    )
    return signs.by_launch(
        view,
        ("SubscriptionQuotaReached", "QuotaExceeded"),
        r"quota|VcpuLimitExceeded|MaxSpotInstanceCountExceeded",
        "no machine, the quota is used up",
        *remedy,
    )


RULE = Rule(
    "quota",
    "machine",
    "degraded",
    "the vCPU quota of the machine's family is used up",
    "no machine is made until the quota is raised or another model gives up its own",
    _find,
)
