"""What a change takes away from what holds other objects."""

from typing import Any

import pytest

from kaitops.change import Edit, compare
from kaitops.kaito import Release
from tests.version import KAITO

RELEASE = Release.load(KAITO)
WORKLOAD = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "models"},
    "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web"}]}}},
}
MODEL = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "phi", "namespace": "models"},
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "phi"}}},
    "inference": {"preset": {"name": "phi-4-mini-instruct"}},
}
LEVEL = "pod-security.kubernetes.io/enforce"
PEERS = [{"podSelector": {"matchLabels": {"app": "gateway"}}}]


def namespace(**labels: str) -> dict[str, Any]:
    named = {f"{LEVEL}{'-version' if key == 'version' else ''}": value for key, value in labels.items()}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "models", "labels": named}}


def network(name: str = "shut", **spec: Any) -> dict[str, Any]:
    about = {"name": name, "namespace": "models"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": about, "spec": {"podSelector": {}, **spec}}  # fmt: skip


def admission(kind: str, name: str = "held", **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def webhooks(*entries: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "held"},
        "webhooks": list(entries),
    }


def amounts(kind: str, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "held", "namespace": "models"}, "spec": spec}


def policy(action: str) -> dict[str, Any]:
    spec = {"validationFailureAction": action, "rules": [{"name": "x"}]}
    return {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "held"}, "spec": spec}


def constraint(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "K8sRepos", "metadata": {"name": "held"}, "spec": spec}  # fmt: skip


def lowered(base: list[dict[str, Any]], head: list[dict[str, Any]]) -> list[Edit]:
    return [edit for change in compare(base, head, RELEASE, {}) for edit in change.edits if edit.lowers]


BINDING = "ValidatingAdmissionPolicyBinding"
LESS = {
    "level": (namespace(enforce="restricted"), namespace(enforce="baseline"), f"metadata.labels.{LEVEL}", "held to restricted"),
    "no level": (namespace(enforce="baseline"), namespace(), f"metadata.labels.{LEVEL}", "held to no level"),
    "no level that there is": (namespace(enforce="baseline"), namespace(enforce="none"), f"metadata.labels.{LEVEL}", "to none"),
    "an older level": (
        namespace(enforce="restricted"), namespace(enforce="restricted", version="v1.24"),
        f"metadata.labels.{LEVEL}-version", "that of latest and is that of v1.24",
    ),
    "from everywhere": (network(ingress=[{"from": PEERS}]), network(ingress=[{"from": PEERS}, {}]), "spec.ingress[1]", "from everywhere"),
    "any address": (
        network(egress=[{"to": PEERS}], policyTypes=["Egress"]),
        network(egress=[{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}], policyTypes=["Egress"]),
        "spec.egress[0]", "to everywhere",
    ),
    "another port": (
        network(ingress=[{"ports": [{"port": 80}]}]), network(ingress=[{"ports": [{"port": 22}]}]), "spec.ingress[0]", "from everywhere",
    ),
    "one direction less": (
        network(policyTypes=["Ingress", "Egress"]), network(policyTypes=["Ingress"]), "spec.policyTypes", "held egress and holds it no more",
    ),
    "fewer pods": (network(), network(podSelector={"matchLabels": {"app": "web"}}), "spec.podSelector", "holds a part of them"),
    "told and not refused": (
        admission(BINDING, validationActions=["Deny", "Audit"]), admission(BINDING, validationActions=["Audit"]),
        "spec.validationActions", "is only told",
    ),
    "a policy that fails open": (
        admission("ValidatingAdmissionPolicy"), admission("ValidatingAdmissionPolicy", failurePolicy="Ignore"),
        "spec.failurePolicy", "is let in",
    ),
    "a condition less": (
        admission("ValidatingAdmissionPolicy", validations=[{"expression": "a"}, {"expression": "b"}]),
        admission("ValidatingAdmissionPolicy", validations=[{"expression": "a"}]), "spec.validations", "had 2 conditions and has 1",
    ),
    "a webhook that fails open": (
        webhooks({"name": "a", "failurePolicy": "Fail"}), webhooks({"name": "a", "failurePolicy": "Ignore"}),
        "webhooks[0].failurePolicy", "is let in",
    ),
    "a webhook less": (webhooks({"name": "a"}, {"name": "b"}), webhooks({"name": "b"}), "webhooks", "webhook a is asked no more"),
    "kyverno tells": (policy("Enforce"), policy("Audit"), "spec.validationFailureAction", "is only told"),
    "gatekeeper tells": (constraint(), constraint(enforcementAction="dryrun"), "spec.enforcementAction", "is only told"),
    "more of it": (
        amounts("ResourceQuota", hard={"requests.nvidia.com/gpu": "4"}), amounts("ResourceQuota", hard={"requests.nvidia.com/gpu": 8}),
        "spec.hard.requests.nvidia.com/gpu", "was held to 4 and is held to 8",
    ),
    "no bound": (
        amounts("LimitRange", limits=[{"type": "Container", "max": {"memory": "8Gi"}}]),
        amounts("LimitRange", limits=[{"type": "Container"}]), "spec.limits[0].max.memory", "was held to 8Gi and is held to nothing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LESS)
def test_a_guard_that_holds_less_is_told(case: str) -> None:
    base, head, field, fact = LESS[case]
    (found,) = lowered([base, WORKLOAD], [head, WORKLOAD])
    assert found.field == field
    assert fact in found.reason
    assert found.grave == (base["kind"] not in ("ResourceQuota", "LimitRange"))
    assert "exemption" in found.remedy


@pytest.mark.parametrize("case", LESS)
def test_one_that_holds_more_is_not(case: str) -> None:
    base, head, *_ = LESS[case]
    if case != "another port":
        assert lowered([head, WORKLOAD], [base, WORKLOAD]) == []
    assert (
        lowered([base, WORKLOAD], [{**base, "metadata": {**base["metadata"], "annotations": {"a": "b"}}}, WORKLOAD])
        == []
    )


@pytest.mark.parametrize(
    ("guard", "held"),
    [
        (network(), "Deployment web, Workspace phi"),
        (network(podSelector={"matchLabels": {"app": "web"}}), "Deployment web"),
        (network(podSelector={"matchLabels": {"kaito.sh/workspace": "phi"}}), "Workspace phi"),
        (amounts("ResourceQuota", hard={"pods": "4"}), "Deployment web, Workspace phi"),
        (admission(BINDING, validationActions=["Deny"]), "Deployment web, Workspace phi"),
        (policy("Enforce"), "Deployment web, Workspace phi"),
    ],
)
def test_one_that_is_gone_is_told_where_what_it_held_stays(guard: dict[str, Any], held: str) -> None:
    (found,) = lowered([guard, WORKLOAD, MODEL], [WORKLOAD, MODEL])
    assert found.reason == f"is no longer deployed by the tree, and what it holds is: {held}"
    renamed = {**guard, "metadata": {**guard["metadata"], "name": "other"}}
    assert lowered([guard, WORKLOAD, MODEL], [renamed, WORKLOAD, MODEL]) == []
    assert lowered([guard, WORKLOAD, MODEL], []) == []


def test_what_goes_with_what_it_held_is_no_loss() -> None:
    own = network(podSelector={"matchLabels": {"kaito.sh/workspace": "phi"}})
    assert lowered([own, MODEL, WORKLOAD], [WORKLOAD]) == []
    elsewhere = {**WORKLOAD, "metadata": {"name": "web", "namespace": "other"}}
    assert lowered([network(), WORKLOAD], [elsewhere]) == []
    for told in (
        admission(BINDING, validationActions=["Audit"]),
        policy("Audit"),
        constraint(enforcementAction="warn"),
    ):
        assert lowered([told, WORKLOAD], [WORKLOAD]) == []
    foreign = {**network(ingress=[{"action": "Allow"}]), "apiVersion": "crd.projectcalico.org/v1"}
    assert lowered([foreign, WORKLOAD], [{**foreign, "spec": {}}, WORKLOAD]) == []
