"""Pods have no access to their node: the Baseline profile of Kubernetes' own Pod Security Standards."""

from typing import Any

from kaitops.documents.plain import Object
from kaitops.policies import cel
from kaitops.policies.anatomy import HANDLERS, PODS, VOLUME
from kaitops.policies.reading import at, containers, group_kind, items, mapping, number, pod, pod_metadata, text
from kaitops.policies.rule import Context, Document, Found, Path, Rule, Severity

_FLAGS = ("hostNetwork", "hostPID", "hostIPC")
_ADDED = (
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
)  # fmt: skip
_SYSCTLS = (
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
)  # fmt: skip
_LABELS = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
_SECURITY = "securityContext"
# Volumes that are a folder or a program of a node.
_OF_NODES = ("hostPath", "local", "flexVolume")
_ASKING = ("httpGet", "tcpSocket")
# Of the security of a pod and of each container: what opens the node, and the values that do not.
_VALUES: tuple[tuple[Path, tuple[Any, ...], str], ...] = (
    (("windowsOptions", "hostProcess"), (False,), "runs as a process of the node"),
    (("seccompProfile", "type"), ("RuntimeDefault", "Localhost"), "may call all of the kernel"),
    (("appArmorProfile", "type"), ("RuntimeDefault", "Localhost"), "has no profile that holds it back"),
    (("seLinuxOptions", "type"), _LABELS, "has the label of another kind of process"),
    (("seLinuxOptions", "user"), ("",), "has the label of another user"),
    (("seLinuxOptions", "role"), ("",), "has the label of another role"),
)
_OWN: tuple[tuple[Path, tuple[Any, ...], str], ...] = (
    (("privileged",), (False,), "a privileged container is root on the node"),
    (("procMount",), ("Default",), "sees what the kernel hides from containers"),
)


def _check(document: Document, context: Context) -> Found:
    if group_kind(document) == VOLUME:
        for part in _OF_NODES:
            if at(document, "spec", part) is not None:
                yield ("spec", part), "hands the node's file system to whoever claims the volume"
        return
    path, spec = pod(document)
    for flag in _FLAGS:
        if spec.get(flag) is True:
            yield (*path, flag), f"{flag} opens the node to the pod"
    for place, volume in enumerate(items(spec.get("volumes"))):
        if mapping(volume).get("hostPath") is not None:
            yield (*path, "volumes", place, "hostPath"), "mounts the node's file system"
    for place, sysctl in enumerate(items(at(spec, _SECURITY, "sysctls"))):
        if at(sysctl, "name") not in _SYSCTLS:
            yield (*path, _SECURITY, "sysctls", place), "changes the kernel for all pods of the node"
    yield from _values(spec, path, _VALUES)
    where, metadata = pod_metadata(document)
    for key, value in mapping(metadata.get("annotations")).items():
        if key.startswith(_ARMOR) and value == "unconfined":
            yield (*where, "annotations", key), "has no profile that holds it back"
    for place, container in containers(document):
        yield from _values(container, place, (*_OWN, *_VALUES))
        yield from _container(container, place)


def _values(holder: Object, path: Path, table: tuple[tuple[Path, tuple[Any, ...], str], ...]) -> Found:
    for field, fine, fact in table:
        value = at(holder, _SECURITY, *field)
        if value is not None and value not in fine:
            yield (*path, _SECURITY, *field), fact


def _container(container: Object, path: Path) -> Found:
    for place, capability in enumerate(items(at(container, _SECURITY, "capabilities", "add"))):
        if text(capability) not in _ADDED:
            yield (*path, _SECURITY, "capabilities", "add", place), "a capability with which containers break out"
    for place, port in enumerate(items(container.get("ports"))):
        if number(at(port, "hostPort")) not in (None, 0):
            yield (*path, "ports", place, "hostPort"), "opens a port of the node, past Services and NetworkPolicies"
    for handler in HANDLERS:
        for way in _ASKING:
            if at(container, *handler, way, "host"):
                yield (*path, *handler, way, "host"), "has the node ask another host than the pod"


def _cel(kind: str) -> str:
    if kind == VOLUME:
        return cel.unless("object.spec", " && ".join(f"!has(object.spec.{part})" for part in _OF_NODES))
    spec = cel.pod(kind)
    notes = f"{cel.template(kind)}.metadata.annotations"
    armor = f"{notes}.all(k, !k.startsWith('{_ARMOR}') || {notes}[k] != 'unconfined')"
    added, ports = f"c.{_SECURITY}.capabilities.add", "!has(p.hostPort) || p.hostPort == 0"
    asked = [f"c.{'.'.join(map(str, handler))}.{way}.host" for handler in HANDLERS for way in _ASKING]
    parts = [cel.unless(f"{spec}.{flag}", f"{spec}.{flag} != true") for flag in _FLAGS]
    parts += [
        cel.each(f"{spec}.volumes", "v", "!has(v.hostPath)"),
        cel.each(f"{spec}.{_SECURITY}.sysctls", "s", f"s.name in {cel.listed(_SYSCTLS)}"),
        *_cel_values(spec, "object", _VALUES),
        cel.unless(notes, armor),
        *(cel.containers(kind, twin) for twin in _cel_values("c", "c", (*_OWN, *_VALUES))),
        cel.containers(kind, cel.each(added, "a", f"a in {cel.listed(_ADDED)}", "c")),
        *(cel.containers(kind, cel.unless(host, f"{host} == ''", "c")) for host in asked),
        cel.containers(kind, cel.each("c.ports", "p", ports, "c")),
    ]
    return " && ".join(parts)


def _cel_values(holder: str, root: str, table: tuple[tuple[Path, tuple[Any, ...], str], ...]) -> list[str]:
    found: list[str] = []
    for field, fine, _ in table:
        path = ".".join((holder, _SECURITY, *map(str, field)))
        test = f"{path} == false" if fine == (False,) else f"{path} in {cel.listed(fine)}"
        found.append(cel.unless(path, test, root))
    return found


RULE = Rule(
    id="KAITO036",
    severity=Severity.HIGH,
    title="no privileged container, host namespace or host path",
    why="The baseline pod security standard forbids them, and AKS Automatic enforces it.",
    source="pod security standards, baseline",
    remedy="use a persistent volume claim and the pod network",
    kinds=(*PODS, VOLUME),
    pods=True,
    check=_check,
    cel=lambda kind, _: _cel(kind),
)
