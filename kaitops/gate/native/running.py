"""What holds within a container beside names and ports: resources, mounts, devices, probes, what follows its end."""

import re
from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import amount, is_label_key
from kaitops.kaito.kubernetes.dns_names import subdomain_problems

Found = Iterator[tuple[Path, str]]
_PAGES = "hugepages-"
_DIVISORS = {
    "cpu": ("1m", "1"),
    "": ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"),
}
_OPERATORS = ("In", "NotIn")
_MOST_CODES = 255
_USER_LENGTH = 4095
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def problems(container: Object, path: Path, spec: Object, claimed: set[object], *, first: bool) -> Found:
    """What is wrong with a container.

    Args:
        spec: of its pod.
        claimed: the volumes that the pod's owner adds a claim for.
        first: it is one of those that run before the others.
    """
    sidecar = container.get("restartPolicy") == "Always"
    if first and not sidecar and container.get("lifecycle"):
        yield (*path, "lifecycle"), "may not be set for a container that runs before the others; drop it"
    yield from _resources(mapping(container.get("resources")), spec, (*path, "resources"))
    yield from _mounts(container, path)
    yield from _devices(container, spec, claimed, path)
    yield from _ended(container, path)
    yield from _variables(items(container.get("env")), spec, path)
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        seconds = at(container, probe, "terminationGracePeriodSeconds")
        where = (*path, probe, "terminationGracePeriodSeconds")
        if seconds is not None and probe == "readinessProbe":
            yield where, "may not be set, as nothing ends by this probe; drop it"
        elif isinstance(seconds, int) and seconds < 1:
            yield where, "must be 1 or more; correct it"
    taken: set[object] = set()
    for place, one in enumerate(items(container.get("resizePolicy"))):
        name = at(one, "resourceName")
        if not name or name in taken:
            yield (*path, "resizePolicy", place), "must name cpu or memory, each once; correct it"
        taken.add(name)
    if at(container, "securityContext", "procMount") == "Unmasked" and spec.get("hostUsers") is not False:
        yield (*path, "securityContext", "procMount"), "may be Unmasked only where hostUsers is false; drop it"


def users(held: Object, path: Path) -> Found:
    """What is wrong with profiles and users of Windows, of a pod or of a container."""
    profile = at(held, "seccompProfile", "localhostProfile")
    if isinstance(profile, str) and (profile.startswith("/") or ".." in profile.split("/")):
        yield (*path, "seccompProfile", "localhostProfile"), "must be a path below the folder of profiles; correct it"
    profile = at(held, "appArmorProfile", "localhostProfile")
    if isinstance(profile, str) and (profile.strip() != profile or len(profile) > _USER_LENGTH):
        text = f"must be a name without blanks around it, of at most {_USER_LENGTH} signs; correct it"
        yield (*path, "appArmorProfile", "localhostProfile"), text
    name = at(held, "windowsOptions", "gmsaCredentialSpecName")
    if isinstance(name, str) and subdomain_problems(name):
        yield (*path, "windowsOptions", "gmsaCredentialSpecName"), "must be the name of an object; correct it"
    user = at(held, "windowsOptions", "runAsUserName")
    if isinstance(user, str) and (not user or _CONTROL.search(user)):
        yield (*path, "windowsOptions", "runAsUserName"), "must be a user's name without control signs; correct it"


def _resources(resources: Object, spec: Object, path: Path) -> Found:
    limits, requests = mapping(resources.get("limits")), mapping(resources.get("requests"))
    for part, held in (("limits", limits), ("requests", requests)):
        for name in held:
            if "/" in name and (not is_label_key(name) or name.startswith("requests.")):
                yield (*path, part, name), "is no name of a resource; correct it"
    pages = sorted({name for name in (*limits, *requests) if name.startswith(_PAGES)})
    for name in pages:
        size, limit = amount(name.removeprefix(_PAGES)), amount(limits.get(name))
        if limit is None or (name in requests and amount(requests[name]) != limit):
            yield (*path, "limits", name), "must be set, and equal to the request; write both alike"
        elif size is None or size <= 0 or limit % size:
            yield (*path, "limits", name), "must be whole pages of the size that its name says; correct it"
    if pages and not {"cpu", "memory"} & {*limits, *requests}:
        yield path, "need cpu or memory beside huge pages; add one"
    claims = [at(one, "name") for one in items(spec.get("resourceClaims"))]
    for place, one in enumerate(items(resources.get("claims"))):
        if at(one, "name") not in claims:
            yield (*path, "claims", place, "name"), "names no claim of the pod's resourceClaims; declare it there"


def _mounts(container: Object, path: Path) -> Found:
    privileged = at(container, "securityContext", "privileged") is True
    for place, one in enumerate(items(container.get("volumeMounts"))):
        where, mount = (*path, "volumeMounts", place), mapping(one)
        spread = mount.get("mountPropagation")
        if spread == "Bidirectional" and not privileged:
            yield (*where, "mountPropagation"), "may be Bidirectional for a privileged container only; drop it"
        deep = mount.get("recursiveReadOnly") not in (None, "", "Disabled")
        if deep and (mount.get("readOnly") is not True or spread not in (None, "", "None")):
            yield (*where, "recursiveReadOnly"), "needs readOnly: true, and no mountPropagation; correct it"
        expression = mount.get("subPathExpr")
        if isinstance(expression, str) and (expression.startswith("/") or ".." in expression.split("/")):
            yield (*where, "subPathExpr"), "must be a path below the volume; correct it"


def _devices(container: Object, spec: Object, claimed: set[object], path: Path) -> Found:
    listed = items(container.get("volumeDevices"))
    if not listed:
        return
    blocks = {
        at(one, "name")
        for one in items(spec.get("volumes"))
        if at(one, "persistentVolumeClaim") is not None or at(one, "ephemeral") is not None
    }
    blocks |= claimed
    mounted = {at(one, "name") for one in items(container.get("volumeMounts"))}
    mounts = {at(one, "mountPath") for one in items(container.get("volumeMounts"))}
    taken: set[object] = set()
    for place, one in enumerate(listed):
        where, name, device = (*path, "volumeDevices", place), at(one, "name"), at(one, "devicePath")
        if name not in blocks or name in mounted or name in taken:
            yield (*where, "name"), "must be a claim's volume of the pod that nothing else takes; correct it"
        if not device or ".." in str(device).split("/") or device in mounts or device in taken:
            yield (*where, "devicePath"), "must be a path that nothing else has; correct it"
        taken |= {name, device}


def _ended(container: Object, path: Path) -> Found:
    """What follows the end of a container."""
    rules = items(container.get("restartPolicyRules"))
    if rules and not container.get("restartPolicy"):
        yield (*path, "restartPolicy"), "is missing, which restartPolicyRules need; write it"
    for place, one in enumerate(rules):
        where = (*path, "restartPolicyRules", place)
        codes = items(at(one, "exitCodes", "values"))
        if at(one, "exitCodes", "operator") not in _OPERATORS or not 0 < len(codes) <= _MOST_CODES:
            yield (*where, "exitCodes"), "must say by In or NotIn which codes are meant; write it"
        if not at(one, "action"):
            yield (*where, "action"), "is missing; write Restart"


def _variables(listed: Sequence[object], spec: Object, path: Path) -> Found:
    folders = {at(one, "name") for one in items(spec.get("volumes")) if at(one, "emptyDir") is not None}
    for place, one in enumerate(listed):
        source, where = mapping(mapping(one).get("valueFrom")), (*path, "env", place, "valueFrom")
        held = mapping(source.get("resourceFieldRef"))
        divisor, resource = held.get("divisor"), str(held.get("resource")).rpartition(".")[2]
        if divisor not in (None, "", 0, "0") and str(divisor) not in _DIVISORS.get(resource, _DIVISORS[""]):
            text = f"must be one of {', '.join(_DIVISORS.get(resource, _DIVISORS['']))}; correct it"
            yield (*where, "resourceFieldRef", "divisor"), text
        if (file := source.get("fileKeyRef")) is None:
            continue
        if at(file, "volumeName") not in folders:
            yield (*where, "fileKeyRef", "volumeName"), "names no emptyDir of the pod; correct it"
        name = at(file, "path")
        if not name or str(name).startswith("/") or ".." in str(name).split("/"):
            yield (*where, "fileKeyRef", "path"), "must be a path below the volume; correct it"
        if not at(file, "key"):
            yield (*where, "fileKeyRef", "key"), "is missing; name a key of the file"
