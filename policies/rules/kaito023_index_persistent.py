"""The index outlives its pod."""

from kaitops.policies import cel
from kaitops.policies.anatomy import RAGENGINE
from kaitops.policies.reading import at
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    storage = at(document, "spec", "storage")
    if at(storage, "persistentVolume") is None and at(storage, "vectorDB") is None:
        yield ("spec", "storage"), "the index lies in the pod, so a restart loses it"


_STORAGE = "object.spec.storage"

RULE = Rule(
    id="KAITO023",
    severity=Severity.MEDIUM,
    title="index is persistent",
    why="By default the index is in memory or an emptyDir.",
    source="KAITO pkg/ragengine/manifests; OWASP LLM08",
    remedy="set storage.persistentVolume or storage.vectorDB",
    kinds=(RAGENGINE,),
    check=_check,
    cel=cel.same(f"({cel.given(f'{_STORAGE}.persistentVolume')} || {cel.given(f'{_STORAGE}.vectorDB')})"),
)
