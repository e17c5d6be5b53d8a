"""The ConfigMap with vLLM's settings that a workload names."""

from collections.abc import Mapping
from functools import lru_cache

from kaitops.documents.plain import mapping
from kaitops.kaito.admission.review import Document, PresetUnavailable, Review, config_map_missing
from kaitops.kaito.golang.text import atoi
from kaitops.kaito.kubernetes.field_errors import Findings, generic, invalid_value, missing_field

_KEY = "inference_config.yaml"


def check_inference_config(review: Review, inference: Document, namespace: str, runtime: str) -> Findings:
    """The ConfigMap is there, can be read, and asks for no longer context than the model has. vLLM only."""
    name = inference.get("config") or ""
    if runtime != "vllm" or not name:
        return []
    config_map = review.config_map(namespace, name)
    if config_map is None:
        return [config_map_missing(review, name, name, namespace)]
    settings = read_vllm_settings(config_map, "v1beta1")
    if isinstance(settings, list):
        return settings
    length = settings.get("max-model-len", "").strip()
    preset = inference.get("preset")
    if not length or preset is None:
        return []
    preset_name = (preset.get("name") or "").lower()
    if not review.is_preset(preset_name):
        return []
    try:
        limit = review.preset(preset_name).token_limit
    except PresetUnavailable as error:
        return [invalid_value(f"failed to get model preset: {error}", "preset")]
    if limit <= 0:
        return []
    try:
        tokens = atoi(length)
    except ValueError as error:
        return [invalid_value(f"max-model-len must be an integer: {error}", "max-model-len")]
    if tokens > limit:
        text = f"max-model-len {tokens} exceeds model's maximum supported context window {limit} (ModelTokenLimit)"
        return [invalid_value(text, "max-model-len")]
    return []


def read_vllm_settings(config_map: Document, package: str) -> Mapping[str, str] | Findings:
    """The ``vllm`` section, or what is wrong with the ConfigMap.

    Args:
        config_map: the ConfigMap.
        package: Go package of the type that KAITO reads into; it shows in messages.
    """
    text = mapping(config_map.get("data")).get(_KEY)
    if text is None:
        return [missing_field(f"{_KEY} in ConfigMap")]
    settings, problem = _parsed(text, package)
    return settings if problem is None else [generic(f"Failed to parse {_KEY}: {problem}", _KEY)]


@lru_cache(maxsize=256)
def _parsed(text: str, package: str) -> tuple[Mapping[str, str], str | None]:
    """The section and why it cannot be read; many workloads of a fleet have the same text."""
    # Imported here: most workloads name no ConfigMap.
    from kaitops.kaito.golang.yaml import STRING_MAP, Decoder, YamlError, parse

    settings: dict[str, str] = {}
    try:
        root, decoder = parse(text), Decoder()
        for key, node in (decoder.entries(root, f"{package}.InferenceConfig") if root else None) or ():
            if key != "vllm":
                continue
            # A null empties the section; another mapping of the same name adds to it, as in the library.
            for setting, value_node in decoder.entries(node, STRING_MAP) or ():
                fits, value = decoder.string(value_node)
                if fits:
                    settings[setting] = value
        decoder.check()
    except YamlError as error:
        return settings, str(error)
    return settings, None
