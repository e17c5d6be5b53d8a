"""Ports without a login stay within the cluster."""

from policies import cel
from policies.reading import SERVICE, at, items
from policies.rule import Context, Document, Found, Rule, Severity

_OPEN = (6379, 8265, 5557)
_TYPES = ("LoadBalancer", "NodePort")


def _check(document: Document, context: Context) -> Found:
    if at(document, "spec", "type") not in _TYPES:
        return
    for place, port in enumerate(items(at(document, "spec", "ports"))):
        number = at(port, "port")
        if number in _OPEN or at(port, "targetPort") in _OPEN:
            yield ("spec", "ports", place), f"port {number} takes commands without a login and leaves the cluster"


_PORTS = "object.spec.ports"
_LISTED = str(list(_OPEN))
_CLOSED = " && ".join(
    f"!(has(p.{field}) && type(p.{field}) == int && p.{field} in {_LISTED})" for field in ("port", "targetPort")
)

RULE = Rule(
    id="KAITO103",
    severity=Severity.CRITICAL,
    title="Ray and KV events are not published",
    why="Ray's job API runs any code that it is sent.",
    source="CVE-2023-48022; KAITO pkg/workspace/manifests, ports",
    remedy="publish port 80 only, in a Service of its own",
    kinds=(SERVICE,),
    check=_check,
    cel=cel.same(
        cel.unless("object.spec.type", f"!(object.spec.type in {cel.listed(_TYPES)})")
        + " || "
        + cel.unless(
            _PORTS,
            f"{_PORTS}.all(p, {_CLOSED})",
        )
    ),
)
