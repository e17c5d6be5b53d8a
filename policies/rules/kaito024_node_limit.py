"""A set of replicas has a limit on nodes that its replicas fit in."""

from kaitops.policies.anatomy import INFERENCESET
from kaitops.policies.reading import at, machines, models, number
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    limit = number(at(document, "spec", "nodeCountLimit"))
    if limit is None:
        yield ("spec", "nodeCountLimit"), "no limit on nodes, so scaling has none on cost"
        return
    replicas = number(at(document, "spec", "replicas"))
    wanted = 1 if replicas is None else replicas
    for _, size in machines(document):
        for _, name, _ in models(document):
            wanted *= context.release.node_estimate(cloud=context.cloud, preset=name, sku=size) or 1
    if limit < wanted:
        yield ("spec", "nodeCountLimit"), f"allows {limit} nodes, its replicas take {wanted}"


RULE = Rule(
    id="KAITO024",
    severity=Severity.MEDIUM,
    title="node limit set and sufficient",
    why="Unset means any number of GPU machines; too low means replicas that never come.",
    source="KAITO pkg/inferenceset, nodeCountLimit; OWASP LLM10",
    remedy="set nodeCountLimit to at least replicas times nodes of a replica",
    kinds=(INFERENCESET,),
    check=_check,
)
