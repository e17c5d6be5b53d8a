"""The tree for Argo CD: waves, what is kept, what is left alone."""

from typing import Any

import pytest

from kaitops.health.argocd import customizations
from tests.gitops.trees import GIT, cluster, fleet, objects, one, rendered, sample
from tests.version import KAITO

MIRROR = {"weights": {"model": "phi-4-mini-instruct", "storageClass": "blob", "namespace": "models"}}


def wave(application: dict[str, Any]) -> int:
    return int(application["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"])


@pytest.fixture(scope="module")
def tree() -> Any:
    return rendered(fleet({"dev": cluster("argocd")}, mirrors=MIRROR))


def test_stages_come_one_after_the_other_and_weights_hold_nobody_up(tree: Any) -> None:
    stages = {each["metadata"]["name"]: wave(each) for each in objects(tree, "dev/gitops")}
    assert stages == {"dev-namespaces": -2, "dev-operator": 0, "dev-configs": 1, "dev-weights": 2, "dev-workloads": 2}


def test_every_path_is_a_folder_of_the_tree(tree: Any) -> None:
    for application in [*objects(tree, "dev/gitops"), one(tree, "dev/bootstrap", "Application", "dev")]:
        path = application["spec"]["source"]["path"]
        folder = path.removeprefix("manifests/clusters/")
        assert path == f"manifests/clusters/{folder}"
        assert any(name.startswith(f"{folder}/") for name in tree.files)


def test_only_what_costs_nothing_to_make_again_is_pruned(tree: Any) -> None:
    for name in ("namespaces", "operator", "configs", "weights", "workloads"):
        application = one(tree, "dev/gitops", "Application", f"dev-{name}")
        pruned = name in {"configs", "workloads"}
        assert application["spec"]["syncPolicy"]["automated"] == {"prune": pruned, "selfHeal": True}
        kept = application["metadata"]["annotations"].get("argocd.argoproj.io/sync-options") == "Prune=false"
        assert kept is not pruned


def test_a_deletion_takes_the_objects_along_in_reverse_waves(tree: Any) -> None:
    applications = [
        *objects(tree, "dev/gitops"),
        *objects(tree, "dev/operator"),
        one(tree, "dev/bootstrap", "Application", "dev"),
    ]
    assert all(each["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"] for each in applications)


def test_definitions_may_be_missing_at_first_and_one_manager_applies(tree: Any) -> None:
    options = one(tree, "dev/gitops", "Application", "dev-workloads")["spec"]["syncPolicy"]["syncOptions"]
    assert options == ["ServerSideApply=true", "SkipDryRunOnMissingResource=true"]


def test_charts_are_pinned_and_leave_the_webhooks_fields_alone(tree: Any) -> None:
    chart = one(tree, "dev/operator", "Application", "dev-kaito-workspace")["spec"]
    assert chart["source"]["targetRevision"] == KAITO
    assert chart["source"]["helm"]["skipCrds"] is True  # node auto-provisioning owns them
    assert chart["destination"]["namespace"] == "kaito-workspace"
    assert chart["syncPolicy"]["managedNamespaceMetadata"]["labels"] == {
        "pod-security.kubernetes.io/enforce": "privileged"
    }
    assert "RespectIgnoreDifferences=true" in chart["syncPolicy"]["syncOptions"]
    assert [(each["kind"], each.get("name")) for each in chart["ignoreDifferences"]] == [
        ("ValidatingWebhookConfiguration", None), ("Secret", "workspace-webhook-cert"),
    ]  # fmt: skip
    brought = rendered(fleet({"dev": cluster("argocd", provisioner="azure-gpu-provisioner")}))
    own = one(brought, "dev/operator", "Application", "dev-kaito-workspace")["spec"]["source"]["helm"]
    assert "skipCrds" not in own
    assert [wave(each) for each in objects(brought, "dev/operator")] == [0, 1]


def test_a_mirror_of_the_charts_is_used_and_allowed() -> None:
    declared = fleet({"dev": cluster("argocd", operator={"repository": "oci://r.example.com/charts"})})
    tree = rendered(declared)
    assert (
        one(tree, "dev/operator", "Application", "dev-kaito-workspace")["spec"]["source"]["repoURL"]
        == "r.example.com/charts"
    )
    assert one(tree, "dev/bootstrap", "AppProject", "dev")["spec"]["sourceRepos"] == [GIT, "r.example.com/charts"]


def test_the_project_allows_what_the_tree_needs_and_no_other_namespace(tree: Any) -> None:
    project = one(tree, "dev/bootstrap", "AppProject", "dev")["spec"]
    allowed = {(each["server"], each["namespace"]) for each in project["destinations"]}
    # The empty one stands for Applications that leave the namespace to their objects.
    assert {name for _, name in allowed} == {"", "argocd", "kaito-workspace", "kube-system", "models"}
    for application in [*objects(tree, "dev/gitops"), *objects(tree, "dev/operator")]:
        target = application["spec"]["destination"]
        assert target["server"] in {server for server, _ in allowed}
        assert application["spec"]["project"] == "dev"
        source = application["spec"]["source"]["repoURL"]
        assert source in project["sourceRepos"]


def test_the_project_comes_before_its_application_and_goes_after_it(tree: Any) -> None:
    def wave(kind: str) -> int:
        annotations = one(tree, "dev/bootstrap", kind, "dev")["metadata"].get("annotations", {})
        return int(annotations.get("argocd.argoproj.io/sync-wave", "0"))

    assert wave("AppProject") < wave("Application")


def test_the_add_on_gets_no_charts() -> None:
    tree = rendered(fleet({"dev": cluster("argocd", provisioner="aks-addon")}))
    assert not objects(tree, "dev/operator")
    assert "dev-operator" not in {each["metadata"]["name"] for each in objects(tree, "dev/gitops")}


def test_health_rules_are_applied_beside_what_argocd_has() -> None:
    (settings,) = objects(rendered(fleet({"dev": cluster("argocd")})), "_argocd")
    assert settings["metadata"]["name"] == "argocd-cm"
    assert settings["data"] == customizations(KAITO)


def test_a_central_argocd_reaches_the_clusters_that_say_where_they_are() -> None:
    declared = fleet(
        {
            "one": cluster("argocd", server="https://one.example.com:6443"),
            "two": cluster("argocd", server="https://two.example.com:6443"),
            "own": cluster("argocd"),
            "flux": cluster("flux"),
        }
    )
    tree = rendered(declared)
    spec = one(tree, "_argocd", "ApplicationSet", "kaitops-clusters")["spec"]
    assert spec["generators"] == [{"list": {"elements": [{"cluster": "one"}, {"cluster": "two"}]}}]
    assert spec["template"]["spec"]["source"]["path"] == "manifests/clusters/{{.cluster}}/bootstrap"
    assert spec["syncPolicy"]["preserveResourcesOnDeletion"] is True
    workloads = one(tree, "two/gitops", "Application", "two-workloads")["spec"]["destination"]
    assert workloads == {"server": "https://two.example.com:6443"}
    # Applications themselves live where Argo CD lives.
    operator = one(tree, "two/gitops", "Application", "two-operator")["spec"]["destination"]
    assert operator["server"] == "https://kubernetes.default.svc"
    chart = one(tree, "two/operator", "Application", "two-kaito-workspace")["spec"]["destination"]
    assert chart["server"] == "https://two.example.com:6443"


def test_a_change_of_one_model_touches_its_own_files_only() -> None:
    before = sample()
    after = sample()
    after["models"]["phi-4-mini"]["gpu"] = "Standard_NC40ads_H100_v5"
    old, new = rendered(before).files, rendered(after).files
    assert {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)} == {
        "prod-weu/workloads/models/workspace-phi-4-mini.yaml"
    }


def test_a_central_one_reads_what_is_applied_first_at_the_fleets_branch() -> None:
    tree = rendered(fleet({"dev": cluster("argocd", server="https://dev.example.com", revision="v1.0.0")}))
    (hub,) = [each for each in objects(tree, "_argocd") if each["kind"] == "ApplicationSet"]
    assert hub["spec"]["template"]["spec"]["source"]["targetRevision"] == "main"
    assert one(tree, "dev/bootstrap", "Application", "dev")["spec"]["source"]["targetRevision"] == "v1.0.0"
