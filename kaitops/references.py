"""What an object refers to by name: Secrets, ConfigMaps, claims, service accounts, storage classes.

Reads plain documents of KAITO's kinds and of workloads with a pod template. Whether the target exists, and whether it
matters, is for the caller.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to another object.

    Attributes:
        namespace: empty for cluster-scoped kinds.
        key: the entry that must be in it, where one is named.
        path: where the reference stands.
        optional: the pod starts without it.
    """

    kind: str
    namespace: str
    name: str
    path: Path
    key: str | None = None
    optional: bool = False

    def __str__(self) -> str:
        where = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {where}" + (f" with key {self.key}" if self.key else "")


def references(document: Mapping[str, Any]) -> list[Reference]:
    """All references of an object, in the order of its fields."""
    namespace = document["metadata"].get("namespace") or "default"
    reader = _READERS.get(document["kind"])
    return list(reader(document, namespace)) if reader else []


def _secret(namespace: str, name: Any, path: Path, key: str | None = None) -> Iterator[Reference]:
    if isinstance(name, str) and name:
        yield Reference("Secret", namespace, name, path, key)


def _configmap(namespace: str, name: Any, path: Path, key: str) -> Iterator[Reference]:
    if isinstance(name, str) and name:
        yield Reference("ConfigMap", namespace, name, path, key)


def _at(document: Any, *path: str) -> Any:
    for step in path:
        document = document.get(step) if isinstance(document, Mapping) else None
    return document


def _inference(block: Any, namespace: str, path: Path) -> Iterator[Reference]:
    secret = _at(block, "preset", "presetOptions", "modelAccessSecret")
    yield from _secret(namespace, secret, (*path, "preset", "presetOptions", "modelAccessSecret"), "HF_TOKEN")
    yield from _configmap(namespace, _at(block, "config"), (*path, "config"), "inference_config.yaml")
    for number, adapter in enumerate(_at(block, "adapters") or ()):
        yield from _data(_at(adapter, "source"), namespace, (*path, "adapters", number, "source"))
    template = _at(block, "template")
    if template:
        yield from _pod(template, namespace, (*path, "template"))


def _data(source: Any, namespace: str, path: Path) -> Iterator[Reference]:
    for number, name in enumerate(_at(source, "imagePullSecrets") or ()):
        yield from _secret(namespace, name, (*path, "imagePullSecrets", number))
    yield from _secret(namespace, _at(source, "imagePushSecret"), (*path, "imagePushSecret"))
    yield from _volume(_at(source, "volumeSource"), namespace, (*path, "volumeSource"))


def _volume(volume: Any, namespace: str, path: Path) -> Iterator[Reference]:
    claim = _at(volume, "persistentVolumeClaim", "claimName")
    if isinstance(claim, str):
        yield Reference("PersistentVolumeClaim", namespace, claim, (*path, "persistentVolumeClaim", "claimName"))
    config = _at(volume, "configMap", "name")
    if isinstance(config, str):
        optional = _at(volume, "configMap", "optional") is True
        yield Reference("ConfigMap", namespace, config, (*path, "configMap", "name"), None, optional)
    secret = _at(volume, "secret", "secretName")
    if isinstance(secret, str):
        optional = _at(volume, "secret", "optional") is True
        yield Reference("Secret", namespace, secret, (*path, "secret", "secretName"), None, optional)


def _pod(template: Any, namespace: str, path: Path) -> Iterator[Reference]:
    spec = _at(template, "spec")
    at: Path = (*path, "spec")
    account = _at(spec, "serviceAccountName")
    if isinstance(account, str) and account != "default":
        yield Reference("ServiceAccount", namespace, account, (*at, "serviceAccountName"))
    for number, entry in enumerate(_at(spec, "imagePullSecrets") or ()):
        yield from _secret(namespace, _at(entry, "name"), (*at, "imagePullSecrets", number, "name"))
    for group in ("initContainers", "containers"):
        for number, container in enumerate(_at(spec, group) or ()):
            yield from _environment(container, namespace, (*at, group, number))
    for number, volume in enumerate(_at(spec, "volumes") or ()):
        yield from _volume(volume, namespace, (*at, "volumes", number))


def _environment(container: Any, namespace: str, path: Path) -> Iterator[Reference]:
    for number, variable in enumerate(_at(container, "env") or ()):
        for source, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
            target = _at(variable, "valueFrom", source)
            if isinstance(target, Mapping) and isinstance(_at(target, "name"), str):
                where = (*path, "env", number, "valueFrom", source)
                optional = _at(target, "optional") is True
                yield Reference(kind, namespace, target["name"], where, _at(target, "key"), optional)


def _workspace(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    yield from _inference(document.get("inference"), namespace, ("inference",))
    tuning = document.get("tuning")
    if tuning:
        secret = _at(tuning, "preset", "presetOptions", "modelAccessSecret")
        yield from _secret(namespace, secret, ("tuning", "preset", "presetOptions", "modelAccessSecret"), "HF_TOKEN")
        yield from _configmap(namespace, _at(tuning, "config"), ("tuning", "config"), "training_config.yaml")
        yield from _data(_at(tuning, "input"), namespace, ("tuning", "input"))
        yield from _data(_at(tuning, "output"), namespace, ("tuning", "output"))


def _inferenceset(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    block = _at(document, "spec", "template", "inference")
    yield from _inference(block, namespace, ("spec", "template", "inference"))


def _multirole(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    secret = _at(document, "spec", "model", "modelAccessSecret")
    yield from _secret(namespace, secret, ("spec", "model", "modelAccessSecret"), "HF_TOKEN")
    plugins = _at(document, "spec", "eppPluginsConfig")
    yield from _configmap(namespace, plugins, ("spec", "eppPluginsConfig"), "config.yaml")
    for number, role in enumerate(_at(document, "spec", "roles") or ()):
        path = ("spec", "roles", number, "runtimeConfig")
        yield from _configmap(namespace, _at(role, "runtimeConfig"), path, "inference_config.yaml")


def _ragengine(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    spec = document.get("spec")
    for path, key in (
        (("embedding", "local", "modelAccessSecret"), None),
        (("embedding", "remote", "accessSecret"), None),
        (("inferenceService", "accessSecret"), "LLM_ACCESS_SECRET"),
        (("storage", "vectorDB", "accessSecret"), "VECTOR_DB_ACCESS_SECRET"),
    ):
        yield from _secret(namespace, _at(spec, *path), ("spec", *path), key)
    claim = _at(spec, "storage", "persistentVolume", "persistentVolumeClaim")
    if isinstance(claim, str):
        path = ("spec", "storage", "persistentVolume", "persistentVolumeClaim")
        yield Reference("PersistentVolumeClaim", namespace, claim, path)
    name = _at(spec, "guardrails", "configMapRef", "name")
    yield from _configmap(namespace, name, ("spec", "guardrails", "configMapRef", "name"), "guardrails.yaml")


def _mirror(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    spec = document.get("spec")
    job_namespace = _at(spec, "jobNamespace") or namespace
    secret = _at(spec, "source", "accessSecret")
    target = _at(secret, "namespace") or job_namespace
    yield from _secret(target, _at(secret, "name"), ("spec", "source", "accessSecret", "name"), "HF_TOKEN")
    account = _at(spec, "serviceAccountName")
    if isinstance(account, str) and account:
        yield Reference("ServiceAccount", job_namespace, account, ("spec", "serviceAccountName"))
    storage = _at(spec, "storage", "storageClassName")
    if isinstance(storage, str):
        yield Reference("StorageClass", "", storage, ("spec", "storage", "storageClassName"))


def _templated(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    yield from _pod(_at(document, "spec", "template"), namespace, ("spec", "template"))


_READERS = {
    "Workspace": _workspace,
    "InferenceSet": _inferenceset,
    "MultiRoleInference": _multirole,
    "RAGEngine": _ragengine,
    "ModelMirror": _mirror,
    "StatefulSet": _templated,
    "Deployment": _templated,
    "Job": _templated,
}
