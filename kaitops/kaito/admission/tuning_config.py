"""The ConfigMap with the settings of a fine-tuning run."""

import posixpath
from typing import Any

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.admission.review import EMPTY, Document, name_of
from kaitops.kaito.golang.text import float_text
from kaitops.kaito.golang.yaml import ANY_MAP, Decoder, Node, YamlError, parse
from kaitops.kaito.golang.yaml_scalars import resolve
from kaitops.kaito.kubernetes.field_errors import FieldError, Findings, generic, invalid_value, missing_field

_KEY = "training_config.yaml"
_SECTIONS = (
    "ModelConfig",
    "QuantizationConfig",
    "LoraConfig",
    "TrainingArguments",
    "DatasetConfig",
    "DataCollator",
)
_BASE = "/mnt"


def check_tuning_config(config_map: Document, method: str) -> Findings:
    """The sections are known, quantisation suits the method, results stay below ``/mnt``.

    Args:
        config_map: the ConfigMap.
        method: ``lora`` or ``qlora``; anything else is judged elsewhere.
    """
    text = (config_map.get("data") or EMPTY).get(_KEY)
    checks = (_check_sections(text), *_check_content(config_map, text, method))
    return [error for error in checks if error is not None]


def _check_sections(text: str | None) -> FieldError | None:
    if text is None:
        return missing_field(f"{_KEY} in ConfigMap")
    decoder = Decoder()
    sections: Any = None
    try:
        root = parse(text)
        for key, node in (decoder.entries(root, ANY_MAP) if root else None) or ():
            value = decoder.anything(node)
            if key == "training_config":
                sections = value
        decoder.check()
    except YamlError as error:
        return invalid_value(error, _KEY)
    shape: type[object] = sections.__class__
    if shape is not dict:
        return invalid_value("Expected 'training_config' key to contain a map", _KEY)
    for section in sections:
        if not isinstance(section, str):
            return invalid_value("Section key must be a string", _KEY)
        if section not in _SECTIONS:
            return invalid_value(f"Unrecognized section: {section}", _KEY)
    return None


def _check_content(config_map: Document, text: str | None, method: str) -> list[FieldError | None]:
    name = name_of(config_map)
    namespace = (config_map.get("metadata") or EMPTY).get("namespace") or ""
    where = f"ConfigMap '{name}' in namespace '{namespace}'"
    if text is None:
        return [generic(f"ConfigMap '{name}' does not contain '{_KEY}' in namespace '{namespace}'", "config")] * 2
    try:
        sections = _sections(parse(text))
    except YamlError as error:
        return [generic(f"Failed to parse '{_KEY}' in {where}: {error}", "config")] * 2
    return [_check_quantisation(sections, name, method), _check_output(sections, where)]


def _sections(root: Node | None) -> Object:
    """The sections as KAITO's typed reading has them: known ones only.

    Raises:
        YamlError: the text is not of that form.
    """
    decoder = Decoder()
    raw: MutableObject = {}
    for key, node in (decoder.entries(root, "v1beta1.Config") if root else None) or ():
        if key == "training_config":
            for section, value_node in decoder.entries(node, ANY_MAP) or ():
                raw[section] = decoder.anything(value_node)
    decoder.check()
    return {section: value for section, value in raw.items() if section in _SECTIONS}


def _check_quantisation(sections: Object, name: str, method: str) -> FieldError | None:
    needed = (
        f"For method 'qlora', either 'load_in_4bit' or 'load_in_8bit' must be true in ConfigMap '{name}'",
        "QuantizationConfig",
    )
    if "QuantizationConfig" not in sections:
        return missing_field(*needed) if method == "qlora" else None
    section = sections["QuantizationConfig"]
    values: list[Any] = []
    for key in ("load_in_4bit", "load_in_8bit"):
        try:
            values.append(_search(section, key)[1])
        except YamlError as error:
            return invalid_value(error, key)
    for key, value in zip(("load_in_4bit", "load_in_8bit"), values, strict=True):
        if value is not None and not isinstance(value, bool):
            return invalid_value(f"value must be either nil or a boolean, got type {_go_type(value)}", key)
    four, eight = (value is True for value in values)
    if four and eight:
        return generic(
            f"Cannot set both 'load_in_4bit' and 'load_in_8bit' to true in ConfigMap '{name}'", "QuantizationConfig"
        )
    if method == "lora" and (four or eight):
        text = f"For method 'lora', 'load_in_4bit' or 'load_in_8bit' in ConfigMap '{name}' must not be true"
        return generic(text, "QuantizationConfig")
    if method == "qlora" and not (four or eight):
        return missing_field(*needed)
    return None


def _check_output(sections: Object, where: str) -> FieldError | None:
    if "TrainingArguments" not in sections:
        return None
    try:
        found, directory = _search(sections["TrainingArguments"], "output_dir")
    except YamlError as error:
        return generic(f"Failed to parse 'output_dir' in {where}: {error}", "output_dir")
    if not found:
        return None
    if not isinstance(directory, str):
        return invalid_value(f"output_dir is not a string in {where}", "output_dir")
    path = posixpath.normpath(f"{_BASE}/{directory}")
    if path == _BASE or not path.startswith(_BASE):
        return invalid_value(f"Invalid output_dir specified: '{directory}', must be a directory", "output_dir")
    return None


def _search(section: Any, key: str) -> tuple[bool, Any]:
    """A value of a section that KAITO has written out as YAML and reads again.

    Raises:
        YamlError: the section is no mapping.
    """
    if section is None:
        return False, None
    shape: type[object] = section.__class__
    if shape is not dict:
        tag, shown = "seq", ""
        if not isinstance(section, list):
            text = _go_text(section)
            # Numbers are written out and typed again: 1.0 comes back whole.
            typed = "str" if isinstance(section, str) else resolve("", text)[0].rpartition(":")[2]
            tag, shown = typed, f" `{_shortened(text)}`"
        raise YamlError(
            "failed to unmarshal runtime.RawExtension: yaml: unmarshal errors:\n"
            f"  line 1: cannot unmarshal !!{tag}{shown} into {ANY_MAP}"
        )
    return key in section, section.get(key)


def _shortened(text: str) -> str:
    raw = text.encode()
    return f"{raw[:7].decode(errors='replace')}..." if len(raw) > 10 else text


def _go_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return float_text(value) if isinstance(value, float) else str(value)


def _go_type(value: object) -> str:
    if isinstance(value, dict):
        return "map[interface {}]interface {}"
    if isinstance(value, list):
        return "[]interface {}"
    if isinstance(value, int):
        return "int" if value < 1 << 63 else "uint64"
    return "float64" if isinstance(value, float) else "string"
