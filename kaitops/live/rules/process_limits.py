"""A limit of processes, threads or open files."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_WAYS = (
    (
        r"Errno 24\]|Too many open files",
        "too many open files",
        "ulimit -n in the container's command, or the limit of containerd on the node (LimitNOFILE)",
    ),
    (
        r"can't start new thread|pthread_create failed|fork: retry|fork/exec .*resource temporarily unavailable"
        r"|BlockingIOError: \[Errno 11\]",
        "no further thread or process may be started",
        "the variable OMP_NUM_THREADS with a small number, or a larger podPidsLimit of the node's kubelet",
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(view, _WAYS, "the server meets a limit of its node")


RULE = Rule(
    "process-limits",
    "engine",
    "degraded",
    "the server may open no further file, or start no further thread or process",
    "the server ends when it needs one more",
    _find,
)
