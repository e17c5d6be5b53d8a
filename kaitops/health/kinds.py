"""How each kind is judged: the one definition that Lua, CEL and Python follow.

Owns the rules and their order. The reasons and texts that they know, and whether a kind's observedGeneration can be
relied on, are ``health.json`` of the KAITO version; the condition that means ready is ``lifecycle.json``.

What leads: an error of the first reconcile is degraded; then an edit that the controller has not seen is progressing
whatever the old conditions say; then ready is healthy; then evidence of a failure is degraded. A reason or error that
is not known as normal waiting is evidence, because the controllers' generic reasons cover all normal waiting. Without
evidence an object is progressing.
"""

from functools import cache
from typing import Any

from kaitops.errors import BadInput
from kaitops.health.definition import Definition, Rule
from kaitops.health.expression import ALWAYS, Behind, Condition, Every, Expression, Field, Some, Young
from kaitops.kaito import facts
from kaitops.kaito.lifecycle import Lifecycle

_REFUSED = "The controller cannot carry it out"
_LATER = "The controller has not looked at the latest change yet"


@cache
def definitions(version: str) -> dict[str, Definition]:
    """The definitions of a KAITO version by kind.

    Raises:
        BadInput: there are no facts about health for the version.
    """
    known: Any = facts.load(version, "health.json")
    waiting = {name: tuple(texts) for name, texts in known["waiting"].items()}
    makers = {
        "Workspace": _workspace,
        "InferenceSet": _inference_set,
        "RAGEngine": _rag_engine,
        "MultiRoleInference": _multi_role_inference,
        "ModelMirror": _model_mirror,
        "NodeClaim": _node_claim,
        "NodePool": _node_pool,
        "AKSNodeClass": _node_class,
    }
    made: dict[str, Definition] = {}
    for kind, row in known["kinds"].items():
        ready = row.get("ready") or Lifecycle.of(version, kind).ready
        rules = [*_seen(ready, row["observed"]), *makers[kind](ready, waiting, known["error"])]
        if kind == "Workspace":
            rules.insert(0, _refused_at_first(ready, waiting, known["error"]))
        made[kind] = Definition(row["apiVersion"], kind, version, known["error"], tuple(rules))
    return made


def definition(version: str, kind: str, group: str | None = None) -> Definition:
    """The definition of one kind.

    Raises:
        BadInput: there is none.
    """
    found = definitions(version).get(kind)
    if found is None or group not in (None, found.group):
        names = ", ".join(f"{one.kind}.{one.group}" for one in definitions(version).values())
        raise BadInput(f"kind: {kind}.{group or ''} is no kind whose health is defined; those are {names}")
    return found


def _seen(ready: str, observed: list[str]) -> list[Rule]:
    """The rules that every kind begins with."""
    places: dict[str, Expression] = {"status": Behind(), "condition": Condition(ready, behind=True)}
    # A pressure on the node is a remark in a condition that stays True.
    warned = Condition("NodesReady", mentions=("warning:",))
    done = Rule("ready", "healthy", Condition(ready, "True"), "Ready", (warned,))
    later = tuple(places[one] for one in observed)
    return [Rule("behind", "progressing", Some(later), _LATER, ()), done] if later else [done]


def _open(*types: str) -> tuple[Condition, ...]:
    """Conditions that are there and not True, to cite in this order."""
    return tuple(Condition(one, unlike="True") for one in types)


def _pending(text: str, *types: str) -> Rule:
    return Rule("pending", "progressing", ALWAYS, text, _open(*types))


def _refused_at_first(ready: str, waiting: dict[str, tuple[str, ...]], error: str) -> Rule:
    """An error of the first reconcile counts although the controller's own edit has moved the generation since."""
    refused = Condition(ready, unlike="True", mentions=(error,), silent=waiting["errors"])
    return Rule("refused-at-first", "degraded", Every((Young(), refused)), _REFUSED, (refused,))


def _workspace(ready: str, waiting: dict[str, tuple[str, ...]], error: str) -> list[Rule]:
    refused = Condition(ready, unlike="True", mentions=(error,), silent=waiting["errors"])
    machine = Condition("NodeClaimReady", unlike="True", apart=waiting["machine"])
    server = Condition("InferenceReady", unlike="True", apart=waiting["server"])
    mirror = Condition("ModelMirrorReady", unlike="True", apart=waiting["mirror"])
    benchmark = Condition(ready, reasons=("BenchmarkFailed",))
    was_ready = Field("state", ("NotReady",))
    nodes = Condition("NodesReady", unlike="True")
    return [
        Rule("refused", "degraded", refused, _REFUSED, (refused,)),
        Rule("no-machine", "degraded", machine, "It gets no machine", (machine,)),
        Rule("server-fails", "degraded", server, "The model server does not start", (server,)),
        Rule("no-weights", "degraded", mirror, "The weights cannot be fetched", (mirror,)),
        Rule("benchmark-failed", "degraded", benchmark, "KAITO does not call it ready", (benchmark,)),
        Rule(
            "tuning-failed",
            "degraded",
            Field("state", ("Failed",)),
            "A pod of the tuning Job failed; the Job tells whether it tries again",
            _open("JobStarted", ready),
        ),
        Rule(
            "nodes-lost",
            "degraded",
            Every((was_ready, nodes)),
            "It was ready and lost its node",
            (Condition("InferenceReady", apart=waiting["server"][:1], unlike="True"), nodes),
        ),
        Rule(
            "again",
            "progressing",
            was_ready,
            "It was ready before and does not serve: a rollout or a failure, the pods tell which",
            _open("InferenceReady"),
        ),
        Rule("working", "progressing", Field("state", ("Running",)), "The tuning Job runs", (Condition(ready),)),
        _pending(
            "Not ready yet", "NodeClaimReady", "NodesReady", "ModelMirrorReady", "InferenceReady", "JobStarted", ready
        ),
    ]


def _inference_set(ready: str, waiting: dict[str, tuple[str, ...]], error: str) -> list[Rule]:
    return [_pending("Not ready, its Workspaces tell why", ready)]


def _multi_role_inference(ready: str, waiting: dict[str, tuple[str, ...]], error: str) -> list[Rule]:
    refused = Condition(ready, unlike="True", reasons=("ReconcileFailed",), silent=waiting["errors"])
    return [
        Rule("refused", "degraded", refused, _REFUSED, (refused,)),
        _pending("Not ready, the InferenceSets of its roles tell why", "PrefillReady", "DecodeReady", ready),
    ]


def _model_mirror(ready: str, waiting: dict[str, tuple[str, ...]], error: str) -> list[Rule]:
    failed = Condition(ready, unlike="True")
    storage = Condition("StorageReady", unlike="True", apart=waiting["storage"])
    return [
        Rule("download-failed", "degraded", failed, "The weights cannot be fetched", (failed,)),
        Rule("no-storage", "degraded", storage, "It gets no volume", (storage,)),
        _pending("The weights are not there yet", "StorageReady"),
    ]


def _rag_engine(ready: str, waiting: dict[str, tuple[str, ...]], error: str) -> list[Rule]:
    # Not RAGEngineServiceReady: its False stays for ever once it was set.
    failed = Condition(ready, unlike="True", silent=waiting["errors"])
    return [
        Rule("failed", "degraded", failed, "The engine does not start", (failed,)),
        _pending("Not ready yet", "NodeClaimReady", "ResourceReady", ready),
    ]


def _node_claim(ready: str, waiting: dict[str, tuple[str, ...]], error: str) -> list[Rule]:
    stages = ("Launched", "Registered", "Initialized")
    failed = tuple(Condition(one, unlike="True", apart=waiting["machine"]) for one in stages)
    return [
        Rule("no-machine", "degraded", Some(failed), "There is no machine", failed),
        _pending("The machine is not ready yet", *stages, ready),
    ]


def _node_pool(ready: str, waiting: dict[str, tuple[str, ...]], error: str) -> list[Rule]:
    refused = (
        Condition("ValidationSucceeded", "False"),
        Condition("NodeClassReady", "False", apart=waiting["nodeClass"]),
    )
    return [
        Rule("refused", "degraded", Some(refused), "Karpenter cannot use it", refused),
        _pending("Not ready yet", "NodeClassReady", "ValidationSucceeded", ready),
    ]


def _node_class(ready: str, waiting: dict[str, tuple[str, ...]], error: str) -> list[Rule]:
    parts = ("ValidationSucceeded", "KubernetesVersionReady", "ImagesReady", "SubnetsReady", ready)
    failed = Condition(ready, "False")
    causes = tuple(Condition(one, "False") for one in parts)
    return [
        Rule("refused", "degraded", failed, "Karpenter cannot use it", causes),
        _pending("Not ready yet", *parts),
    ]
