"""A pod with a scheduling gate that nobody takes away."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.gates import by_kueue, gates
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of
from kaitops.live.view import View

_SECONDS = 300


def _find(view: View) -> Said | None:
    for pod in view.unready:
        made = at(pod, "metadata", "creationTimestamp")
        age = view.snapshot.age(made)
        if not gates(pod) or by_kueue(pod) or age is None or age < _SECONDS:
            continue
        names = ", ".join(gates(pod))
        return Said(
            f"pod {name_of(pod)} is held back by a scheduling gate that nobody has taken away: {names}",
            (f"pod {name_of(pod)}: {signs.cited(condition(pod, 'PodScheduled'))}",),
            (f"see that the controller which {names} belongs to runs, or take the gate out of what makes the pod",),
            str(made),
        )
    return None


RULE = Rule(
    "gate-held",
    "placed",
    "degraded",
    "a scheduling gate that is not Kueue's holds the pod back, and nobody has taken it away",
    "the scheduler does not look at the pod",
    _find,
)
