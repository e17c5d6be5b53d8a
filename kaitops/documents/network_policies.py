"""Which traffic of its pods a network policy holds, as the API server fills that in."""

from collections.abc import Sequence
from typing import Any

from kaitops.documents.plain import Object, items

INGRESS, EGRESS = "Ingress", "Egress"


def directions(spec: Object) -> Sequence[Any]:
    """``Ingress``, ``Egress`` or both.

    Where a policy does not say it, it holds what comes in, and what goes out only where it has a rule for that: an
    empty list of rules is none.
    """
    named = items(spec.get("policyTypes"))
    if named:
        return named
    return (INGRESS, EGRESS) if items(spec.get("egress")) else (INGRESS,)
