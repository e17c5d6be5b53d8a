"""A Gateway that took the route and is no way itself: not programmed, or without an address."""

from kaitops.documents.plain import at, items
from kaitops.live import routes
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of, namespace_of
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    for way in routes.awaited(view):
        found = routes.gateway(view.snapshot, way)
        if found is None:
            continue
        said = routes.programmed(found)
        since = str(said.get("lastTransitionTime") or at(found, "metadata", "creationTimestamp") or "")
        age = view.snapshot.age(since)
        if age is not None and age <= routes.SOON:
            continue
        remedy = (
            f"kubectl describe gateway -n {namespace_of(found)} {name_of(found)}",
            "kubectl get services -A: its load balancer may wait for an address or a quota",
        )
        if said.get("status") != "True":
            text = signs.short(said.get("message")) or str(said.get("reason") or "no controller says so")
            evidence = signs.cited(said) if said else "no condition Programmed"
            return Said(
                f"the Gateway {way.gateway} is not programmed: {text}",
                (f"Gateway {way.gateway}: {evidence}",),
                remedy,
                since,
            )
        if not items(at(found, "status", "addresses")):
            return Said(
                f"the Gateway {way.gateway} has no address",
                (f"Gateway {way.gateway}: status.addresses is empty",),
                remedy,
                since,
            )
    return None


RULE = Rule(
    "route-gateway",
    "route",
    "degraded",
    "the Gateway of its route is not programmed or has no address",
    "there is no address at which anybody could ask",
    _find,
)
