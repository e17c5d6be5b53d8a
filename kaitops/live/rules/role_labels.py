"""Nodes without the labels that KAITO adds to the selectors of a role."""

from kaitops.live import machines
from kaitops.live.finding import Rule, Said
from kaitops.live.view import ROLES, View

_ROLE = "kaito.sh/inference-role"


def _find(view: View) -> Said | None:
    wanted = machines.selector(view)
    if not {_ROLE, ROLES} & wanted.keys() or not view.snapshot.knows("Node") or view.claims or machines.size(view):
        return None
    if machines.fitting(view):
        return None
    labels = " ".join(f"{key}={value}" for key, value in wanted.items())
    return Said(
        "no node has the labels that KAITO asks of the nodes of this role",
        (f"selector of {view.subject}: {labels}", "no Node has all of them"),
        (f"kubectl label node NAME {labels}",),
    )


RULE = Rule(
    "role-labels",
    "placed",
    "progressing",
    "no brought node has the role labels that KAITO adds to the selector",
    "the role waits for ever, and the status says no more than NotReady",
    _find,
    True,
)
