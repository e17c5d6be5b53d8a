"""Plain pods with a GPU may run on GPU nodes."""

from kaitops.policies.anatomy import WORKLOADS
from kaitops.policies.reading import GPU, at, containers, is_plain, items, pod
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    path, spec = pod(document)
    if not is_plain(document) or not any(at(each, "resources", "limits", GPU) for _, each in containers(document)):
        return
    tolerated = [at(each, "key") for each in items(spec.get("tolerations"))]
    if GPU not in tolerated and None not in tolerated:
        yield (*path, "tolerations"), f"asks for a GPU and does not tolerate {GPU}, so it is placed nowhere"


RULE = Rule(
    id="KAITO105",
    severity=Severity.MEDIUM,
    title="plain GPU pods tolerate GPU nodes",
    why="KAITO forgets the toleration on tuning pods; its own nodes carry the taint.",
    source="kaitops plain mode, deviation of placed tuning",
    remedy="render with the deviations on",
    kinds=WORKLOADS,
    check=_check,
)
