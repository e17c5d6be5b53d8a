"""Load balancers are internal."""

from policies import cel
from policies.reading import SERVICE, annotations, at
from policies.rule import Context, Document, Found, Rule, Severity

_KEY = "service.beta.kubernetes.io/azure-load-balancer-internal"


def _check(document: Document, context: Context) -> Found:
    if at(document, "spec", "type") == "LoadBalancer" and annotations(document).get(_KEY) != "true":
        yield ("spec", "type"), "the load balancer gets a public address"


_NOTES = "object.metadata.annotations"

RULE = Rule(
    id="KAITO046",
    severity=Severity.HIGH,
    title="load balancers are internal",
    why="No built-in check of the usual scanners covers a public Service.",
    source="AKS internal load balancer",
    remedy=f'set the annotation {_KEY}: "true", or use ClusterIP behind a gateway',
    kinds=(SERVICE,),
    check=_check,
    cel=cel.same(
        cel.unless(
            "object.spec.type",
            "object.spec.type != 'LoadBalancer' || "
            + cel.given(_NOTES, f"{cel.quoted(_KEY)} in {_NOTES} && {_NOTES}[{cel.quoted(_KEY)}] == 'true'"),
        )
    ),
)
