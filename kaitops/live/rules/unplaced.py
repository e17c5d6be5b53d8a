"""A pod that no node takes although none is on its way."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, is_ready, name_of
from kaitops.live.view import View

_SECONDS = 10
_TAINTS = "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints"
_ROOM = "kubectl describe nodes | grep -A8 'Allocated resources'"
_CLOSED = "kubectl get nodes | grep SchedulingDisabled, and kubectl uncordon NODE where nobody has it in repair"
_SPREAD = "more nodes with its labels, or other affinity and spread rules in its template"
_LABELS = "no node with its labels"
_WAYS = (
    (
        r"untolerated taint\(?s?\)? \{node\.kubernetes\.io/(not-ready|unreachable|network-unavailable)",
        "a node with its labels is not ready",
        "kubectl get nodes, and kubectl describe node NAME (its conditions say why)",
    ),
    (
        r"untolerated taint\(?s?\)? \{node\.kubernetes\.io/(disk|memory|pid)-pressure",
        "a node with its labels is short of {0}",
        "kubectl describe node NAME (its conditions and what runs there); images and weights that nobody uses fill "
        "disks",
    ),
    (
        r"untolerated taint\(?s?\)? \{(?!node\.kubernetes\.io/)([^}:]+)",
        "a taint that it does not tolerate ({0})",
        _TAINTS,
    ),
    (r"untolerated taint(?!.*\{)", "a taint that it does not tolerate", _TAINTS),
    (r"didn't have free ports", "a port of the node that it wants is taken", "hostPort or hostNetwork of its template"),
    (r"anti-affinity rules", "its own rules keep it off nodes where others of its kind are", _SPREAD),
    (r"topology spread constraints", "its topology spread leaves no node", _SPREAD),
    (
        r"cannot allocate all claims",
        "no free device for its ResourceClaim",
        "kubectl get resourceclaims,resourceslices -A",
    ),
    (r"were unschedulable", "a node with its labels is closed to new pods", _CLOSED),
    (r"Too many pods", "no room for another pod", _ROOM),
    (r"Insufficient nvidia\.com/gpu", "no free GPU", _ROOM),
    (r"Insufficient (memory|cpu|ephemeral-storage)", "no free {0}", _ROOM),
    (r"Insufficient ((?!nvidia\.com/gpu|memory|cpu|ephemeral-storage)[\w./-]*\w)", "no free {0}", _ROOM),
    (r"affinity/selector|node selector", _LABELS, "kubectl get nodes --show-labels"),
    (r"[Vv]olume", "a volume that is elsewhere or not bound", "kubectl get pvc -A"),
)


def _find(view: View) -> Said | None:
    if any(not is_ready(one) for one in view.claims) or (view.pool is not None and not view.claims):
        return None
    for pod in view.unready:
        found = condition(pod, "PodScheduled")
        age = view.snapshot.age(found.get("lastTransitionTime"))
        if found.get("reason") != "Unschedulable" or age is None or age < _SECONDS:
            continue
        text = signs.short(found.get("message"))
        causes = [(re.search(pattern, text), cause, look) for pattern, cause, look in _WAYS]
        fitting = [(cause.format(*match.groups()), look) for match, cause, look in causes if match]
        # Nodes of other labels are of no account where one that has them is full or closed.
        fitting = [one for one in fitting if one[0] != _LABELS] or fitting
        why = ", ".join(cause for cause, _ in fitting) or "see the scheduler's words"
        return Said(
            f"no node takes pod {name_of(pod)}: {why}",
            (f"pod {name_of(pod)}: {signs.cited(found)}",),
            tuple(dict.fromkeys(look for _, look in fitting)),
            str(found.get("lastTransitionTime") or ""),
        )
    return None


RULE = Rule(
    "unplaced",
    "placed",
    "degraded",
    "no node takes the pod: taints, no free GPU or memory, labels, volumes",
    "it waits until a node fits",
    _find,
)
