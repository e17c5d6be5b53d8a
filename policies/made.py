"""Workloads that are as KAITO's controllers make them, and what their author shaped of them.

KAITO's pods run as root, without requests, in images that come by a release's tag; nobody who renders them can change
that, so rules pass it over. A label says that they are KAITO's, and whoever writes a manifest can write a label. So it
takes more: the kind that a controller makes, KAITO's image from where the cluster takes it, and the line it runs there.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from kaitops.documents.plain import Object
from kaitops.policies import cel
from kaitops.policies.anatomy import HANDLERS
from kaitops.policies.reading import at, containers, group_kind, items, mapping, pod, pod_metadata, text
from kaitops.policies.rule import Config, Context, Document, Path

KINDS = ("apps/Deployment", "apps/StatefulSet", "batch/Job")
_LABELS = ("kaito.sh/ragengine", "kaito.sh/workspace")
_REGISTRY = "mcr.microsoft.com/aks/kaito"
_SHELL = ("/bin/sh", "-c")
# Before it stands what fetches a signature, where the weights are streamed from a private account.
_STARTS = (_SHELL, ("/workspace/vllm/export_sas_token_for_streaming.sh", *_SHELL))
# Words without anything that a shell would take for another command.
_WORDS = r"(?:[A-Za-z0-9_ ./=,:@%+-]|'[^'\n]*')*"
_FLAGS = r"(?: --[A-Za-z0-9_.=:/-]+)*"
_VLLM, _RAY = r"python3 /workspace/vllm/inference_api\.py", r"/workspace/vllm/multi-node-serving\.sh"
_LINES = (
    r"python3 main\.py",
    f"{_VLLM}{_WORDS}",
    rf'if \[ "\$\{{POD_INDEX\}}" = "0" \]; then {_RAY} leader{_WORDS}; {_VLLM}{_WORDS}; else {_RAY} worker{_WORDS}; fi',
    rf"(?:cd /workspace/tfs/ && python3 metrics_server\.py & )?accelerate launch{_FLAGS}"
    rf" /workspace/tfs/(?:fine_tuning|inference_api)\.py{_WORDS}",
)
LINE = f"^(?:{'|'.join(_LINES)})$"
# What else says which code runs in a container and where it fetches from: variables, mounts, hooks and its folder.
_VARIABLES = (
    r"^(?:[a-z0-9.-]+|KAITO_[A-Z_]+|POD_(?:INDEX|NAME|UID|IP)|HF_TOKEN|VLLM_(?:USE_FLASHINFER_SAMPLER|USE_DEEP_GEMM|"
    r"NIXL_SIDE_CHANNEL_HOST)|PYTORCH_CUDA_ALLOC_CONF|CUDA_HOME|DEFAULT_TARGET_MODULES|AZURE_STORAGE_ACCOUNT_NAME|"
    r"STREAM_[A-Z_]+|SAMPLER_SCRIPT|MODEL_(?:ID|PATH|REVISION)|EXCLUDE_PATTERNS|DATA_(?:URLS|VOLUME_PATH)|EMBEDDING_TYPE|"
    r"(?:DEFAULT_)?VECTOR_DB_[A-Z_]+|LLM_[A-Z_]+|ACCESS_SECRET|OUTPUT_GUARDRAILS_[A-Z_]+)$"
)
_STEPS = r"(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)"
_MOUNTS = (
    f"^(?:/(?:dev/shm|workspace/weights|mnt|opt/kaito|etc/ragengine/guardrails|root/[.]docker){_STEPS}*/?|{_STEPS}+/?)$"
)
_SYSTEM = r"^/(?:app|bin|boot|dev|etc|home|lib[0-9a-z]*|opt|proc|root|run|sbin|sys|usr|var|workspace)(?:/|$)"
_OURS = r"^/(?:dev/shm|workspace/weights|opt/kaito|etc/ragengine/guardrails|root/[.]docker)(?:/|$)"
_HOOKED = (
    r'^(?:/bin/sh|-c|python3|poststart|(?:if \[ "\$POD_INDEX" = "0" \]; then )?(?:python3 )?'
    rf"/(?:workspace/vllm|app/ragengine/lifecycle)/[a-z_-]+\.py{_WORDS}(?:; else true; fi| && sleep 5)?)$"
)
# What KAITO puts beside its own container; presets/<version>/images.json says where each is used.
HELPERS = (
    "mcr.microsoft.com/aks/skopeo",
    "ghcr.io/oras-project/oras",
    "mcr.microsoft.com/oss/v2/oras-project/oras",
    "curlimages/curl",
    "registry.k8s.io/pause",
    "python",
    "mcr.microsoft.com/mirror/docker/library/python",
    "docker.io/library/python",
    "mcr.microsoft.com/oss/v2/llm-d/llm-d-routing-sidecar",
)
_MODEL = "--(?:model|pretrained_model_name_or_path)=([^ ;']+)"


def is_made(document: Document, context: Context) -> bool:
    """A workload as KAITO's controllers would make it, by what only a copy of theirs has."""
    if group_kind(document) not in KINDS:
        return False
    labels = mapping(pod_metadata(document)[1].get("labels"))
    if not any(label in labels for label in _LABELS):
        return False
    return runs_kaito(next(iter(items(pod(document)[1].get("containers"))), None), context)


def runs_kaito(container: object, context: Context) -> bool:
    """A container of KAITO's image that runs in it what KAITO runs."""
    command = items(at(container, "command"))
    return (
        is_kaitos(text(at(container, "image")), context)
        and tuple(command[:-1]) in _STARTS
        and _compiled(LINE).search(text(command[-1])) is not None
        and _is_left_as_it_is(container)
    )


def _is_left_as_it_is(container: object) -> bool:
    """Nothing beside the line has the container run other code than KAITO's."""
    names = [text(at(one, "name")) for one in items(at(container, "env"))]
    mounts = [
        (text(at(one, "mountPath")), at(one, "subPath"), at(one, "subPathExpr"))
        for one in items(at(container, "volumeMounts"))
    ]
    hooks = [text(word) for path in HANDLERS for word in items(at(container, *path, "exec", "command"))]
    return (
        not at(container, "workingDir")
        and not items(at(container, "envFrom"))
        and all(_compiled(_VARIABLES).search(name) for name in names)
        and all(not sub and not expression and _is_free(path) for path, sub, expression in mounts)
        and all(_compiled(_HOOKED).search(word) for word in hooks)
    )


def _is_free(path: str) -> bool:
    """A folder that holds none of the image's own code."""
    plain = _compiled(_MOUNTS).search(path) is not None
    return plain and (_compiled(_OURS).search(path) is not None or _compiled(_SYSTEM).search(path) is None)


def is_kaitos(image: str, context: Context) -> bool:
    """KAITO's own image, from KAITO's registry, the cluster's mirror of it, or one that the policy allows."""
    mirror = text(context.settings.get("registry"))
    trusted = (_REGISTRY, *((mirror,) if mirror else ()), *context.config.registries)
    return _compiled(_image(trusted)).search(image) is not None


def own_containers(document: Document, context: Context, *, init: bool = True) -> Iterator[tuple[Path, Object]]:
    """Containers that their author shapes; KAITO's own, and its helpers beside them, come as they are."""
    if not is_made(document, context):
        yield from containers(document, init=init)
        return
    for path, container in containers(document, init=init):
        image = text(container.get("image"))
        if container.get("securityContext") is not None or not (is_kaitos(image, context) or is_helper(image)):
            yield path, container


def served(document: Document, context: Context) -> Iterator[tuple[Path, str]]:
    """Each ``owner/name`` that a workload as KAITO makes it takes a model from, with the path of what says so."""
    if is_made(document, context):
        for path, container in containers(document):
            for place, word in enumerate(items(container.get("command"))):
                for found in _compiled(_MODEL).finditer(text(word)):
                    if not found[1].startswith("/") and "://" not in found[1]:
                        yield (*path, "command", place), found[1]


def cel_made(kind: str, config: Config) -> str:
    """The same in CEL, which does not know what mirror a cluster has: name it in the policy."""
    if kind not in KINDS:
        return "false"
    labels, held = f"{cel.template(kind)}.metadata.labels", f"{cel.pod(kind)}.containers"
    either = " || ".join(f"{cel.quoted(label)} in {labels}" for label in _LABELS)
    run = cel.given(held, f"{held}.size() > 0 && [{held}[0]].all(m, {cel_runs('m', config)})")
    return f"({cel.given(labels, f'({either})')} && {run})"


def cel_runs(name: str, config: Config) -> str:
    """The container of that name runs KAITO."""
    command = f"{name}.command"
    starts = " || ".join(
        f"({command}.size() == {len(start) + 1} && {' && '.join(_equal(command, start))}"
        f" && {command}[{len(start)}].matches({cel.quoted(LINE)}))"
        for start in _STARTS
    )
    line = f"({starts})"
    image = cel.given(f"{name}.image", cel_kaitos(f"{name}.image", config), name)
    return f"({image} && {cel.given(command, line, name)} && {_cel_left(name)})"


def _cel_left(name: str) -> str:
    free = f"(m.mountPath.matches({cel.quoted(_OURS)}) || !m.mountPath.matches({cel.quoted(_SYSTEM)}))"
    mount = f"m.mountPath.matches({cel.quoted(_MOUNTS)}) && {free}"
    whole = " && ".join(cel.unless(f"m.{part}", f"m.{part} == ''", "m") for part in ("subPath", "subPathExpr"))
    hooks = [".".join((name, *map(str, path), "exec", "command")) for path in HANDLERS]
    parts = [
        cel.unless(f"{name}.workingDir", f"{name}.workingDir == ''", name),
        cel.unless(f"{name}.envFrom", f"{name}.envFrom.size() == 0", name),
        cel.each(f"{name}.env", "e", f"e.name.matches({cel.quoted(_VARIABLES)})", name),
        cel.each(f"{name}.volumeMounts", "m", f"{mount} && {whole}", name),
        *(cel.each(path, "h", f"h.matches({cel.quoted(_HOOKED)})", name) for path in hooks),
    ]
    return " && ".join(parts)


def _equal(command: str, words: tuple[str, ...]) -> list[str]:
    return [f"{command}[{place}] == {cel.quoted(word)}" for place, word in enumerate(words)]


def cel_kaitos(image: str, config: Config) -> str:
    """The image is KAITO's own."""
    return f"{image}.matches({cel.quoted(_image((_REGISTRY, *config.registries)))})"


def cel_own(kind: str, config: Config, cell: str, *, init: bool = True) -> str:
    """The expression over ``c`` for each container that its author shapes."""
    if kind not in KINDS:
        return cel.containers(kind, cell, init=init)
    known = f"({cel_kaitos('c.image', config)} || c.image.matches({cel.quoted(_HELPER)}))"
    as_it_comes = f"(!has(c.securityContext) && {cel.given('c.image', known, 'c')})"
    return cel.containers(kind, f"(({cel_made(kind, config)} && {as_it_comes}) || ({cell}))", init=init)


def _image(registries: tuple[str, ...]) -> str:
    trusted = "|".join(re.escape(registry.rstrip("/")) for registry in registries)
    return f"^(?:{trusted})/(?:[^:@]+/)?kaito-[a-z-]+[:@][^/]+$"


_HELPER = f"^(?:{'|'.join(re.escape(name) for name in HELPERS)})(?:[:@][^/]+)?$"
_compiled = lru_cache(maxsize=64)(re.compile)


def is_helper(image: str) -> bool:
    """An image that KAITO puts beside its own, from where it takes it."""
    return _compiled(_HELPER).search(image) is not None
