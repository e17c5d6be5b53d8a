"""What each deviation of plain mode does to the objects.

Owns the changes only; their names, reasons and switches are in :mod:`kaitops.kaito.plain`. All functions change the
objects in place and return those that stay.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, cast

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.expansion.world import part

Objects = list[MutableObject]

_KAITO = "kaito.sh/"
_WORKSPACE = "kaito.sh/workspace"
_PINS = (_WORKSPACE, "kaito.sh/workspacenamespace")
_POOL_PINS = ("karpenter.kaito.sh/workspace-name", "karpenter.kaito.sh/workspace-namespace")
_REVISIONS = ("workspace.kaito.io/", "inferenceset.kaito.io/", "ragengine.kaito.io/")
_DRAWN = re.compile(r"-(\d{5})\Z")
_LONGEST_POOL_NAME, _POOL_HASH = 63, 9
_JOB_HASH = 8


def copied(value: object) -> Any:
    """A copy of plain data that shares nothing with the original."""
    if isinstance(value, dict):
        return {key: copied(entry) for key, entry in cast(MutableObject, value).items()}
    return [copied(entry) for entry in cast(list[Any], value)] if isinstance(value, list) else value


def number_replicas(objects: Objects) -> Objects:
    """Name the replicas of a set ``<set>-0`` and so on, wherever their names stand."""
    names = {
        made["metadata"]["name"]: f"{drawn[: match.start()]}-{int(match[1])}"
        for made in objects
        if made["kind"] == "Workspace" and made["metadata"].get("generateName")
        if (match := _DRAWN.search(drawn := made["metadata"]["name"]))
    }
    if not names:
        return objects
    pattern = re.compile("|".join(map(re.escape, names)))
    renamed: Objects = [_renamed(made, pattern, names) for made in objects]
    for made in renamed:
        made["metadata"].pop("generateName", None)
        if made["kind"] == "NodePool":
            made["metadata"]["name"] = _pool_name(made)
    return renamed


def pull_secrets_once(objects: Objects) -> Objects:
    """Keep the first of equal pull secrets of a pod."""
    for made in objects:
        secrets: list[MutableObject] = part(made, "spec", "template", "spec").get("imagePullSecrets") or []
        secrets[:] = {secret["name"]: secret for secret in secrets}.values()
    return objects


def type_claims(objects: Objects) -> Objects:
    """Say of each claim of a set what it is, as the API server stores it."""
    for made in objects:
        claims: list[MutableObject] = made["spec"].get("volumeClaimTemplates") or [] if "spec" in made else []
        claims[:] = [{"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim} for claim in claims]
    return objects


def name_jobs(objects: Objects) -> Objects:
    """Name a Job of a generated name after its content."""
    for made in objects:
        prefix = made["metadata"].get("generateName")
        if made["kind"] == "Job" and prefix:
            del made["metadata"]["generateName"]
            content = json.dumps(made["spec"], sort_keys=True).encode()
            made["metadata"]["name"] = f"{prefix}{sha256(content).hexdigest()[:_JOB_HASH]}"
    return objects


def without_custom_resources(objects: Objects) -> Objects:
    """Drop objects of KAITO's own kinds."""
    return [made for made in objects if not made["apiVersion"].startswith(_KAITO)]


def without_metadata(objects: Objects, key: str) -> Objects:
    """Drop a field of the metadata."""
    for made in objects:
        made["metadata"].pop(key, None)
    return objects


def without_revisions(objects: Objects) -> Objects:
    """Drop ControllerRevisions and the annotations that count revisions."""
    stay = [made for made in objects if made["kind"] != "ControllerRevision"]
    for made in stay:
        annotations = made["metadata"].get("annotations")
        if annotations is None:
            continue
        kept = {key: value for key, value in annotations.items() if not key.startswith(_REVISIONS)}
        if kept:
            made["metadata"]["annotations"] = kept
        else:
            del made["metadata"]["annotations"]
    return stay


def without_node_claims(objects: Objects) -> Objects:
    """Drop NodeClaims and the pins to nodes that only the operator labels."""
    for _, pod in _pods(objects):
        _unpin(pod)
    return [made for made in objects if made["kind"] != "NodeClaim"]


def label_accelerators(objects: Objects) -> Objects:
    """Have Karpenter label the nodes of a pool, as the operator would."""
    for made in objects:
        if made["kind"] == "NodePool":
            made["spec"]["template"]["metadata"]["labels"].setdefault("accelerator", "nvidia")
    return objects


def place_tuning(objects: Objects) -> Objects:
    """Give tuning pods the toleration of inference pods, and the pin to their pool where there is one."""
    toleration = {"effect": "NoSchedule", "key": "nvidia.com/gpu", "operator": "Exists"}
    pools = [made["metadata"]["labels"] for made in objects if made["kind"] == "NodePool"]
    for made, pod in _pods(objects):
        if made["kind"] != "Job" or _WORKSPACE not in part(made, "metadata", "labels"):
            continue
        pod.setdefault("tolerations", []).insert(0, dict(toleration))
        pins = (made["metadata"]["name"], made["metadata"].get("namespace"))
        if any(tuple(labels.get(key) for key in _POOL_PINS) == pins for labels in pools):
            _pin(pod, {key: str(value) for key, value in zip(_POOL_PINS, pins, strict=True)})
    return objects


def without_benchmark(objects: Objects) -> Objects:
    """Let the start-up probe ask for health only, with the same patience."""
    for _, pod in _pods(objects):
        for container in pod["containers"]:
            command: Sequence[str] = part(container, "startupProbe", "exec").get("command") or ()
            if any("benchmark_entrypoint.py" in word for word in command):
                container["startupProbe"] = _health(container)
    return objects


def pin_images(objects: Objects, pinned: Mapping[str, str]) -> Objects:
    """Replace helper images of floating tags; a pinned image need not be asked for at each start."""
    for _, pod in _pods(objects):
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            fixed = pinned.get(container.get("image", ""))
            if fixed:
                container["image"] = fixed
                container.pop("imagePullPolicy", None)
    return objects


def pin_weights(objects: Objects, revisions: Mapping[str, str]) -> Objects:
    """Name the commit behind the repository in the command that downloads it."""
    if not revisions:
        return objects
    pattern = re.compile(r"(--(?:model|pretrained_model_name_or_path)=)([^ ;/]+/[^ ;]+)")

    def pin(match: re.Match[str]) -> str:
        commit = revisions.get(match[2].lower())
        return f"{match[0]} --revision={commit}" if commit else match[0]

    for _, pod in _pods(objects):
        for container in pod["containers"]:
            if command := container.get("command"):
                container["command"] = [pattern.sub(pin, word) for word in command]
    return objects


def slow_flux(objects: Objects) -> Objects:
    """Let Flux look again every ten minutes instead of all the time."""
    for made in objects:
        if made["kind"] in ("OCIRepository", "HelmRelease") and made["spec"].get("interval") == "0s":
            made["spec"]["interval"] = "10m0s"
    return objects


def _pods(objects: Objects) -> Iterator[tuple[MutableObject, MutableObject]]:
    for made in objects:
        if made["kind"] in ("StatefulSet", "Deployment", "Job"):
            yield made, made["spec"]["template"]["spec"]


def _renamed(value: object, pattern: re.Pattern[str], names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(entry, pattern, names) for key, entry in cast(MutableObject, value).items()}
    if isinstance(value, list):
        return [_renamed(entry, pattern, names) for entry in cast(list[Any], value)]
    return pattern.sub(lambda match: names[match[0]], value) if isinstance(value, str) else value


def _pool_name(pool: Object) -> str:
    labels = pool["metadata"]["labels"]
    full = f"{labels[_POOL_PINS[1]]}-{labels[_POOL_PINS[0]]}"
    if len(full) <= _LONGEST_POOL_NAME:
        return full
    return f"{full[: _LONGEST_POOL_NAME - 1 - _POOL_HASH]}-{sha256(full.encode()).hexdigest()[:_POOL_HASH]}"


def _terms(pod: Object) -> list[MutableObject]:
    required = part(pod, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    return required.get("nodeSelectorTerms") or []


def _unpin(pod: MutableObject) -> None:
    terms = _terms(pod)
    if not terms:
        return
    for term in terms:
        term["matchExpressions"] = [one for one in term.get("matchExpressions", ()) if one["key"] not in _PINS]
    # An empty term is refused by the API server, and an affinity that asks for nothing says nothing.
    if not any(term["matchExpressions"] or term.get("matchFields") for term in terms):
        del pod["affinity"]


def _pin(pod: MutableObject, labels: Mapping[str, str]) -> None:
    terms = _terms(pod)
    if not terms:
        terms = [{"matchExpressions": list[MutableObject]()}]
        required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
        pod["affinity"] = {"nodeAffinity": required}
    for term in terms:
        asked: list[MutableObject] = [*term["matchExpressions"]]
        asked += [{"key": key, "operator": "In", "values": [value]} for key, value in labels.items()]
        term["matchExpressions"] = sorted(asked, key=lambda one: one["key"])


def _health(container: Object) -> MutableObject:
    """The start-up probe that KAITO sets where the benchmark is disabled: readiness with the start-up's patience."""
    benchmark, readiness = container["startupProbe"], container["readinessProbe"]
    probe = {key: benchmark[key] for key in ("failureThreshold", "periodSeconds")}
    if "httpGet" in readiness:
        return {**probe, "httpGet": dict(readiness["httpGet"])}
    return {**probe, "exec": copied(readiness["exec"]), "timeoutSeconds": readiness["timeoutSeconds"]}
