"""A node that is replaced on purpose."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    if not view.unready:
        return None
    for claim in view.claims:
        for kind in ("Drifted", "DisruptionReason"):
            found = condition(claim, kind)
            if found.get("status") == "True":
                since = str(found.get("lastTransitionTime") or "")
                evidence = f"NodeClaim {name_of(claim)}: {signs.cited(found)}"
                return Said(f"its node is being replaced ({kind})", (evidence,), ("wait",), since)
    return None


RULE = Rule(
    "drift",
    "node",
    "progressing",
    "the node is replaced because it drifted, and the model loads again on the new one",
    "it does not serve until the model is loaded again",
    _find,
    True,
)
