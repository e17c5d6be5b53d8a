"""The model fits the machines that are meant for it."""

from kaitops import fit
from kaitops.policies.anatomy import INFERENCES
from kaitops.policies.reading import at, declared_context, handed_annotations, inference, machines, models, number, text
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity


def _check(document: Document, context: Context) -> Found:
    yield from _trains(document, context)
    if handed_annotations(document).get("kaito.sh/runtime") == "transformers" or not inference(document)[1].get(
        "preset"
    ):
        return
    release, table = context.release, context.release.skus(context.cloud)
    _, tokens = declared_context(document, context)
    length = max(number(tokens) or 0, 0)
    count = number(at(document, "resource", "count"))
    for path, size in machines(document):
        for _, name, _ in models(document):
            preset = release.catalogue.find(name)
            if preset is None or table.find(size) is None:
                continue
            nodes = release.node_estimate(cloud=context.cloud, preset=name, sku=size, context=length)
            limits = [limit for limit in (count, context.config.max_nodes) if limit is not None]
            if nodes == 0:
                yield path, f"{name} fits no number of {size}: the fixed costs leave no memory for weights"
            elif nodes > min(limits, default=nodes):
                yield path, f"{name} takes {nodes} x {size}, {min(limits)} are meant for it"


def _trains(document: Document, context: Context) -> Found:
    """A tuning job has no estimate: it gets one machine, and each of its GPUs loads all of the weights."""
    preset = context.release.catalogue.find(text(at(document, "tuning", "preset", "name")))
    if preset is None or preset.tuning is None:
        return
    for path, size in machines(document):
        sku = context.release.skus(context.cloud).find(size)
        if sku is not None and (short := fit.untrained(preset, sku, text(at(document, "tuning", "method")))):
            yield path, short


RULE = Rule(
    id="KAITO005",
    severity=Severity.HIGH,
    title="model fits the machines",
    why="With node provisioning the webhook skips the memory check and the estimator adds machines silently.",
    source="KAITO pkg/workspace/estimator/nodesestimator; OWASP LLM10",
    remedy="take a larger size, a shorter context, or raise the budget; kaitops fit shows what holds the model",
    kinds=INFERENCES,
    check=_check,
    scope=Scope.AIDED,
)
