"""Objects live in a namespace of their own."""

from kaitops.policies import cel
from kaitops.policies.anatomy import CONFIGMAP, KAITO, MULTIROLE, SERVICE, WORKLOADS
from kaitops.policies.reading import at
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_SHARED = ("default", "kube-system", "kube-public", "kube-node-lease")


def _check(document: Document, context: Context) -> Found:
    name = at(document, "metadata", "namespace")
    if not name or name in _SHARED:
        yield (
            ("metadata", "namespace"),
            f"is in {name or 'no namespace, which is default'}, among what others run",
        )


_NAMESPACE = "object.metadata.namespace"

RULE = Rule(
    id="KAITO039",
    severity=Severity.LOW,
    title="own namespace",
    why="Quota, network policy and access are per namespace.",
    source="checkov CKV_K8S_21",
    remedy="set metadata.namespace",
    kinds=(*KAITO, MULTIROLE, *WORKLOADS, SERVICE, CONFIGMAP),
    check=_check,
    cel=cel.same(cel.given(_NAMESPACE, f"!({_NAMESPACE} in {cel.listed(('', *_SHARED))})")),
)
