"""The selector for nodes has labels of its own."""

from kaitops.policies import cel
from kaitops.policies.anatomy import KAITO, MULTIROLE
from kaitops.policies.reading import mapping, match_labels, selector
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_RESERVED = ("kaito.sh/", "karpenter.kaito.sh/")


def _check(document: Document, context: Context) -> Found:
    path, found = selector(document)
    if found is None:
        return
    if not mapping(found.get("matchLabels")):
        yield (*path, "matchLabels"), "is empty, so workloads share nodes by accident"
    for where, key, _ in match_labels(document):
        if key.startswith(_RESERVED):
            yield where, f"{key} is reserved, and KAITO drops it silently"


def _cel(kind: str) -> str:
    path = cel.selector(kind)
    labels = f"{path}.matchLabels"
    tests = " || ".join(f"key.startsWith({cel.quoted(prefix)})" for prefix in _RESERVED)
    return cel.unless(path, cel.given(labels, f"size({labels}) > 0 && {labels}.all(key, !({tests}))"))


RULE = Rule(
    id="KAITO041",
    severity=Severity.MEDIUM,
    title="selector has own labels, no reserved ones",
    why="Reserved keys are dropped without a word, and what remains may match other nodes.",
    source="KAITO api/v1beta1/labels.go",
    remedy="select by a label of your own, such as apps: <name>",
    kinds=(*KAITO, MULTIROLE),
    check=_check,
    cel=lambda kind, _: _cel(kind),
)
