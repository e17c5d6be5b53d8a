"""Deriving a preset from a Hugging Face repository's file list and ``config.json``, as KAITO does.

Works on recorded documents only; fetching them is the business of ``kaitops preset record``.
Source: ``presets/workspace/generator/generator.go`` of KAITO.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from kaitops.documents.plain import MutableObject, Object, items, mapping
from kaitops.kaito.kubernetes import quantity
from kaitops.kaito.preset import DEFAULT_TOKEN_LIMIT, Numbers, Preset, derive

# None of these is anchored, because KAITO's are not: "x.safetensors.index.json" counts as weights there too.
_CONSOLIDATED = r"consolidated.*\.safetensors"
_SAFETENSORS = r".*\.safetensors"
_BIN = r".*\.bin"
_PATH_CHARACTERS = "/$&+,:;=@!*()~"
_GO_INTEGER = r"[+-]?[0-9]+"


# What the recordings of KAITO say where it had no network; the same words keep an answer comparable with them.
_OFFLINE = "network is off in kaito-oracle"
_ASKED = rf'error listing files: Get "[^"]*/api/models/([^"]*)/tree/main[^"]*": {_OFFLINE}: \S+'


def unreachable(repo: str) -> str:
    """KAITO's error for a repository that is neither in its catalogue nor recorded, asked for without a network."""
    url = f"https://huggingface.co/api/models/{quote(repo, safe=_PATH_CHARACTERS)}/tree/main?recursive=true"
    return f'error listing files: Get "{url}": {_OFFLINE}: {url}'


def for_people(text: str) -> str:
    """A message with that error, if it has it, said as what it means here."""
    return re.sub(
        _ASKED,
        r"\1 is neither in the catalogue nor recorded, so KAITO would ask Hugging Face and its answer is not known; "
        r"record it with 'kaitops preset record \1'",
        text,
    )


class HuggingFaceError(ValueError):
    """KAITO makes no preset of this repository; the text is KAITO's."""


def preset_from_snapshot(
    repo: str,
    tree: Sequence[Object],
    config: Object,
    rules: Object,
    tables: Object,
    known: Object | None = None,
) -> Preset:
    """The preset that KAITO derives from a repository.

    Args:
        repo: ``owner/model``.
        tree: recursive file list of the main branch: ``path``, ``size`` in bytes, ``type``.
        config: ``config.json`` (for Mistral's own format ``params.json`` where the former is missing).
        rules: ``rules.json`` of the KAITO version.
        tables: ``models.json`` of the KAITO version.
        known: facts of the snapshot beyond the two documents: ``gated``, ``revision``, ``license``.

    Raises:
        HuggingFaceError: no weights, or an architecture that the runtime does not know.
    """
    files, consolidated = _weights(tree)
    if not files:
        raise HuggingFaceError("no .safetensors or .bin files found")
    size = sum(int(entry.get("size", 0)) for entry in files)
    merged = _merge_nested(config)
    format_ = "mistral" if consolidated else "auto"
    keys = rules["config_keys"]
    quantization = mapping(merged.get("quantization_config"))
    method = quantization.get("quant_method")
    numbers = Numbers(
        name=repo.rsplit("/", 1)[-1].lower(),
        repo=repo.lower(),
        size=f"{size / quantity.GIB:.2f}Gi",
        architectures=_strings(merged.get("architectures")),
        token_limit=_integer(merged, keys["token_limit"], DEFAULT_TOKEN_LIMIT),
        hidden_size=_integer(merged, keys["hidden_size"], 0),
        layers=_integer(merged, keys["layers"], 0),
        attention_heads=_integer(merged, keys["attention_heads"], 0),
        kv_heads=_integer(merged, keys["kv_heads"], 0),
        head_dim=_integer(merged, keys["head_dim"], 0),
        kv_lora_rank=None if (rank := _integer(merged, keys["kv_lora_rank"], -1)) == -1 else rank,
        qk_rope_head_dim=_integer(merged, keys["qk_rope_head_dim"], 0),
        multi_query=merged.get("multi_query") is True,
        load_format=format_,
        config_format=format_,
        tokenizer_mode=format_,
        quant_method=method if isinstance(method, str) else "",
        quant_bits=_integer(quantization, ["bits"], 0),
    )
    facts = {key: known[key] for key in ("gated", "revision", "license") if key in known} if known else {}
    preset = derive(numbers, rules, tables, title=repo if known is None else known.get("repo", repo), **facts)
    if preset.architectures and not any(arch in rules["vllm_architectures"] for arch in preset.architectures):
        names = ", ".join(preset.architectures)
        raise HuggingFaceError(f"unsupported model architecture for {repo.lower()}: {names}")
    return preset


def as_document(preset: Preset) -> MutableObject:
    """The derived preset as plain data: sizes as quantities, times in seconds."""
    return {
        "architectures": list(preset.architectures),
        "attnType": preset.attention,
        "bytesPerToken": preset.bytes_per_token,
        "diskStorageRequirement": preset.disk,
        "modelFileSize": preset.size,
        "modelTokenLimit": preset.token_limit,
        "quantMethod": preset.quant_method,
        "readinessTimeoutSeconds": preset.readiness_seconds,
        "vllmRunParams": dict(preset.vllm),
    }


def _weights(tree: Sequence[Object]) -> tuple[list[Object], bool]:
    """The files that count as weights, and whether they are in Mistral's own format."""
    consolidated = [entry for entry in tree if re.search(_CONSOLIDATED, entry["path"])]
    if consolidated:
        return consolidated, True
    safetensors = [entry for entry in tree if re.search(_SAFETENSORS, entry["path"])]
    return safetensors or [entry for entry in tree if re.search(_BIN, entry["path"])], False


def _merge_nested(config: Object) -> MutableObject:
    """Lift the language model's section of a multi-modal configuration to the top, without overwriting."""
    nested = [mapping(config.get(key)) for key in ("text_config", "llm_config") if isinstance(config.get(key), dict)]
    return {**nested[0], **config} if nested else dict(config)


def _integer(config: Object, keys: Sequence[str], default: int) -> int:
    for key in keys:
        value = config.get(key)
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            return int(float(value))
        if isinstance(value, str) and re.fullmatch(_GO_INTEGER, value):
            return int(value)
    return default


def _strings(value: object) -> tuple[str, ...]:
    return tuple(item for item in items(value) if isinstance(item, str))
