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
    told = [*signs.pod_events(view, ("FailedScheduling",), _TEXT), *reversed(view.claim_events)]
    told += reversed(view.events(*([view.pool] if view.pool else [])))
    for event in told:
        text = signs.short(event.get("message"))
        if re.search(_TEXT, text, re.IGNORECASE) and _waits(view):
            found = _NAME.search(text.partition("limits for ")[2] or text)
            name = found[1] if found and view.snapshot.find("NodePool", "", found[1]) else view.pool_name
            return _said(name, signs.reported(event), when(event) or "")
    if view.pool is not None and _waits(view) and (over := _reached(view.pool)):
        return _said(name_of(view.pool), f"NodePool {name_of(view.pool)}: {over}", signs.first_since(view))
    return None


def _waits(view: View) -> bool:
    """Fewer machines are there than pods want."""
    wanted = at(view.controller, "spec", "replicas")
    return not view.claims or (isinstance(wanted, int) and len(view.claims) < wanted) or bool(view.unready)


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
