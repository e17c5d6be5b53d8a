"""Pods say how much processor and memory they need."""

from kaitops.policies import cel
from kaitops.policies.anatomy import PODS
from kaitops.policies.made import cel_own, own_containers
from kaitops.policies.reading import at
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    for path, container in own_containers(document, context, init=False):
        limits, requests = (at(container, "resources", part) for part in ("limits", "requests"))
        if at(requests, "cpu") is None and at(limits, "cpu") is None:
            yield (*path, "resources", "requests", "cpu"), "no processor is asked for"
        if at(limits, "memory") is None:
            yield (*path, "resources", "limits", "memory"), "memory has no limit, so this pod can starve its neighbours"


_REQUEST, _LIMIT = (
    cel.given("dyn(c.resources).requests.cpu", "", "c"),
    cel.given("dyn(c.resources).limits.cpu", "", "c"),
)
_CELL = f"({_REQUEST} || {_LIMIT}) && {cel.given('dyn(c.resources).limits.memory', '', 'c')}"

RULE = Rule(
    id="KAITO019",
    severity=Severity.MEDIUM,
    title="processor request and memory limit",
    why="AKS safeguards set 500m and 2Gi where they are missing, with which an inference server is killed.",
    source="AKS deployment safeguards: container resource requests and limits",
    remedy="set resources.requests.cpu and resources.limits.memory (which is the request as well unless one is given)",
    kinds=PODS,
    pods=True,
    check=_check,
    cel=lambda kind, config: cel_own(kind, config, _CELL, init=False),
)
