"""Whether a name leaves room for the names that KAITO and Kubernetes derive from it.

KAITO's webhook admits 63 characters; the objects that it makes of them then fail. Sources of the budgets: the
``controller-revision-hash`` label of a StatefulSet's pods (name, a dash, ten characters, 63 in all), a Service's name
(63, DNS-1035), the five random characters of an InferenceSet's children and the role suffix of a MultiRoleInference's.
"""

from kaitops.documents.plain import Object
from kaitops.kaito.preset import Preset

_WORKSPACE = 52
_CHILD_SUFFIX = len("-xxxxx")
_ROLE_SUFFIX = len("-prefill")
_JOB = 57  # A Job's pods add a dash and five characters; their label with the Job's name may have 63.
_SERVICE = 63


def of_model(preset: Preset) -> str:
    """What a model is called in a fleet unless somebody names it: its own name as a DNS label."""
    return preset.name.replace(".", "-").replace("_", "-")[:40].strip("-")


def problems(group: str, name: str, entry: Object) -> list[tuple[list[str | int], str]]:
    """What is wrong with a workload's name: path below the workload and message."""
    found: list[tuple[list[str | int], str]] = []
    budget, reason = _budget(group, entry)
    if len(name) > budget:
        found.append(([], f"the name has {len(name)} characters and {reason}, so {budget} is the most; shorten it"))
    if group != "mirrors" and name[0].isdigit():
        found.append(([], "a Service of this name is made, and its name must start with a letter; rename it"))
    return found


def _budget(group: str, entry: Object) -> tuple[int, str]:
    label = "its pods carry a label with the name and 11 more of 63"
    if group == "models":
        if "prefill" in entry or "decode" in entry:
            return _WORKSPACE - _CHILD_SUFFIX - _ROLE_SUFFIX, f"its role's replicas add 14 more and {label}"
        if any(key in entry for key in ("replicas", "autoscale", "autoUpgrade")):
            return _WORKSPACE - _CHILD_SUFFIX, f"its replicas add 6 more and {label}"
        return _WORKSPACE, label
    if group == "tuning":
        return _JOB, "its Job's pods add 6 more of 63"
    return _SERVICE, "a Service's name has at most 63"
