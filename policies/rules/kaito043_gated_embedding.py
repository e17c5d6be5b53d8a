"""A local embedding does not rely on an access secret in this KAITO version."""

from kaitops.policies.anatomy import RAGENGINE
from kaitops.policies.reading import at
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_FAULT = "embedding-secret-is-passed-by-name"
_PATH = ("spec", "embedding", "local", "modelAccessSecret")


def _check(document: Document, context: Context) -> Found:
    if _FAULT in context.release.facts.get("faults", ()) and at(document, *_PATH):
        version = context.release.version
        yield _PATH, f"KAITO {version} passes the Secret's name instead of its content, so a gated model is refused"


RULE = Rule(
    id="KAITO043",
    severity=Severity.MEDIUM,
    title="no gated embedding model",
    why="The controller of 0.12 sets the token to the name of the Secret.",
    source="KAITO pkg/ragengine, ACCESS_SECRET",
    remedy="take an open model, such as BAAI/bge-small-en-v1.5",
    kinds=(RAGENGINE,),
    check=_check,
)
