"""Changes of a stack's settings one at a time, and in words what a preview says to each and what ``up`` does.

Owns the rows, of which ``docs/changes.md`` is made; the words are in ``saying``. Each row begins with the same stack, whose state and
whose Azure are put back.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.engine import cloud
from tests.e2e.engine.project import Project
from tests.e2e.engine.saying import said

ADMIN, OTHER = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
A100, H100 = "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"
_SET = "/subscriptions/s/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/nodes"
_FLUX = {"engine": "flux", "repository": "https://example.com/fleet.git", "path": "./gitops"}
_HUB = "/subscriptions/00000000-0000-0000-0000-00000000beef/resourceGroups/hub/providers/Microsoft.Network"
_SPOKE = {
    "outbound": "loadBalancer",
    "existing": {
        "vnetId": f"{_HUB}/virtualNetworks/spoke",
        "nodeSubnetId": f"{_HUB}/virtualNetworks/spoke/subnets/nodes",
    },
}
_ZONES = f"{_HUB}/privateDnsZones"
_GROUP = "/subscriptions/s/resourceGroups/keys/providers/Microsoft.Compute/capacityReservationGroups/gpus"


@dataclass(frozen=True)
class Change:
    """One row.

    Attributes:
        what: in words.
        infra, pool: settings that are added to those of the base, the second to its pool ``a100``.
        config: further keys of the stack's configuration.
        cluster: keys of the fleet's cluster that change.
        without: settings of the base that go.
        before: settings that the base has beside its own, by an ``up`` of their own.
        first: protected types that go all together, of which the engine meets the one or the other first.
    """

    what: str
    infra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    pool: Mapping[str, Any] = field(default_factory=dict[str, Any])
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    cluster: Mapping[str, Any] = field(default_factory=dict[str, Any])
    without: tuple[str, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    first: tuple[str, ...] = ()


SECTIONS: dict[str, list[Change]] = {
    "A GPU pool": [
        Change("`size`", pool={"size": H100}),
        Change("`mig`", pool={"mig": "MIG3g"}),
        Change("`zones`", pool={"zones": ["1"]}),
        Change("`osDiskGb`", pool={"osDiskGb": 512}),
        Change("`maxPods`", pool={"maxPods": 110}),
        Change("`driver`", pool={"driver": "None"}),
        Change("`spot`", pool={"spot": True}),
        Change("`hostEncryption`", pool={"hostEncryption": False}),
        Change("`size` with `protect: false`, after an `up` with that alone", pool={"size": H100, "protect": False}),
        Change("`size` with the next `generation` and `keepPrevious`", pool={"size": H100, "generation": 2, "keepPrevious": True}),
        Change("`size` with the next `generation` alone", pool={"size": H100, "generation": 2}),
        Change("`labels`", pool={"labels": {"team": "a"}}),
        Change("`labels`, one of AKS", pool={"labels": {"kubernetes.azure.com/team": "a"}}),
        Change("`taints`", pool={"taints": []}),
        Change("`min` and `max`", pool={"min": 2, "max": 4}),
        Change("`maxSurge`", pool={"maxSurge": "1"}),
        Change("`spotMaxPrice`", pool={"spotMaxPrice": 2.5}),
        Change("`osDiskType`", pool={"osDiskType": "Ephemeral"}),
        Change("`temporaryKubeletDisk`", pool={"temporaryKubeletDisk": True}),
        Change("`capacityReservationGroupId`", pool={"capacityReservationGroupId": _GROUP}),
        Change("`stopped`", pool={"stopped": True}),
        Change("`minimumImage`", pool={"minimumImage": "202606.08.1"}),
        Change("one pool more", infra={"gpuPools": {"a100": {"size": A100, "max": 2}, "spare": {"size": A100}, "next": {"size": H100}}}),
        Change("one pool fewer", infra={"gpuPools": {"a100": {"size": A100, "max": 2}}}),
        Change("another name for a pool", infra={"gpuPools": {"other": {"size": A100, "max": 2}, "spare": {"size": A100}}}),
    ],
    "The cluster": [
        Change("`kubernetesVersion`", infra={"kubernetesVersion": "1.36"}),
        Change("`kubernetesVersion`, one that Azure no longer supports", infra={"kubernetesVersion": "1.31"}),
        Change("`kubernetesVersion`, back", infra={"kubernetesVersion": "1.35"}, before={"kubernetesVersion": "1.36"}),
        Change("`kubernetesVersion`, one left out", infra={"kubernetesVersion": "1.37"}),
        Change("`sku`, to `Automatic`", infra={"sku": "Automatic"}),
        Change("`tags`", infra={"tags": {"team": "b"}}),
        Change("`tags`, with a sign that Azure takes in none", infra={"tags": {"cost/center": "b"}}),
        Change("`tier`", infra={"tier": "Premium"}),
        Change("`tier`, back to `Standard`", before={"tier": "Premium"}),
        Change("`entraAdmins`, one more", infra={"entraAdmins": [ADMIN, OTHER]}),
        Change("`entraAdmins`, the first of two gone", infra={"entraAdmins": [OTHER]}, before={"entraAdmins": [ADMIN, OTHER]}),
        Change("`entraAdmins`, none", infra={"entraAdmins": []}),
        Change("`deployers`", infra={"deployers": [OTHER]}),
        Change("`deployers`, none", before={"deployers": [OTHER]}),
        Change("`apiServer.login`", infra={"apiServer": {"login": "spn"}}),
        Change("`apiServer.private`", infra={"apiServer": {"private": False, "authorizedRanges": ["192.0.2.0/24"]}}),
        Change("`apiServer.privateDnsZone`", infra={"apiServer": {"privateDnsZone": f"{_ZONES}/privatelink.westeurope.azmk8s.io"}}),
        Change("`apiServer.publicName`", infra={"apiServer": {"publicName": True}}),
        Change("`network.vnetCidr`, larger", infra={"network": {"vnetCidr": "10.64.0.0/15"}}),
        Change("`network.nodeSubnetCidr`", infra={"network": {"nodeSubnetCidr": "10.64.0.0/21"}}),
        Change("`network.endpointSubnetCidr`", infra={"network": {"endpointSubnetCidr": "10.64.17.0/24"}}),
        Change("`network.existing`", infra={"network": _SPOKE}),
        Change("`network.podCidr`", infra={"network": {"podCidr": "10.200.0.0/16"}}),
        Change("`network.serviceCidr`", infra={"network": {"serviceCidr": "10.66.0.0/16", "dnsServiceIp": "10.66.0.10"}}),
        Change("`network.outbound`", infra={"network": {"outbound": "loadBalancer"}}),
        Change("`network.dataPlane` and `policy`", infra={"network": {"dataPlane": "azure", "policy": "azure"}}),
        Change("`network.natZone`", infra={"network": {"natZone": "1"}}),
        Change("`systemPool.size`", infra={"systemPool": {"size": "Standard_D8ds_v5"}}),
        Change("`systemPool.min`", infra={"systemPool": {"min": 3}}),
        Change("`systemPool.zones`", infra={"systemPool": {"zones": ["1"]}}),
        Change("`security.hostEncryption`", infra={"security": {"hostEncryption": False}}),
        Change("`security.diskEncryptionSetId`", infra={"security": {"diskEncryptionSetId": _SET}}),
        Change("`security.defender`", infra={"security": {"defender": False}}),
        Change("`security.policy`", infra={"security": {"policy": False}}),
        Change("`security.nodeResourceGroupLockdown`", infra={"security": {"nodeResourceGroupLockdown": "Unrestricted"}}),
        Change("`upgrades.channel`", infra={"upgrades": {"channel": "stable"}}),
        Change("`upgrades.channel` to `node-image`, with `nodeOsChannel`", infra={"upgrades": {"channel": "node-image", "nodeOsChannel": "SecurityPatch"}}),
        Change("`upgrades.nodeOsChannel`", infra={"upgrades": {"nodeOsChannel": "SecurityPatch"}}),
        Change("`upgrades.clusterWindow`", infra={"upgrades": {"clusterWindow": {"day": "Monday", "start": "02:00"}}}),
        Change("`upgrades.nodeWindow`", infra={"upgrades": {"nodeWindow": {"day": "Friday", "start": "22:00", "hours": 8}}}),
        Change("`name`", infra={"name": "other"}),
        Change("`suffix`", infra={"suffix": "other"}, first=("Grafana", "Registry", "Vault")),
        Change("`location`, without the fleet's", infra={"location": "northeurope"}),
        Change("the fleet's `region`", cluster={"region": "northeurope"}),
        Change("the fleet's `provisioner`, to `karpenter`", cluster={"provisioner": "karpenter", "nodes": None}, without=("gpuPools",)),
        Change("`protect`", infra={"protect": False}),
    ],
    "What stands beside it": [
        Change("`registry.imports`, one more", infra={"registry": {"imports": ["mcr.microsoft.com/aks/kaito/workspace"]}}),
        Change("`registry.imports`, none", before={"registry": {"imports": ["mcr.microsoft.com/aks/kaito/workspace"]}}),
        Change("`registry.replicas`, one more", infra={"registry": {"replicas": ["northeurope"]}}),
        Change("`registry.replicas`, where the registry is", infra={"registry": {"replicas": ["westeurope"]}}),
        Change("`registry.replicas`, none", before={"registry": {"replicas": ["northeurope"]}}),
        Change("`registry.sku`, to `Standard`", infra={"registry": {"sku": "Standard", "publicAccess": True}}),
        Change("`registry.untaggedDays`", infra={"registry": {"untaggedDays": 90}}),
        Change("`registry.quarantine`", infra={"registry": {"quarantine": True}}),
        Change("`registry.pushIdentity`", infra={"registry": {"pushIdentity": True}}),
        Change("`registry.publicAccess`", infra={"registry": {"publicAccess": True}}),
        Change("`registry`, none", infra={"registry": None}),
        Change("`weights`", infra={"weights": {"kind": "blob"}}),
        Change("`weights`, from `blob` to `files`", infra={"weights": {"kind": "files"}}, before={"weights": {"kind": "blob"}}),
        Change("`weights.redundancy`", infra={"weights": {"kind": "blob", "redundancy": "Standard_LRS"}}, before={"weights": {"kind": "blob"}}),
        Change("`weights.container`", infra={"weights": {"kind": "blob", "container": "other"}}, before={"weights": {"kind": "blob"}}),
        Change("`weights.serviceAccount`", infra={"weights": {"kind": "blob", "serviceAccount": "other"}}, before={"weights": {"kind": "blob"}}),
        Change("`weights`, none", before={"weights": {"kind": "blob"}}),
        Change("`network.privateDnsZones`", infra={"network": {"privateDnsZones": {"registry": f"{_ZONES}/privatelink.azurecr.io"}}}),
        Change("`secrets.kind`", infra={"secrets": {"kind": "externalSecrets"}}),
        Change("`secrets.publicAccess`", infra={"secrets": {"publicAccess": True}}),
        Change("`secrets.serviceAccount`", infra={"secrets": {"serviceAccount": "other"}}),
        Change("`secrets`, none", infra={"secrets": None}),
        Change("`monitoring.retentionDays`", infra={"monitoring": {"retentionDays": 90}}),
        Change("`monitoring.alerts`", infra={"monitoring": {"alerts": False}}),
        Change("`monitoring.recordingRules`", infra={"monitoring": {"recordingRules": False}}),
        Change("`monitoring.logs`", infra={"monitoring": {"logs": False}, "security": {"defender": False}}),
        Change("`monitoring.alertEmails`", infra={"monitoring": {"alertEmails": ["on-call@example.com"]}}),
        Change("`monitoring.alertEmails`, others", infra={"monitoring": {"alertEmails": ["night@example.com"]}}, before={"monitoring": {"alertEmails": ["on-call@example.com"]}}),
        Change("`monitoring.alertEmails`, none", before={"monitoring": {"alertEmails": ["on-call@example.com"]}}),
        Change("`monitoring.grafana`", infra={"monitoring": {"grafana": False}}),
        Change("`monitoring.prometheus`", infra={"monitoring": {"prometheus": False, "grafana": False, "alerts": False}}),
        Change("`gitops`", infra={"gitops": _FLUX}),
        Change("`gitops.engine`", infra={"gitops": {"engine": "argocd", "version": "1.0.0"}}, before={"gitops": _FLUX}),
        Change("`gitops.version`", infra={"gitops": {**_FLUX, "version": "1.16.2"}}, before={"gitops": _FLUX}),
        Change("`gitops.path`", infra={"gitops": {**_FLUX, "path": "./other"}}, before={"gitops": _FLUX}),
        Change("`gitops.revision`, to a commit", infra={"gitops": {**_FLUX, "revision": "a" * 40}}, before={"gitops": _FLUX}),
        Change("`gitops`, none", before={"gitops": _FLUX}),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class ModelChange:
    """One row of the part ``workloads``.

    Attributes:
        model: keys that change of the model ``phi``; None where it goes.
        models: further models that there are.
        config: of the stack, before and after.
        later: keys of the stack's configuration and of the fleet that change.
        access: what the kubeconfig becomes.
    """

    what: str
    model: Mapping[str, Any] | None = field(default_factory=dict[str, Any])
    models: Mapping[str, Any] = field(default_factory=dict[str, Any])
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    later: Mapping[str, Any] = field(default_factory=dict[str, Any])
    fleet: Mapping[str, Any] = field(default_factory=dict[str, Any])
    access: str = ""


PHI = {"preset": "phi-4-mini-instruct", "gpu": A100, "context": 16384}
_CLUSTERS = {"clusters": {"next": {"region": "westeurope", "provisioner": "karpenter"}}}
MODELS: list[ModelChange] = [
    ModelChange("`labels`", {"labels": {"team": "b"}}),
    ModelChange("`context`", {"context": 8192}),
    ModelChange("`gpu`", {"gpu": H100}),
    ModelChange("`gpu`, with `workloads.blueGreen`", {"gpu": H100}, config={"workloads": {"blueGreen": True}}),
    ModelChange("`preset`", {"preset": "phi-4"}),
    ModelChange("`replicas`, from one to two", {"replicas": 2}),
    ModelChange("`namespace`", {"namespace": "engine-changes-next"}),
    ModelChange("`mode`", {"mode": "plain"}),
    ModelChange("`secret`", {"secret": "hf-token"}),
    ModelChange("one model more", models={"more": PHI}),
    ModelChange("one model fewer", None),
    ModelChange("another name for a model", None, models={"phi-next": PHI}),
    ModelChange("another KAITO version", fleet={"kaito": "0.11.0"}),
    ModelChange("another name for the cluster", fleet=_CLUSTERS, later={"cluster": "next"}),
    ModelChange("another name for the cluster, with `renamedFrom`", fleet=_CLUSTERS, later={"cluster": "next", "renamedFrom": "prod"}),
    ModelChange("credentials that cannot be read", access="not a kubeconfig"),
    ModelChange("credentials of a server that is gone", access="gone"),
]  # fmt: skip


class Base:
    """The stack that each row begins with."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._cloud = folder, folder / "cloud"
        self.project = Project(folder, azure=True, environment={cloud.FOLDER: str(self._cloud)})
        self._declare(Change(""))
        self.project.run("up")
        self._state = folder / "state.json"
        self._state.write_text(json.dumps(self.project.state()))
        shutil.copytree(self._cloud, folder / "kept")
        self.there = cloud.names(self._cloud)

    def row(self, change: Change) -> tuple[str, str]:
        """What a preview says, and what ``up`` does, in words."""
        shutil.rmtree(self._cloud)
        shutil.copytree(self._folder / "kept", self._cloud)
        self.project.pulumi("stack", "import", "--file", str(self._state))
        if change.pool.get("protect") is False or change.before:
            self._declare(Change("", change.before, {"protect": False} if "protect" in change.pool else {}))
            self.project.run("up")
        self._declare(change)
        planned = self.project.tried("preview")
        plan = said(planned, change.first)
        # ``pulumi up`` begins with the same preview, and ends with it where that is refused.
        return plan, plan if planned.code else said(self.project.tried("up"))

    def _declare(self, change: Change) -> None:
        cluster: dict[str, Any] = {
            "region": "westeurope",
            "provisioner": "byo",
            "nodes": {
                "a100": {"product": "A100", "gpus": 1, "memoryMiB": 81920, "labels": {"kaitops.io/pool": "a100"}}
            },
            **change.cluster,
        }
        cluster = {key: value for key, value in cluster.items() if value is not None}
        fleet = self._folder / "fleet.yaml"
        fleet.write_text(json.dumps({"kaito": "0.12.0", "clusters": {"prod": cluster}, "models": {}}))
        pools = {"a100": {"size": A100, "max": 2, **change.pool}, "spare": {"size": A100}}
        infra = {"entraAdmins": [ADMIN], "gpuPools": pools, **change.infra}
        for key in change.without:
            infra.pop(key)
        self.project.adopt(fleet=str(fleet), cluster="prod", parts=["infra"], infra=infra, **change.config)
