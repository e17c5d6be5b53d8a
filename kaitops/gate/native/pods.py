"""What holds between the fields of a pod, alone or in a template."""

import re
from collections.abc import Collection, Iterator, Sequence

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native import places
from kaitops.gate.native.forms import amount, is_key, is_label, is_label_key, is_port, is_port_name
from kaitops.gate.native.selecting import expression
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems

Found = Iterator[tuple[Path, str]]
_PARTS = ("initContainers", "containers")
_VARIABLE = re.compile(r"[ -<>-~]+")
_SOURCES = ("configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef", "fileKeyRef")
_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def problems(document: Object) -> Found:
    """What is wrong with the pod that an object declares."""
    path = places.pod(document)
    if path is None:
        return
    # Most trees declare no pod themselves, and pay nothing for these.
    from kaitops.gate.native import podwide, running, settings, sources

    spec = mapping(at(document, *path))
    if not items(spec.get("containers")):
        yield (*path, "containers"), "is empty, and a pod needs one; add a container"
    if spec.get("ephemeralContainers"):
        yield (*path, "ephemeralContainers"), "may only be added to a running pod; drop them"
    volumes = {mapping(one).get("name") for one in items(spec.get("volumes"))}
    claimed = {at(one, "metadata", "name") for one in items(at(document, "spec", "volumeClaimTemplates"))}
    volumes |= claimed
    names: set[str] = set()
    for part in _PARTS:
        for place, one in enumerate(items(spec.get(part))):
            where, container = (*path, part, place), mapping(one)
            name = container.get("name") or ""
            if label_problems(name) or name in names:
                yield (*where, "name"), "must be a label of DNS that no other container of the pod has; rename it"
            names.add(name)
            yield from _container(container, where, volumes, first=part == "initContainers")
            yield from sources.variables(items(container.get("env")), where)
            yield from sources.whole(items(container.get("envFrom")), where)
            yield from settings.container(container, where, spec.get("terminationGracePeriodSeconds"))
            yield from running.users(mapping(container.get("securityContext")), (*where, "securityContext"))
            yield from running.problems(container, where, spec, claimed, first=part == "initContainers")
    yield from _volumes(items(spec.get("volumes")), path)
    yield from sources.volumes(items(spec.get("volumes")), path)
    yield from _placing(spec, path)
    yield from settings.problems(spec, path)
    yield from running.users(mapping(spec.get("securityContext")), (*path, "securityContext"))
    noted: Path = (*path[:-1], "metadata", "annotations")
    yield from podwide.problems(spec, path, mapping(at(document, *noted)), noted)


def _container(container: Object, path: Path, volumes: Collection[object], *, first: bool) -> Found:
    image = container.get("image") or ""
    if not image or image.strip() != image:
        yield (*path, "image"), "must name an image, without blanks around it; correct it"
    names: set[str] = set()
    for place, one in enumerate(items(container.get("ports"))):
        port = mapping(one)
        name = port.get("name") or ""
        if name and (not is_port_name(name) or name in names):
            yield (
                (*path, "ports", place, "name"),
                "must be a port's name of at most 15 signs that no other has; rename it",
            )
        names.add(name)
        if not is_port(port.get("containerPort")):
            yield (*path, "ports", place, "containerPort"), "must be from 1 to 65535; correct it"
        if port.get("hostPort") and not is_port(port["hostPort"]):
            yield (*path, "ports", place, "hostPort"), "must be from 1 to 65535; drop it"
    yield from _variables(items(container.get("env")), path)
    yield from _mounts(items(container.get("volumeMounts")), path, volumes)
    yield from _resources(mapping(container.get("resources")), (*path, "resources"))
    lasting = not first or container.get("restartPolicy") == "Always"
    for probe in _PROBES:
        held = container.get(probe)
        if held is None:
            continue
        if not lasting:
            yield (*path, probe), "may not be set for a container that runs before the others; drop it"
        if sum(mapping(held).get(one) is not None for one in _HANDLERS) != 1:
            yield (*path, probe), f"must have exactly one of {', '.join(_HANDLERS)}; correct it"
        if probe != "readinessProbe" and mapping(held).get("successThreshold") not in (None, 0, 1):
            yield (*path, probe, "successThreshold"), "must be 1; drop it"
        for field in ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"):
            if (mapping(held).get(field) or 0) < 0:
                yield (*path, probe, field), "may not be negative; correct it"
        yield from _handler(mapping(held), (*path, probe))
    for hook in ("postStart", "preStop"):
        held = at(container, "lifecycle", hook)
        if held is not None:
            if sum(mapping(held).get(one) is not None for one in ("exec", "httpGet", "tcpSocket", "sleep")) != 1:
                yield (*path, "lifecycle", hook), "must have exactly one of exec, httpGet, tcpSocket, sleep; correct it"
            yield from _handler(mapping(held), (*path, "lifecycle", hook))
    security = mapping(container.get("securityContext"))
    if security.get("allowPrivilegeEscalation") is False:
        added = items(at(security, "capabilities", "add"))
        if security.get("privileged") is True or "SYS_ADMIN" in added or "CAP_SYS_ADMIN" in added:
            yield (
                (*path, "securityContext", "allowPrivilegeEscalation"),
                "may not be false beside privileged or SYS_ADMIN; drop one of both",
            )


def _handler(held: Object, path: Path) -> Found:
    if held.get("exec") is not None and not items(at(held, "exec", "command")):
        yield (*path, "exec", "command"), "is missing; name a command"
    for kind in ("httpGet", "tcpSocket", "grpc"):
        if held.get(kind) is None:
            continue
        port = at(held, kind, "port")
        if not is_port(port) and (kind == "grpc" or not is_port_name(port)):
            yield (*path, kind, "port"), "must be a port from 1 to 65535 or the name of one; correct it"


def _variables(variables: Sequence[object], path: Path) -> Found:
    for place, one in enumerate(variables):
        where, held = (*path, "env", place), mapping(one)
        if not _VARIABLE.fullmatch(held.get("name") or ""):
            yield (*where, "name"), "must be a variable's name of printable ASCII without '='; rename it"
        source = held.get("valueFrom")
        if source is None:
            continue
        if held.get("value"):
            yield (*where, "valueFrom"), "may not stand beside a value; drop one of both"
        if sum(mapping(source).get(kind) is not None for kind in _SOURCES) != 1:
            yield (*where, "valueFrom"), f"must have exactly one of {', '.join(_SOURCES)}; correct it"
        for kind in ("configMapKeyRef", "secretKeyRef"):
            target = mapping(source).get(kind)
            if target is not None and subdomain_problems(mapping(target).get("name") or ""):
                yield (*where, "valueFrom", kind, "name"), "must be the name of an object; correct it"
            if target is not None and not is_key(mapping(target).get("key")):
                yield (*where, "valueFrom", kind, "key"), "must be a key of its data; correct it"


def _mounts(mounts: Sequence[object], path: Path, volumes: Collection[object]) -> Found:
    taken: set[object] = set()
    for place, one in enumerate(mounts):
        where, mount = (*path, "volumeMounts", place), mapping(one)
        if mount.get("name") not in volumes:
            yield (*where, "name"), "is the name of no volume of the pod; declare the volume, or correct the name"
        target = mount.get("mountPath")
        if not target or target in taken:
            yield (*where, "mountPath"), "must be a path that nothing else is mounted to; correct it"
        taken.add(target)
        sub = mount.get("subPath") or ""
        if sub.startswith("/") or ".." in sub.split("/"):
            yield (*where, "subPath"), "must be a path below the volume; correct it"
        if sub and mount.get("subPathExpr"):
            yield (*where, "subPathExpr"), "may not stand beside subPath; drop one of both"


def _resources(resources: Object, path: Path) -> Found:
    limits, requests = mapping(resources.get("limits")), mapping(resources.get("requests"))
    for part, held in (("limits", limits), ("requests", requests)):
        for name, value in held.items():
            number = amount(value)
            if number is not None and number < 0:
                yield (*path, part, name), "may not be negative; correct it"
            extended = "/" in name and not name.split("/")[0].endswith("kubernetes.io")
            if (
                "/" not in name
                and name not in ("cpu", "memory", "ephemeral-storage")
                and not name.startswith("hugepages-")
            ):
                yield (*path, part, name), "is no resource of containers; write cpu, memory or a name with a domain"
            elif extended and number is not None and number.denominator != 1:
                yield (*path, part, name), "must be a whole number; correct it"
            elif extended and part == "requests" and amount(limits.get(name)) != number:
                yield (*path, part, name), "must equal its limit, as such resources are not shared; write both alike"
    for name, value in requests.items():
        # A null is a limit of nothing.
        least, most = amount(value), amount(limits[name] or 0) if name in limits else None
        if least is not None and most is not None and least > most and "/" not in name:
            yield (*path, "requests", name), "is more than the limit; lower it, or raise the limit"


def _volumes(volumes: Sequence[object], path: Path) -> Found:
    names: set[object] = set()
    for place, one in enumerate(volumes):
        where, volume = (*path, "volumes", place), mapping(one)
        name = volume.get("name") or ""
        if label_problems(name) or name in names:
            yield (*where, "name"), "must be a label of DNS that no other volume has; rename it"
        names.add(name)
        # Without a source the server makes an empty folder of it.
        if sum(value is not None for key, value in volume.items() if key != "name") > 1:
            yield where, "has more than one source; keep one"
        if volume.get("hostPath") is not None and not at(volume, "hostPath", "path"):
            yield (*where, "hostPath", "path"), "is missing; name it"
        if volume.get("persistentVolumeClaim") is not None and not at(volume, "persistentVolumeClaim", "claimName"):
            yield (*where, "persistentVolumeClaim", "claimName"), "is missing; name the claim"
        if volume.get("secret") is not None and not at(volume, "secret", "secretName"):
            yield (*where, "secret", "secretName"), "is missing; name the Secret"
        if volume.get("configMap") is not None and not at(volume, "configMap", "name"):
            yield (*where, "configMap", "name"), "is missing; name the ConfigMap"
        limit = amount(at(volume, "emptyDir", "sizeLimit"))
        if limit is not None and limit < 0:
            yield (*where, "emptyDir", "sizeLimit"), "may not be negative; correct it"


def _placing(spec: Object, path: Path) -> Found:
    seconds = spec.get("activeDeadlineSeconds")
    if seconds is not None and not 1 <= seconds < 1 << 31:
        yield (*path, "activeDeadlineSeconds"), "must be from 1 to 2147483647; correct it"
    account = spec.get("serviceAccountName")
    if account and subdomain_problems(account):
        yield (*path, "serviceAccountName"), "can be no account's name; correct it"
    for place, one in enumerate(items(spec.get("tolerations"))):
        where, held = (*path, "tolerations", place), mapping(one)
        operator = held.get("operator") or "Equal"
        if (held.get("key") and not is_label_key(held["key"])) or not is_label(held.get("value") or ""):
            yield where, "must have a key and a value that a label may have; correct it"
        if operator == "Exists" and held.get("value"):
            yield (*where, "value"), "may not be set where the operator is Exists; drop one of both"
        if operator not in ("Equal", "Exists"):
            yield (*where, "operator"), "must be Equal or Exists; correct it"
        if not held.get("key") and operator != "Exists":
            yield (*where, "operator"), "must be Exists where no key is named; name the key"
        if held.get("tolerationSeconds") is not None and held.get("effect") != "NoExecute":
            yield (*where, "effect"), "must be NoExecute where tolerationSeconds are set; correct it"
    required = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    node = at(spec, *required)
    if node is not None and not items(mapping(node).get("nodeSelectorTerms")):
        yield (*path, *required, "nodeSelectorTerms"), "is empty, which no node meets; name a term"
    for place, term in enumerate(items(mapping(node).get("nodeSelectorTerms"))):
        for number, one in enumerate(items(mapping(term).get("matchExpressions"))):
            yield from expression(
                mapping(one), (*path, *required, "nodeSelectorTerms", place, "matchExpressions", number)
            )
