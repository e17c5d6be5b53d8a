"""Services are not published past a gateway: load balancers are internal, nodes and foreign addresses stay closed."""

from kaitops.policies import cel
from kaitops.policies.anatomy import SERVICE
from kaitops.policies.reading import annotations, at, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_KEY = "service.beta.kubernetes.io/azure-load-balancer-internal"
_WITHIN = (".svc", ".svc.cluster.local")
_MORE = "service.beta.kubernetes.io/azure-additional-public-ips"
_LINK = "service.beta.kubernetes.io/azure-pls-visibility"
_AWS = "service.beta.kubernetes.io/aws-load-balancer-"
# What makes a load balancer internal, by cloud, and the classes of those who read it; without a class the cloud does.
_INTERNAL_BY = {
    "azure": ((_KEY, "true"),),
    "aws": ((f"{_AWS}scheme", "internal"), (f"{_AWS}internal", "true")),
}
_CLASSES = {"aws": ("service.k8s.aws/nlb", "eks.amazonaws.com/nlb")}


def _check(document: Document, context: Context) -> Found:
    kind = at(document, "spec", "type")
    for path, notes in annotations(document):
        internal = any(notes.get(key) == value for key, value in _INTERNAL_BY.get(context.cloud, _INTERNAL_BY["azure"]))
        if kind == "LoadBalancer" and not internal:
            yield ("spec", "type"), "the load balancer gets a public address"
        elif kind == "LoadBalancer" and at(document, "spec", "loadBalancerClass") not in _classes(context.cloud):
            yield ("spec", "loadBalancerClass"), "is another's than the cloud's, who reads no annotation of the cloud"
        if _MORE in notes:
            yield (*path, _MORE), "the load balancer gets further public addresses"
        if "*" in text(notes.get(_LINK)):
            yield (*path, _LINK), "everybody's subscriptions may ask for a private link to it"
    if kind == "NodePort":
        yield ("spec", "type"), "each node opens a port, past gateways and their logins"
    if items(at(document, "spec", "externalIPs")):
        yield ("spec", "externalIPs"), "nodes take what is sent to these addresses, whoever they belong to"
    name = text(at(document, "spec", "externalName"))
    if kind == "ExternalName" and not name.removesuffix(".").endswith(_WITHIN):
        yield ("spec", "externalName"), "what is sent to a name of the cluster leaves it"


def _classes(cloud: str) -> tuple[str | None, ...]:
    return (None, *_CLASSES.get(cloud, ()))


_NOTES = "object.metadata.annotations"
# A policy in a cluster does not know of which cloud it is: what is internal on one of them passes.
_ANY = " || ".join(
    f"({cel.quoted(key)} in {_NOTES} && {_NOTES}[{cel.quoted(key)}] == {cel.quoted(value)})"
    for pairs in _INTERNAL_BY.values()
    for key, value in pairs
)
_INTERNAL = cel.given(_NOTES, f"({_ANY})")
_CLASS = "object.spec.loadBalancerClass"
_KNOWN = cel.listed([one for classes in _CLASSES.values() for one in classes])
_NAME = "object.spec.externalName"
_INNER = " || ".join(f"{_NAME}.endsWith({cel.quoted(end)})" for one in _WITHIN for end in (one, f"{one}."))
_TESTS = (
    cel.unless("object.spec.type", f"object.spec.type != 'LoadBalancer' || {_INTERNAL}"),
    cel.unless("object.spec.type", "object.spec.type != 'NodePort'"),
    cel.unless("object.spec.externalIPs", "size(object.spec.externalIPs) == 0"),
    cel.unless("object.spec.type", f"object.spec.type != 'ExternalName' || {cel.given(_NAME, f'({_INNER})')}"),
    cel.unless(_CLASS, f"object.spec.type != 'LoadBalancer' || {_CLASS} in {_KNOWN}"),
    cel.unless(_NOTES, f"!({cel.quoted(_MORE)} in {_NOTES})"),
    cel.unless(_NOTES, f"!({cel.quoted(_LINK)} in {_NOTES}) || !{_NOTES}[{cel.quoted(_LINK)}].contains('*')"),
)

RULE = Rule(
    id="KAITO046",
    severity=Severity.HIGH,
    title="services are internal",
    why="No built-in check of the usual scanners covers a public Service.",
    source="AKS internal load balancer; CVE-2020-8554 for external addresses",
    remedy=(
        f'use ClusterIP behind a gateway, or a load balancer with the annotation {_KEY}: "true"; on AWS {_AWS}scheme: '
        "internal"
    ),
    kinds=(SERVICE,),
    check=_check,
    cel=cel.same(" && ".join(_TESTS)),
)
