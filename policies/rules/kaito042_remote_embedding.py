"""Remote embedding does nothing in this KAITO version."""

from kaitops.policies.anatomy import RAGENGINE
from kaitops.policies.reading import at
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_FAULT = "remote-embedding-is-dropped"


def _check(document: Document, context: Context) -> Found:
    faults = context.release.facts.get("faults", ())
    if _FAULT in faults and at(document, "spec", "embedding", "remote") is not None:
        version = context.release.version
        yield ("spec", "embedding", "remote"), f"KAITO {version} never passes it on; the engine asks localhost instead"


RULE = Rule(
    id="KAITO042",
    severity=Severity.HIGH,
    title="no remote embedding where KAITO drops it",
    why="The controller of 0.12 does not hand URL and secret to the engine.",
    source="KAITO pkg/ragengine, RAGSetEnv",
    remedy="embed locally",
    kinds=(RAGENGINE,),
    check=_check,
)
