"""Where models, machines, pods and images stand in each kind.

Reads by the paths of `anatomy`; judges nothing. Everything takes a document of any shape that YAML can have and yields
only what has the expected one, so that no rule needs to guard.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.kaito.anatomy import machines as machines
from kaitops.policies import anatomy
from kaitops.policies.rule import Context, Document, Path

INFERENCE_KEY, TRAINING_KEY = "inference_config.yaml", "training_config.yaml"
GPU = "nvidia.com/gpu"
_DIGITS = re.compile(r"[+-]?[0-9]{1,18}")
_PRESET_IMAGE: Path = ("presetOptions", "image")


def group_kind(document: Document) -> str:
    """``group/Kind``, or ``Kind`` for the core group; empty where the document is no object."""
    try:
        # Asked by each rule of each object.
        return _group_kind(document["apiVersion"], document["kind"])
    except (KeyError, TypeError):  # missing, or a list or mapping
        return ""


@lru_cache(maxsize=1024)
def _group_kind(version: object, kind: object) -> str:
    if not isinstance(version, str) or not isinstance(kind, str):
        return ""
    group, slash, _ = version.partition("/")
    return f"{group}/{kind}" if slash else kind


def text(value: object) -> str:
    """The value where it is a text, an empty one elsewhere."""
    return value if isinstance(value, str) else ""


def number(value: object) -> int | None:
    """The value where it is a whole number, None elsewhere."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def whole(value: object) -> int | None:
    """The same, where the number may stand in quotes."""
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value.strip()) else number(value)


def annotations(document: Document) -> Iterator[tuple[Path, Object]]:
    """The annotations that count, with their path: the object's own, and those that a controller hands on."""
    for path in anatomy.metadata(group_kind(document)):
        yield (*path, "annotations"), mapping(at(document, *path, "annotations"))


def handed_annotations(document: Document) -> Object:
    """The annotations that the Workspace of a served model gets."""
    return mapping(at(document, *anatomy.handed(group_kind(document)), "annotations"))


def inference(document: Document) -> tuple[Path, Object]:
    """The inference part of a Workspace or InferenceSet."""
    path = anatomy.INFERENCE.get(group_kind(document), ("inference",))
    return path, mapping(at(document, *path))


def models(document: Document) -> Iterator[tuple[Path, str, str]]:
    """Each preset: path of its block, its name, the Secret for its weights (empty where there is none)."""
    for path, secret in anatomy.PRESETS.get(group_kind(document), ()):
        block = at(document, *path)
        # Most objects have one of several blocks, and a dozen rules ask.
        if isinstance(block, dict) and (name := text(mapping(block).get("name"))):
            yield path, name, text(at(block, *secret))


def selector(document: Document) -> tuple[Path, Object | None]:
    """The label selector for nodes; None where the object has none."""
    path = anatomy.SELECTOR[group_kind(document)]
    found = at(document, *path)
    return path, mapping(found) if found is not None else None


def match_labels(document: Document) -> Iterator[tuple[Path, str, Any]]:
    """Path, key and value of each label that nodes must carry."""
    path, found = selector(document)
    for key, value in mapping(at(found, "matchLabels")).items():
        yield (*path, "matchLabels", key), key, value


def declares_pod(document: Document) -> bool:
    """Whether there is anything that becomes a pod; so too in an object of a kind that has no place for one."""
    template = anatomy.TEMPLATE.get(group_kind(document))
    return template is None or bool(at(document, *template))


def pod(document: Document) -> tuple[Path, Object]:
    """The pod that a template or a workload declares; empty where there is none."""
    path: Path = (*anatomy.TEMPLATE[group_kind(document)], "spec")
    return path, mapping(at(document, *path))


def pod_metadata(document: Document) -> tuple[Path, Object]:
    """The metadata of the declared pod."""
    path: Path = (*anatomy.TEMPLATE[group_kind(document)], "metadata")
    return path, mapping(at(document, *path))


def containers(document: Document, *, init: bool = True) -> Iterator[tuple[Path, Object]]:
    """Each container of a declared pod; without ``init`` only those that stay."""
    path, spec = pod(document)
    if not spec:
        return
    for part in anatomy.PARTS if init else ("containers",):
        for place, each in enumerate(items(spec.get(part))):
            yield (*path, part, place), mapping(each)


def images(document: Document) -> Iterator[tuple[Path, str]]:
    """Each image that a pod of the object pulls: of containers and of volumes."""
    for path, container in containers(document):
        image = text(container.get("image"))
        if image:
            yield (*path, "image"), image
    path, spec = pod(document)
    for place, volume in enumerate(items(spec.get("volumes"))):
        image = text(at(volume, "image", "reference"))
        if image:
            yield (*path, "volumes", place, "image", "reference"), image


def _presets(document: Document) -> tuple[Path, ...]:
    """Where a Workspace or InferenceSet names a preset; nowhere in other kinds."""
    kind = group_kind(document)
    inner = anatomy.INFERENCE.get(kind)
    if inner is None:
        return ()
    return ((*inner, "preset"), ("tuning", "preset")) if kind == anatomy.WORKSPACE else ((*inner, "preset"),)


def words(container: Object) -> Iterator[tuple[Path, str]]:
    """Each text that a container runs or hands to what it runs: commands, arguments, hooks, probes, variables."""
    for path in _COMMANDS:
        for place, word in enumerate(items(at(container, *path))):
            if isinstance(word, str):
                yield (*path, place), word
    for place, variable in enumerate(items(container.get("env"))):
        value = at(variable, "value")
        if isinstance(value, str):
            yield ("env", place, "value"), value


_COMMANDS: tuple[Path, ...] = (("command",), ("args",), *((*path, "exec", "command") for path in anatomy.HANDLERS))


def data_images(document: Document) -> Iterator[tuple[Path, str]]:
    """Each image that carries a model or data: presets of one's own, adapters, what fine-tuning reads and writes."""
    for path in _presets(document):
        image = text(at(document, *path, *_PRESET_IMAGE))
        if image:
            yield (*path, *_PRESET_IMAGE), image
    path, block = inference(document)
    for place, adapter in enumerate(items(block.get("adapters"))):
        image = text(at(adapter, "source", "image"))
        if image:
            yield (*path, "adapters", place, "source", "image"), image
    for part in ("input", "output"):
        image = text(at(document, "tuning", part, "image"))
        if image:
            yield ("tuning", part, "image"), image


def is_plain(document: Document) -> bool:
    """A workload that claims to be KAITO's, by the label that its controllers select pods by. It excuses nothing."""
    kind = group_kind(document)
    if kind in anatomy.INFERENCE or kind not in anatomy.TEMPLATE:
        return False
    labels = mapping(pod_metadata(document)[1].get("labels"))
    return any(key.startswith("kaito.sh/") for key in labels if text(key))


def parsed(value: object) -> Object | None:
    """A YAML text that is one mapping; None where it is not. Callers must not change what they get."""
    return _parsed(text(value))


@lru_cache(maxsize=256)
def _parsed(value: str) -> Object | None:
    """Several rules read the same configuration, and many workloads of a fleet have the same one."""
    from kaitops.documents import reader
    from kaitops.errors import BadInput

    try:
        documents = reader.read_bytes(value.encode("utf-8", "surrogatepass"), "text")
    except BadInput:
        return None
    found = documents[0].data if len(documents) == 1 else None
    return mapping(found) if isinstance(found, dict) else None


def vllm_flags(value: object) -> Object:
    """Flags for vLLM of an inference configuration, words joined by dashes as vLLM reads them; not to be changed."""
    return _vllm_flags(text(value))


@lru_cache(maxsize=256)
def _vllm_flags(value: str) -> Object:
    block = mapping(mapping(_parsed(value)).get("vllm"))
    return {key.replace("_", "-"): entry for key, entry in block.items()}


def declared_context(document: Document, context: Context) -> tuple[Path, Any]:
    """``max-model-len`` of the configuration that an inference refers to, with the path of the reference."""
    path, _ = inference(document)
    return (*path, "config"), declared_flags(document, context).get("max-model-len")


def declared_flags(document: Document, context: Context) -> Object:
    """Flags for vLLM of the configuration that an inference refers to."""
    _, block = inference(document)
    found = context.find("ConfigMap", namespace_of(document), text(block.get("config")))
    return vllm_flags(at(found, "data", INFERENCE_KEY)) if found else {}
