"""A route whose target the Gateway's controller did not find, or may not use."""

from kaitops.live import routes
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_REMEDIES = {
    "BackendNotFound": "kubectl get services,inferencepools -n {namespace}",
    "InvalidKind": "take a Gateway whose controller knows InferencePools, or one whose route leads to a Service",
    "RefNotPermitted": "grant it by a ReferenceGrant in the namespace that the route leads to",
}


def _find(view: View) -> Said | None:
    for way in routes.awaited(view):
        said = way.resolved
        if said.get("status") != "False":
            continue
        reason = str(said.get("reason"))
        own = _REMEDIES.get(reason, "").format(namespace=view.namespace)
        names = ", ".join(sorted(routes.backends(way.route)))
        return Said(
            f"what its route leads to cannot be used ({names}): {signs.short(said.get('message')) or reason}",
            (f"{way.name}: {signs.cited(said)}",),
            (
                *([own] if own else []),
                "'kaitops render' makes the route that fits the model; apply that one",
            ),
            str(said.get("lastTransitionTime") or ""),
        )
    return None


RULE = Rule(
    "route-backend",
    "route",
    "degraded",
    "the Service or pool that its route leads to is not there, of an unknown kind or not granted",
    "the Gateway answers its requests with an error",
    _find,
)
