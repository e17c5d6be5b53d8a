"""A route that belongs to no Gateway, or to one whose controller does not answer."""

from kaitops.documents.plain import at
from kaitops.live import routes
from kaitops.live.finding import Rule, Said
from kaitops.live.snapshot import name_of
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    for way in routes.awaited(view):
        found = routes.gateway(view.snapshot, way)
        if found is None and view.snapshot.knows("Gateway"):
            return Said(
                f"its route names the Gateway {way.gateway}, which is not there",
                (f"{way.name}: spec.parentRefs names {way.gateway}; no such Gateway",),
                (
                    "kubectl get gateways -A",
                    f"fleet.yaml: {view.entry}.route: gateway and namespace of one that is there",
                ),
            )
        age = view.snapshot.age(at(way.route, "metadata", "creationTimestamp"))
        if not way.conditions and (age is None or age > routes.SOON):
            about = f" (its gatewayClassName is {at(found, 'spec', 'gatewayClassName')})" if found is not None else ""
            return Said(
                f"no controller has taken its route to the Gateway {way.gateway}",
                (f"{way.name}: status.parents says nothing of {way.gateway}{about}",),
                ("kubectl get gatewayclasses", f"kubectl describe httproute -n {view.namespace} {name_of(way.route)}"),
            )
    return None


RULE = Rule(
    "route-unattached",
    "route",
    "degraded",
    "its route names a Gateway that is not there, or that no controller serves",
    "the model serves inside of the cluster, and nobody outside reaches it",
    _find,
)
