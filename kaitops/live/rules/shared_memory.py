"""Shared memory that is too small for the server's processes, which looks like a full disk or no cause at all."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = (
    r"No space left on device.*(/dev/shm|/?psm_)|/dev/shm.*(No space|too small)|insufficient shared memory|Bus error"
    r"|failed to extend /dev/shm|unable to allocate shared memory|</torch_\w+>: No space left"
    r"|creating shared memory segment"
)
_SIGBUS = 128 + 7


def _find(view: View) -> Said | None:
    cause = "the shared memory of the pod is too small"
    remedy = (
        "in a template: an emptyDir with medium: Memory at /dev/shm",
        f"fleet.yaml: {view.entry}.custom: a larger sharedMemory",
    )
    if said := signs.by_crash(view, _PATTERN, cause, *remedy):
        return said
    for one in view.containers():
        if signs.ended(one).get("exitCode") == _SIGBUS:
            return Said(cause, (signs.shown(one),), remedy, signs.first_since(view))
    return None


RULE = Rule(
    "shared-memory",
    "engine",
    "degraded",
    "the pod's shared memory is too small for the processes of the server",
    "the server ends on every start",
    _find,
)
