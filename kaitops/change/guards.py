"""What a change takes away from what holds others: pod security, network policies, admission, quotas.

An object that is red under a guard is green without it, so whoever lowers one is told, whatever is left of the tree.
Compared is what can be said for sure: an expression that another one replaces is not.

Sources: Kubernetes' Pod Security Admission, NetworkPolicy (networking.k8s.io/v1), admissionregistration.k8s.io/v1,
ResourceQuota and LimitRange; Kyverno's and Gatekeeper's own words for a policy that only tells.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from kaitops.change import bounding, peers
from kaitops.change.changes import Edit, Outcome
from kaitops.documents.network_policies import EGRESS, INGRESS, directions
from kaitops.documents.plain import MutableObject, Object, Path, at, items, mapping
from kaitops.documents.pods import BY_KIND, ENFORCED, LEVELS, rank
from kaitops.documents.ref import Ref, namespace_of
from kaitops.documents.selectors import selects
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.kubernetes import quantity
from kaitops.policies.reading import group_kind

_REMEDY = (
    "leave it as it was, or have those who own it accept the change: an exemption of this finding that the base holds"
)
_OPEN = "what cannot be judged was refused and is let in"
_TOLD = "what the policy finds was refused and is only told"
_ACTIONS = ("spec", "validationActions")
_OF_A_NAMESPACE = ("LimitRange", "NetworkPolicy", "Policy", "ResourceQuota")
_NETWORK = "networking.k8s.io/NetworkPolicy"
_ENDS = ((INGRESS, "from"), (EGRESS, "to"))
_TELLING = {"Enforce": ("Audit",), "deny": ("warn", "dryrun", "scoped")}
"""What a policy does where it refuses, and what it does where it only tells."""


def edits(base: Object, head: Object) -> Iterator[Edit]:
    """What of a guard that stays is less than it was."""
    kind = group_kind(head)
    rule = _RULES.get(kind) or bounding.RULES.get(kind, _telling)
    for path, fact in rule(base, head):
        yield _edit(Outcome.UPDATED, head, path, fact)


class Openings:
    """What new policies of the network let through to pods that the policies of the base keep from it.

    Args:
        base, head: all objects of each.
    """

    def __init__(self, base: Sequence[Object], head: Sequence[Object]) -> None:
        self._base, self._head = base, head

    def of(self, document: Object) -> Iterator[Edit]:
        """The edits of one that is new."""
        if group_kind(document) != _NETWORK:
            return
        spec = mapping(document.get("spec"))
        for direction, end in _ENDS if self._held else ():
            for number, rule in enumerate(items(spec.get(direction.lower()))) if direction in directions(spec) else ():
                for pod, before in self._held.get((namespace_of(document), direction), ()):
                    if (fact := peers.wider(rule, before, end)) and _selects(document, pod):
                        path: Path = ("spec", direction.lower(), number)
                        name = f"{pod.get('kind')} {at(pod, 'metadata', 'name')}"
                        yield _edit(Outcome.ADDED, document, path, f"{fact}: {name}")
                        break

    @cached_property
    def _held(self) -> Mapping[tuple[str, str], list[tuple[Object, list[Any]]]]:
        """By namespace and direction: the pods that stay and that are held, each with what is let through to it."""
        policies = [one for one in self._base if group_kind(one) == _NETWORK]
        known = {Ref.of(one) for one in self._base} if policies else set[Ref]()
        found: dict[tuple[str, str], list[tuple[Object, list[Any]]]] = {}
        for pod in (one for one in self._head if _is_of_pods(one) and Ref.of(one) in known):
            space = namespace_of(pod)
            own = [mapping(one.get("spec")) for one in policies if namespace_of(one) == space and _selects(one, pod)]
            for direction, _ in _ENDS:
                if holding := [one for one in own if direction in directions(one)]:
                    rules = [each for one in holding for each in items(one.get(direction.lower()))]
                    found.setdefault((space, direction), []).append((pod, rules))
        return found


def gone(document: Object, head: Sequence[Object], why: str) -> Edit | None:
    """The deletion of an object that takes a guard away from what stays; None where it takes none.

    Args:
        head: all objects that there will be.
        why: it is deleted.
    """
    name = group_kind(document)
    if name == "Namespace" or not (name in _RULES or _telling_path(document)) or not _refuses(document):
        return None
    same = [one for one in head if one.get("kind") == document.get("kind") and _body(one) == _body(document)]
    if any(namespace_of(one) == namespace_of(document) for one in same):
        return None
    held = _held(document, head)
    if not held:
        return None
    more = f" and {len(held) - 2} more" if len(held) > 2 else ""
    fact = f"{why}, and what it holds is: {', '.join(held[:2])}{more}"
    return _edit(Outcome.DELETED, document, (), fact)


def _edit(outcome: Outcome, document: Object, path: Path, fact: str) -> Edit:
    # Who may do what is graver than how much of it.
    grave = document.get("kind") not in ("LimitRange", "ResourceQuota")
    return Edit(outcome, path, fact, "what it kept out is let in from then on", _REMEDY, grave=grave, lowers=True)


def _refuses(document: Object) -> bool:
    path = _telling_path(document)
    if path:
        return str(at(document, *path) or "deny") in _TELLING
    return document.get("kind") != "ValidatingAdmissionPolicyBinding" or "Deny" in items(at(document, *_ACTIONS))


def _held(document: Object, head: Sequence[Object]) -> list[str]:
    namespace = namespace_of(document) if document.get("kind") in _OF_A_NAMESPACE else ""
    found: list[str] = []
    for one in head:
        if not _is_of_pods(one) or (namespace and namespace_of(one) != namespace):
            continue
        if document.get("kind") != "NetworkPolicy" or _selects(document, one):
            found.append(f"{one.get('kind')} {at(one, 'metadata', 'name')}")
    return found


def _is_of_pods(one: Object) -> bool:
    return one.get("kind") in BY_KIND or str(one.get("apiVersion")).startswith(GROUP)


def _selects(policy: Object, one: Object) -> bool:
    selector = mapping(at(policy, "spec", "podSelector"))
    path = BY_KIND.get(str(one.get("kind")))
    if path is not None:
        return selects(selector, mapping(at(one, *path, "metadata", "labels")))
    # The labels of KAITO's pods say what they are of.
    return peers.may_select(selector, str(at(one, "metadata", "name")))


def _body(document: Object) -> MutableObject:
    return {key: part for key, part in document.items() if key not in ("metadata", "status", "apiVersion")}


_Lowered = Iterator[tuple[Path, str]]
_Rule = Callable[[Object, Object], _Lowered]


def _namespace(base: Object, head: Object) -> _Lowered:
    path = ("metadata", "labels", ENFORCED)
    before, after = (at(one, *path) for one in (base, head))
    if before not in LEVELS[1:]:
        return
    # Without a level of its own a namespace has the cluster's, which lets everything in where nobody set it.
    if rank(after) < rank(before):
        yield path, f"pods of the namespace were held to {before} and are held to {after or 'no level'}"
    version = ("metadata", "labels", f"{ENFORCED}-version")
    was, is_now = (_minor(at(one, *version)) for one in (base, head))
    if is_now < was:
        yield version, f"the level was that of {at(base, *version) or 'latest'} and is that of {at(head, *version)}"


def _minor(version: object) -> float:
    _, _, digits = str(version or "").partition("v1.")
    return float(digits) if digits.isdecimal() else float("inf")


def _network(base: Object, head: Object) -> _Lowered:
    before, after = mapping(base.get("spec")), mapping(head.get("spec"))
    if not before.get("podSelector") and after.get("podSelector"):
        yield ("spec", "podSelector"), "it held all pods of the namespace and holds a part of them"
    for direction, end in _ENDS:
        if direction not in directions(before):
            continue
        if direction not in directions(after):
            yield ("spec", "policyTypes"), f"it held {direction.lower()} and holds it no more"
            continue
        held = items(before.get(direction.lower()))
        for number, rule in enumerate(items(after.get(direction.lower()))):
            if fact := peers.wider(rule, held, end):
                yield ("spec", direction.lower(), number), fact


def _binding(base: Object, head: Object) -> _Lowered:
    before, after = (items(at(one, *_ACTIONS)) for one in (base, head))
    if "Deny" in before and "Deny" not in after:
        yield _ACTIONS, _TOLD
    path = ("spec", "policyName")
    if "Deny" in before and at(base, *path) != at(head, *path):
        yield path, f"policy {at(base, *path)} was bound by it and is bound no more"


def _admission(base: Object, head: Object) -> _Lowered:
    path = ("spec", "failurePolicy")
    if at(base, *path) != "Ignore" and at(head, *path) == "Ignore":
        yield path, _OPEN
    before, after = (len(items(at(one, "spec", "validations"))) for one in (base, head))
    if after < before:
        yield ("spec", "validations"), f"it had {before} conditions and has {after}"


def _webhooks(base: Object, head: Object) -> _Lowered:
    left = {mapping(one).get("name"): (number, mapping(one)) for number, one in enumerate(items(head.get("webhooks")))}
    for one in map(mapping, items(base.get("webhooks"))):
        number, now = left.get(one.get("name"), (0, None))
        if now is None:
            yield ("webhooks",), f"webhook {one.get('name')} is asked no more"
        elif one.get("failurePolicy") != "Ignore" and now.get("failurePolicy") == "Ignore":
            yield ("webhooks", number, "failurePolicy"), _OPEN


def _quota(base: Object, head: Object) -> _Lowered:
    before, after = (mapping(at(one, "spec", "hard")) for one in (base, head))
    yield from _more(("spec", "hard"), before, after)


def _limits(base: Object, head: Object) -> _Lowered:
    after = {mapping(one).get("type"): (number, one) for number, one in enumerate(items(at(head, "spec", "limits")))}
    for one in items(at(base, "spec", "limits")):
        number, now = after.get(mapping(one).get("type"), (0, {}))
        yield from _more(("spec", "limits", number, "max"), mapping(at(one, "max")), mapping(at(now, "max")))


def _more(path: Path, before: Object, after: Object) -> _Lowered:
    for name, old in before.items():
        new = after.get(name)
        was, is_now = quantity.read(old), quantity.read(new)
        if new is None or (was is not None and is_now is not None and is_now > was):
            yield (*path, name), f"{name} was held to {old} and is held to {'nothing' if new is None else new}"


def _telling(base: Object, head: Object) -> _Lowered:
    path = _telling_path(base)
    if path and at(head, *path) in _TELLING.get(str(at(base, *path) or "deny"), ()):
        yield path, _TOLD


def _telling_path(document: Object) -> Path:
    group = str(document.get("apiVersion")).partition("/")[0]
    if group == "kyverno.io":
        return ("spec", "validationFailureAction")
    return ("spec", "enforcementAction") if group == "constraints.gatekeeper.sh" else ()


_RULES: Mapping[str, _Rule] = {
    "LimitRange": _limits,
    "admissionregistration.k8s.io/MutatingWebhookConfiguration": _webhooks,
    "Namespace": _namespace,
    _NETWORK: _network,
    "ResourceQuota": _quota,
    "admissionregistration.k8s.io/ValidatingAdmissionPolicy": _admission,
    "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": _binding,
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration": _webhooks,
}
