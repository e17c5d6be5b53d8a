"""Where the parts of KAITO's own kinds stand: one table, whoever asks.

A number stands in a path for each entry of a list. Source: the definitions of ``presets/<version>/schema.json``.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kaitops.documents.plain import Object, Path, at, items

GROUP = "kaito.sh/"
_EACH = "*"
MACHINES: Mapping[str, Path] = {
    "Workspace": ("resource", "instanceType"),
    "InferenceSet": ("spec", "template", "resource", "instanceType"),
    "RAGEngine": ("spec", "compute", "instanceType"),
    "MultiRoleInference": ("spec", "roles", _EACH, "instanceType"),
}
"""Where a kind names its machine sizes; ``*`` is each entry of a list."""
SELECTORS: Mapping[str, Path] = {
    "Workspace": ("resource", "labelSelector"),
    "InferenceSet": ("spec", "labelSelector"),
    "MultiRoleInference": ("spec", "labelSelector"),
    "RAGEngine": ("spec", "compute", "labelSelector"),
}
"""Where a kind selects its nodes."""
TEMPLATES: Mapping[str, Path] = {
    "Workspace": ("inference", "template"),
    "InferenceSet": ("spec", "template", "inference", "template"),
}
"""Where a kind holds a user's own pod template."""
SERVING: Mapping[str, Path] = {kind: path[:-1] for kind, path in TEMPLATES.items()}
"""Where a kind says what is served."""


class Model(NamedTuple):
    """Where a kind names a model, and below that the Secret for its weights."""

    path: Path
    secret: Path


_PRESET: Path = ("presetOptions", "modelAccessSecret")
MODELS: Mapping[str, tuple[Model, ...]] = {
    "Workspace": (Model(("inference", "preset"), _PRESET), Model(("tuning", "preset"), _PRESET)),
    "InferenceSet": (Model(("spec", "template", "inference", "preset"), _PRESET),),
    "MultiRoleInference": (Model(("spec", "model"), ("modelAccessSecret",)),),
}
"""Where a kind names the models that it serves or tunes."""


class Named(NamedTuple):
    """Where a kind names another object.

    Attributes:
        path: ``*`` is each entry of a list.
        kind: of what is named; ``POD`` and ``VOLUME`` are parts of Kubernetes' own that name more.
        key: the entry that must be in it.
        namespaces: where the namespace may be named, the first that is counts; else the object's own.
    """

    path: Path
    kind: str
    key: str | None = None
    namespaces: tuple[Path, ...] = ()


POD, VOLUME = "pod", "volume"
TOKEN = "HF_TOKEN"  # noqa: S105 (the key that KAITO reads it from)


def _source(*path: str) -> tuple[Named, ...]:
    """Where what data comes from is named: an image that carries it, or a volume."""
    return Named((*path, "imagePullSecrets", _EACH), "Secret"), Named((*path, "volumeSource"), VOLUME)


def _preset(*path: str) -> tuple[Named, ...]:
    return (
        Named((*path, *_PRESET), "Secret", TOKEN),
        Named((*path, "presetOptions", "imagePullSecrets", _EACH), "Secret"),
    )


def _inference(*path: str) -> tuple[Named, ...]:
    return (
        *_preset(*path, "preset"),
        Named((*path, "config"), "ConfigMap", "inference_config.yaml"),
        *_source(*path, "adapters", _EACH, "source"),
        Named((*path, "template"), POD),
    )


_JOB: Path = ("spec", "jobNamespace")
REFERENCES: Mapping[str, tuple[Named, ...]] = {
    "Workspace": (
        *_inference("inference"),
        *_preset("tuning", "preset"),
        Named(("tuning", "config"), "ConfigMap", "training_config.yaml"),
        *_source("tuning", "input"),
        Named(("tuning", "output", "imagePushSecret"), "Secret"),
        Named(("tuning", "output", "volumeSource"), VOLUME),
    ),
    "InferenceSet": _inference("spec", "template", "inference"),
    "MultiRoleInference": (
        Named(("spec", "model", "modelAccessSecret"), "Secret", TOKEN),
        Named(("spec", "eppPluginsConfig"), "ConfigMap", "config.yaml"),
        Named(("spec", "roles", _EACH, "runtimeConfig"), "ConfigMap", "inference_config.yaml"),
    ),
    "RAGEngine": (
        Named(("spec", "embedding", "local", "modelAccessSecret"), "Secret"),
        Named(("spec", "embedding", "local", "imagePullSecret"), "Secret"),
        Named(("spec", "embedding", "remote", "accessSecret"), "Secret"),
        Named(("spec", "inferenceService", "accessSecret"), "Secret", "LLM_ACCESS_SECRET"),
        Named(("spec", "storage", "vectorDB", "accessSecret"), "Secret", "VECTOR_DB_ACCESS_SECRET"),
        Named(("spec", "storage", "persistentVolume", "persistentVolumeClaim"), "PersistentVolumeClaim"),
        Named(("spec", "storage", "persistentVolumeClaim"), "PersistentVolumeClaim"),
        Named(("spec", "guardrails", "configMapRef", "name"), "ConfigMap", "guardrails.yaml"),
    ),
    "ModelMirror": (
        Named(
            ("spec", "source", "accessSecret", "name"), "Secret", TOKEN,
            (("spec", "source", "accessSecret", "namespace"), _JOB),
        ),
        Named(("spec", "serviceAccountName"), "ServiceAccount", None, (_JOB,)),
        Named(("spec", "storage", "storageClassName"), "StorageClass"),
    ),
}  # fmt: skip
"""What a kind needs that other objects hold, in the order of its fields."""


def machines(document: Object) -> Iterator[tuple[Path, str]]:
    """Each machine size that an object of KAITO's names, with its path; nothing of other objects."""
    kind, version = document.get("kind"), document.get("apiVersion")
    if not isinstance(version, str) or not version.startswith(GROUP) or not isinstance(kind, str):
        return
    for path in paths(document, MACHINES.get(kind, ())):
        size = at(document, *path)
        if isinstance(size, str) and size:
            yield path, size


def paths(document: Object, path: Path) -> Iterator[Path]:
    """A path of these tables in an object: one for each entry of the lists on the way."""
    if _EACH in path:
        place = path.index(_EACH)
        for number in range(len(items(at(document, *path[:place])))):
            yield from paths(document, (*path[:place], number, *path[place + 1 :]))
    elif path:
        yield path
