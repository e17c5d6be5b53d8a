"""Workspaces of v1beta1, on create and on update."""

from kaitops.kaito.admission import inference_spec, resource_spec
from kaitops.kaito.admission.inference_config import check_inference_config
from kaitops.kaito.admission.review import EMPTY, Document, Review, annotations, name_of, namespace_of
from kaitops.kaito.admission.runtime import runtime_of
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.golang.text import slice_text
from kaitops.kaito.kubernetes.dns_names import label_problems
from kaitops.kaito.kubernetes.field_errors import Findings, generic, invalid_value, missing_field, via

_PERFORMANCE_MODE = "kaito.sh/performance-mode"
_LOCAL_WEIGHTS = "kaito.sh/use-local-weights"
_IMAGE_FAMILY = "kaito.sh/node-image-family"
_NODE_CLASS = "kaito.sh/node-class-name"
_BYPASS = "kaito.sh/bypass-resource-checks"
_STREAMING = "kaito.sh/model-streaming"


def check(review: Review) -> Findings:
    """The webhook's findings."""
    found = check_name(review.document)
    if review.old is None:
        return found + check_create(review, review.document)
    return found + _check_update(review, review.document, review.old)


def check_name(document: Document) -> Findings:
    """The name is a DNS label."""
    problems = label_problems(name_of(document))
    return [invalid_value(", ".join(problems), "name")] if problems else []


def check_create(review: Review, workspace: Document) -> Findings:
    """The rules of a create but the one on the name: they also hold for a Workspace that another kind would make."""
    resource = workspace.get("resource") or EMPTY
    inference, tuned = workspace.get("inference"), workspace.get("tuning")
    notes, namespace = annotations(workspace), namespace_of(workspace)
    found = via(_check_shape(review, workspace), "spec")
    if notes:
        found += _check_annotations(notes) + _check_node_class(review, workspace)
    if inference is not None:
        runtime = runtime_of(review, notes)
        bypass = _BYPASS in notes
        nodes = resource_spec.check_for_inference(review, resource, inference, runtime, bypass=bypass)
        found += via(nodes, "resource")
        found += via(inference_spec.check_create(review, inference, runtime), "inference")
        found += check_inference_config(review, inference, namespace, runtime)
        if review.gate("ModelStreaming"):
            found += _check_streaming(review, inference, notes.get(_STREAMING, ""), runtime)
    if tuned is not None:
        # Most Workspaces serve.
        from kaitops.kaito.admission import tuning

        found += via(resource_spec.check_for_tuning(resource), "resource")
        found += via(tuning.check_create(review, tuned, namespace), "tuning")
    return found


def check_either(workspace: Document) -> Findings:
    """Inference or tuning, one of them."""
    inference, tuned = workspace.get("inference") is not None, workspace.get("tuning") is not None
    if inference and tuned:
        return [generic("Either Inference or Tuning must be specified, but not both", "")]
    if not inference and not tuned:
        return [generic("Either Inference or Tuning must be specified, not neither", "")]
    return []


def check_image_family(workspace: Document) -> Findings:
    """The operating system of nodes, where one is asked for."""
    family = annotations(workspace).get(_IMAGE_FAMILY)
    if family is None or family.strip().lower() in ("ubuntu", "azurelinux"):
        return []
    text = f"unsupported node image family {quote(family)}, supported values are azurelinux, ubuntu"
    return [invalid_value(text, f'metadata.annotations["{_IMAGE_FAMILY}"]')]


def check_toggle(workspace: Document, old: Document) -> Findings:
    """Inference and tuning neither come nor go."""
    found: Findings = []
    for key, title in (("inference", "Inference"), ("tuning", "Tuning")):
        if (workspace.get(key) is None) != (old.get(key) is None):
            found.append(generic(f"{title} field cannot be toggled once set", key))
    return found


def _check_shape(review: Review, workspace: Document) -> Findings:
    found = check_either(workspace)
    instance_type = (workspace.get("resource") or EMPTY).get("instanceType")
    if review.settings.byo:
        if instance_type:
            text = "instanceType must be empty when node auto-provisioning is disabled (BYO scenario)"
            found.append(invalid_value(text, "resource.instanceType"))
    elif not instance_type:
        text = "instanceType is required when node auto-provisioning is enabled"
        found.append(missing_field(text, "resource.instanceType"))
    return found + check_image_family(workspace)


def _check_annotations(notes: Document) -> Findings:
    found: Findings = []
    mode = notes.get(_PERFORMANCE_MODE)
    if mode is not None and mode not in ("balanced", "interactivity", "throughput"):
        text = f"{quote(mode)} is not a valid performance mode; choose one of: balanced, interactivity, throughput"
        found.append(invalid_value(text, f"metadata.annotations[{_PERFORMANCE_MODE}]"))
    local = notes.get(_LOCAL_WEIGHTS)
    if local is not None and local not in ("true", "false"):
        text = f'{quote(local)} must be "true" or "false"'
        found.append(invalid_value(text, f"metadata.annotations[{_LOCAL_WEIGHTS}]"))
    return found


def _check_node_class(review: Review, workspace: Document) -> Findings:
    name = annotations(workspace).get(_NODE_CLASS)
    if not name or review.settings.provisioner != "karpenter" or name in review.node_classes:
        return []
    allowed = slice_text(review.node_classes)
    text = f"{quote(name)} is not a KAITO-managed NodeClass, supported values are {allowed}"
    return [invalid_value(text, f'metadata.annotations["{_NODE_CLASS}"]')]


def _check_streaming(review: Review, inference: Document, streaming: str, runtime: str) -> Findings:
    if inference.get("preset") is None or streaming == "disabled" or runtime != "vllm":
        return []
    cloud = review.settings.cloud
    driver = review.controller["streaming"]["csi_driver"].get(cloud)
    if driver is None:
        return [generic(f"unsupported cloud provider {quote(cloud)} for model streaming", "metadata.annotations")]
    if review.cluster.get("CSIDriver", "", driver) is not None:
        return []
    text = (
        f"CSI driver {driver} not found; required for model streaming. Ensure the CSI driver is enabled on your cluster"
    )
    return [review.not_found("CSIDriver", "", driver, generic(text, "metadata.annotations"))]


def _check_update(review: Review, workspace: Document, old: Document) -> Findings:
    from kaitops.kaito.admission import resource_update, tuning

    found = via(check_toggle(workspace, old), "spec")
    nodes = resource_update.check_update(review, workspace.get("resource") or EMPTY, old.get("resource") or EMPTY)
    found += via(nodes, "resource")
    ours, before = annotations(workspace), annotations(old)
    if ours.get(_NODE_CLASS, "") != before.get(_NODE_CLASS, ""):
        found += _check_node_class(review, workspace)
    if review.gate("ModelStreaming") and ours.get(_STREAMING, "") != before.get(_STREAMING, ""):
        text = f"annotation {_STREAMING} is immutable after creation"
        found.append(generic(text, f"metadata.annotations[{_STREAMING}]"))
    if (inference := workspace.get("inference")) is not None:
        found += via(inference_spec.check_update(inference, old.get("inference")), "inference")
    if (tuned := workspace.get("tuning")) is not None:
        found += via(tuning.check_update(tuned, old.get("tuning")), "tuning")
    return found
