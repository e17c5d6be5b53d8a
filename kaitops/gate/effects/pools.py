"""Whether the pools of nodes that a tree declares take the pods that are meant for them: taints, labels, requirements.

A cluster may have more pools than the tree says, so a pod is held only to those that it names by a label of theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.effects import absent, requests
from kaitops.gate.effects.made import SELECTED, Pod
from kaitops.gate.effects.state import State
from kaitops.gate.native.forms import amount
from kaitops.gate.objects import Item
from kaitops.kaito import room

_REQUIRED = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
POOL = "karpenter.sh/nodepool"
"""The label of a node that names its pool."""
# What the cluster puts on a node that takes no further pods.
_CORDON: Object = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
_KEEPING_OFF = ("NoSchedule", "NoExecute")


class Pool(NamedTuple):
    """Nodes that a tree declares.

    Attributes:
        labels: that every node of it has, by which a pod may name it.
        offered: values that a node of it may have, by the label's key.
        limits: what all of its nodes may have together, as it is written.
    """

    subject: str
    labels: Object
    offered: Mapping[str, Sequence[object]]
    taints: Sequence[Object]
    limits: Object


class _Refusal(NamedTuple):
    """Why a pool does not take a pod, and whom it loses."""

    text: str
    lost: str = "the pod is"


class Wish(NamedTuple):
    """A label that a node must have, or must not have."""

    key: str
    operator: str
    values: Sequence[object]


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """Pods that name a pool of the tree and that none of its nodes takes."""
    known = list(declared(state.items))
    names = {str(one.labels[POOL]) for one in known if POOL in one.labels}
    for pod in state.pods:
        for text in (*_lost(pod, known), *_slipped(pod, names, state)):
            yield pod.item, pod.path, text


def _slipped(pod: Pod, names: AbstractSet[str], state: State) -> Iterator[str]:
    """A pool that the pod names by a slip."""
    for wish in (one for wishes in ways(pod.spec)[:1] for one in wishes if one.key == POOL and one.operator == "In"):
        for name in map(str, wish.values if names.isdisjoint(map(str, wish.values)) else ()):
            need = f"NodePool {name}"
            if not state.settled(need) and (asked := absent.slipped(need, names, pod.item)):
                yield f"names NodePool {name}, which the tree does not declare, so the pod is never placed; {asked}"


def sizes(pod: Pod, known: Sequence[Pool] = ()) -> list[str]:
    """The machines that a pod is declared for, by its own words or those of pools that it names; any will do."""
    if pod.size:
        return [pod.size]
    found: dict[str, None] = {}
    for wishes in ways(pod.spec):
        said = [one.values for one in wishes if one.key == SELECTED and one.operator == "In"]
        named = said[:1] or [pool.offered.get(SELECTED, ()) for pool in known if _is_named(pool, wishes)]
        if not named or not all(named):
            return []  # a way that says nothing of machines
        found |= dict.fromkeys(str(size) for each in named for size in each)
    return list(found)


def declared(tree: Sequence[Item]) -> Iterator[Pool]:
    """The pools and nodes of a tree."""
    for item in tree:
        data = item.data
        if data["kind"] == "NodePool" and data["apiVersion"].startswith("karpenter.sh/"):
            spec = mapping(at(data, "spec", "template", "spec"))
            offered = {
                str(mapping(one).get("key")): items(mapping(one).get("values"))
                for one in items(spec.get("requirements"))
                if mapping(one).get("operator") == "In"
            }
            labels = {**mapping(at(data, "spec", "template", "metadata", "labels")), POOL: data["metadata"]["name"]}
            taints = [mapping(one) for one in items(spec.get("taints"))]
            yield Pool(item.subject, labels, offered, taints, mapping(at(data, "spec", "limits")))
        elif data["kind"] == "Node" and data["apiVersion"] == "v1":
            taints = [mapping(one) for one in items(at(data, "spec", "taints"))]
            taints += [_CORDON] if at(data, "spec", "unschedulable") is True else []
            yield Pool(item.subject, mapping(data["metadata"].get("labels")), {}, taints, {})


def _lost(pod: Pod, known: Sequence[Pool]) -> Iterator[str]:
    """One text where every way that the pod may be placed by leads to a pool that does not take it."""
    reasons: list[_Refusal] = []
    for wishes in ways(pod.spec):
        meant = [pool for pool in known if _is_named(pool, wishes)]
        if not meant:
            return
        for pool in meant:
            reason = _refusal(pool, wishes, pod)
            if reason is None:
                return
            reasons.append(reason)
    if reasons:
        more = f" (and {len(reasons) - 1} like it)" if len(reasons) > 1 else ""
        yield f"{reasons[0].text}{more}, so {reasons[0].lost} never placed"


def ways(spec: Object) -> list[list[Wish]]:
    """What a node must have, in each of the ways that the pod allows.

    A term that says nothing is met by no node.
    """
    always = [Wish(key, "In", [value]) for key, value in mapping(spec.get("nodeSelector")).items()]
    terms = [
        [
            Wish(str(mapping(one).get("key")), str(mapping(one).get("operator")), items(mapping(one).get("values")))
            for one in items(mapping(term).get("matchExpressions"))
        ]
        for term in items(at(spec, *_REQUIRED))
        if mapping(term).get("matchExpressions") or mapping(term).get("matchFields")
    ]
    return [always + one for one in terms] or [always]


def _is_named(pool: Pool, wishes: Sequence[Wish]) -> bool:
    """A label of the pool's own is asked for, and none of its own is asked to be another."""
    own = [one for one in wishes if one.key in pool.labels]
    asked = [one for one in own if one.operator == "In"]
    return bool(asked) and all(is_met(one, [pool.labels[one.key]]) for one in own)


def is_met(wish: Wish, values: Sequence[object]) -> bool:
    """A node whose label has one of the values may be what is wished for."""
    if wish.operator == "In":
        return any(value in wish.values for value in values)
    if wish.operator == "NotIn":
        return any(value not in wish.values for value in values)
    return wish.operator != "DoesNotExist"


def _refusal(pool: Pool, wishes: Sequence[Wish], pod: Pod) -> _Refusal | None:
    for wish in wishes:
        if wish.key in pool.offered and not is_met(wish, pool.offered[wish.key]):
            asked, had = (", ".join(map(str, one)) for one in (wish.values, pool.offered[wish.key]))
            return _Refusal(
                f"names {pool.subject} by its labels and wants {wish.key} {wish.operator} {asked}, of which the pool "
                f"has {had}"
            )
    for taint in pool.taints:
        if taint.get("effect") in _KEEPING_OFF and not any(
            _tolerates(mapping(one), taint) for one in items(pod.spec.get("tolerations"))
        ):
            value = f"={taint['value']}" if taint.get("value") else ""
            text = f"{taint.get('key')}{value}:{taint.get('effect')}"
            whose = (
                "KAITO gives its pods no toleration of it; take the taint off the pool" if pod.made else "tolerate it"
            )
            return _Refusal(f"names {pool.subject} by its labels and does not tolerate its taint {text} ({whose})")
    return _beyond(pool, pod)


def _beyond(pool: Pool, pod: Pod) -> _Refusal | None:
    """Pods that ask for more than all nodes of the pool may have; what nodes keep for themselves is not counted."""
    asked = requests.requested(pod.spec) if pool.limits else {}
    for key, limit in pool.limits.items():
        most, each = amount(limit), asked.get(str(key))
        machines = [room.of(str(one)).get(str(key)) for one in pool.offered.get(SELECTED, ())]
        least = min((one.whole for one in machines if one is not None), default=None)
        if most is not None and least is not None and least > most and None not in machines:
            text = f"names {pool.subject} by its labels, whose limits allow {limit} of {key}, less than a machine has"
            return _Refusal(f"{text} (raise them)")
        if most is not None and each is not None and each * pod.replicas > most:
            text = f"names {pool.subject} by its labels, whose limits allow {limit} of {key} in all"
            if each > most:
                return _Refusal(f"{text} (raise them)")
            fit = f"room for {int(most / each)} of its {pod.replicas} pods"
            return _Refusal(f"{text}, {fit} (raise them)", "the others are")
    return None


def _tolerates(toleration: Object, taint: Object) -> bool:
    if toleration.get("effect") not in (None, "", taint.get("effect")):
        return False
    if toleration.get("operator") == "Exists":
        return toleration.get("key") in (None, "", taint.get("key"))
    return toleration.get("key") == taint.get("key") and (toleration.get("value") or "") == (taint.get("value") or "")
