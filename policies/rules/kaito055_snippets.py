"""No text of an Ingress becomes configuration of the proxy that all share."""

from kaitops.policies import cel
from kaitops.policies.anatomy import INGRESS
from kaitops.policies.reading import annotations
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

# Of HAProxy Ingress a text for each part of its configuration.
_PARTS = ("backend", "defaults", "frontend", "global", "proxy", "sections", "tcp", "tcp-service")
_ENDS = ("-snippet", "-snippets", *(f"/config-{part}" for part in _PARTS))


def _check(document: Document, context: Context) -> Found:
    for path, notes in annotations(document):
        for key in notes:
            if key.endswith(_ENDS):
                yield (*path, key), "is put into the configuration of the controller, which reads every Secret for TLS"


_NOTES = "object.metadata.annotations"
_TEST = " && ".join(f"!k.endsWith({cel.quoted(end)})" for end in _ENDS)


RULE = Rule(
    id="KAITO055",
    severity=Severity.HIGH,
    title="no configuration in annotations of an Ingress",
    why="Whoever may write an Ingress then reads what the controller can.",
    source="CVE-2021-25742; checkov CKV_K8S_152 to 154",
    remedy="use annotations with one meaning each, or ask the owners of the controller",
    kinds=(INGRESS,),
    check=_check,
    cel=cel.same(cel.unless(_NOTES, f"{_NOTES}.all(k, {_TEST})")),
)
