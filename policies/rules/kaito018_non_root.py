"""Pods of templates do not run as root."""

from kaitops.policies import cel
from kaitops.policies.anatomy import PODS
from kaitops.policies.made import cel_own, own_containers
from kaitops.policies.reading import at, pod
from kaitops.policies.rule import Config, Context, Document, Found, Rule, Severity

_FIELD = ("securityContext", "runAsNonRoot")


def _check(document: Document, context: Context) -> Found:
    common = at(pod(document)[1], *_FIELD)
    for path, container in own_containers(document, context):
        own = at(container, *_FIELD)
        if (common if own is None else own) is not True:
            yield (*path, *_FIELD), "may run as root, so whoever breaks out of the container owns the node"


def _cel(kind: str, config: Config) -> str:
    common = f"{cel.pod(kind)}.securityContext.runAsNonRoot"
    own = "c.securityContext.runAsNonRoot"
    inherited = cel.given(common, f"{common} == true")
    return cel_own(kind, config, f"({cel.given(own, '', 'c')} ? {own} == true : {inherited})")


RULE = Rule(
    id="KAITO018",
    severity=Severity.MEDIUM,
    title="pods run as non-root",
    why="The restricted pod security standard asks for it; most inference servers need no root.",
    source="NSA/CISA Kubernetes hardening guide; pod security standards, restricted",
    remedy="set securityContext.runAsNonRoot: true on the pod",
    kinds=PODS,
    pods=True,
    check=_check,
    cel=_cel,
)
