"""The nodes of a workload on create: machine size, selector, and whether the weights fit at all."""

from kaitops.kaito.admission.review import Document, PresetUnavailable, Review
from kaitops.kaito.kubernetes import quantity
from kaitops.kaito.kubernetes.field_errors import NIL_POINTER, Findings, WebhookPanic, generic, invalid_value
from kaitops.kaito.kubernetes.selectors import as_labels
from kaitops.kaito.sku import GpuConfig

_TRANSFORMERS_ONE_NODE = "Multi-node distributed inference is not supported with Huggingface Transformers runtime"


def check_for_inference(
    review: Review, resource: Document, inference: Document, runtime: str, *, bypass: bool
) -> Findings:
    """The nodes suit what is served on them."""
    preset_name = ""
    if (preset := inference.get("preset")) is not None:
        preset_name = (preset.get("name") or "").lower()
        if not review.is_preset(preset_name):
            return check_deprecated(review, preset_name)
    selector = resource.get("labelSelector")
    try:
        as_labels(selector)
    except ValueError as error:
        return [invalid_value(error, "labelSelector")]
    if selector and selector.get("matchLabels") and not review.honoured_labels(selector):
        return [invalid_value("matchLabels must contain at least one non-reserved label", "labelSelector.matchLabels")]

    partition = resource.get("partition")
    if review.settings.byo:
        # Elsewhere nodes are made, and made whole.
        from kaitops.kaito.admission.byo_nodes import uniform_gpus

        if partition is not None:
            from kaitops.kaito.admission.partition import check_partition, check_slice_holds

            found = check_partition(review, partition)
            if not found and partition.get("mode") == "mig" and preset_name:
                found = check_slice_holds(review, preset_name, partition.get("profile") or "", bypass=bypass)
            return found
        if not preset_name:
            return []
        count, gpus, refusal = uniform_gpus(review, selector)
        if refusal:
            return [refusal]
        return _check_memory(review, resource, preset_name, runtime, count, gpus, bypass)

    if partition is not None:
        text = "GPU partitioning is only supported with BYO nodes (disableNodeAutoProvisioning=true)"
        return [generic(text, "partition")]
    found = check_instance_type(review, resource.get("instanceType") or "")
    if found or not preset_name or runtime == "vllm":
        return found
    sku = review.release.skus(review.settings.cloud).find(resource.get("instanceType") or "")
    if sku is None:
        return []
    count = resource.get("count")
    return _check_memory(
        review, resource, preset_name, runtime, 1 if count is None else count, sku.gpu_config(), bypass
    )


def check_for_tuning(resource: Document) -> Findings:
    """Tuning runs on one whole node.

    Raises:
        WebhookPanic: KAITO reads the count without asking whether there is one.
    """
    count = resource.get("count")
    if count is None:
        raise WebhookPanic(NIL_POINTER)
    found: Findings = []
    if count > 1:
        text = (
            "Tuning does not currently support multinode configurations. Please set the node count to 1. Future "
            "support with DeepSpeed will allow this."
        )
        found.append(invalid_value(text, "count"))
    if resource.get("partition") is not None:
        found.append(invalid_value("GPU partitioning is not supported for tuning workloads", "partition"))
    return found


def check_deprecated(review: Review, preset_name: str) -> Findings:
    """A preset that KAITO has withdrawn gets its own message; other unknown names are reported elsewhere."""
    if preset_name in review.release.catalogue.deprecated:
        return [generic(f"Model {preset_name} is deprecated and no longer supported", "presetName")]
    return []


def check_instance_type(review: Review, instance_type: str) -> Findings:
    """The machine size is in KAITO's table, or looks like an Azure size.

    KAITO lists the sizes it knows in random order; here they are sorted.
    """
    cloud = review.settings.cloud
    table = review.release.skus(cloud)
    if not len(table):
        reason = (
            f"invalid value: Unsupported cloud provider {cloud}: CLOUD_PROVIDER"
            if cloud
            else "missing field(s): CLOUD_PROVIDER environment variable must be set"
        )
        return [generic(f"Failed to get SKU handler: {reason}", "instanceType")]
    if table.find(instance_type) is not None:
        return []
    if cloud == "azure" and instance_type.lower().startswith(("standard_n", "standard_d")):
        return []
    names = " ".join(sorted(sku.name for sku in table))
    return [invalid_value(f"Unsupported instance type {instance_type}. Supported SKUs: [{names}]", "instanceType")]


def _check_memory(
    review: Review,
    resource: Document,
    preset_name: str,
    runtime: str,
    nodes: int,
    gpus: GpuConfig | None,
    bypass: bool,
) -> Findings:
    try:
        preset = review.preset(preset_name)
    except PresetUnavailable as error:
        return [invalid_value(f"failed to get model preset: {error}", "preset")]
    if gpus is None or not preset.size:
        return []
    needed = quantity.parse(preset.size)
    found: Findings = []
    total = nodes * gpus.memory_bytes
    if total < needed and not bypass:
        text = (
            f"Insufficient total GPU memory: Instance type {resource.get('instanceType') or ''} has a total of "
            f"{quantity.canonical(total, binary=True)}, but preset {preset_name} requires at least "
            f"{quantity.canonical(needed, binary=True)}"
        )
        found.append(invalid_value(text, "instanceType"))
    if needed > gpus.memory_bytes and runtime == "transformers":
        found.append(generic(_TRANSFORMERS_ONE_NODE))
    return found
