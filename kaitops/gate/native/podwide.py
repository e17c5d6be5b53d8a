"""What holds for a pod as a whole: what its parts share, its claims of devices, its resources, its system."""

import re
from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.pods import PARTS
from kaitops.gate.native.forms import amount, is_label_key
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems

Found = Iterator[tuple[Path, str]]
_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP = re.compile(r"(?:container\.)?seccomp\.security\.alpha\.kubernetes\.io/")
_COST = "controller.kubernetes.io/pod-deletion-cost"
_MIRROR = "kubernetes.io/config.mirror"
_COST_FORM = re.compile(r"0|-?[1-9][0-9]{0,9}")
_PROFILE = re.compile(r"(?:runtime/default|docker/default|unconfined|localhost/[^/].*|)", re.DOTALL)
_HOSTNAME = 64
_DRIVER = 63
# What a pod of Windows may not say, of itself and of its containers.
_OF_LINUX = (
    "seLinuxOptions", "seccompProfile", "appArmorProfile", "fsGroup", "fsGroupChangePolicy", "sysctls", "runAsUser",
    "runAsGroup", "supplementalGroups",
)  # fmt: skip
_OF_LINUX_CONTAINERS = (
    "seLinuxOptions", "seccompProfile", "appArmorProfile", "capabilities", "readOnlyRootFilesystem", "privileged",
    "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
)  # fmt: skip
_SHARED = ("hostPID", "hostIPC", "shareProcessNamespace")


def problems(spec: Object, path: Path, notes: Object, noted: Path) -> Found:
    """What is wrong with a pod.

    Args:
        notes: its annotations.
        noted: their path.
    """
    yield from _notes(spec, notes, noted)
    yield from _names(spec, path)
    if spec.get("hostPID") is True and spec.get("shareProcessNamespace") is True:
        yield (*path, "shareProcessNamespace"), "may not be true beside hostPID; drop one of both"
    if spec.get("priority") and not spec.get("priorityClassName"):
        yield (*path, "priority"), "is worked out by the server; drop it, or name a PriorityClass"
    if spec.get("overhead") and not spec.get("runtimeClassName"):
        yield (*path, "overhead"), "comes from a RuntimeClass; drop it"
    yield from _gates(spec, path)
    yield from _claims(items(spec.get("resourceClaims")), path)
    yield from _resources(mapping(spec.get("resources")), spec, (*path, "resources"))
    yield from _ports(spec, path)
    yield from _volumes(items(spec.get("volumes")), path)
    yield from _keys(spec, path)
    yield from _system(spec, path)


def _notes(spec: Object, notes: Object, path: Path) -> Found:
    named = {at(one, "name") for part in PARTS for one in items(spec.get(part))}
    for key, value in notes.items():
        if key.startswith(_ARMOR):
            if key.removeprefix(_ARMOR) not in named:
                yield (*path, key), "names no container of the pod; correct it"
            elif not _PROFILE.fullmatch(str(value)):
                yield (*path, key), "must be runtime/default, unconfined or localhost/PROFILE; correct it"
        elif _SECCOMP.match(key) and (not _PROFILE.fullmatch(str(value)) or not value):
            yield (*path, key), "is no profile of seccomp, and nothing reads it any more; use securityContext"
        elif key == _COST and (not _COST_FORM.fullmatch(str(value)) or not -(1 << 31) <= int(value) < 1 << 31):
            yield (*path, key), "must be a whole number of 32 bits; correct it"
        elif key == _MIRROR and not spec.get("nodeName"):
            yield (*path, key), "is for what a node makes of its own files; drop it"


def _names(spec: Object, path: Path) -> Found:
    for key in ("nodeName", "runtimeClassName"):
        if spec.get(key) and subdomain_problems(spec[key]):
            yield (*path, key), "must be the name of an object; correct it"
    name = spec.get("hostnameOverride")
    if name is not None:
        if subdomain_problems(name) or len(name) > _HOSTNAME:
            yield (*path, "hostnameOverride"), f"must be a name of DNS of at most {_HOSTNAME} signs; correct it"
        for key in ("hostNetwork", "setHostnameAsFQDN"):
            if spec.get(key) is True:
                yield (*path, "hostnameOverride"), f"may not be set beside {key}; drop one of both"


def _gates(spec: Object, path: Path) -> Found:
    gates = items(spec.get("schedulingGates"))
    taken: set[object] = set()
    for place, one in enumerate(gates):
        name = at(one, "name")
        if not is_label_key(name or "") or name in taken:
            yield (*path, "schedulingGates", place, "name"), "must be a name that no other gate has; correct it"
        taken.add(name)
    if gates and spec.get("nodeName"):
        yield (*path, "nodeName"), "may not be set beside schedulingGates; drop one of both"


def _claims(listed: Sequence[object], path: Path) -> Found:
    taken: set[object] = set()
    for place, one in enumerate(listed):
        where, name = (*path, "resourceClaims", place), at(one, "name")
        if label_problems(name or "") or name in taken:
            yield (*where, "name"), "must be a label of DNS that no other claim has; rename it"
        taken.add(name)
        kinds = [key for key in ("resourceClaimName", "resourceClaimTemplateName") if at(one, key) is not None]
        if len(kinds) != 1:
            yield where, "must name a claim or a template of one, and not both; correct it"
        elif subdomain_problems(at(one, kinds[0]) or ""):
            yield (*where, kinds[0]), "must be the name of an object; correct it"


def _resources(resources: Object, spec: Object, path: Path) -> Found:
    """What the pod as a whole asks for holds what its containers ask for."""
    limits, requests = mapping(resources.get("limits")), mapping(resources.get("requests"))
    for part, held in (("limits", limits), ("requests", requests)):
        for name in held:
            if name not in ("cpu", "memory") and not name.startswith("hugepages-"):
                yield (*path, part, name), "may not be said for a pod as a whole; say it for a container"
    boxes = [mapping(at(one, "resources")) for one in items(spec.get("containers"))]
    for name in ("cpu", "memory"):
        limit, request = amount(limits.get(name)), amount(requests.get(name))
        if limit is not None and request is not None and request > limit:
            yield (*path, "requests", name), "is more than the limit; lower it, or raise the limit"
        own = [amount(at(one, "limits", name)) for one in boxes]
        if limit is not None and any(one is not None and one > limit for one in own):
            yield (*path, "limits", name), "is less than a container's own limit; raise it"
        asked = [amount(at(one, "requests", name)) or amount(at(one, "limits", name)) or 0 for one in boxes]
        most = limit if request is None else request
        if most is not None and sum(asked) > most:
            part = "limits" if request is None else "requests"
            yield (*path, part, name), "is less than what the containers ask for together; raise it"


def _ports(spec: Object, path: Path) -> Found:
    taken: set[tuple[object, ...]] = set()
    for place, one in enumerate(items(spec.get("containers"))):
        for number, port in enumerate(items(at(one, "ports"))):
            opened = at(port, "hostPort")
            held = (at(port, "protocol") or "TCP", at(port, "hostIP") or "", opened)
            if opened and held in taken:
                yield (*path, "containers", place, "ports", number, "hostPort"), "is another port's as well; drop one"
            taken.add(held)


def _volumes(listed: Sequence[object], path: Path) -> Found:
    for place, one in enumerate(listed):
        where = (*path, "volumes", place)
        driver = at(one, "csi", "driver")
        if driver and (subdomain_problems(str(driver).lower()) or len(str(driver)) > _DRIVER):
            yield (*where, "csi", "driver"), "can be no driver's name; correct it"
        if at(one, "image") is not None and not at(one, "image", "reference"):
            yield (*where, "image", "reference"), "is missing; name the image"
        template = (*where, "ephemeral", "volumeClaimTemplate", "metadata")
        for key in mapping(at(one, *template[len(where) :])):
            if key not in ("labels", "annotations"):
                yield (*template, key), "may not be set, as the server names the claim; drop it"


def _keys(spec: Object, path: Path) -> Found:
    """Keys of labels belong to a selector that they narrow."""
    places: list[tuple[Path, object]] = [
        ((*path, "topologySpreadConstraints", place), one)
        for place, one in enumerate(items(spec.get("topologySpreadConstraints")))
    ]
    for kind in ("podAffinity", "podAntiAffinity"):
        held: Path = ("affinity", kind)
        must, may = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"
        places += [((*path, *held, must, n), one) for n, one in enumerate(items(at(spec, *held, must)))]
        places += [
            ((*path, *held, may, n, "podAffinityTerm"), at(one, "podAffinityTerm"))
            for n, one in enumerate(items(at(spec, *held, may)))
        ]
    for where, one in places:
        for key in ("matchLabelKeys", "mismatchLabelKeys"):
            named = items(at(one, key))
            if named and at(one, "labelSelector") is None:
                yield (*where, key), "needs a labelSelector, which it narrows; write it"
            if any(not is_label_key(name) for name in named):
                yield (*where, key), "must hold keys of labels; correct it"


def _system(spec: Object, path: Path) -> Found:
    """What the operating system of the pod does not have."""
    system, security = at(spec, "os", "name"), mapping(spec.get("securityContext"))
    if spec.get("os") is not None and not system:
        yield (*path, "os", "name"), "is missing; write linux or windows"
    boxes = [
        ((*path, part, place, "securityContext"), mapping(at(one, "securityContext")))
        for part in PARTS
        for place, one in enumerate(items(spec.get(part)))
    ]
    if system == "windows":
        for key in _SHARED:
            if spec.get(key) is True:
                yield (*path, key), "is not there on Windows; drop it"
    wrong = {"windows": (_OF_LINUX, _OF_LINUX_CONTAINERS), "linux": (("windowsOptions",),) * 2}.get(str(system))
    for held, where, keys in (
        [(security, (*path, "securityContext"), wrong[0]), *((box, place, wrong[1]) for place, box in boxes)]
        if wrong
        else ()
    ):
        for key in keys:
            if held.get(key) is not None:
                yield (*where, key), f"is not there on {system}; drop it"
    processes = [at(one, "windowsOptions", "hostProcess") for one in (security, *(box for _, box in boxes))]
    if any(processes) and spec.get("hostNetwork") is not True:
        yield (*path, "hostNetwork"), "must be true where a container is a process of the node; write it"
