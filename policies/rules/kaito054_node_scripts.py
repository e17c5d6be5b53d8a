"""No script of a manifest runs on nodes."""

from kaitops.policies.reading import at
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if at(document, "spec", "userData"):
        yield ("spec", "userData"), "runs as root on each node of the class before it joins the cluster"


RULE = Rule(
    id="KAITO054",
    severity=Severity.HIGH,
    title="nodes start without a script",
    why="Whoever writes the script owns every node, its identity and what runs on it.",
    source="Karpenter: EC2NodeClass, spec.userData",
    remedy="drop it; what nodes need belongs into their image or a DaemonSet",
    kinds=("karpenter.k8s.aws/EC2NodeClass",),
    check=_check,
)
