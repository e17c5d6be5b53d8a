"""What a pod reaches by a name is what the cluster says it is."""

from kaitops.policies import cel
from kaitops.policies.anatomy import PODS
from kaitops.policies.reading import at, items, pod
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    path, spec = pod(document)
    if items(spec.get("hostAliases")):
        yield (*path, "hostAliases"), "gives names addresses of its own, so what it fetches by them comes from there"
    if items(at(spec, "dnsConfig", "nameservers")):
        yield (*path, "dnsConfig", "nameservers"), "asks servers of its own for every name, so they see and choose all"


def _cel(kind: str) -> str:
    spec = cel.pod(kind)
    paths = (f"{spec}.hostAliases", f"{spec}.dnsConfig.nameservers")
    return " && ".join(cel.unless(path, f"size({path}) == 0") for path in paths)


RULE = Rule(
    id="KAITO052",
    severity=Severity.HIGH,
    title="names resolved by the cluster",
    why="Weights, Secrets and other Services are found by name; NetworkPolicies and reviews trust those names.",
    source="Kubernetes: DNS for Services and pods; OWASP LLM03",
    remedy="let the cluster's DNS answer, and forward a zone there where one is needed",
    kinds=PODS,
    pods=True,
    check=_check,
    cel=lambda kind, _: _cel(kind),
)
