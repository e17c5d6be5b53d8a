"""The GPUs hold the configured context."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from kaitops.documents.ref import namespace_of
from kaitops.kaito.estimator import DoesNotFit
from kaitops.kaito.release import Release
from kaitops.kaito.sku import Sku
from kaitops.kaito.vllm.parallel import SPREADING, overspread, said
from kaitops.policies.anatomy import MULTIROLE, SERVED
from kaitops.policies.reading import (
    INFERENCE_KEY,
    at,
    group_kind,
    handed_annotations,
    inference,
    items,
    machines,
    mapping,
    models,
    text,
    vllm_flags,
    whole,
)
from kaitops.policies.rule import Context, Document, Found, Path, Rule, Scope, Severity

_SHARE = "gpu-memory-utilization"


def _check(document: Document, context: Context) -> Found:
    handed = handed_annotations(document)
    if handed.get("kaito.sh/runtime") == "transformers":
        return
    for path, config, size in _servers(document):
        found = context.find("ConfigMap", namespace_of(document), config) if config else None
        flags = {
            "performance-mode": handed.get("kaito.sh/performance-mode"),
            **vllm_flags(at(found, "data", INFERENCE_KEY)),
        }
        length = whole(flags.get("max-model-len"))
        sku = context.release.skus(context.cloud).find(size)
        spread, words = said({key: whole(flags.get(key)) for key in SPREADING})
        if sku is not None and spread > sku.gpus:
            for _, name, _ in models(document):
                nodes = _nodes(context.release, name, sku, length or 0)
                if nodes is not None and (wrong := overspread(spread, sku.name, sku.gpus, nodes)):
                    yield path, f"{words} {wrong}; drop the flag, which KAITO sets itself"
            continue
        if length is None and _SHARE in flags and "max-model-len" not in flags:
            length = 0  # left to vLLM, which must find room for one
        share = flags.get(_SHARE)
        if length is None or sku is None or (isinstance(share, int | float) and not 0 < share <= 1):
            continue  # of a share that there is not another rule speaks
        for _, name, _ in models(document):
            asked = (context.release, context.cloud, size, name, length)
            try:
                problem = _misfit(*asked, tuple(flags.items()))
            except TypeError:  # a flag's value is a list or a mapping
                problem = _misfit.__wrapped__(*asked, tuple(flags.items()))
            if problem:
                yield path, problem


@lru_cache(maxsize=4096)
def _misfit(
    release: Release, cloud: str, size: str, name: str, length: int, given: tuple[tuple[str, Any], ...]
) -> str | None:
    """Why the context does not fit. Many workloads of a tree ask the same of one machine."""
    preset, sku, flags = release.catalogue.find(name), release.skus(cloud).find(size), dict(given)
    if preset is None or sku is None or length > preset.token_limit:
        return None
    # Only a context on a machine that is known pays for the arithmetic.
    from kaitops.kaito.vllm.memory import Serving, is_known
    from kaitops.kaito.vllm.telling import misfit

    if not is_known(release.version, preset, flags):
        return None
    nodes = _nodes(release, name, sku, length)
    if nodes is None:
        return None
    serving = Serving(release.version, preset, sku.gpu_config(), nodes, flags)
    return misfit(name, serving, length, f"{nodes} x {sku.name}")


def _nodes(release: Release, name: str, sku: Sku, length: int) -> int | None:
    """How many machines KAITO takes for a model; None where it refuses it, or nobody knows."""
    preset = release.catalogue.find(name)
    try:
        return None if preset is None else release.estimate(preset, sku.gpu_config(), length)
    except DoesNotFit:
        return None  # KAITO's own check says so


def _servers(document: Document) -> Iterator[tuple[Path, str, str]]:
    """Each server's reference to a configuration, the ConfigMap's name, and the machine size."""
    if group_kind(document) == MULTIROLE:
        for place, each in enumerate(items(at(document, "spec", "roles"))):
            role = mapping(each)
            path: Path = ("spec", "roles", place, "runtimeConfig")
            yield path, text(role.get("runtimeConfig")), text(role.get("instanceType"))
        return
    path, block = inference(document)
    for _, size in machines(document):
        yield (*path, "config"), text(block.get("config")), size


RULE = Rule(
    id="KAITO058",
    severity=Severity.HIGH,
    title="the GPUs hold the configured context",
    why=(
        "KAITO counts nodes by an estimate of its own. vLLM measures what is left for the KV cache and ends at start "
        "where one request of the whole context does not fit."
    ),
    source="vLLM vllm/v1/core/kv_cache_utils.py, vllm/v1/kv_cache_interface.py; measured contexts of KAITO",
    remedy="ask kaitops fit what the GPUs hold; without max-model-len vLLM takes the longest context that fits",
    kinds=SERVED,
    check=_check,
    scope=Scope.AIDED,
)
