"""Azure resources of an ARM template."""

from tests.policies.cases import Data, case

_GPU_POOL: Data = {
    "vmSize": "Standard_NC24ads_A100_v4",
    "mode": "User",
    "enableAutoScaling": True,
    "count": 1,
    "minCount": 1,
    "maxCount": 2,
    "osDiskSizeGB": 300,
    "nodeTaints": ["sku=gpu:NoSchedule"],
}
_SYSTEM: Data = {"vmSize": "Standard_D4s_v5", "mode": "System", "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"]}
CLUSTER: Data = {
    "apiVersion": "Microsoft.ContainerService/2025-09-01",
    "kind": "managedClusters",
    "metadata": {"name": "aks"},
    "sku": {"name": "Base", "tier": "Standard"},
    "properties": {
        "disableLocalAccounts": True,
        "aadProfile": {"managed": True, "enableAzureRBAC": True},
        "apiServerAccessProfile": {"enablePrivateCluster": True},
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {"workloadIdentity": {"enabled": True}},
        "addonProfiles": {"azurepolicy": {"enabled": True}},
        "agentPoolProfiles": [_SYSTEM],
        "autoUpgradeProfile": {"upgradeChannel": "none", "nodeOSUpgradeChannel": "None"},
        "nodeResourceGroupProfile": {"restrictionLevel": "ReadOnly"},
    },
}
POOL: Data = {
    "apiVersion": "Microsoft.ContainerService/2025-09-01",
    "kind": "managedClusters/agentPools",
    "metadata": {"name": "aks/gpu"},
    "properties": _GPU_POOL,
}
REGISTRY: Data = {
    "apiVersion": "Microsoft.ContainerRegistry/2023-01-01-preview",
    "kind": "registries",
    "metadata": {"name": "cr"},
    "sku": {"name": "Premium"},
    "properties": {"publicNetworkAccess": "Disabled", "policies": {"retentionPolicy": {"status": "enabled"}}},
}
CLEAN = (CLUSTER, POOL, REGISTRY)


def _window(name: str) -> Data:
    kind = "managedClusters/maintenanceConfigurations"
    return {"apiVersion": "Microsoft.ContainerService/2025-09-01", "kind": kind, "metadata": {"name": name}}


def _of(**properties: object) -> Data:
    return {"properties": properties}


def _pools(*pools: Data) -> Data:
    return _of(agentPoolProfiles=list(pools))


_OPEN = {"enablePrivateCluster": None}
_PATCH = {"autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"}}
_BOTH = (_window("aks/aksManagedAutoUpgradeSchedule"), _window("aks/aksManagedNodeOSUpgradeSchedule"))
_CHANNELS = ("properties.autoUpgradeProfile.upgradeChannel", "properties.autoUpgradeProfile.nodeOSUpgradeChannel")

CASES = [
    case(111, CLUSTER, _of(apiServerAccessProfile=None), "properties.apiServerAccessProfile"),
    case(111, CLUSTER, _of(apiServerAccessProfile={"enablePrivateCluster": "[x]"}), "properties.apiServerAccessProfile"),
    case(
        111, CLUSTER,
        _of(apiServerAccessProfile={**_OPEN, "authorizedIPRanges": ["0.0.0.0/0"]}), "properties.apiServerAccessProfile",
    ),
    case(111, CLUSTER, _of(apiServerAccessProfile={**_OPEN, "authorizedIPRanges": ["198.51.100.0/24"]})),
    case(111, CLUSTER, {}),
    case(112, CLUSTER, _of(disableLocalAccounts=False), "properties.disableLocalAccounts"),
    case(112, CLUSTER, _of(aadProfile=None), "properties.aadProfile"),
    case(112, CLUSTER, _of(aadProfile={"enableAzureRBAC": False}), "properties.aadProfile.enableAzureRBAC"),
    case(112, CLUSTER, _of(aadProfile={"adminGroupObjectIDs": ["x"]})),
    case(112, CLUSTER, {}),
    case(113, CLUSTER, _of(oidcIssuerProfile={"enabled": False}), "properties.oidcIssuerProfile"),
    case(
        113, CLUSTER,
        _of(oidcIssuerProfile=None, securityProfile=None, aiToolchainOperatorProfile={"enabled": True}),
        "properties.oidcIssuerProfile",
    ),
    case(113, CLUSTER, _of(oidcIssuerProfile=None, securityProfile=None)),
    case(113, CLUSTER, _of(aiToolchainOperatorProfile={"enabled": True})),
    case(114, CLUSTER, _of(addonProfiles={"azurepolicy": {"enabled": False}}), "properties.addonProfiles"),
    case(114, CLUSTER, _of(addonProfiles={"azurepolicy": None, "other": {"enabled": True}}), "properties.addonProfiles"),
    case(114, CLUSTER, {}),
    case(114, CLUSTER, _of(addonProfiles={"omsagent": {"enabled": False}})),
    case(
        115, CLUSTER, _pools(_SYSTEM, {**_SYSTEM, "nodeTaints": []}), "properties.agentPoolProfiles.1.nodeTaints",
    ),
    case(115, POOL, _of(mode="System"), "properties.nodeTaints"),
    case(115, CLUSTER, _pools({**_SYSTEM, "mode": "User", "nodeTaints": []})),
    case(115, CLUSTER, {}),
    case(116, REGISTRY, {"sku": {"name": "Standard"}}, "sku.name"),
    case(116, REGISTRY, _of(publicNetworkAccess="Enabled"), "properties.publicNetworkAccess"),
    case(116, REGISTRY, _of(policies={"retentionPolicy": {"status": "disabled"}}), "properties.policies"),
    case(116, REGISTRY, {}),
    case(116, REGISTRY, _of(policies={"quarantinePolicy": {"status": "disabled"}})),
    case(117, CLUSTER, _of(**_PATCH), *_CHANNELS),
    case(117, CLUSTER, _of(**_PATCH), _CHANNELS[1], others=_BOTH[:1]),
    case(117, CLUSTER, _of(**_PATCH), _CHANNELS[0], others=_BOTH[1:]),
    case(117, CLUSTER, _of(**_PATCH), *_CHANNELS, others=(_window("other/aksManagedAutoUpgradeSchedule"),)),
    case(117, CLUSTER, _of(**_PATCH), others=_BOTH),
    case(117, CLUSTER, _of(autoUpgradeProfile={"nodeOSUpgradeChannel": "Unmanaged"})),
    case(117, CLUSTER, _of(autoUpgradeProfile=None)),
    case(117, CLUSTER, {}),
    case(118, CLUSTER, {"sku": {"tier": "Free"}}, "sku.tier"),
    case(118, CLUSTER, {"sku": None}, "sku.tier"),
    case(118, CLUSTER, {"sku": {"tier": "Premium"}}),
    case(118, CLUSTER, {"sku": {"tier": "Free"}}, environment="dev"),
    case(118, CLUSTER, {}),
    case(119, CLUSTER, _of(nodeResourceGroupProfile=None), "properties.nodeResourceGroupProfile.restrictionLevel"),
    case(
        119, CLUSTER,
        _of(nodeResourceGroupProfile={"restrictionLevel": "Unrestricted"}),
        "properties.nodeResourceGroupProfile.restrictionLevel",
    ),
    case(119, CLUSTER, {}),
    case(119, CLUSTER, _of(nodeResourceGroup="rg-nodes")),
    case(120, POOL, _of(minCount=0), "properties.minCount"),
    case(120, POOL, _of(minCount=None), "properties.minCount"),
    case(120, POOL, _of(enableAutoScaling=False, count=0, minCount=1), "properties.count"),
    case(120, CLUSTER, _pools({**_GPU_POOL, "minCount": 0}), "properties.agentPoolProfiles.0.minCount"),
    case(120, POOL, _of(minCount=0, vmSize="Standard_D4s_v5")),
    case(120, POOL, _of(enableAutoScaling=None, minCount=None)),
    case(120, POOL, {}),
    case(121, POOL, _of(osDiskSizeGB=299), "properties.osDiskSizeGB"),
    case(121, POOL, _of(osDiskSizeGB=None, vmSize="standard_nd96isr_h100_v5"), "properties.osDiskSizeGB"),
    case(121, POOL, _of(osDiskSizeGB=None, kubeletDiskType="OS"), "properties.osDiskSizeGB"),
    case(121, POOL, _of(osDiskSizeGB=128, kubeletDiskType="Temporary")),
    case(121, POOL, _of(osDiskSizeGB=128, vmSize="Standard_E4s_v5")),
    case(121, POOL, {}),
    case(122, POOL, _of(nodeTaints=["sku=gpu:NoExecute"]), "properties.nodeTaints"),
    case(122, CLUSTER, _pools({**_GPU_POOL, "nodeTaints": None}), "properties.agentPoolProfiles.0.nodeTaints"),
    case(122, POOL, _of(nodeTaints=["a=b:NoSchedule", "sku=gpu:NoSchedule"])),
    case(122, POOL, _of(nodeTaints=None, vmSize=7)),
    case(122, POOL, {}),
]  # fmt: skip
