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


def block(*cidrs: str, **more: Any) -> list[dict[str, Any]]:
    return [{"ipBlock": {"cidr": cidr, **more}} for cidr in cidrs]


def everywhere(*expressions: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    selector = {"matchExpressions": list(expressions)} if expressions else {}
    return [{"namespaceSelector": selector, **more}]


def steered(api: str, kind: str, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "held", "namespace": "argocd"}, "spec": spec}


def managed(level: str) -> dict[str, Any]:
    return {"managedNamespaceMetadata": {"labels": {LEVEL: level}}}


def lowered(base: list[dict[str, Any]], head: list[dict[str, Any]]) -> list[Edit]:
    return [edit for change in compare(base, head, RELEASE, {}) for edit in change.edits if edit.lowers]


BINDING = "ValidatingAdmissionPolicyBinding"
ARGO, FLUX, SOURCE = "argoproj.io/v1alpha1", "kustomize.toolkit.fluxcd.io/v1", "source.toolkit.fluxcd.io/v1"
WIDE: dict[str, tuple[list[dict[str, Any]], str]] = {
    "halves of all addresses": (block("0.0.0.0/1", "128.0.0.0/1"), "from everywhere"),
    "all addresses of the sixth version": (block("2000::/3"), "from everywhere"),
    "all addresses but some": (block("0.0.0.0/0", **{"except": ["10.0.0.0/8"]}), "from nearly everywhere"),
    "most addresses": (block("0.0.0.0/2", "128.0.0.0/1"), "from nearly everywhere"),
    "every namespace": (everywhere(), "from every namespace"),
    "every pod of every namespace": (everywhere(podSelector={}), "from every namespace"),
    "every namespace that has a name": (
        everywhere({"key": "kubernetes.io/metadata.name", "operator": "Exists"}), "from every namespace",
    ),
    "every namespace but one": (everywhere({"key": "team", "operator": "NotIn", "values": ["x"]}), "from every namespace"),
    "every namespace without a label": (everywhere({"key": "team", "operator": "DoesNotExist"}), "from every namespace"),
}  # fmt: skip
NARROW: dict[str, list[dict[str, Any]]] = {
    "a network": block("10.0.0.0/8"),
    "two networks": block("10.0.0.0/8", "192.168.0.0/16", "fd00::/8"),
    "a namespace": [{"namespaceSelector": {"matchLabels": {"team": "x"}}}],
    "namespaces by a list": everywhere({"key": "team", "operator": "In", "values": ["x"]}),
    "pods of every namespace": everywhere(podSelector={"matchLabels": {"app": "gateway"}}),
    "all of its own namespace": [{"podSelector": {}}],
    "no address": block("nonsense"),
}
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
    **{
        f"from {name}": (network(ingress=[{"from": PEERS}]), network(ingress=[{"from": peers}]), "spec.ingress[0]", fact)
        for name, (peers, fact) in WIDE.items()
    },
    "another policy bound": (
        admission(BINDING, validationActions=["Deny"], policyName="held"), admission(BINDING, validationActions=["Deny"], policyName="x"),
        "spec.policyName", "policy held was bound by it",
    ),
    "any repository": (
        steered(ARGO, "AppProject", sourceRepos=["https://git.example.com/a.git"]),
        steered(ARGO, "AppProject", sourceRepos=["https://git.example.com/a.git", "https://*"]), "spec.sourceRepos[1]", "open to what nobody named",
    ),
    "any namespace": (
        steered(ARGO, "AppProject", destinations=[{"server": "x", "namespace": "a"}]),
        steered(ARGO, "AppProject", destinations=[{"server": "x", "namespace": "*"}]), "spec.destinations[0]", "open to what nobody named",
    ),
    "unsigned": (
        steered(ARGO, "AppProject", signatureKeys=[{"keyID": "A"}]), steered(ARGO, "AppProject"), "spec.signatureKeys", "refuses less",
    ),
    "a project that bounds": (
        steered(ARGO, "Application", project="team"), steered(ARGO, "Application", project="default"), "spec.project", "bound to project team",
    ),
    "the level of what Argo CD makes": (
        steered(ARGO, "Application", syncPolicy=managed("baseline")), steered(ARGO, "Application", syncPolicy=managed("privileged")),
        f"spec.syncPolicy.managedNamespaceMetadata.labels.{LEVEL}", "held to baseline and are held to privileged",
    ),
    "no level of what a set makes": (
        steered(ARGO, "ApplicationSet", template={"spec": {"syncPolicy": managed("baseline")}}), steered(ARGO, "ApplicationSet", template={"spec": {}}),
        f"spec.template.spec.syncPolicy.managedNamespaceMetadata.labels.{LEVEL}", "held to no level",
    ),
    "rights of Flux": (
        steered(FLUX, "Kustomization", serviceAccountName="team"), steered(FLUX, "Kustomization"),
        "spec.serviceAccountName", "rights of ServiceAccount team",
    ),
    "no signature": (
        steered(SOURCE, "GitRepository", verify={"mode": "HEAD"}), steered(SOURCE, "GitRepository"), "spec.verify", "had to be signed",
    ),
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
    if case not in ("another port", "another policy bound"):
        assert lowered([head, WORKLOAD], [base, WORKLOAD]) == []
    assert (
        lowered([base, WORKLOAD], [{**base, "metadata": {**base["metadata"], "annotations": {"a": "b"}}}, WORKLOAD])
        == []
    )


@pytest.mark.parametrize("case", NARROW)
def test_what_a_rule_names_is_no_opening(case: str) -> None:
    after = network(ingress=[{"from": NARROW[case]}])
    assert lowered([network(ingress=[{"from": PEERS}]), WORKLOAD], [after, WORKLOAD]) == []


def test_a_new_policy_opens_what_others_hold() -> None:
    opening = network("open", ingress=[{}])
    (found,) = lowered([network(), WORKLOAD, MODEL], [network(), opening, WORKLOAD, MODEL])
    assert (found.field, found.grave) == ("spec.ingress[0]", True)
    assert found.reason == "it lets through from everywhere what was held: Deployment web"
    by_label = network(
        "open", ingress=[{}], podSelector={"matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]}
    )
    (found,) = lowered([network(), MODEL], [network(), by_label, MODEL])
    assert found.reason.endswith("Workspace phi")


@pytest.mark.parametrize(
    ("base", "new"),
    [
        ([network(ingress=[{}])], network("open", ingress=[{}])),
        ([], network("open", ingress=[{}])),
        ([network()], network("open", ingress=[{"from": PEERS}])),
        ([network()], network("open", ingress=[{}], podSelector={"matchLabels": {"app": "other"}})),
        ([network()], network("open", egress=[{}], policyTypes=["Egress"])),
        ([network(podSelector={"matchLabels": {"app": "other"}})], network("open", ingress=[{}])),
        ([network()], {**network("open", ingress=[{}]), "metadata": {"name": "open", "namespace": "other"}}),
    ],
)
def test_a_new_policy_that_opens_nothing_of_theirs(base: list[dict[str, Any]], new: dict[str, Any]) -> None:
    assert lowered([*base, WORKLOAD], [*base, new, WORKLOAD]) == []


def test_pods_that_are_new_are_not_held_yet() -> None:
    assert lowered([network()], [network(), network("open", ingress=[{}]), WORKLOAD]) == []


@pytest.mark.parametrize(
    ("expression", "held"),
    [
        ({"key": "app", "operator": "In", "values": ["web"]}, "Deployment web"),
        ({"key": "x", "operator": "In", "values": ["phi"]}, "Workspace phi"),
        ({"key": "app", "operator": "NotIn", "values": ["web"]}, "Workspace phi"),
        ({"key": "app", "operator": "Exists"}, "Deployment web, Workspace phi"),
        ({"key": "app", "operator": "DoesNotExist"}, "Workspace phi"),
    ],
)
def test_a_policy_by_expressions_holds_what_they_select(expression: dict[str, Any], held: str) -> None:
    guard = network(podSelector={"matchExpressions": [expression]})
    (found,) = lowered([guard, WORKLOAD, MODEL], [WORKLOAD, MODEL])
    assert found.reason.endswith(f"what it holds is: {held}")


@pytest.mark.parametrize("key", ["argocd.argoproj.io/hook", "helm.sh/hook"])
@pytest.mark.parametrize("guard", [network(), admission(BINDING, validationActions=["Deny"])])
def test_a_guard_that_becomes_a_hook_is_gone(guard: dict[str, Any], key: str) -> None:
    hooked = {**guard, "metadata": {**guard["metadata"], "annotations": {key: "post-delete"}}}
    (found,) = lowered([guard, WORKLOAD], [hooked, WORKLOAD])
    assert found.field == f"metadata.annotations.{key}" and "becomes a hook" in found.reason
    assert lowered([hooked, WORKLOAD], [hooked | {"spec": {**guard["spec"], "x": 1}}, WORKLOAD]) == []
    assert lowered([hooked, WORKLOAD], [guard, WORKLOAD]) == []


@pytest.mark.parametrize(
    ("kind", "spec"),
    [("AppProject", {"sourceRepos": ["x"]}), ("Application", {"project": "team", "syncPolicy": managed("baseline")})],
)
def test_what_bounds_a_tool_goes_with_it(kind: str, spec: dict[str, Any]) -> None:
    assert lowered([steered(ARGO, kind, **spec), WORKLOAD], [WORKLOAD]) == []


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
