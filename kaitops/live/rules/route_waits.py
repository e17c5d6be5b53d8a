"""A route or Gateway so new that its controller may still come to it."""

from kaitops.live import routes
from kaitops.live.finding import Rule, Said
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    for way in routes.awaited(view):
        if not routes.leads(view.snapshot, way):
            about = "its controller has not taken the route yet" if not way.conditions else "it is not up yet"
            return Said(
                f"its route waits for the Gateway {way.gateway}: {about}",
                (f"{way.name}: neither refused nor leading anywhere",),
                (f"kubectl get gateways -n {way.namespace}",),
            )
    return None


RULE = Rule(
    "route-waits",
    "route",
    "progressing",
    "its route or Gateway is new, and the Gateway's controller has not come to it yet",
    "nobody outside of the cluster reaches the model until then",
    _find,
    True,
)
