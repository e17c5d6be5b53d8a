"""A template on a GPU machine asks for its GPUs."""

from kaitops.policies.anatomy import INFERENCES
from kaitops.policies.reading import GPU, at, containers, machines, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _count(value: object) -> int:
    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    written = text(value)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def _check(document: Document, context: Context) -> Found:
    found = list(containers(document, init=False))
    total = 0
    for path, container in found:
        limit, request = (at(container, "resources", part, GPU) for part in ("limits", "requests"))
        total += _count(limit)
        if request is not None and _count(request) != _count(limit):
            yield (*path, "resources", "requests", GPU), "the request has to equal the limit, or the pod is refused"
    for path, size in machines(document) if found else ():
        gpus = context.release.gpus(context.cloud, size)
        if gpus and total == 0:
            yield path, f"pays for {gpus} GPUs of {size}, and no container asks for one"
        elif gpus is not None and total > gpus:
            yield path, f"{total} GPUs are asked for, {size} has {gpus or 'none'}, so the pod is never placed"


RULE = Rule(
    id="KAITO038",
    severity=Severity.HIGH,
    title="template asks for the GPUs of its machine",
    why="Without nvidia.com/gpu the model runs on the processor of a GPU machine.",
    source="Kubernetes device plugins: extended resources",
    remedy="set resources.limits of nvidia.com/gpu to the GPUs that the machine has",
    kinds=INFERENCES,
    check=_check,
)
