"""Production does not run on spot machines."""

from kaitops.policies import cel
from kaitops.policies.anatomy import KAITO, MULTIROLE
from kaitops.policies.reading import match_labels
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_KEYS = ("kubernetes.azure.com/scalesetpriority", "karpenter.sh/capacity-type")


def _check(document: Document, context: Context) -> Found:
    for path, key, value in match_labels(document):
        if key in _KEYS and value == "spot":
            yield path, "an eviction takes the model away and loads all weights again"


def _cel(kind: str) -> str:
    labels = f"{cel.selector(kind)}.matchLabels"
    tests = " && ".join(f"!({cel.quoted(key)} in {labels} && {labels}[{cel.quoted(key)}] == 'spot')" for key in _KEYS)
    return cel.unless(labels, f"({tests})")


RULE = Rule(
    id="KAITO040",
    severity=Severity.HIGH,
    title="no spot machines",
    why="KAITO's pods tolerate spot machines always, so the selector alone decides.",
    source="KAITO pkg/workspace/manifests, tolerations",
    remedy="select on-demand machines in production",
    kinds=(*KAITO, MULTIROLE),
    check=_check,
    environments={"dev": None, "staging": Severity.LOW},
    cel=lambda kind, _: _cel(kind),
)
