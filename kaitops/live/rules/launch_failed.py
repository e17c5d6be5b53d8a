"""A machine that is not made for another cause."""

import re

from kaitops.kaito import facts
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of, when
from kaitops.live.view import View

_WAYS = (
    (
        r"Subnet ?Is ?Full|NoAvailableIP|no (free|available) (ip )?address",
        "the nodes' subnet has no free address",
        "a larger subnet for the nodes, or fewer nodes in it; where pods share it, each of them takes an address too",
    ),
    (
        r"RequestDisallowedByPolicy|disallowed by policy",
        "a policy of the subscription forbids it",
        "have the policy's owner allow the size and what is made with it; 'az policy assignment list' names it",
    ),
    (
        r"TooManyRequests|throttl",
        "the cloud limits how often it may be asked",
        "wait: it is tried again; where it lasts, see what else asks with the same subscription",
    ),
)


def _find(view: View) -> Said | None:
    waiting = facts.load(view.version, "health.json")["waiting"]["machine"]
    remedy = tuple(f"kubectl describe nodeclaim {name_of(one)}" for one in view.claims[:1])
    for found in view.troubles:
        # A RAGEngine's word for it is the same while it waits.
        if view.kind == "Workspace" and found.get("type") == "NodeClaimReady" and found.get("reason") not in waiting:
            text = f"no machine: {found.get('reason')}: {signs.short(found.get('message'))}"
            return Said(text, (signs.cited(found),), remedy, str(found.get("lastTransitionTime") or ""))
    for claim, found in signs.claim_trouble(view):
        # Karpenter leaves a launch that failed at Unknown, with the reason that the cloud gave.
        failed = found.get("status") == "False" or found.get("type") == "Launched"
        if failed and found.get("reason") not in (*waiting, found.get("type")):
            message = signs.short(found.get("message"))
            known = signs.way(_WAYS, message, re.IGNORECASE)
            cause, first = (f"{known[0]}: ", (known[1],)) if known else ("", ())
            text = f"no machine: {cause}{found.get('reason')}: {message}"
            evidence = f"NodeClaim {name_of(claim)}: {signs.cited(found)}"
            return Said(text, (evidence,), (*first, *remedy), str(found.get("lastTransitionTime") or ""))
    if view.pool is not None and not view.claims and view.snapshot.knows("NodeClaim"):
        for event in reversed(view.events(view.pool)):
            if event.get("reason") == "NoCompatibleInstanceTypes":
                return Said(
                    "no machine: Karpenter is offered none that the NodePool allows: not the size in this region and "
                    "its zones, or not now",
                    (signs.reported(event),),
                    (
                        f"fleet.yaml: {view.entry}.gpu: another size, or a cluster in a region that has it",
                        f"kubectl describe nodepool {view.pool_name}",
                    ),
                    when(event) or "",
                )
    return None


RULE = Rule(
    "launch-failed",
    "machine",
    "degraded",
    "a machine is not made for a cause that no other rule knows",
    "the provisioner tries again; nothing starts before it succeeds",
    _find,
)
