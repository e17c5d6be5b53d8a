"""The GitOps engine that Azure installs: what it is told, what it hangs on, and what contradicts the fleet."""

import json
import re
from typing import Any

import pytest

from kaitops.components.arm_template import Registered, template
from kaitops.components.infra_stack import Infra
from kaitops.components.settings.checks import check_infra
from kaitops.components.settings.infra import InfraSettings
from kaitops.kaito.release import Release
from tests.components.azure_answers import SUBSCRIPTION
from tests.components.conftest import Record
from tests.components.recorder import Recording
from tests.components.stacks import CLUSTER, GROUP

FLUX = {"engine": "flux", "repository": "https://example.com/fleet.git", "path": "./manifests/clusters/prod/gitops"}
ARGOCD = {"engine": "argocd", "version": "0.0.18", "configuration": {"redis-ha.enabled": "false"}}
HEALTH = {
    "configs.cm.resource\\.customizations\\.health\\.kaito\\.sh_Workspace": "return {}",
    "redis-ha.enabled": "true",
}


def run(record: Record, gitops: dict[str, Any], **args: Any) -> Recording:
    settings = InfraSettings.read({"gitops": gitops, "entraAdmins": [GROUP]})
    given: Any = {"settings": settings, "cluster_name": "prod", "cluster": CLUSTER, "version": "0.12.0", **args}
    return record(lambda: Infra("infra", given))


def problems(engine: dict[str, Any], **cluster: Any) -> str:
    declared = {**CLUSTER, **cluster}
    return " ".join(
        check_infra(InfraSettings.read({"gitops": engine, "entraAdmins": [GROUP]}), declared, Release.load("0.12.0"))
    )


def test_flux_applies_the_tree_and_hangs_on_the_cluster(record: Record) -> None:
    made = run(record, FLUX)
    component, cluster = made.one("kaitops:azure:FluxExtension"), made.one(":ManagedCluster")
    extension, tree = made.one(":Extension"), made.one(":FluxConfiguration")
    assert made.children(component) == [extension, tree]
    assert made.by_urn(component.parent).type == "kaitops:stack:Infra"
    assert (extension.name, tree.name) == ("infra-gitops-extension", "infra-gitops-tree")
    for one in (extension, tree):
        assert one.inputs["clusterRp"] == "Microsoft.ContainerService"
        assert (one.inputs["clusterName"], one.deleted_with) == ("aks-prod", "")
        assert one.protect and made.depends(one, cluster)
        assert made.depends(one, cluster)
    assert (extension.inputs["extensionType"], extension.inputs["autoUpgradeMinorVersion"]) == ("microsoft.flux", True)
    assert made.depends(tree, extension)
    assert tree.inputs["gitRepository"]["url"] == FLUX["repository"]
    assert tree.inputs["gitRepository"]["repositoryRef"] == {"branch": "main"}
    root = tree.inputs["kustomizations"]["root"]
    assert (root["path"], root["prune"], root["wait"]) == (FLUX["path"], True, True)
    assert made.of("kaitops:azure:ArgoCdExtension") == []


def test_a_revision_of_40_digits_is_a_commit(record: Record) -> None:
    tree = run(record, {**FLUX, "revision": "a" * 40}).one(":FluxConfiguration")
    assert tree.inputs["gitRepository"]["repositoryRef"] == {"commit": "a" * 40}


@pytest.mark.e2e
def test_argo_cd_stays_at_its_version_and_takes_the_callers_settings_then_the_users(record: Record) -> None:
    made = run(record, ARGOCD, gitops_configuration=HEALTH)
    extension = made.one(":Extension")
    assert made.children(made.one("kaitops:azure:ArgoCdExtension")) == [extension]
    assert extension.inputs["extensionType"] == "Microsoft.ArgoCD"
    assert (extension.inputs["releaseTrain"], extension.inputs["version"]) == ("Preview", "0.0.18")
    assert extension.inputs["autoUpgradeMinorVersion"] is False
    assert extension.inputs["configurationSettings"] == {**HEALTH, "redis-ha.enabled": "false"}
    assert made.of(":FluxConfiguration") == []


def test_without_an_engine_there_is_none(record: Record) -> None:
    settings: Any = {
        "settings": InfraSettings.read({"entraAdmins": [GROUP]}),
        "cluster_name": "prod",
        "cluster": CLUSTER,
        "version": "0.12.0",
    }
    made = record(lambda: Infra("infra", settings))
    assert made.of(":Extension") == []


@pytest.mark.parametrize(
    ("gitops", "cluster", "said"),
    [
        (FLUX, {"gitops": "argocd"}, "two engines would apply one tree"),
        (ARGOCD, {"gitops": "flux"}, "two engines would apply one tree"),
        ({"engine": "flux"}, {}, r"infra\.gitops\.path: is not said"),
        ({"engine": "flux", "path": "./a"}, {}, r"infra\.gitops\.repository: is not said"),
        ({"engine": "argocd"}, {}, r"infra\.gitops\.version: is not said"),
        ({**ARGOCD, "path": "./a"}, {}, "takes no repository"),
        (FLUX, {"featureGates": {"gatewayAPIInferenceExtension": True}}, "flux2.helmController.create"),
    ],
)
def test_contradictions_are_refused(gitops: dict[str, Any], cluster: dict[str, Any], said: str) -> None:
    assert re.search(said, problems(gitops, **cluster))


def test_what_holds_together_is_taken() -> None:
    gates = {"gatewayAPIInferenceExtension": True}
    own = {"flux2": {"helmController": {"create": False}, "sourceController": {"create": False}}}
    assert problems(FLUX, gitops="flux", featureGates=gates, operator={"values": own}) == ""
    assert problems(ARGOCD, gitops="argocd") == ""
    assert problems(FLUX, gitops={"engine": "flux"}) == ""


def test_an_engine_beside_a_cluster_that_is_there_is_refused() -> None:
    existing = InfraSettings.read({"gitops": FLUX, "existing": {"kubeconfig": "k"}})
    assert any(
        "infra.gitops: an engine beside" in one for one in check_infra(existing, CLUSTER, Release.load("0.12.0"))
    )


def test_the_template_names_the_cluster_as_scope() -> None:
    inputs = {
        "clusterName": "c",
        "clusterRp": "r",
        "clusterResourceName": "m",
        "extensionName": "flux",
        "version": "1.0.0",
    }
    root = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/c"
    one = Registered(
        "kubernetesconfiguration:Extension",
        "flux",
        inputs,
        f"{root}/providers/Microsoft.KubernetesConfiguration/extensions/flux",
    )
    (made,) = template([one], "test")["resources"]
    assert (made["type"], made["name"]) == ("Microsoft.KubernetesConfiguration/extensions", "flux")
    assert json.dumps(made["scope"]).endswith('managedClusters/c"')
    assert made["properties"] == {"version": "1.0.0"}
