"""Rule ``adapter-pull``."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of
from kaitops.live.view import View

_PREFIX = "puller-"
_WAYS = (
    (
        r"unauthorized|denied|authentication required|no credentials",
        "the registry refuses it",
        "fleet.yaml: {entry}.adapters.{adapter}.pullSecrets: a Secret that may read the image",
    ),
    (
        r"manifest unknown|not found|name unknown",
        "the registry does not have the image",
        "fleet.yaml: {entry}.adapters.{adapter}.image: one that a tuning has pushed",
    ),
    (
        r"no such host|timeout|refused|unreachable|x509",
        "the registry is not reached",
        "open the way from the nodes to the registry, or copy the image to one that they reach",
    ),
    (
        r"no /data directory",
        "the image is none of an adapter: it holds no folder /data",
        "fleet.yaml: {entry}.adapters.{adapter}.image: an image that KAITO's tuning made",
    ),
    (r"No space left", "the disk is full", "fleet.yaml: {entry}.gpu: a size with a larger local disk"),
)


def _find(view: View) -> Said | None:
    for one in view.containers():
        end = signs.ended(one)
        if not one.name.startswith(_PREFIX) or not end or end.get("exitCode") == 0:
            continue
        adapter = one.name.removeprefix(_PREFIX)
        lines = [line for line in view.log(one.pod).splitlines() if line.strip()][-3:]
        cause, first = signs.way(_WAYS, " ".join([*lines, str(end.get("message") or "")])) or ("", "")
        pod, space = name_of(one.pod), view.namespace or "default"
        remedies = (
            first.format(entry=view.entry, adapter=adapter),
            f"kubectl logs --previous -n {space} {pod} -c {one.name}",
        )
        return Said(
            f"the adapter {adapter} is not fetched{f': {cause}' if cause else ''}",
            (signs.shown(one), *(f"log of {pod}: {signs.short(line)}" for line in lines)),
            tuple(text for text in remedies if text),
            str(end.get("finishedAt") or "") or signs.first_since(view),
        )
    return None


RULE = Rule(
    "adapter-pull",
    "weights",
    "degraded",
    "the image of an adapter cannot be fetched: not there, not allowed, not reached",
    "the model does not start without its adapter",
    _find,
)
