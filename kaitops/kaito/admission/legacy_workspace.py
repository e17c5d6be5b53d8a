"""Workspaces of v1alpha1. Served, but no preset can be created with them: KAITO's validator crashes on each."""

from kaitops.kaito.admission import inference_spec, resource_spec, resource_update, tuning, workspace
from kaitops.kaito.admission.inference_config import read_vllm_settings
from kaitops.kaito.admission.review import (
    EMPTY,
    Document,
    Review,
    annotations,
    config_map_missing,
    namespace_of,
)
from kaitops.kaito.admission.runtime import runtime_of
from kaitops.kaito.kubernetes.field_errors import (
    NIL_POINTER,
    Findings,
    WebhookPanic,
    generic,
    invalid_value,
    missing_field,
    via,
)
from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.kubernetes.selectors import as_labels

_DEFAULT_CONFIG = "inference-params-template"


def check(review: Review) -> Findings:
    """The webhook's findings."""
    found = workspace.check_name(review.document)
    if review.old is None:
        return found + _check_create(review, review.document)
    return found + _check_update(review.document, review.old)


def _check_create(review: Review, document: Document) -> Findings:
    found = via(workspace.check_either(document) + workspace.check_image_family(document), "spec")
    resource = document.get("resource") or EMPTY
    if (inference := document.get("inference")) is not None:
        found += via(_check_nodes(review, resource, inference), "resource")
        found += via(_check_inference(review, inference), "inference")
        found += _check_config(review, document, inference, resource)
    if (tuned := document.get("tuning")) is not None:
        found += via(resource_spec.check_for_tuning(resource), "resource")
        found += via(tuning.check_create(review, tuned, namespace_of(document), check_urls=False), "tuning")
    return found


def _check_update(document: Document, old: Document) -> Findings:
    found = via(workspace.check_toggle(document, old), "spec")
    resource, before = document.get("resource") or EMPTY, old.get("resource") or EMPTY
    nodes = resource_update.check_count(resource, before)
    if (resource.get("instanceType") or "") != (before.get("instanceType") or ""):
        nodes.append(generic("field is immutable", "instanceType"))
    found += via(nodes + resource_update.check_selector(resource, before), "resource")
    for key, check_part in (("inference", _update_inference), ("tuning", tuning.check_update)):
        if (part := document.get(key)) is not None:
            if old.get(key) is None:
                # Unlike v1beta1, this version reads the absent old part.
                raise WebhookPanic(NIL_POINTER)
            found += via(check_part(part, old[key]), key)
    return found


def _update_inference(inference: Document, old: Document | None) -> Findings:
    return inference_spec.check_update(inference, old, check_urls=False)


def _check_nodes(review: Review, resource: Document, inference: Document) -> Findings:
    preset = inference.get("preset")
    name = ((preset or EMPTY).get("name") or "").lower()
    if preset is not None and not review.is_preset(name):
        return resource_spec.check_deprecated(review, name)
    instance_type = resource.get("instanceType") or ""
    found = resource_spec.check_instance_type(review, instance_type)
    if found and found[0].message.startswith("Failed to get SKU handler"):
        return found
    if name and review.release.skus(review.settings.cloud).find(instance_type) is not None:
        raise WebhookPanic(NIL_POINTER)
    try:
        as_labels(resource.get("labelSelector"))
    except ValueError as error:
        found.append(invalid_value(error, "labelSelector"))
    return found


def _check_inference(review: Review, inference: Document) -> Findings:
    found = inference_spec.check_preset_or_template(inference)
    if (preset := inference.get("preset")) is not None:
        name = preset.get("name") or ""
        if review.is_preset(name):
            # The register that this version asks is only filled by requests of v1beta1.
            raise WebhookPanic(NIL_POINTER)
        return [*found, invalid_value(f"Unsupported inference preset name {name}", "presetName")]
    return found + inference_spec.check_adapter_list(inference.get("adapters") or ())


def _check_config(review: Review, document: Document, inference: Document, resource: Document) -> Findings:
    if runtime_of(review, annotations(document)) != "vllm":
        return []
    name, namespace = inference.get("config") or "", namespace_of(document)
    if not name:
        name, namespace = _DEFAULT_CONFIG, review.settings.release_namespace
    config_map = review.config_map(namespace, name)
    if config_map is None:
        return [config_map_missing(review, name, name, namespace)]
    settings = read_vllm_settings(config_map, "v1alpha1")
    if isinstance(settings, list):
        return settings
    if _needs_length(review, resource) and not settings.get("max-model-len"):
        text = (
            "max-model-len is required in the vllm section of inference_config.yaml when using multi-GPU instances "
            "with <20GB of memory per GPU or distributed inference"
        )
        return [missing_field(text)]
    return []


def _needs_length(review: Review, resource: Document) -> bool:
    sku = review.release.skus(review.settings.cloud).find(resource.get("instanceType") or "")
    if sku is not None and sku.gpus > 1 and sku.memory_gib * GIB // sku.gpus < 20 * GIB:
        return True
    count = resource.get("count")
    return count is not None and count > 1
