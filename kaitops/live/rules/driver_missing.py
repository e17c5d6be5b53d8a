"""A node whose GPU nobody announces, for longer than a driver takes."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import driver_waits
from kaitops.live.view import View

_SECONDS = 15 * 60


def _find(view: View) -> Said | None:
    said = driver_waits.without_gpu(view)
    age = view.snapshot.age(said.since) if said else None
    return said if age is not None and age > _SECONDS else None


RULE = Rule(
    "driver-missing",
    "node",
    "degraded",
    "the node has announced no GPU for 15 minutes: driver or device plugin is missing",
    "no pod that asks for a GPU is placed there",
    _find,
)
