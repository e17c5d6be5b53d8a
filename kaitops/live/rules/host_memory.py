"""The kernel ended the server for want of the machine's memory."""

from kaitops.documents.plain import at, items
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_KILLED = 137
_REFUSED = (
    r"DefaultCPUAllocator: can't allocate memory|Errno 12\]|^MemoryError|\bMemoryError$|Too large swap space"
    r"|killed due to the node running low on memory|memory usage threshold of|killed by SIGKILL by OOM killer"
    r"|'\w+' died due to signal 9|: line \d+: +\d+ Killed\b|Killed signal terminated program"
    r"|unable to mmap .*Cannot allocate memory|Signal 9 \(SIGKILL\) received by PID"
)


def _find(view: View) -> Said | None:
    killed = [one for one in view.containers() if signs.ended(one).get("reason") == "OOMKilled"]
    evidence = [signs.shown(one) for one in killed]
    since = ""
    evidence += _of_nodes(view)
    evidence += signs.crash_lines(view, _REFUSED)
    for found in signs.conditions(view, ("ContainerOOMKilled",)):
        evidence.append(signs.cited(found))
        since = str(found.get("lastTransitionTime") or "")
    if not evidence:
        return None
    limit = next((found for one in killed if (found := _limit(one.pod, one.name))), "")
    if limit:
        return Said(
            f"the kernel ended the server: its container may take {limit} of memory (not of the GPU's), and took more",
            tuple(evidence),
            ("raise resources.limits.memory of the container, which weights pass through on their way to the GPU",
             *signs.commands(view, "describe pod")),
            since or signs.first_since(view),
        )  # fmt: skip
    return Said(
        "the kernel ended the server: the machine's memory (not the GPU's) was used up",
        tuple(evidence),
        (
            f"fleet.yaml: {view.entry}.gpu: a size with more memory; weights pass through it on their way",
            *signs.commands(view, "describe pod"),
        ),
        since or signs.first_since(view),
    )


def _limit(pod: object, name: str) -> str:
    """The memory that a container may take; empty where nothing limits it."""
    for key in ("containers", "initContainers"):
        for one in items(at(pod, "spec", key)):
            if at(one, "name") == name:
                return str(at(one, "resources", "limits", "memory") or "")
    return ""


def _of_nodes(view: View) -> list[str]:
    """What nodes reported of their kernels that ended processes, where a server was killed without a word of it."""
    killed = {
        str(at(one.pod, "spec", "nodeName")) for one in view.containers()
        if signs.ended(one).get("exitCode") == _KILLED
    }  # fmt: skip
    return [
        signs.reported(event)
        for name in sorted(killed)
        for event in view.snapshot.events("Node", "", name)
        if event.get("reason") in ("SystemOOM", "OOMKilling")
    ][-2:]


RULE = Rule(
    "host-memory",
    "engine",
    "degraded",
    "out of the machine's memory (OOMKilled), not of the GPU's",
    "it is ended again on every start",
    _find,
)
