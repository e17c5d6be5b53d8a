"""The limits of a NodePool of Karpenter are reached."""

import re

from kaitops.documents.plain import Object, at, mapping
from kaitops.kaito.kubernetes import quantity
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of, when
from kaitops.live.view import View

_TEXT = (
    r"exceed(s|ed|ing)? limits?\b.*nodepool|nodepool.*(limits? (exceeded|reached)|exceeds? (its )?limit)"
    r"|(usage|resources?) .*exceeds? limit"
)
_NAME = re.compile(r'nodepool:? ?\\?["\']?([a-z0-9][a-z0-9.-]*)', re.IGNORECASE)


def _find(view: View) -> Said | None:
    # Who has a node, or a machine for each pod, has got over what was told of it.
    homeless = [pod for pod in view.unready if not at(pod, "spec", "nodeName")]
    told = [event for event in signs.pod_events(view, ("FailedScheduling",), _TEXT) if _is_about(event, homeless)]
    if lacking := _lacks(view):
        told += reversed([*view.events(*([view.pool] if view.pool else [])), *view.claim_events])
    for event in told:
        text = signs.short(event.get("message"))
        if re.search(_TEXT, text, re.IGNORECASE):
            found = _NAME.search(text.partition("limits for ")[2] or text)
            return _said(found[1] if found else view.pool_name, signs.reported(event), when(event) or "")
    if view.pool is not None and lacking and (over := _reached(view.pool)):
        return _said(name_of(view.pool), f"NodePool {name_of(view.pool)}: {over}", signs.first_since(view))
    return None


def _is_about(event: Object, pods: list[Object]) -> bool:
    return at(event, "involvedObject", "name") in {name_of(one) for one in pods}


def _lacks(view: View) -> bool:
    """Fewer machines are asked for than pods are wanted."""
    wanted = at(view.controller, "spec", "replicas")
    return len(view.claims) < (wanted if isinstance(wanted, int) else 1)


def _reached(pool: Object) -> str:
    """The resource of which all that the limits allow is taken; empty where there is none."""
    used = mapping(at(pool, "status", "resources"))
    for key, limit in mapping(at(pool, "spec", "limits")).items():
        taken = used.get(key, "0")
        have, most = quantity.read(taken), quantity.read(limit)
        if have is not None and most is not None and have >= most:
            return f"{taken} of {key} are taken, and its limits allow {limit}"
    return ""


def _said(name: str, evidence: str, since: str) -> Said:
    return Said(
        f"no machine: the limits of NodePool {name} are reached",
        (evidence,),
        (
            f"kubectl get nodepool {name} -o yaml (spec.limits beside status.resources)",
            "raise spec.limits of that NodePool, or take machines away that it has",
        ),
        since,
    )


RULE = Rule(
    "pool-limit",
    "machine",
    "degraded",
    "the limits of a NodePool of Karpenter are reached",
    "Karpenter makes no machine until another one of the pool is gone or the limits are raised",
    _find,
)
