"""What the levels of pod security refuse in a pod, as Kubernetes' Pod Security Standards have them."""

from collections.abc import Iterator

from kaitops.documents.plain import Object, at, items, mapping

_ADDABLE = (
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"),
    *("SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
)
_VOLUMES = frozenset(
    ("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret")
)
_PROFILES = ("RuntimeDefault", "Localhost")
_HOSTS = ("hostNetwork", "hostPID", "hostIPC")


def refusals(level: str, spec: Object) -> Iterator[str]:
    """What of a pod the level refuses; nothing where it is privileged or none that there is."""
    if level in ("baseline", "restricted"):
        yield from _baseline(spec)
    if level == "restricted":
        yield from _restricted(spec)


def _containers(spec: Object) -> Iterator[tuple[str, Object]]:
    for part in ("initContainers", "containers"):
        for one in items(spec.get(part)):
            yield f"container {mapping(one).get('name')}", mapping(one)


def _baseline(spec: Object) -> Iterator[str]:
    yield from (f"{key} is true" for key in _HOSTS if spec.get(key) is True)
    yield from (
        f"volume {mapping(one).get('name')} is a hostPath"
        for one in items(spec.get("volumes"))
        if mapping(one).get("hostPath") is not None
    )
    if at(spec, "securityContext", "seccompProfile", "type") == "Unconfined":
        yield "its seccompProfile is Unconfined"
    for title, container in _containers(spec):
        security = mapping(container.get("securityContext"))
        if security.get("privileged") is True:
            yield f"{title} is privileged"
        added = [one for one in items(at(security, "capabilities", "add")) if one not in _ADDABLE]
        if added:
            yield f"{title} adds capabilities"
        if any(mapping(port).get("hostPort") for port in items(container.get("ports"))):
            yield f"{title} takes a port of the node"
        if at(security, "seccompProfile", "type") == "Unconfined":
            yield f"the seccompProfile of {title} is Unconfined"
        if security.get("procMount") not in (None, "", "Default"):
            yield f"the procMount of {title} is not Default"


def _restricted(spec: Object) -> Iterator[str]:
    own = mapping(spec.get("securityContext"))
    for one in items(spec.get("volumes")):
        kinds = [key for key, value in mapping(one).items() if key != "name" and value is not None]
        if any(kind not in _VOLUMES and kind != "hostPath" for kind in kinds):
            yield f"volume {mapping(one).get('name')} is of a kind that is not allowed"
    if own.get("runAsUser") == 0:
        yield "it runs as root"
    for title, container in _containers(spec):
        security = mapping(container.get("securityContext"))
        missing: list[str] = []
        if security.get("allowPrivilegeEscalation") is not False:
            missing.append("allowPrivilegeEscalation: false")
        if security.get("runAsNonRoot", own.get("runAsNonRoot")) is not True:
            missing.append("runAsNonRoot: true")
        if "ALL" not in items(at(security, "capabilities", "drop")):
            missing.append("capabilities.drop: [ALL]")
        held = at(security, "seccompProfile", "type") or at(own, "seccompProfile", "type")
        if held not in _PROFILES:
            missing.append("seccompProfile.type: RuntimeDefault")
        if missing:
            yield f"{title} lacks {', '.join(missing)}"
        if security.get("runAsUser") == 0:
            yield f"{title} runs as root"
        if any(one != "NET_BIND_SERVICE" for one in items(at(security, "capabilities", "add"))):
            yield f"{title} adds capabilities"
