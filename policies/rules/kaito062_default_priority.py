"""Nobody decides by a manifest among others how important every pod of the cluster is."""

from kaitops.policies import cel
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_KEY = "globalDefault"


def _check(document: Document, context: Context) -> Found:
    if document.get(_KEY) is True:
        yield (
            (_KEY,),
            "is the priority of every pod that names none, KAITO's and the models' included, from their next start on",
        )


RULE = Rule(
    id="KAITO062",
    severity=Severity.MEDIUM,
    title="no priority for every pod of the cluster",
    why="Pods with a lower priority are stopped where room is short, and those that started earlier keep a lower one.",
    source="Kubernetes: pod priority and preemption, globalDefault",
    remedy="drop globalDefault, and name the class where it is meant",
    kinds=("scheduling.k8s.io/PriorityClass",),
    check=_check,
    cel=cel.same(cel.unless(f"object.{_KEY}", f"object.{_KEY} == false")),
)
