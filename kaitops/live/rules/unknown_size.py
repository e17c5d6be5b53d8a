"""A machine size that KAITO or Karpenter does not know, or that is retired."""

import re
from dataclasses import replace

from kaitops import prices
from kaitops.cost.retirement import retirement
from kaitops.documents.plain import at, items
from kaitops.kaito import Release
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_NOT_OFFERED = (
    r"VM size .* (is not allowed in your subscription|is not available in the current region)"
    r"|VMSizeNotSupported|NotAvailableForSubscription"
)
_KEY = "node.kubernetes.io/instance-type"


def _find(view: View) -> Said | None:
    remedy = ("kaitops fit", f"fleet.yaml: {view.entry}.gpu: choose a size that there is")
    said = signs.by_error(
        view,
        r"unsupported sku|unsupported instance type|unknown instance type|sku .*not (found|supported)",
        "KAITO does not know the machine size: {error}",
        *remedy,
    )
    if said:
        return said
    size = _asked(view)
    if refused := signs.launch(view, (), _NOT_OFFERED):
        named = re.search(r"Standard_\w+", refused.cause)
        why = _retired(view, named.group() if named else size)
        text = f"the subscription is not offered the machine size in its region{why}: {refused.cause}"
        return replace(refused, cause=text, remedy=remedy)
    known = Release.load(view.version).skus("azure").find(size) is not None or bool(prices.size(size))
    if not size.startswith("Standard_") or view.claims or not view.snapshot.knows("NodeClaim"):
        return None
    if retired := _retired(view, size):
        evidence = f"NodePool {view.pool_name} asks for {size}, and there is no NodeClaim"
        return Said(f"no machine is made{retired}", (evidence,), remedy, signs.first_since(view))
    if known:
        return None
    evidence = f"NodePool {view.pool_name} asks for {size}, and no NodeClaim was made"
    return Said(f"no machine is made, since the size {size} is not known", (evidence,), remedy, signs.first_since(view))


def _retired(view: View, size: str) -> str:
    """That Azure has retired the size by now; empty where it has not."""
    found = retirement(size, None)
    if found is None or found.day > view.snapshot.now.date():
        return ""
    return f", since Azure retired {size} on {found.day}"


def _asked(view: View) -> str:
    """The one size that the NodePool takes."""
    for one in items(at(view.pool, "spec", "template", "spec", "requirements")):
        if at(one, "key") == _KEY:
            values = items(at(one, "values"))
            return str(values[0]) if len(values) == 1 else ""
    return ""


RULE = Rule(
    "unknown-size",
    "configuration",
    "degraded",
    "the machine size is not known to KAITO or to Karpenter, or is retired",
    "no machine is ever made for it",
    _find,
)
