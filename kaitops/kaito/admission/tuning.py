"""A fine-tuning run: method, configuration, data in and results out."""

from kaitops.kaito.admission.data_source import check_destination, check_image, check_source, check_source_update
from kaitops.kaito.admission.inference_spec import preset_identity
from kaitops.kaito.admission.review import EMPTY, Document, Review, config_map_missing
from kaitops.kaito.kubernetes.field_errors import (
    Findings,
    generic,
    invalid_value,
    missing_field,
    render,
    via,
)

_DEFAULT_CONFIG = {"lora": "lora-params-template", "qlora": "qlora-params-template"}


def check_create(review: Review, tuning: Document, namespace: str, *, check_urls: bool = True) -> Findings:
    """The rules of a create; whether a preset can be tuned at all is not among them."""
    found: Findings = []
    method = (tuning.get("method") or "").lower()
    if method not in _DEFAULT_CONFIG:
        found.append(invalid_value(tuning.get("method") or "", "Method"))
    if problems := _check_config(review, tuning, namespace, method):
        found.append(generic(f"Failed to evaluate validateConfigMap: {render(problems)}", "Config"))
    source, destination = tuning.get("input"), tuning.get("output")
    if source is None:
        found.append(missing_field("Input"))
    else:
        found += via(check_source(source, check_urls=check_urls), "Input")
    if destination is None:
        found.append(missing_field("Output"))
    else:
        found += via(check_destination(destination), "Output")
    preset = tuning.get("preset")
    if preset is None:
        found.append(missing_field("Preset"))
    elif not review.is_preset(preset.get("name") or ""):
        found.append(invalid_value(f"Unsupported tuning preset name {preset.get('name') or ''}", "presetName"))
    return found


def check_update(tuning: Document, old: Document | None) -> Findings:
    """Preset, method and the name of the data stay."""
    if old is None:
        return []
    found: Findings = []
    source, destination = tuning.get("input"), tuning.get("output")
    if source is None:
        found.append(missing_field("Input"))
    else:
        found += via(check_source_update(source, old.get("input") or EMPTY), "Input")
    if destination is None:
        found.append(missing_field("Output"))
    else:
        found += via(check_image(destination, "output"), "Output")
    if preset_identity(old.get("preset")) != preset_identity(tuning.get("preset")):
        found.append(generic("Preset cannot be changed", "Preset"))
    if (old.get("method") or "").lower() != (tuning.get("method") or "").lower():
        found.append(generic("Method cannot be changed", "Method"))
    return found


def _check_config(review: Review, tuning: Document, namespace: str, method: str) -> Findings:
    given = tuning.get("config") or ""
    name = given
    if not given:
        name, namespace = _DEFAULT_CONFIG.get(method, ""), review.settings.release_namespace
    config_map = review.config_map(namespace, name)
    if config_map is None:
        return [config_map_missing(review, given, name, namespace)]
    from kaitops.kaito.admission.tuning_config import check_tuning_config

    return check_tuning_config(config_map, method)
