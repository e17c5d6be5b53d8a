"""What leaves the cluster from a RAGEngine uses TLS."""

import re

from kaitops.policies import cel
from kaitops.policies.anatomy import RAGENGINE
from kaitops.policies.reading import at, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_PATHS = (("embedding", "remote", "url"), ("inferenceService", "url"), ("storage", "vectorDB", "url"))
# TLS, or a name that only resolves within the cluster: without a dot, or below .svc.
_PATTERN = "^(?i:https://|http://([a-z][a-z0-9-]*|[a-z0-9.-]+[.]svc([.]cluster[.]local)?[.]?|127[.]0[.]0[.]1)(:[0-9]+)?([/?#]|$))"


def _check(document: Document, context: Context) -> Found:
    for path in _PATHS:
        url = text(at(document, "spec", *path))
        if "://" in url and not re.search(_PATTERN, url):
            yield ("spec", *path), "documents and questions leave the cluster in the clear"


def _cel(path: tuple[str, ...]) -> str:
    url = ".".join(("object", "spec", *path))
    return cel.unless(url, f"!{url}.contains('://') || {url}.matches({cel.quoted(_PATTERN)})")


RULE = Rule(
    id="KAITO021",
    severity=Severity.HIGH,
    title="endpoints outside of the cluster use https",
    why="The webhook admits any URL; what is indexed and asked goes through it.",
    source="KAITO api/v1beta1/ragengine_validation.go; OWASP LLM02",
    remedy="use https, or the Service's name ending in .svc",
    kinds=(RAGENGINE,),
    check=_check,
    cel=cel.same(" && ".join(_cel(path) for path in _PATHS)),
)
