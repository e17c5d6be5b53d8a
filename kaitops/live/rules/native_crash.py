"""Rule ``native-crash``."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_SIGNALS = {
    132: "SIGILL: an instruction that the processor does not have",
    134: "SIGABRT: a library gave up",
    136: "SIGFPE: an arithmetic error",
    139: "SIGSEGV: memory that is not the process's own",
}
_PATTERN = (
    r"Fatal Python error: (Segmentation fault|Aborted|Illegal instruction|Floating)"
    r"|SIG(SEGV|ILL|FPE|ABRT) received|Segfault encountered|Caught signal (4|8|11)\b|Signals\.SIG(SEGV|ILL|FPE|ABRT)"
    r"|Segmentation fault|Illegal instruction"
)


def _find(view: View) -> Said | None:
    log = signs.crash_lines(view, _PATTERN)
    for one in view.containers():
        code = signs.ended(one).get("exitCode")
        signal = _SIGNALS.get(code) if isinstance(code, int) else None
        if signal is None and not log:
            continue
        # A server that starts its engine as another process ends with 1 when that one is gone.
        why = f"exit code {code}, {signal}" if signal else _named(log[-1])
        is_illegal = code == 132 or re.search(r"SIGILL|Illegal instruction", why)
        return Said(
            f"native code of the server crashed: {why}",
            (signs.shown(one), *log),
            (
                *signs.commands(view, "logs --previous"),
                f"fleet.yaml: {view.entry}.gpu: a size with a newer processor"
                if is_illegal
                else f"where it ends while it captures graphs: fleet.yaml: {view.entry}.vllm.enforce-eager: true",
                "where it comes back on one node only, take that node out: kubectl cordon NODE, then delete the pod",
            ),
            str(signs.ended(one).get("finishedAt") or "") or signs.first_since(view),
        )
    return None


def _named(line: str) -> str:
    found = re.search(_PATTERN, line, re.IGNORECASE)
    return found.group() if found else line


RULE = Rule(
    "native-crash",
    "engine",
    "degraded",
    "native code of the server crashed: a segmentation fault (139), an abort (134), an unknown instruction (132)",
    "the server ends on every start, or whenever a request comes by the same place",
    _find,
)
