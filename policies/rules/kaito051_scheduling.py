"""Where a pod runs, and what makes room for it, is for the scheduler to say."""

from kaitops.policies import cel
from kaitops.policies.anatomy import PODS
from kaitops.policies.reading import pod
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_CRITICAL = ("system-node-critical", "system-cluster-critical")


def _check(document: Document, context: Context) -> Found:
    path, spec = pod(document)
    if spec.get("nodeName"):
        yield (*path, "nodeName"), "runs on that node past the scheduler, whatever its taints, pools and quotas say"
    if spec.get("priorityClassName") in _CRITICAL:
        yield (*path, "priorityClassName"), "drives the cluster's own pods and everybody else's off their nodes"


def _cel(kind: str) -> str:
    spec = cel.pod(kind)
    node = cel.unless(f"{spec}.nodeName", f"{spec}.nodeName == ''")
    name = f"{spec}.priorityClassName"
    return f"{node} && {cel.unless(name, f'!({name} in {cel.listed(_CRITICAL)})')}"


RULE = Rule(
    id="KAITO051",
    severity=Severity.HIGH,
    title="place left to the scheduler",
    why="Taints keep strangers off GPU nodes and off the system's; only the scheduler heeds them.",
    source="Kubernetes: assigning pods to nodes, nodeName; pod priority and preemption",
    remedy="select nodes by labels or affinity, with a PriorityClass of your own",
    kinds=PODS,
    pods=True,
    check=_check,
    cel=lambda kind, _: _cel(kind),
)
