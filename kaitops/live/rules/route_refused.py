"""A route that its Gateway does not accept."""

from kaitops.live import routes
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_REMEDIES = {
    "NotAllowedByListeners": "let a listener of the Gateway admit routes of {namespace} (its allowedRoutes)",
    "NoMatchingListenerHostname": "fleet.yaml: {entry}.route.hosts: names that a listener of the Gateway has",
    "NoMatchingParent": "fleet.yaml: {entry}.route.listener: one that the Gateway has",
}


def _find(view: View) -> Said | None:
    for way in routes.awaited(view):
        said = way.accepted
        if said.get("status") != "False":
            continue
        reason = str(said.get("reason"))
        own = _REMEDIES.get(reason, "").format(namespace=view.namespace, entry=view.entry)
        place, _, name = way.gateway.partition("/")
        return Said(
            f"the Gateway {way.gateway} does not accept its route: {signs.short(said.get('message')) or reason}",
            (f"{way.name}: {signs.cited(said)}",),
            (*([own] if own else []), f"kubectl describe gateway -n {place} {name}"),
            str(said.get("lastTransitionTime") or ""),
        )
    return None


RULE = Rule(
    "route-refused",
    "route",
    "degraded",
    "the Gateway does not accept its route: namespace, host or listener",
    "the model serves inside of the cluster, and nobody outside reaches it",
    _find,
)
