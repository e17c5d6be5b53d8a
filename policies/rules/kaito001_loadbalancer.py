"""No workload is published to the internet by annotation."""

from kaitops.policies import cel
from kaitops.policies.anatomy import RAGENGINE, SERVED
from kaitops.policies.reading import annotations
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_KEY = "kaito.sh/enablelb"


def _check(document: Document, context: Context) -> Found:
    for path, notes in annotations(document):
        # KAITO compares with this and nothing else; that another value counts for nothing is said by the gate.
        if str(notes.get(_KEY)) == "True":
            yield (*path, _KEY), "a load balancer publishes the model and Ray's ports without a login"


RULE = Rule(
    id="KAITO001",
    severity=Severity.CRITICAL,
    title="no public load balancer",
    why="The Service then publishes port 80 and Ray's 6379 and 8265 without authentication; Ray's job API runs code.",
    source="KAITO pkg/workspace/manifests/manifests.go; CVE-2023-48022",
    remedy="drop the annotation; publish through a gateway with TLS and a login",
    kinds=(*SERVED, RAGENGINE),
    check=_check,
    cel=cel.annotation(_KEY, "string({}) != 'True'"),
)
