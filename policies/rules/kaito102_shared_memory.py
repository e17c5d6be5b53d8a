"""Memory volumes have a limit."""

from kaitops.policies import cel
from kaitops.policies.anatomy import PODS
from kaitops.policies.made import cel_made, is_made
from kaitops.policies.reading import at, items, pod
from kaitops.policies.rule import Config, Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if is_made(document, context):
        return  # KAITO's own have the node to themselves and share memory between its GPUs
    path, spec = pod(document)
    for place, volume in enumerate(items(spec.get("volumes"))):
        if at(volume, "emptyDir", "medium") == "Memory" and at(volume, "emptyDir", "sizeLimit") is None:
            yield (*path, "volumes", place, "emptyDir"), "may take all memory of the node"


def _cel(kind: str, config: Config) -> str:
    volumes = f"{cel.pod(kind)}.volumes"
    bounded = "v.emptyDir.medium != 'Memory' || has(dyn(v.emptyDir).sizeLimit)"
    own = cel.unless(volumes, f"{volumes}.all(v, {cel.unless('v.emptyDir.medium', bounded, 'v')})")
    return f"({cel_made(kind, config)} || {own})"


RULE = Rule(
    id="KAITO102",
    severity=Severity.LOW,
    title="memory volumes have a size limit",
    why="Files in memory count as the pod's, and no built-in check of the usual scanners looks at them.",
    source="Kubernetes emptyDir volumes",
    remedy="set emptyDir.sizeLimit",
    kinds=PODS,
    pods=True,
    check=_check,
    cel=_cel,
)
