"""The tree for Flux: order, what is kept, what is judged."""

from typing import Any

import pytest

from kaitops.health.flux import expressions
from tests.gitops.trees import cluster, fleet, objects, one, rendered
from tests.version import KAITO

MIRROR = {"weights": {"model": "phi-4-mini-instruct", "storageClass": "blob", "namespace": "models"}}


@pytest.fixture(scope="module")
def tree() -> Any:
    return rendered(fleet({"dev": cluster("flux")}, mirrors=MIRROR))


def spec(tree: Any, stage: str) -> dict[str, Any]:
    return one(tree, "dev/gitops", "Kustomization", f"dev-{stage}")["spec"]


def test_each_stage_waits_for_the_one_before_and_none_for_the_weights(tree: Any) -> None:
    after = {each["metadata"]["name"]: each["spec"].get("dependsOn") for each in objects(tree, "dev/gitops")}
    assert after == {
        "dev-namespaces": None,
        "dev-operator": [{"name": "dev-namespaces"}],
        "dev-configs": [{"name": "dev-operator"}],
        "dev-weights": [{"name": "dev-configs"}],
        "dev-workloads": [{"name": "dev-configs"}],
    }
    assert all(each["spec"]["wait"] for each in objects(tree, "dev/gitops"))


def test_a_stage_that_is_missing_is_skipped_over() -> None:
    declared = fleet({"dev": cluster("flux", provisioner="aks-addon")})
    del declared["models"]["phi"]["context"], declared["models"]["phi"]["namespace"]
    tree = rendered(declared)
    after = {each["metadata"]["name"]: each["spec"].get("dependsOn") for each in objects(tree, "dev/gitops")}
    assert after == {"dev-workloads": None}


def test_only_what_costs_nothing_to_make_again_is_pruned(tree: Any) -> None:
    stages = ("namespaces", "operator", "configs", "weights", "workloads")
    assert {stage: spec(tree, stage)["prune"] for stage in stages} == {
        "namespaces": False, "operator": False, "configs": True, "weights": False, "workloads": True,
    }  # fmt: skip


def test_a_stage_that_keeps_its_objects_stays_when_its_folder_leaves_the_tree(tree: Any) -> None:
    kept = {
        each["metadata"]["name"]
        for each in objects(tree, "dev/gitops")
        if each["metadata"].get("annotations", {}).get("kustomize.toolkit.fluxcd.io/prune") == "disabled"
    }
    assert kept == {"dev-namespaces", "dev-operator", "dev-weights"}


def test_controllers_outlive_the_tree_so_that_models_can_go(tree: Any) -> None:
    assert spec(tree, "operator")["deletionPolicy"] == "Orphan"
    others = [spec(tree, stage)["deletionPolicy"] for stage in ("namespaces", "configs", "weights", "workloads")]
    assert set(others) == {"WaitForTermination"}


def test_health_is_judged_where_kaito_speaks(tree: Any) -> None:
    assert spec(tree, "workloads")["healthCheckExprs"] == expressions(
        KAITO, ("Workspace", "InferenceSet", "MultiRoleInference", "RAGEngine", "NodePool")
    )
    assert spec(tree, "weights")["healthCheckExprs"] == expressions(KAITO, ("ModelMirror",))
    assert "healthCheckExprs" not in spec(tree, "operator")
    assert spec(tree, "workloads")["timeout"] == "120m"


def test_charts_are_pinned_released_in_order_and_watched_for_drift() -> None:
    declared = fleet({"dev": cluster("flux", provisioner="azure-gpu-provisioner")})
    tree = rendered(declared)
    first = one(tree, "dev/operator", "HelmRelease", "gpu-provisioner")["spec"]
    second = one(tree, "dev/operator", "HelmRelease", "kaito-workspace")["spec"]
    assert "dependsOn" not in first
    assert second["dependsOn"] == [{"name": "gpu-provisioner"}]
    assert second["chart"]["spec"]["version"] == KAITO
    assert second["install"]["crds"] == second["upgrade"]["crds"] == "CreateReplace"
    assert second["driftDetection"]["mode"] == "enabled"
    assert [each["target"]["kind"] for each in second["driftDetection"]["ignore"]] == [
        "ValidatingWebhookConfiguration",
        "Secret",
    ]
    space = one(tree, "dev/operator", "Namespace", "kaito-workspace")
    assert space["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    repositories = [each for each in objects(tree, "dev/operator") if each["kind"] == "HelmRepository"]
    used = {release["chart"]["spec"]["sourceRef"]["name"] for release in (first, second)}
    assert {each["metadata"]["name"] for each in repositories} == used


def test_definitions_that_auto_provisioning_owns_are_skipped(tree: Any) -> None:
    release = one(tree, "dev/operator", "HelmRelease", "kaito-workspace")["spec"]
    assert (release["install"]["crds"], release["upgrade"]["crds"]) == ("Skip", "Skip")


def test_a_mirror_of_the_charts_is_an_oci_repository() -> None:
    tree = rendered(fleet({"dev": cluster("flux", operator={"repository": "oci://r.example.com/charts"})}))
    (repository,) = [each for each in objects(tree, "dev/operator") if each["kind"] == "HelmRepository"]
    assert (repository["spec"]["type"], repository["spec"]["url"]) == ("oci", "oci://r.example.com/charts")


def test_the_folder_of_the_stages_is_left_open_for_fluxs_own_bootstrap(tree: Any) -> None:
    # Flux writes its own files beside ours and would prune itself if a kustomization.yaml did not list them.
    assert not any(path in tree.files for path in ("dev/gitops/kustomization.yaml", "dev/bootstrap/kustomization.yaml"))


def test_a_revision_of_its_own_lies_in_what_flux_applies() -> None:
    declared = fleet({"dev": cluster("flux", revision="v1.0.0")})
    tree = rendered(declared)
    branch = one(tree, "dev/bootstrap", "GitRepository", "kaitops-branch")
    assert branch["spec"]["ref"] == {"branch": "main"}
    told = one(tree, "dev/bootstrap", "Kustomization", "dev-source")["spec"]
    assert (told["path"], told["sourceRef"]["name"]) == ("./manifests/clusters/dev/source", "kaitops-branch")
    assert one(tree, "dev/source", "GitRepository", "kaitops")["spec"]["ref"] == {"tag": "v1.0.0"}
    everything = [one(tree, "dev/bootstrap", "Kustomization", "dev"), *objects(tree, "dev/gitops")]
    assert {each["spec"]["sourceRef"]["name"] for each in everything} == {"kaitops"}
    declared["clusters"]["dev"]["revision"] = "v1.1.0"
    after = rendered(declared)
    assert {path for path in tree.files if tree.files[path] != after.files[path]} == {
        "dev/source/gitrepository-kaitops.yaml"
    }


@pytest.mark.parametrize("gitops", [
    {"repository": "https://git.example.com/x.git", "revision": "v0.9.0"},
    {"artifact": "oci://r.example.com/tree", "revision": "v0.9.0"},
])  # fmt: skip
def test_where_the_fleets_own_revision_never_moves_the_clusters_is_applied_by_hand(gitops: dict[str, str]) -> None:
    tree = rendered(fleet({"dev": cluster("flux", revision="v1.0.0")}, gitops=gitops))
    assert not [path for path in tree.files if path.startswith("dev/source/")]
    (source,) = [each for each in objects(tree, "dev/bootstrap") if each["kind"] != "Kustomization"]
    assert source["spec"]["ref"] == {"tag": "v1.0.0"}
