"""Recorded Hugging Face models: their files, and whether what one says of itself can be so.

Derives nothing: that is :mod:`kaitops.kaito.huggingface`.
"""

import json
import re
from pathlib import Path
from typing import Any

from kaitops.documents import source
from kaitops.documents.plain import MutableObject, Object, at, items, mapping
from kaitops.errors import BadInput

STORE = Path("presets") / "huggingface"
"""Where they lie in the folder of a fleet."""
# A name says how many parameters a model has: 405B, 0.5b, 270M; of 8x7B one expert. What follows A is a part of them.
_NAMED = r"(?a)(?<![a-z0-9.])(\d{1,4}(?:\.\d{1,3})?)([bm])(?![a-z0-9])"
_SCALES = {"b": 1e9, "m": 1e6}
_WEIGHTS = r"\.(?:safetensors|bin)"
# Nobody packs a parameter into less; a repository may hold a part that is named after the whole.
_LEAST_BITS = 1.0
_LEAST_BITS_BY_NAME = 0.25
_MAX_FACTOR = 10**7


def read(folder: Path) -> dict[str, MutableObject]:
    """The recorded models of a folder by repository id in lower case.

    Raises:
        BadInput: a file is no recording.
    """
    return (
        dict(parse(source.read(path), str(path)) for path in sorted(folder.glob("*.json"))) if folder.is_dir() else {}
    )


def parse(raw: bytes, name: str) -> tuple[str, MutableObject]:
    """Repository id in lower case and content of a recording.

    Raises:
        BadInput: it is none.
    """
    try:
        document = json.loads(raw)
        repo, tree, config = document["repo"], document["tree"], document["config"]
        wrong = not isinstance(repo, str) or not isinstance(config, dict) or not _is_tree(tree)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(_no_recording(name, str(error)[:200])) from None
    if wrong:
        raise BadInput(_no_recording(name, "its repo, tree or config has another form"))
    return repo.lower(), document


def _no_recording(name: str, why: str) -> str:
    return f"{name}: is not a recorded model ({why}); record it again with 'kaitops preset record', or delete it"


def _is_tree(tree: Any) -> bool:
    return isinstance(tree, list) and all(
        isinstance(at(entry, "path"), str) and isinstance(at(entry, "size") or 0, int) for entry in items(tree)
    )


def implausible(document: Object) -> str | None:
    """Why a recording cannot be of the model that it names; None where it may be."""
    size = sum(int(entry.get("size") or 0) for entry in items(document["tree"]) if re.search(_WEIGHTS, entry["path"]))
    if not size:
        return None  # derived from nothing, it is refused anyway
    named = re.findall(_NAMED, str(document["repo"]).rpartition("/")[2].lower())
    by_name = max((float(number) * _SCALES[unit] for number, unit in named), default=0.0)
    for count, least, what in (
        (by_name, _LEAST_BITS_BY_NAME, "by its name"),
        (_parameters(mapping(document["config"])), _LEAST_BITS, "by its configuration"),
    ):
        if size * 8 < count * least:
            return f"{what} it has {count / 1e9:.1f} billion parameters, and {size / 1e6:.1f} MB cannot hold them"
    return None


def _parameters(config: Object) -> float:
    """The parameters that every transformer of these dimensions has at least: attention alone, and the vocabulary."""
    inner = {**mapping(config.get("llm_config")), **mapping(config.get("text_config")), **config}
    hidden = _number(inner, "hidden_size")
    layers = _number(inner, "num_hidden_layers")
    # A query and an output of half the hidden size each are less than any has.
    return hidden * (layers * hidden + _number(inner, "vocab_size"))


def _number(config: Object, key: str) -> float:
    value = config.get(key)
    usable = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MAX_FACTOR
    return float(value) if usable and isinstance(value, int) else 0.0
