"""MultiRoleInferences: one prefill and one decode role over one model that stays."""

from collections.abc import Sequence

from kaitops.kaito.admission import workspace
from kaitops.kaito.admission.review import EMPTY, Document, Review
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.kubernetes.field_errors import Findings, invalid_value, missing_field, via

_ROLES = ("prefill", "decode")


def check(review: Review) -> Findings:
    """The webhook's findings. Whether the model exists is only seen when the roles' InferenceSets are created."""
    spec = review.document.get("spec") or EMPTY
    found: Findings = []
    model = (spec.get("model") or EMPTY).get("name") or ""
    if review.old is None:
        if not model:
            found.append(missing_field("model.name"))
        found += _check_selector(spec.get("labelSelector"))
    else:
        before = ((review.old.get("spec") or EMPTY).get("model") or EMPTY).get("name") or ""
        if model != before:
            text = f"model name is immutable, was {quote(before)}, now {quote(model)}"
            found.append(invalid_value(text, "model.name"))
    found += _check_roles(review, spec.get("roles") or ())
    return workspace.check_name(review.document) + via(found, "spec")


def _check_selector(selector: Document | None) -> Findings:
    if selector is None:
        return [missing_field("labelSelector")]
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        text = "labelSelector must have at least one matchLabels or matchExpressions entry"
        return [invalid_value(text, "labelSelector")]
    return []


def _check_roles(review: Review, roles: Sequence[Document]) -> Findings:
    if len(roles) != len(_ROLES):
        return [invalid_value(f"exactly 2 roles required (one prefill, one decode), got {len(roles)}", "roles")]
    found: Findings = []
    seen: set[str] = set()
    for index, role in enumerate(roles):
        path = f"roles[{index}]"
        kind = role.get("type") or ""
        if kind not in _ROLES:
            text = f"unsupported role type {quote(kind)}, must be prefill or decode"
            found.append(invalid_value(text, f"{path}.type"))
        elif kind in seen:
            found.append(invalid_value(f"duplicate {kind} role", f"{path}.type"))
        seen.add(kind)
        found += _check_instance_type(review, role.get("instanceType") or "", path)
        replicas = role.get("replicas")
        if replicas is not None and replicas < 1:
            found.append(invalid_value(replicas, f"{path}.replicas", "must be at least 1"))
    found += [missing_field("roles", f"missing {kind} role") for kind in _ROLES if kind not in seen]
    return found


def _check_instance_type(review: Review, name: str, path: str) -> Findings:
    provisioner = review.settings.provisioner
    if provisioner == "byo":
        if name:
            text = "instanceType must be empty when nodeProvisioner is byo"
            return [invalid_value(name, f"{path}.instanceType", text)]
    elif provisioner in ("karpenter", "azure-gpu-provisioner") and not name:
        return [missing_field(f"{path}.instanceType")]
    return []
