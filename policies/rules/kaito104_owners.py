"""Plain objects do not carry what only the operator can honour."""

from kaitops.policies.anatomy import SERVICE, WORKLOADS
from kaitops.policies.reading import annotations, at, is_plain, items, mapping, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_REVISIONS = ("workspace.kaito.io/", "inferenceset.kaito.io/", "ragengine.kaito.io/")


def _check(document: Document, context: Context) -> Found:
    made = is_plain(document) or any(
        text(key).startswith("kaito.sh/") for key in mapping(at(document, "spec", "selector"))
    )
    if not made:
        return
    for place, owner in enumerate(items(at(document, "metadata", "ownerReferences"))):
        if text(at(owner, "apiVersion")).startswith("kaito.sh/"):
            yield ("metadata", "ownerReferences", place), "the owner is not there, so the object is collected at once"
    for place, finalizer in enumerate(items(at(document, "metadata", "finalizers"))):
        if "kaito.sh" in text(finalizer):
            yield ("metadata", "finalizers", place), "nobody removes the finalizer, so the object can never be deleted"
    for path, notes in annotations(document):
        for key in notes:
            if key.startswith(_REVISIONS):
                yield (*path, key), "counts revisions that the operator would keep"


RULE = Rule(
    id="KAITO104",
    severity=Severity.MEDIUM,
    title="plain objects need no operator",
    why="Without the operator its owners and finalizers are loose ends that delete or block.",
    source="kaitops plain mode, deviations no-owners, no-finalizers and no-revisions",
    remedy="render with the deviations on",
    kinds=(*WORKLOADS, SERVICE),
    check=_check,
)
