"""A fault of the GPU while the server ran."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    pattern = (
        r"illegal memory access|device-side assert|CUDA error|Xid|uncorrectable ECC|NCCL (error|WARN)|ncclInternalError"
        r"|GPU is lost|fallen off the bus"
    )
    return signs.by_crash(
        view,
        pattern,
        "the GPU or the way between GPUs failed",
        *signs.commands(view, "logs --previous"),
        "where it comes back on one node only, take that node out: kubectl cordon NODE, then delete the pod",
    )


RULE = Rule(
    "gpu-fault",
    "engine",
    "degraded",
    "a CUDA or NCCL error ended the server",
    "it may come back on the same node",
    _find,
)
