"""A server that the kubelet ends because a probe never passes."""

import re

from kaitops.documents.plain import Object
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of, when
from kaitops.live.view import View

_KILLED = (137, 143)
_GRACE = 120
"""Seconds from the kubelet's word to the end of the server, at most."""

_SLOW = "weights that load slowly: a mirror in the cluster (fleet.yaml: mirrors), or a size with a faster disk"
_DOING = (
    (r"startup complete|Uvicorn running", ": it had started, and stopped to answer", "look at what it was asked last"),
    (
        r"Capturing|CUDA graph",
        ": it was still capturing graphs",
        "fleet.yaml: vllm.enforce-eager: true leaves that out; answers are slower",
    ),
    (
        r"autotun|warm(ing)?[ -]?up",
        ": it was still trying and warming up its kernels",
        "a volume for its caches (VLLM_CACHE_ROOT), so that later starts are quicker; the variable "
        "VLLM_DEEP_GEMM_WARMUP: skip where the line names DeepGEMM",
    ),
    (
        r"torch\.compile|[Cc]ompil",
        ": it was still compiling",
        "a volume for its cache, so that it is compiled once",
    ),
    (
        r"[Ll]oading (safetensors|model|weights|checkpoint)|checkpoint shards",
        ": it was still loading its weights",
        _SLOW,
    ),
    (r"[Dd]ownload|Fetching \d+ files", ": it was still fetching its weights", _SLOW),
)


def _find(view: View) -> Said | None:
    events = [
        *signs.pod_events(view, ("Unhealthy",), r"startup probe|liveness probe"),
        *signs.pod_events(view, ("Killing",), r"probe"),
    ]
    # A server that takes the kubelet's signal well ends with 0.
    killed = (*_KILLED, 0) if any(one.get("reason") == "Killing" for one in events) else _KILLED
    for one in view.containers():
        end = signs.ended(one)
        ended = end.get("exitCode") in killed or _just_before(view, events, end)
        if one.restarts and ended and end.get("reason") != "OOMKilled":
            lines = [line for line in view.log(one.pod).splitlines() if line.strip()]
            doing, first = next(
                (found for line in reversed(lines) if (found := signs.way(_DOING, line, re.IGNORECASE))), ("", _SLOW)
            )
            evidence = (signs.shown(one), *(signs.reported(event) for event in events[:2]))
            evidence = (*evidence, *(f"log of {name_of(one.pod)}: {signs.short(line)}" for line in lines[-1:]))
            remedy = (first, *signs.commands(view, "logs --previous"))
            text = f"the kubelet ends the server, whose probe does not pass in time{doing}"
            return Said(text, evidence, remedy, str(end.get("finishedAt") or "") or signs.first_since(view))
    return None


def _just_before(view: View, events: list[Object], end: Object) -> bool:
    """The kubelet had told it to end, so that whatever code it then ends with is no word of its own."""
    over = view.snapshot.age(end.get("finishedAt"))
    told = [view.snapshot.age(when(one)) for one in events if one.get("reason") == "Killing"]
    return over is not None and any(age is not None and 0 <= age - over <= _GRACE for age in told)


RULE = Rule(
    "probe",
    "engine",
    "degraded",
    "the start-up or liveness probe does not pass, and the kubelet ends the server",
    "it is ended again after the same time",
    _find,
)
