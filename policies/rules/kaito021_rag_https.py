"""What leaves the cluster from a RAGEngine uses TLS."""

import re

from kaitops.policies import cel
from kaitops.policies.anatomy import RAGENGINE
from kaitops.policies.reading import at, text
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity

_PATHS = (("embedding", "remote", "url"), ("inferenceService", "url"), ("storage", "vectorDB", "url"))
# TLS, or a name that only resolves within the cluster: without a dot, or below .svc.
_PATTERN = "^(?i:https://|http://([a-z][a-z0-9-]*|[a-z0-9.-]+[.]svc([.]cluster[.]local)?[.]?|127[.]0[.]0[.]1)(:[0-9]+)?([/?#]|$))"
# A Service and its namespace, which resolves within the cluster as long as the Service is there.
_START, _END = "^(?i:http://([a-z][a-z0-9-]*)[.]", "(:[0-9]+)?([/?#]|$))"
_OF_NAMESPACE = re.compile(f"{_START}([a-z0-9-]+){_END}")


def _check(document: Document, context: Context) -> Found:
    for path in _PATHS:
        url = text(at(document, "spec", *path))
        if "://" in url and not re.search(_PATTERN, url) and not _is_service(url, document, context):
            yield ("spec", *path), "documents and questions leave the cluster in the clear"


def _is_service(url: str, document: Document, context: Context) -> bool:
    """The host is the name and the namespace of a Service; where no other object is seen, of one beside the engine."""
    match = _OF_NAMESPACE.match(url)
    if match is None:
        return False
    name, space = match[1].lower(), match[2].lower()
    if not context.objects:
        return space == at(document, "metadata", "namespace")
    # Of a Workspace that serves KAITO makes a Service of its name.
    model = context.find("Workspace", space, name)
    return context.find("Service", space, name) is not None or (model is not None and "tuning" not in model)


def _cel(path: tuple[str, ...]) -> str:
    url, space = ".".join(("object", "spec", *path)), "object.metadata.namespace"
    beside = f"{url}.matches({cel.quoted(_START)} + {space} + {cel.quoted(_END)})"
    inside = f"{url}.matches({cel.quoted(_PATTERN)}) || {cel.given(space, beside)}"
    return cel.unless(url, f"!{url}.contains('://') || {inside}")


RULE = Rule(
    id="KAITO021",
    severity=Severity.HIGH,
    title="endpoints outside of the cluster use https",
    why="The webhook admits any URL; what is indexed and asked goes through it.",
    source="KAITO api/v1beta1/ragengine_validation.go; OWASP LLM02",
    remedy="use https, or the Service's name ending in .svc",
    kinds=(RAGENGINE,),
    check=_check,
    scope=Scope.AIDED,
    cel=cel.same(" && ".join(_cel(path) for path in _PATHS)),
)
