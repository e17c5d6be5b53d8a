"""What an object refers to by name: Secrets, ConfigMaps, claims, service accounts, storage classes.

Reads plain documents of KAITO's kinds and of workloads with a pod template. Whether the target exists, and whether it
matters, is for the caller.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kaitops.documents.plain import Path, at, items
from kaitops.documents.ref import DEFAULT, Local, namespace_of
from kaitops.kaito import facts


class Reference(NamedTuple):
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

    @property
    def target(self) -> Local:
        """What is named."""
        return self.kind, self.namespace or DEFAULT, self.name

    def __str__(self) -> str:
        where = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {where}" + (f" with key {self.key}" if self.key else "")


def references(document: Mapping[str, Any]) -> list[Reference]:
    """All references of an object, in the order of its fields."""
    namespace = namespace_of(document)
    reader = _READERS.get(document["kind"])
    return list(reader(document, namespace)) if reader else []


def stand_ins(document: Mapping[str, Any], referred: Sequence[Reference] | None = None) -> list[dict[str, Any]]:
    """Objects without content that KAITO asks for before it goes on: Secrets, and the default guardrails policy.

    For working out what it makes of an object where these are promised to be in the cluster.

    Args:
        referred: its references, where they were read already.
    """
    if referred is None:
        referred = references(document)
    found = [_empty("Secret", one.namespace, one.name, one.key) for one in referred if one.kind == "Secret"]
    guardrails = at(document, "spec", "guardrails") if document.get("kind") == "RAGEngine" else None
    if at(guardrails, "enabled") and not at(guardrails, "configMapRef", "name"):
        rag = facts.load(facts.newest(), "controller.json")["rag"]
        namespace = namespace_of(document)
        found.append(_empty("ConfigMap", namespace, rag["guardrails_template"], rag["guardrails_key"]))
    return found


def _empty(kind: str, namespace: str, name: str, key: str | None) -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "data": {key: ""} if key else {}}


def secrets_made(document: Mapping[str, Any]) -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Secrets that a controller makes of an object: namespace, name, and keys where the object says all of them.

    Understands ExternalSecret, SealedSecret and SecretProviderClass.
    """
    kind, metadata = document["kind"], document["metadata"]
    namespace = namespace_of(document)
    spec = document.get("spec")
    if kind == "ExternalSecret":
        keys = frozenset(str(at(each, "secretKey")) for each in items(at(spec, "data")))
        open_ended = at(spec, "dataFrom") or at(spec, "target", "template", "data")
        yield namespace, str(at(spec, "target", "name") or metadata["name"]), None if open_ended else keys
    elif kind == "SealedSecret":
        yield namespace, str(at(spec, "template", "metadata", "name") or metadata["name"]), None
    elif kind == "SecretProviderClass":
        for each in items(at(spec, "secretObjects")):
            keys = frozenset(str(at(one, "key")) for one in items(at(each, "data")))
            yield namespace, str(at(each, "secretName")), keys


def _secret(namespace: str, name: Any, path: Path, key: str | None = None) -> Iterator[Reference]:
    if isinstance(name, str) and name:
        yield Reference("Secret", namespace, name, path, key)


def _configmap(namespace: str, name: Any, path: Path, key: str) -> Iterator[Reference]:
    if isinstance(name, str) and name:
        yield Reference("ConfigMap", namespace, name, path, key)


def _inference(block: Any, namespace: str, path: Path) -> Iterator[Reference]:
    secret = at(block, "preset", "presetOptions", "modelAccessSecret")
    yield from _secret(namespace, secret, (*path, "preset", "presetOptions", "modelAccessSecret"), "HF_TOKEN")
    yield from _configmap(namespace, at(block, "config"), (*path, "config"), "inference_config.yaml")
    for number, adapter in enumerate(items(at(block, "adapters"))):
        yield from _data(at(adapter, "source"), namespace, (*path, "adapters", number, "source"))
    template = at(block, "template")
    if template:
        yield from _pod(template, namespace, (*path, "template"))


def _data(source: Any, namespace: str, path: Path) -> Iterator[Reference]:
    for number, name in enumerate(items(at(source, "imagePullSecrets"))):
        yield from _secret(namespace, name, (*path, "imagePullSecrets", number))
    yield from _secret(namespace, at(source, "imagePushSecret"), (*path, "imagePushSecret"))
    yield from _volume(at(source, "volumeSource"), namespace, (*path, "volumeSource"))


def _volume(volume: Any, namespace: str, path: Path) -> Iterator[Reference]:
    claim = at(volume, "persistentVolumeClaim", "claimName")
    if isinstance(claim, str):
        yield Reference("PersistentVolumeClaim", namespace, claim, (*path, "persistentVolumeClaim", "claimName"))
    config = at(volume, "configMap", "name")
    if isinstance(config, str):
        optional = at(volume, "configMap", "optional") is True
        yield Reference("ConfigMap", namespace, config, (*path, "configMap", "name"), None, optional)
    secret = at(volume, "secret", "secretName")
    if isinstance(secret, str):
        optional = at(volume, "secret", "optional") is True
        yield Reference("Secret", namespace, secret, (*path, "secret", "secretName"), None, optional)


def _pod(template: Any, namespace: str, path: Path) -> Iterator[Reference]:
    spec = at(template, "spec")
    where: Path = (*path, "spec")
    account = at(spec, "serviceAccountName")
    if isinstance(account, str) and account != "default":
        yield Reference("ServiceAccount", namespace, account, (*where, "serviceAccountName"))
    for number, entry in enumerate(items(at(spec, "imagePullSecrets"))):
        yield from _secret(namespace, at(entry, "name"), (*where, "imagePullSecrets", number, "name"))
    for group in ("initContainers", "containers"):
        for number, container in enumerate(items(at(spec, group))):
            yield from _environment(container, namespace, (*where, group, number))
    for number, volume in enumerate(items(at(spec, "volumes"))):
        yield from _volume(volume, namespace, (*where, "volumes", number))


def _environment(container: Any, namespace: str, path: Path) -> Iterator[Reference]:
    for number, variable in enumerate(items(at(container, "env"))):
        for source, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
            target = at(variable, "valueFrom", source)
            name = at(target, "name")
            if isinstance(name, str):
                where = (*path, "env", number, "valueFrom", source)
                yield Reference(kind, namespace, name, where, at(target, "key"), at(target, "optional") is True)


def _workspace(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    yield from _inference(document.get("inference"), namespace, ("inference",))
    tuning = document.get("tuning")
    if tuning:
        secret = at(tuning, "preset", "presetOptions", "modelAccessSecret")
        yield from _secret(namespace, secret, ("tuning", "preset", "presetOptions", "modelAccessSecret"), "HF_TOKEN")
        yield from _configmap(namespace, at(tuning, "config"), ("tuning", "config"), "training_config.yaml")
        yield from _data(at(tuning, "input"), namespace, ("tuning", "input"))
        yield from _data(at(tuning, "output"), namespace, ("tuning", "output"))


def _inferenceset(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    block = at(document, "spec", "template", "inference")
    yield from _inference(block, namespace, ("spec", "template", "inference"))


def _multirole(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    secret = at(document, "spec", "model", "modelAccessSecret")
    yield from _secret(namespace, secret, ("spec", "model", "modelAccessSecret"), "HF_TOKEN")
    plugins = at(document, "spec", "eppPluginsConfig")
    yield from _configmap(namespace, plugins, ("spec", "eppPluginsConfig"), "config.yaml")
    for number, role in enumerate(items(at(document, "spec", "roles"))):
        path = ("spec", "roles", number, "runtimeConfig")
        yield from _configmap(namespace, at(role, "runtimeConfig"), path, "inference_config.yaml")


def _ragengine(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    spec = document.get("spec")
    for path, key in (
        (("embedding", "local", "modelAccessSecret"), None),
        (("embedding", "remote", "accessSecret"), None),
        (("inferenceService", "accessSecret"), "LLM_ACCESS_SECRET"),
        (("storage", "vectorDB", "accessSecret"), "VECTOR_DB_ACCESS_SECRET"),
    ):
        yield from _secret(namespace, at(spec, *path), ("spec", *path), key)
    claim = at(spec, "storage", "persistentVolume", "persistentVolumeClaim")
    if isinstance(claim, str):
        path = ("spec", "storage", "persistentVolume", "persistentVolumeClaim")
        yield Reference("PersistentVolumeClaim", namespace, claim, path)
    name = at(spec, "guardrails", "configMapRef", "name")
    yield from _configmap(namespace, name, ("spec", "guardrails", "configMapRef", "name"), "guardrails.yaml")


def _mirror(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    spec = document.get("spec")
    job_namespace = at(spec, "jobNamespace") or namespace
    secret = at(spec, "source", "accessSecret")
    target = at(secret, "namespace") or job_namespace
    yield from _secret(target, at(secret, "name"), ("spec", "source", "accessSecret", "name"), "HF_TOKEN")
    account = at(spec, "serviceAccountName")
    if isinstance(account, str) and account:
        yield Reference("ServiceAccount", job_namespace, account, ("spec", "serviceAccountName"))
    storage = at(spec, "storage", "storageClassName")
    if isinstance(storage, str):
        yield Reference("StorageClass", "", storage, ("spec", "storage", "storageClassName"))


def _templated(document: Mapping[str, Any], namespace: str) -> Iterator[Reference]:
    yield from _pod(at(document, "spec", "template"), namespace, ("spec", "template"))


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
