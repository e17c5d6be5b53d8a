"""The rules as ValidatingAdmissionPolicies on a real API server: it takes them, and judges as the rules do.

The cases are those that every engine is driven with. Each rule answers by itself: a server names one policy when it
refuses, so a selector on a label of the test's own is added to the bindings, and nothing else.
"""

import http.client
import json
import ssl
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest

from kaitops.policies import vap
from kaitops.policies.reading import group_kind
from kaitops.policies.registry import load
from kaitops.policies.rule import ENVIRONMENTS, Config, Rule
from tests.e2e.client import ApiError, Client, Object
from tests.e2e.waiting import wait
from tests.policies.cases import BOX, CLEAN, CUSTOM, DEPLOY, DIGEST, WS, Case, all_cases, patched
from tests.policies.engine import found_alone

LABEL = "kaitops.example.com/asked"
POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"
NOT_ASKED = ("kube-system",)
"""Namespaces that the bindings leave out, so that a rule finds something there and the server lets it pass."""

RULES = load()
BYPASS = {"metadata": {"annotations": {"kaito.sh/bypass-resource-checks": "true"}}}
Ensure = Callable[[Iterable[Mapping[str, Any]]], None]
Install = Callable[[Iterable[str]], None]


@dataclass(frozen=True)
class Group:
    """Cases of one rule under one configuration, which is what the text of a policy depends on."""

    rule: Rule
    label: str
    cases: tuple[Case, ...]
    objects: tuple[Object, ...]

    @property
    def denies(self) -> bool:
        """Whether the policies refuse."""
        return all(each["spec"]["validationActions"] == ["Deny"] for each in self.objects if each["kind"] == BINDING)


@dataclass(frozen=True)
class Answer:
    """What the server says to a create."""

    code: int
    message: str
    warnings: str


def grouped() -> list[Group]:
    """The cases that a policy answers, with the policies."""
    found: dict[tuple[str, str, str], list[Case]] = {}
    for case in all_cases():
        found.setdefault((case.rule, repr(case.config), case.environment), []).append(case)
    made: list[Group] = []
    for number, ((name, _, environment), cases) in enumerate(sorted(found.items(), key=lambda entry: entry[0])):
        rule = next(each for each in RULES if each.id == name)
        label = f"{name.lower()}-{number}"
        objects = [alone(each, label) for each in vap.objects([rule], cases[0].config, environment)]
        kinds = {kind for kind, _ in vap.expressions(rule, cases[0].config)}
        asked = tuple(case for case in cases if group_kind(case.document) in kinds and not case.alone)
        if objects and asked:
            made.append(Group(rule, label, asked, tuple(objects)))
    return made


def alone(made: Object, label: str) -> Object:
    """The policy or binding under a name of its own, bound to the objects that carry the label."""
    copy = deepcopy(made)
    copy["metadata"]["name"] += f"-{label}"
    # The tests ask as an administrator, whom policies over roles let pass.
    copy["spec"].pop("matchConditions", None)
    if copy["kind"] == BINDING:
        copy["spec"]["policyName"] = copy["metadata"]["name"]
        copy["spec"].setdefault("matchResources", {})["objectSelector"] = {"matchLabels": {LABEL: label}}
    return copy


GROUPS = grouped()


def whole(document: Mapping[str, Any], label: str = "none") -> Object:
    """The document with what the API server asks for and no rule looks at, so that only rules have a say."""
    copy = deepcopy(dict(document))
    copy["metadata"].setdefault("labels", {})[LABEL] = label
    copy["metadata"].setdefault("namespace", "default")
    spec = copy.get("spec", {})
    if copy["kind"] in {"DaemonSet", "Deployment", "StatefulSet"}:
        labels = spec["template"].setdefault("metadata", {}).setdefault("labels", {})
        labels["own"] = "own"
        spec |= {"selector": {"matchLabels": {"own": "own"}}}
        if copy["kind"] == "StatefulSet":
            spec["serviceName"] = "own"
    if copy["kind"] == "Ingress":
        spec.setdefault("defaultBackend", {"service": {"name": "own", "port": {"number": 80}}})
    if copy["kind"] == "Service" and spec.get("type") == "ExternalName":
        spec["externalName"] = spec.get("externalName") or "own.example.com"
    if copy["kind"] == "PersistentVolume":
        term = {"matchExpressions": [{"key": "own", "operator": "Exists"}]}
        spec |= {"accessModes": ["ReadOnlyMany"], "capacity": {"storage": "1Gi"}}
        spec |= {"nodeAffinity": {"required": {"nodeSelectorTerms": [term]}}}
        if "flexVolume" in spec:
            spec["flexVolume"] = {"driver": "own/own"}
    for number, port in enumerate(spec.get("ports", ()) if copy["kind"] == "Service" else ()):
        port["name"] = f"p{number}"
    for pod in pods(copy):
        for number, container in enumerate((*pod.get("initContainers", ()), *pod["containers"])):
            container["name"] = f"{container['name']}{number}"
            container.setdefault("image", f"contoso.azurecr.io/init:1{DIGEST}")
            context = container.get("securityContext") or {}
            if context.get("privileged"):
                context["allowPrivilegeEscalation"] = True
            limits = (container.get("resources") or {}).get("limits", {})
            requests = (container.get("resources") or {}).get("requests", {})
            if limits and "cpu" in requests and "cpu" in limits:
                limits["cpu"] = requests["cpu"]
        for holder in (pod, *pod["containers"]):
            profile = (holder.get("securityContext") or {}).get("seccompProfile") or {}
            if profile.get("type") == "Localhost":
                profile["localhostProfile"] = "own.json"
    return copy


def pods(node: Any) -> Iterator[dict[str, Any]]:
    """The pods that an object declares."""
    if isinstance(node, dict):
        if isinstance(node.get("containers"), list):
            yield node
        else:
            for each in node.values():
                yield from pods(each)


class Asker:
    """Creates objects as dry runs and keeps the warnings, which the client of the other tests has no use for."""

    def __init__(self, client: Client) -> None:
        """Opens a connection of its own."""
        self._client = client
        address = urlsplit(client.url)
        context = ssl.create_default_context(cafile=client.ca_file)
        self._connection = http.client.HTTPSConnection(
            address.hostname or "", address.port, timeout=client.timeout, context=context
        )

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def create(self, document: Mapping[str, Any]) -> Answer:
        """The answer to a server-side dry run."""
        headers = {"Authorization": f"Bearer {self._client.token}", "Content-Type": "application/json"}
        target = f"{self._client.path(document, collection=True)}?dryRun=All"
        self._connection.request("POST", target, json.dumps(document).encode(), headers)
        answer = self._connection.getresponse()
        said = json.loads(answer.read())
        return Answer(answer.status, said.get("message", ""), "\n".join(answer.headers.get_all("Warning") or ()))


@pytest.fixture(scope="module")
def asker(client: Client) -> Iterator[Asker]:
    """Asks the server of the session."""
    made = Asker(client)
    yield made
    made.close()


_NUMBERS = count()


def sentinel() -> list[Object]:
    """A policy and a binding that refuse one ConfigMap, by a name that was never in force before."""
    name = f"sentinel-{next(_NUMBERS)}"
    place = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
    version = "admissionregistration.k8s.io/v1"
    policy = {
        "apiVersion": version, "kind": POLICY, "metadata": {"name": name},
        "spec": {
            "failurePolicy": "Fail", "matchConstraints": {"resourceRules": [place]},
            "validations": [{"expression": "false", "message": name}],
        },
    }  # fmt: skip
    binding = {
        "apiVersion": version, "kind": BINDING, "metadata": {"name": name},
        "spec": {
            "policyName": name, "validationActions": ["Deny"],
            "matchResources": {"objectSelector": {"matchLabels": {LABEL: name}}},
        },
    }  # fmt: skip
    return [policy, binding]


def answers(asker: "Asker", last: Sequence[Object]) -> bool:
    """Whether the sentinel refuses its ConfigMap, by its own name: what is under test may refuse things as well."""
    name = last[0]["metadata"]["name"]
    about = {"name": name, "namespace": "default", "labels": {LABEL: name, "owner": "a"}}
    return name in asker.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": about}).message


@contextmanager
def applied(client: Client, asker: "Asker", objects: Sequence[Object]) -> Generator[None]:
    """Policies and bindings are in force within, and none of them after.

    The server takes in policies, and bindings, each in the order of their writes. The sentinel's are written last: when
    it answers, the others do, and when it no longer answers after all were deleted, none does.
    """
    last = sentinel()
    ordered = [*sorted(objects, key=lambda each: each["kind"]), *last]
    try:
        for each in ordered:
            client.apply(each)
        wait(lambda: answers(asker, last), "policies are in force", 120)
        yield
    finally:
        for each in ordered:
            client.delete(each)
        wait(lambda: not answers(asker, last), "policies are out of force", 120)


def is_found(group: Group, case: Case) -> bool:
    """Whether the policies of a group find something in the document of a case, which is all that they see."""
    return found_alone(case) and whole(case.document)["metadata"]["namespace"] not in NOT_ASKED


def judged(asker: "Asker", group: Group) -> bool:
    """Whether the policies of a group answer by the name of their rule to a document that they have to."""
    case = next(case for case in group.cases if is_found(group, case))
    answer = asker.create(whole(case.document, group.label))
    return group.rule.id in (answer.message if group.denies else answer.warnings)


def refused(client: Client, document: Object) -> bool:
    """Whether a policy refuses the object."""
    try:
        client.create(document, dry_run=True)
    except ApiError as error:
        assert POLICY in error.message, error
        return True
    return False


def warnings_of_types(client: Client, objects: Sequence[Object]) -> dict[str, list[str]]:
    """What the server's type checker says of policies, by name; waits until it has looked at each."""
    names = {each["metadata"]["name"] for each in objects if each["kind"] == POLICY}

    def looked() -> list[Object]:
        found = [each for each in client.list(objects[0]["apiVersion"], POLICY) if each["metadata"]["name"] in names]
        done = [
            each
            for each in found
            if each.get("status", {}).get("observedGeneration") == each["metadata"]["generation"]
            and "typeChecking" in each["status"]
        ]
        return done if len(done) == len(names) else []

    found = wait(looked, "the type checker has looked at every policy", 120)
    said = {each["metadata"]["name"]: each["status"]["typeChecking"].get("expressionWarnings") for each in found}
    # The first line says what is wrong, the others repeat the expression.
    return {name: [each["warning"].splitlines()[0] for each in given] for name, given in said.items() if given}


@pytest.fixture(scope="module")
def in_force(
    client: Client, asker: Asker, kaito: None, install: Install, ensure_namespaces: Ensure
) -> Iterator[list[Object]]:
    """The policies of every group of cases, each of which has answered."""
    install(["argoproj.io"])
    ensure_namespaces([case.document for group in GROUPS for case in group.cases] + [WS])
    objects = [each for group in GROUPS for each in group.objects]
    with applied(client, asker, objects):
        for group in GROUPS:
            if any(is_found(group, case) for case in group.cases):
                wait(partial(judged, asker, group), f"the policy of {group.label} answers", 60)
        yield objects


def test_types_are_right(client: Client, in_force: list[Object]) -> None:
    """No expression touches a field that the kind does not have, or compares what cannot be compared."""
    assert warnings_of_types(client, in_force) == {}


def test_every_rule_with_a_twin_has_cases() -> None:
    """The test below leaves out no rule that a policy is made for."""
    config = Config(registries=("contoso.azurecr.io",), required_labels=("owner",))
    twins = {each.id for each in RULES if list(vap.expressions(each, config))}
    assert {group.rule.id for group in GROUPS} == twins
    assert len(GROUPS) >= 25


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.label)
def test_cases(asker: Asker, in_force: list[Object], group: Group) -> None:
    """What a rule finds, the server refuses or warns of by the rule's id; what it does not find, the server admits."""
    wrong: list[str] = []
    for number, case in enumerate(group.cases):
        document = whole(case.document, group.label)
        answer = asker.create(document)
        named = group.rule.id in (answer.message if group.denies else answer.warnings)
        found = is_found(group, case)
        codes = {403, 422} if found and group.denies else {201}
        if named is not found or answer.code not in codes:
            wrong.append(f"case {number} {case.document['kind']}, {case.at}: {answer}")
    assert wrong == []


def test_an_update_is_judged_too(client: Client, in_force: list[Object]) -> None:
    """What was created well cannot be made bad."""
    label = next(group.label for group in GROUPS if group.rule.id == "KAITO007")
    good = whole(patched(WS, {"metadata": {"name": "updated"}}), label)
    client.create(good)
    try:
        with pytest.raises(ApiError, match="KAITO007"):
            client.apply(patched(good, BYPASS))
        assert "annotations" not in client.get(WS["apiVersion"], "Workspace", "updated", "models")["metadata"]
    finally:
        client.delete(good)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_as_made(client: Client, asker: Asker, kaito: None, ensure_namespaces: Ensure, environment: str) -> None:
    """The set that users apply, unchanged: right types, clean objects pass without a word, the server goes on working."""
    config = Config(registries=("contoso.azurecr.io", "mcr.microsoft.com"), required_labels=("owner",))
    objects = vap.objects(RULES, config, environment)
    ensure_namespaces([*CLEAN])
    with applied(client, asker, objects):
        assert warnings_of_types(client, objects) == {}
        for document in CLEAN:
            answer = asker.create(whole(patched(document, {"metadata": {"labels": {"owner": "a"}}})))
            assert (answer.code, answer.warnings) == (201, ""), document["kind"]
        bare = asker.create(whole(WS))
        assert bare.code == 201
        assert "KAITO020" in bare.warnings
        assert refused(client, whole(patched(WS, BYPASS)))
        by_tag = {"spec": {"template": {"spec": {"containers": [patched(BOX, {"image": "contoso.azurecr.io/a:1"})]}}}}
        answer = asker.create(whole(patched(DEPLOY, by_tag)))
        assert ("KAITO029" in answer.message, "KAITO029" in answer.warnings) == {
            "dev": (False, False),
            "staging": (False, True),
            "prod": (True, False),
        }[environment]
        if environment == "prod":
            elsewhere = [patched(BOX, {"image": f"docker.io/a{DIGEST}"})]
            custom = patched(CUSTOM, {"inference": {"template": {"spec": {"containers": elsewhere}}}})
            assert "KAITO010" in asker.create(whole(custom)).message
        # Controllers must still be able to write what they write into every namespace.
        name = f"made-{environment}"
        client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        root = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kube-root-ca.crt", "namespace": name}}
        wait(lambda: client.exists(root), "the new namespace gets its certificates")
        client.delete({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
