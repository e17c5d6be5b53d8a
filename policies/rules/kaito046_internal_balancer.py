"""Services are not published past a gateway: load balancers are internal, nodes and foreign addresses stay closed."""

from kaitops.policies import cel
from kaitops.policies.anatomy import SERVICE
from kaitops.policies.reading import annotations, at, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_KEY = "service.beta.kubernetes.io/azure-load-balancer-internal"
_WITHIN = (".svc", ".svc.cluster.local")
_MORE = "service.beta.kubernetes.io/azure-additional-public-ips"


def _check(document: Document, context: Context) -> Found:
    kind = at(document, "spec", "type")
    for path, notes in annotations(document):
        if kind == "LoadBalancer" and notes.get(_KEY) != "true":
            yield ("spec", "type"), "the load balancer gets a public address"
        if _MORE in notes:
            yield (*path, _MORE), "the load balancer gets further public addresses"
    if kind == "NodePort":
        yield ("spec", "type"), "each node opens a port, past gateways and their logins"
    if items(at(document, "spec", "externalIPs")):
        yield ("spec", "externalIPs"), "nodes take what is sent to these addresses, whoever they belong to"
    name = text(at(document, "spec", "externalName"))
    if kind == "ExternalName" and not name.removesuffix(".").endswith(_WITHIN):
        yield ("spec", "externalName"), "what is sent to a name of the cluster leaves it"


_NOTES = "object.metadata.annotations"
_INTERNAL = cel.given(_NOTES, f"{cel.quoted(_KEY)} in {_NOTES} && {_NOTES}[{cel.quoted(_KEY)}] == 'true'")
_NAME = "object.spec.externalName"
_INNER = " || ".join(f"{_NAME}.endsWith({cel.quoted(end)})" for one in _WITHIN for end in (one, f"{one}."))
_TESTS = (
    cel.unless("object.spec.type", f"object.spec.type != 'LoadBalancer' || {_INTERNAL}"),
    cel.unless("object.spec.type", "object.spec.type != 'NodePort'"),
    cel.unless("object.spec.externalIPs", "size(object.spec.externalIPs) == 0"),
    cel.unless("object.spec.type", f"object.spec.type != 'ExternalName' || {cel.given(_NAME, f'({_INNER})')}"),
    cel.unless(_NOTES, f"!({cel.quoted(_MORE)} in {_NOTES})"),
)

RULE = Rule(
    id="KAITO046",
    severity=Severity.HIGH,
    title="services are internal",
    why="No built-in check of the usual scanners covers a public Service.",
    source="AKS internal load balancer; CVE-2020-8554 for external addresses",
    remedy=f'use ClusterIP behind a gateway, or a load balancer with the annotation {_KEY}: "true"',
    kinds=(SERVICE,),
    check=_check,
    cel=cel.same(" && ".join(_TESTS)),
)
