"""Pods have no access to their node."""

from policies import cel
from policies.reading import PODS, at, containers, items, mapping, pod
from policies.rule import Context, Document, Found, Rule, Severity

_FLAGS = ("hostNetwork", "hostPID", "hostIPC")


def _check(document: Document, context: Context) -> Found:
    path, spec = pod(document)
    for flag in _FLAGS:
        if spec.get(flag) is True:
            yield (*path, flag), f"{flag} opens the node to the pod"
    for place, volume in enumerate(items(spec.get("volumes"))):
        if mapping(volume).get("hostPath") is not None:
            yield (*path, "volumes", place, "hostPath"), "mounts the node's file system"
    for where, container in containers(document):
        if at(container, "securityContext", "privileged") is True:
            yield (*where, "securityContext", "privileged"), "a privileged container is root on the node"


def _cel(kind: str) -> str:
    spec = cel.pod(kind)
    parts = [cel.unless(f"{spec}.{flag}", f"{spec}.{flag} != true") for flag in _FLAGS]
    parts.append(cel.unless(f"{spec}.volumes", f"{spec}.volumes.all(v, !has(v.hostPath))"))
    privileged = "c.securityContext.privileged"
    parts.append(cel.containers(kind, cel.unless(privileged, f"{privileged} != true", "c")))
    return " && ".join(parts)


RULE = Rule(
    id="KAITO036",
    severity=Severity.HIGH,
    title="no privileged container, host namespace or host path",
    why="The baseline pod security standard forbids them, and AKS Automatic enforces it.",
    source="pod security standards, baseline",
    remedy="use a persistent volume claim and the pod network",
    kinds=PODS,
    check=_check,
    cel=lambda kind, _: _cel(kind),
)
