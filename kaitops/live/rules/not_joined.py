"""A machine that runs and does not become a node."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of
from kaitops.live.view import View

_SECONDS = 15 * 60
"""After so long the provisioner deletes the machine and makes another."""


def _find(view: View) -> Said | None:
    for claim in view.claims:
        launched, found = condition(claim, "Launched"), condition(claim, "Registered")
        if launched.get("status") != "True" or not found or found.get("status") == "True":
            continue
        since = str(launched.get("lastTransitionTime") or at(claim, "metadata", "creationTimestamp") or "")
        age = view.snapshot.age(since)
        if age is not None and age > _SECONDS:
            return Said(
                f"the machine of NodeClaim {name_of(claim)} runs, and has not joined the cluster",
                (f"NodeClaim {name_of(claim)}: {signs.cited(found)}",),
                (
                    "let the nodes' subnet reach the API server and the hosts that a node starts from, "
                    "through firewall, route table and DNS",
                    f"kubectl describe nodeclaim {name_of(claim)}",
                ),
                since,
            )
    return None


RULE = Rule(
    "not-joined",
    "node",
    "degraded",
    "a machine was made, and has not become a node in 15 minutes",
    "the provisioner deletes the machine and makes another, which costs and ends in the same way",
    _find,
)
