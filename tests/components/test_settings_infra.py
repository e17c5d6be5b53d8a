"""Settings of the infra stack: what is refused is refused with key, fact and remedy, all at once."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaitops.components.infra_stack import Infra
from kaitops.components.settings.checks import check_infra
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import Names, azure_facts, role_id
from kaitops.errors import BadInput
from kaitops.kaito.release import Release
from tests.components.conftest import Record

RELEASE = Release.load("0.12.0")
TODAY = date(2026, 11, 21)
CLUSTER = {"region": "westeurope", "provisioner": "karpenter", "cloud": "azure", "featureGates": {}, "nodeClasses": []}
ADMIN = "11111111-2222-3333-4444-555555555555"
POOL = {"size": "Standard_NC24ads_A100_v4"}


def problems(settings: dict[str, Any], name: str = "prod", **cluster: Any) -> list[str]:
    access = {} if "entraAdmins" in settings else {"entraAdmins": [ADMIN]}
    return check_infra(InfraSettings.read({**access, **settings}), {**CLUSTER, **cluster}, RELEASE, name, TODAY)


def byo(**pool: Any) -> dict[str, Any]:
    return {"gpuPools": {"a100": {**POOL, **pool}}}


def network(**keys: Any) -> dict[str, Any]:
    return {"network": keys}


VNET = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"
EXISTING = {"vnetId": VNET, "nodeSubnetId": f"{VNET}/subnets/nodes"}
# key, part of the message, settings, the fleet's cluster
ADMIN = "1a111111-2222-3333-4444-555555555555"
REFUSED: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("infra.sku", "AKS Automatic chooses", {"sku": "Automatic"}, {}),
    ("infra.kubernetesVersion", "support of it ended on 2026-07-31", {"kubernetesVersion": "1.33"}, {}),
    ("infra.monitoring.alerts", "nobody is told", {"monitoring": {"alerts": False, "alertEmails": ["a@b.example"]}}, {}),
    ("infra.entraAdmins", "nobody could do anything in it", {"entraAdmins": []}, {}),
    ("infra.network.podCidr", "overlaps vnetCidr", network(podCidr="10.64.128.0/17"), {}),
    ("infra.network.podCidr", "overlaps serviceCidr", network(podCidr="10.65.0.0/17"), {}),
    ("infra.network.nodeSubnetCidr", "overlaps endpointSubnetCidr", network(endpointSubnetCidr="10.64.8.0/24"), {}),
    ("infra.network.vnetCidr", "overlaps otherRanges[0]", network(otherRanges=["10.64.99.0/24"]), {}),
    ("infra.network.podCidr", "overlaps otherRanges[1]", network(otherRanges=["10.1.0.0/16", "10.244.1.0/24"]), {}),
    ("infra.network.serviceCidr", "keeps for itself", network(serviceCidr="172.30.0.0/16", dnsServiceIp="172.30.0.10"), {}),
    ("infra.network.serviceCidr", "is larger", network(serviceCidr="11.0.0.0/8", dnsServiceIp="11.0.0.10"), {}),
    ("infra.network.podCidr", "is not a range", network(podCidr="10.244.0.1/16"), {}),
    ("infra.network.podCidr", "is not a range", network(podCidr="10.300.0.0/16"), {}),
    ("infra.network.nodeSubnetCidr", "outside of vnetCidr", network(nodeSubnetCidr="10.70.0.0/20"), {}),
    ("infra.network.nodeSubnetCidr", "an upgrade may double", {**network(nodeSubnetCidr="10.64.0.0/28"), **byo(max=8)}, {"provisioner": "byo"}),
    ("infra.network.dnsServiceIp", "outside of serviceCidr", network(dnsServiceIp="10.66.0.10"), {}),
    ("infra.network.dnsServiceIp", "first or last", network(dnsServiceIp="10.65.0.1"), {}),
    ("infra.network.dnsServiceIp", "first or last", network(dnsServiceIp="10.65.255.255"), {}),
    ("infra.network.dnsServiceIp", "is not an address", network(dnsServiceIp="10.65.0.999"), {}),
    ("infra.network.nextHop", "missing with outbound", network(outbound="userDefinedRouting"), {}),
    ("infra.network.nextHop", "makes no route table", network(nextHop="10.0.0.4"), {}),
    ("infra.network.outbound", "natGateway with an existing", network(existing=EXISTING), {}),
    ("infra.network.policy", "needs dataPlane cilium", network(dataPlane="azure"), {}),
    ("infra.network.policy", "enforces policies itself", network(policy="azure"), {}),
    ("infra.network.policy", "does not support Calico", network(policy="calico", dataPlane="azure"), {}),
    ("infra.systemPool.max", "cluster autoscaler", {"systemPool": {"min": 2, "max": 5}}, {}),
    ("infra.systemPool.spot", "no spot system pools", {"systemPool": {"spot": True}}, {}),
    ("infra.systemPool", "hold no node", {"systemPool": {"min": 0}}, {}),
    ("infra.systemPool", "hold no node", {"systemPool": {"min": 3, "max": 2}}, {}),
    ("infra.systemPool.size", "was retired", {"systemPool": {"size": "Standard_NC6s_v3"}}, {}),
    ("infra.nodeClass.osDiskGb", "128; images and weights", {"nodeClass": {"osDiskGb": 128}}, {}),
    ("infra.gpuPools", "with provisioner karpenter", byo(), {}),
    ("infra.gpuPools", "with provisioner aks-addon", byo(), {"provisioner": "aks-addon"}),
    ("infra.gpuPools", "with provisioner azure-gpu-provisioner", byo(), {"provisioner": "azure-gpu-provisioner"}),
    ("infra.gpuPools", "empty with provisioner byo", {}, {"provisioner": "byo"}),
    ("infra.gpuPools.a100.min", "reads the GPU from a ready node", byo(min=0), {"provisioner": "byo"}),
    ("infra.gpuPools.a100.max", "below min", byo(min=3, max=2), {"provisioner": "byo"}),
    ("infra.gpuPools.a100.size", "no size that KAITO", byo(size="Standard_NC4as_T4_v3"), {"provisioner": "byo"}),
    ("infra.gpuPools.a100.size", "was retired", byo(size="Standard_NC24s_v3"), {"provisioner": "byo"}),
    ("infra.gpuPools.a100.size", "is not sold in norwayeast", byo(), {"provisioner": "byo", "region": "norwayeast"}),
    ("infra.gpuPools.a100.mig", "cannot be split", byo(size="Standard_NV36ads_A10_v5", mig="MIG1g"), {"provisioner": "byo"}),
    ("infra.gpuPools.a100.mig", "on spot machines", byo(mig="MIG1g", spot=True), {"provisioner": "byo"}),
    ("infra.gpuPools.a100.osDiskGb", "evicted when it is full", byo(osDiskGb=128), {"provisioner": "byo"}),
    ("infra.gpuPools.a100.driver", "no field for it", byo(driver="Managed"), {"provisioner": "byo"}),
    ("infra.gpuPools", "'gpu-pool-one1'", {"gpuPools": {"gpu-pool-one": POOL}}, {"provisioner": "byo"}),
    ("fleet cluster", "false; KAITO needs both", byo(), {"provisioner": "byo", "featureGates": {"disableNodeAutoProvisioning": False}}),
    ("fleet cluster", "on Azure only", {}, {"cloud": "aws"}),
    ("fleet cluster", "is true with provisioner karpenter", {}, {"featureGates": {"disableNodeAutoProvisioning": True}}),
    ("fleet cluster", "featureGates with provisioner aks-addon", {}, {"provisioner": "aks-addon", "featureGates": {"vLLM": True}}),
    ("fleet cluster", "nodeClasses with provisioner aks-addon", {}, {"provisioner": "aks-addon", "nodeClasses": ["a"]}),
    ("fleet cluster", "registry with provisioner aks-addon", {}, {"provisioner": "aks-addon", "registry": "a.b/c"}),
    ("infra.apiServer.authorizedRanges", "given for a private", {"apiServer": {"authorizedRanges": ["1.2.3.0/24"]}}, {}),
    ("infra.apiServer.authorizedRanges", "the whole internet", {"apiServer": {"private": False}}, {}),
    ("infra.apiServer.privateDnsZone", "none without publicName", {"apiServer": {"privateDnsZone": "none"}}, {}),
    ("infra.apiServer.privateDnsZone", "public API server", {"apiServer": {"private": False, "authorizedRanges": ["1.2.3.0/24"], "privateDnsZone": "none"}}, {}),
    ("infra.upgrades.channel", "long-term supported", {"tier": "Premium", "upgrades": {"channel": "rapid"}}, {}),
    ("infra.tier", "no cluster with Calico", {"tier": "Premium", **byo(), **network(policy="calico", dataPlane="azure")}, {"provisioner": "byo"}),
    ("infra.upgrades.nodeOsChannel", "by another name", {"upgrades": {"channel": "node-image", "nodeOsChannel": "SecurityPatch"}}, {}),
    ("infra.apiServer.authorizedRanges[0]", "is not a range", {"apiServer": {"private": False, "authorizedRanges": ["1.2.3.4/24"]}}, {}),
    ("infra.registry.replicas", "where the registry itself is", {"registry": {"replicas": ["westeurope"]}}, {}),
    ("infra.tags.cost/center", "has / in its name", {"tags": {"cost/center": "1"}}, {}),
    ("infra.tags.team", "300 characters", {"tags": {"team": "x" * 300}}, {}),
    ("infra.tags", "15 on a private DNS zone", {"tags": {f"t{number}": "" for number in range(16)}}, {}),
    ("infra.gpuPools.a100.labels", "AKS or Kubernetes sets itself", byo(labels={"kubernetes.azure.com/team": "a"}), {"provisioner": "byo"}),
    ("infra.gpuPools.a100.labels", "AKS or Kubernetes sets itself", byo(labels={"node-role.kubernetes.io/gpu": ""}), {"provisioner": "byo"}),
    ("infra.gpuPools.a100.labels", "AKS or Kubernetes sets itself", byo(labels={"agentpool": "a"}), {"provisioner": "byo"}),
    ("infra.entraAdmins", "twice", {"entraAdmins": [ADMIN, ADMIN.upper()]}, {}),
    ("infra.deployers", "twice", {"deployers": [ADMIN, ADMIN]}, {}),
    ("infra.monitoring.grafana", "nothing to show", {"monitoring": {"prometheus": False, "alerts": False}}, {}),
    ("infra.monitoring.alerts", "nothing evaluates", {"monitoring": {"prometheus": False, "grafana": False}}, {}),
    ("infra.weights.redundancy", "NFS shares on premium storage only", {"weights": {"kind": "files", "redundancy": "Standard_ZRS"}}, {}),
    ("infra.weights.redundancy", "no storage is made", {"weights": {"kind": "nvme", "redundancy": "Standard_ZRS"}}, {}),
    ("infra.security.defender", "no workspace to write to", {"monitoring": {"logs": False}}, {}),
    ("infra.registry.publicAccess", "a closed registry", {"registry": {"sku": "Standard"}}, {}),
    ("infra.registry.untaggedDays", "keeps every", {"registry": {"sku": "Standard", "publicAccess": True, "untaggedDays": 9}}, {}),
    ("infra.registry.replicas", "replicas with sku Standard", {"registry": {"sku": "Standard", "publicAccess": True, "replicas": ["northeurope"]}}, {}),
    ("infra.registry.existing", "is not changed", {"registry": {"existing": f"{VNET}/x", "imports": ["a.b/c"]}}, {}),
    ("infra.location", "differ", {"location": "northeurope"}, {}),
    ("infra.quota", "cannot be read", {"quota": "/nonexistent/quota.json"}, {}),
    ("infra.resourceGroup", "ending in a dot", {"resourceGroup": "rg."}, {}),
    ("infra.name", "the key vault the name", {"name": "a-rather-long-name-of-a-cluster"}, {}),
    ("infra.name", "the storage account the name", {"name": "a-rather-long-name-of-a-cluster", "weights": {"kind": "blob"}}, {}),
    ("infra.name", "the Grafana the name", {"name": "a-rather-long-name-of-a-cluster"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "part", "settings", "cluster"), REFUSED)
def test_a_rule_between_settings_names_key_fact_and_remedy(
    key: str, part: str, settings: dict[str, Any], cluster: dict[str, Any]
) -> None:
    found = [one for one in problems(settings, **cluster) if one.startswith(f"{key}:") and part in one]
    assert len(found) == 1, problems(settings, **cluster)
    assert re.search(r"; [^;]+$", found[0]), found[0]


def test_the_problem_is_the_only_one() -> None:
    """A rule that fires beside its neighbours would bury the fault; these have one cause each."""
    alone = [problems(settings, **cluster) for _, _, settings, cluster in REFUSED]
    assert sum(len(one) == 1 for one in alone) >= len(alone) - 9, [one for one in alone if len(one) > 1]


def test_all_problems_are_told_at_once() -> None:
    found = problems(
        {
            "network": {"podCidr": "10.64.0.0/16", "dnsServiceIp": "10.1.1.1"},
            "systemPool": {"spot": True},
            "apiServer": {"private": False},
            **byo(),
        }
    )
    keys = [one.split(":")[0] for one in found]
    assert keys == [
        "infra.gpuPools", "infra.network.podCidr", "infra.network.dnsServiceIp", "infra.apiServer.authorizedRanges",
        "infra.systemPool.spot",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "cluster"),
    [
        ({}, {}),
        ({}, {"provisioner": "aks-addon"}),
        ({}, {"provisioner": "azure-gpu-provisioner"}),
        (byo(), {"provisioner": "byo"}),
        (byo(mig="MIG1g"), {"provisioner": "byo", "featureGates": {"disableNodeAutoProvisioning": True}}),
        (byo(osDiskGb=128, temporaryKubeletDisk=True, spot=True), {"provisioner": "byo"}),
        (network(outbound="userDefinedRouting", nextHop="10.0.0.4"), {}),
        (network(outbound="userDefinedRouting", existing=EXISTING), {}),
        (network(policy="calico", dataPlane="azure"), {"provisioner": "aks-addon"}),
        ({"systemPool": {"min": 2, "max": 5}}, {"provisioner": "aks-addon"}),
        ({"apiServer": {"private": False, "authorizedRanges": ["1.2.3.0/24"]}}, {}),
        ({"apiServer": {"privateDnsZone": "none", "publicName": True}}, {}),
        ({"existing": {"kubeconfig": "kubeconfig"}}, {"provisioner": "byo"}),
        ({"existing": {"kubeconfig": "kubeconfig"}}, {"provisioner": "byo", "cloud": "arc"}),
        ({"tier": "Premium"}, {}),
        ({"tier": "Premium", "upgrades": {"channel": "node-image"}}, {}),
        ({"tags": {"Cost Center": "1", "7": "", "a:b": "c"}, "registry": {"replicas": ["northeurope"]}}, {}),
        ({"tags": {f"t{number}": "" for number in range(16)}, "registry": None, "secrets": None}, {}),
        (byo(labels={"node.kubernetes.io/kind": "gpu", "nvidia.com/mig.config": "all-1g"}), {"provisioner": "byo"}),
        (byo(spot=True, labels={"kubernetes.azure.com/scalesetpriority": "spot"}), {"provisioner": "byo"}),
        ({"registry": {"imports": ["mcr.microsoft.com/aks/kaito/workspace", "docker.io/vllm/vllm-openai"]}}, {}),
    ],
)
def test_what_azure_and_kaito_take_is_taken(settings: dict[str, Any], cluster: dict[str, Any]) -> None:
    assert problems(settings, **cluster) == []


def recording(tmp_path: Path, **limits: int) -> str:
    names = {"cores": "Total Regional vCPUs", "StandardNCADSA100v4Family": "NCADSA100v4", "lowPriorityCores": "Spot"}
    usage = [
        {"name": {"value": name, "localizedValue": names[name]}, "currentValue": 0, "limit": limits.get(name, 1000)}
        for name in names
    ]
    path = tmp_path / "quota.json"
    path.write_text(json.dumps({"region": "westeurope", "date": "2026-11-20", "usage": usage}))
    return str(path)


@pytest.mark.parametrize(
    ("limits", "pool", "part"),
    [
        ({"StandardNCADSA100v4Family": 47}, {"max": 2}, "need 48 vCPUs of 'NCADSA100v4'"),
        ({"StandardNCADSA100v4Family": 48}, {"max": 2}, ""),
        ({"StandardNCADSA100v4Family": 48}, {"max": 2, "generation": 2, "keepPrevious": True}, "need 96 vCPUs"),
        ({"cores": 31}, {}, "need 32 vCPUs of 'Total Regional vCPUs'"),
        ({"cores": 32}, {}, ""),
        ({"lowPriorityCores": 23}, {"spot": True}, "need 24 vCPUs of 'Spot'"),
        ({"lowPriorityCores": 24, "StandardNCADSA100v4Family": 0}, {"spot": True}, ""),
    ],
)
def test_pools_are_held_to_a_recorded_quota(tmp_path: Path, limits: dict[str, int], pool: Any, part: str) -> None:
    found = problems({**byo(**pool), "quota": recording(tmp_path, **limits)}, provisioner="byo")
    assert [part in one for one in found] == ([True] if part else [])


@pytest.mark.parametrize(
    ("limit", "used", "counted", "part"),
    [
        (96, 48, False, ""),
        (96, 49, False, "need 48 vCPUs of 'NCADSA100v4' in westeurope and 47 of 96 are left"),
        (40, 60, False, "and 0 of 40 are left"),
        (96, 49, True, ""),
        (47, 0, True, "and the limit is 47"),
    ],
)
def test_machines_are_held_to_what_is_left_unless_the_recording_counts_them(
    tmp_path: Path, limit: int, used: int, counted: bool, part: str
) -> None:
    path = recording(tmp_path, StandardNCADSA100v4Family=limit)
    told = json.loads(Path(path).read_text())
    for one in told["usage"]:
        if one["name"]["value"] == "StandardNCADSA100v4Family":
            one["currentValue"] = used
    Path(path).write_text(json.dumps(told))
    found = problems({**byo(max=2), "quota": path, "quotaCountsCluster": counted}, provisioner="byo")
    assert [part in one for one in found] == ([True] if part else [])


def test_a_quota_of_another_region_says_nothing(tmp_path: Path) -> None:
    found = problems({"quota": recording(tmp_path)}, region="swedencentral")
    assert len(found) == 1 and "was recorded in westeurope" in found[0]


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"colour": "red"}, "infra.colour"),
        ({"network": {"podCidr": "nonsense"}}, "infra.network.podCidr"),
        ({"kubernetesVersion": "1.34.2"}, "infra.kubernetesVersion"),
        ({"tier": "Free"}, "infra.tier"),
        ({"entraAdmins": ["somebody"]}, "infra.entraAdmins[0]"),
        ({"gpuPools": {"a": {}}}, "infra.gpuPools.a.size"),
        ({"gpuPools": {"a": {"size": "large"}}}, "infra.gpuPools.a.size"),
        ({"gpuPools": {"a": {**POOL, "mig": "1g.10gb"}}}, "infra.gpuPools.a.mig"),
        ({"gpuPools": {"a": {**POOL, "min": "1"}}}, "infra.gpuPools.a.min"),
        ({"gpuPools": {"a": {**POOL, "minimumImage": "latest"}}}, "infra.gpuPools.a.minimumImage"),
        ({"gpuPools": {"a": {**POOL, "taints": ["sku=gpu"]}}}, r"infra.gpuPools.a.taints[0]"),
        ({"gpuPools": {"a": {**POOL, "taints": ["sku=gpu:Noschedule"]}}}, r"infra.gpuPools.a.taints[0]"),
        ({"gpuPools": {"a": {**POOL, "labels": {"team": "a b"}}}}, r"infra.gpuPools.a.labels.team"),
        ({"gpuPools": {"a": {**POOL, "labels": {"Team/": "a"}}}}, r"infra.gpuPools.a.labels.Team/"),
        ({"protect": "yes"}, "infra.protect"),
        ({"network": {"outbound": "none"}}, "infra.network.outbound"),
        ({"apiServer": {"privateDnsZone": "mine"}}, "infra.apiServer.privateDnsZone"),
        ({"upgrades": {"clusterWindow": {"day": "Sunday", "start": "25:00"}}}, "infra.upgrades.clusterWindow.start"),
        ({"weights": {"kind": "tape"}}, "infra.weights.kind"),
        ({"system_pool": {"min": 3, "bogus": 1}}, "bogus"),
    ],
)
def test_a_value_of_the_wrong_form_is_named(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(BadInput) as error:
        InfraSettings.read(settings)
    assert key in str(error.value)
    assert "docs/infrastructure.md" in str(error.value)


def test_a_version_is_held_to_the_end_of_its_support() -> None:
    assert problems({"kubernetesVersion": "1.33", "tier": "Premium"}) == []
    # What is not known yet is newer than what is known.
    assert problems({"kubernetesVersion": "1.40"}) == []
    assert InfraSettings().kubernetes_version in azure_facts()["kubernetes"]["support_ends"]


def test_bad_input_is_refused_before_anything_is_registered(record: Record) -> None:
    seen = []

    def program() -> None:
        with pytest.raises(BadInput, match="podCidr") as error:
            Infra(
                "prod",
                {
                    "settings": InfraSettings.read({"network": {"podCidr": "10.64.0.0/16"}}),
                    "cluster_name": "prod",
                    "cluster": CLUSTER,
                    "version": "0.12.0",
                },
            )
        seen.append(error.value.exit_code)

    assert record(program).resources == []
    assert seen == [2]


def test_names_stay_the_same_and_tell_stacks_apart() -> None:
    def names(settings: dict[str, Any], region: str = "westeurope") -> Names:
        return Names.of(InfraSettings.read(settings), "prod-weu", {**CLUSTER, "region": region})

    assert names({}) == names({})
    assert (
        names({}).registry != names({}, "swedencentral").registry != names({"name": "other"}, "swedencentral").registry
    )
    assert names({"suffix": "x1"}).registry == "crprodweux1"
    assert names({"resourceGroup": "rg-mine"}).resource_group == "rg-mine"


def test_a_role_that_is_not_recorded_is_refused() -> None:
    with pytest.raises(BadInput, match=r"presets/azure\.json"):
        role_id("Owner")
