"""Plain pods do not measure themselves at each start."""

from kaitops.policies.anatomy import WORKLOADS
from kaitops.policies.reading import at, containers, is_plain, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_SCRIPT = "benchmark_entrypoint.py"


def _check(document: Document, context: Context) -> Found:
    for path, container in containers(document) if is_plain(document) else ():
        words = items(at(container, "startupProbe", "exec", "command"))
        if any(_SCRIPT in text(word) for word in words):
            yield (*path, "startupProbe"), "each start waits for a benchmark whose result only the operator would read"


RULE = Rule(
    id="KAITO106",
    severity=Severity.LOW,
    title="no benchmark in the startup probe",
    why="It delays every restart, on a paid GPU, for a figure that nobody collects.",
    source="kaitops plain mode, deviation of the benchmark",
    remedy="render with the deviations on",
    kinds=WORKLOADS,
    check=_check,
)
