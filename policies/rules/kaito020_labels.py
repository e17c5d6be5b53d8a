"""Workloads carry the organisation's labels."""

from kaitops.policies import cel
from kaitops.policies.anatomy import KAITO, MULTIROLE, WORKLOADS
from kaitops.policies.reading import at, mapping
from kaitops.policies.rule import Config, Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    labels = mapping(at(document, "metadata", "labels"))
    for key in context.config.required_labels:
        if key not in labels:
            yield ("metadata", "labels", key), f"the label {key[:120]} is missing, so the cost belongs to nobody"


def _cel(kind: str, config: Config) -> str | None:
    labels = "object.metadata.labels"
    tests = [f"{cel.quoted(key)} in {labels}" for key in config.required_labels]
    return cel.given(labels, " && ".join(tests)) if tests else None


RULE = Rule(
    id="KAITO020",
    severity=Severity.LOW,
    title="required labels are set",
    why="GPU nodes are the largest part of the bill; labels say whose.",
    source="FinOps allocation; Azure Policy: required labels",
    remedy="set the labels of requiredLabels in kaitops-policy.yaml",
    kinds=(*KAITO, MULTIROLE, *WORKLOADS),
    check=_check,
    cel=_cel,
)
