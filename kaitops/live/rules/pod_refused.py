"""Pods that the API server refuses, so that there is none to look at."""

import re

from kaitops.documents.plain import at, items
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import when
from kaitops.live.view import View

_WAYS = (
    (
        r"violates PodSecurity",
        "the pod security of the namespace refuses them",
        "kubectl get namespace {space} -o jsonpath={{.metadata.labels}}, and a lower level there or another namespace",
    ),
    (
        r"exceeded quota|must specify",
        "a quota of the namespace does not allow them",
        "kubectl describe quota -n {space}",
    ),
    (
        r"(maximum|minimum) .* usage per|limit to request ratio",
        "a range of limits of the namespace does not allow them",
        "kubectl describe limitrange -n {space}",
    ),
    (r"service account|serviceaccount", "their ServiceAccount is not there", "kubectl get serviceaccounts -n {space}"),
    (
        r"failed calling webhook",
        "a webhook that is asked about pods does not answer",
        "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations, and the pods of the one it names",
    ),
    (
        r"admission webhook|denied (the )?request",
        "a webhook or an admission policy refuses them",
        "correct what it names, or have its owner except it",
    ),
)


def _find(view: View) -> Said | None:
    controller = view.controller
    wanted = at(controller, "spec", "replicas")
    if controller is None or len(view.pods) >= (wanted if isinstance(wanted, int) else 1):
        return None
    for event in reversed(view.events(controller)):
        if event.get("reason") == "FailedCreate":
            return _said(view, signs.short(event.get("message")), signs.reported(event), when(event) or "")
    for one in items(at(controller, "status", "conditions")):
        if at(one, "type") == "ReplicaFailure" and at(one, "status") == "True":
            return _said(
                view, signs.short(one.get("message")), signs.cited(one), str(one.get("lastTransitionTime") or "")
            )
    return None


def _said(view: View, text: str, evidence: str, since: str) -> Said:
    cause, remedy = signs.way(_WAYS, text, re.IGNORECASE) or (text, "")
    remedies = (remedy.format(space=view.namespace or "default"),) if remedy else ()
    return Said(f"the API server refuses its pods: {cause}", (evidence,), remedies, since)


RULE = Rule(
    "pod-refused",
    "placed",
    "degraded",
    "the API server refuses the pods: quota, pod security, limits, account or webhook",
    "no pod is made until it allows them",
    _find,
)
