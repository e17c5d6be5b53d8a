"""The kernel ended the server for want of the machine's memory."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    evidence = [signs.shown(one) for one in view.containers() if signs.ended(one).get("reason") == "OOMKilled"]
    since = ""
    for found in signs.conditions(view, ("ContainerOOMKilled",)):
        evidence.append(signs.cited(found))
        since = str(found.get("lastTransitionTime") or "")
    if not evidence:
        return None
    return Said(
        "the kernel ended the server: the machine's memory (not the GPU's) was used up",
        tuple(evidence),
        (
            f"fleet.yaml: models.{view.name}.gpu: a size with more memory; weights pass through it on their way",
            *signs.commands(view, "describe pod"),
        ),
        since or signs.first_since(view),
    )


RULE = Rule(
    "host-memory",
    "engine",
    "degraded",
    "out of the machine's memory (OOMKilled), not of the GPU's",
    "it is ended again on every start",
    _find,
)
