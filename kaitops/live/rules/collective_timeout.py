"""Rule ``collective-timeout``."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = (
    r"RPC call to \w+ timed out|Connection closed by peer \["
    r"|Watchdog caught collective operation timeout|before timing out|Timeout at NCCL work|ncclRemoteError"
    r"|operations have failed or timed out|remote process exited|Sockets? .*(closed|timed out).*NCCL"
)


def _find(view: View) -> Said | None:
    space = view.namespace or "default"
    return signs.by_crash(
        view,
        _PATTERN,
        "its GPUs waited for one another in vain: one of them hangs or ended, or the way between them is closed",
        f"kubectl logs -n {space} -l kaito.sh/workspace={view.name} --prefix --tail=50 (the pod that says least, or "
        "ended first, is the cause)",
        f"on several nodes: kubectl get networkpolicies -n {space} (its pods need every port among each other)",
        "where it comes back on one node only, take that node out: kubectl cordon NODE, then delete the pod",
    )


RULE = Rule(
    "collective-timeout",
    "engine",
    "degraded",
    "GPUs of one model wait for one another until NCCL's time is over",
    "the server ends all its processes and starts anew",
    _find,
)
