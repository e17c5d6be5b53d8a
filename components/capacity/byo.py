"""GPU nodes in agent pools that the stack owns.

Owns the pools and KAITO's two switches for nodes of one's own: provisioner and feature gate, since either alone does
something else. A pool's generation is part of its name, so that a pool of other machines comes up beside the old one
before that goes; GPU capacity that was given back may not be had again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import containerservice

from components.capacity.plan import ChartContext, ClusterFragment, ExtraChart, Federation
from components.place import Place
from components.settings.infra import InfraSettings
from components.settings.pools import GpuPool

POOL_LABEL = "kaitops.io/pool"
# Azure refuses these in place and the provider does not know, so without this an update would fail half-way.
_IMMUTABLE = [
    "availabilityZones", "capacityReservationGroupID", "enableEncryptionAtHost", "gpuProfile", "kubeletDiskType",
    "osDiskSizeGB", "osDiskType", "osSKU", "scaleSetEvictionPolicy", "scaleSetPriority", "spotMaxPrice", "vnetSubnetID",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Byo:
    """Pools of one's own."""

    settings: InfraSettings
    cluster_name: str

    @property
    def cluster(self) -> ClusterFragment:
        """Switches of the managed cluster."""
        return {"node_provisioning": False, "general_pools": False, "ai_toolchain": False}

    @property
    def federations(self) -> tuple[Federation, ...]:
        """None: nothing in the cluster makes nodes."""
        return ()

    @property
    def chart_values(self) -> dict[str, Any]:
        """Values of KAITO's chart that follow from the pools: split GPUs, Spot nodes, nodes without a driver."""
        pools = self.settings.gpu_pools.values()
        values: dict[str, Any] = {"clusterName": self.cluster_name}
        if any(pool.mig for pool in pools):
            values["featureGates"] = {"enableMIG": True}
        if any(pool.driver == "None" for pool in pools):
            # The GPU Operator brings driver, device plugin and discovery together.
            values["gpu-feature-discovery"] = {"nfd": {"enabled": False}, "gfd": {"enabled": False}}
            values["nvidiaDevicePlugin"] = {"enabled": False}
        if any(pool.spot for pool in pools):
            values["spotInstance"] = {"enabled": True}
        return values

    def extra_charts(self, context: ChartContext) -> list[ExtraChart]:
        """None."""
        return []


class GpuPoolsArgs(Place):
    """What the pools need."""

    cluster: containerservice.ManagedCluster
    cluster_name: pulumi.Input[str]
    node_subnet_id: pulumi.Input[str]
    pools: Mapping[str, GpuPool]


class GpuPools(pulumi.ComponentResource):
    """GPU agent pools of a cluster."""

    names: pulumi.Output[list[str]]
    """Names of the pools, both generations while a change is under way."""

    def __init__(self, name: str, args: GpuPoolsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:GpuPools", name, None, opts)
        self._name, self._args = name, args
        made: list[containerservice.AgentPool] = []
        for key, pool in sorted(args["pools"].items()):
            if pool.keep_previous and pool.generation > 1:
                before = pool.model_copy(update={"size": pool.previous_size or pool.size})
                made.append(self._pool(key, before, pool.generation - 1, made))
            made.append(self._pool(key, pool, pool.generation, made))
        self.names = pulumi.Output.all(*[one.name for one in made]).apply(lambda told: [one or "" for one in told])
        self.register_outputs({"names": self.names})

    def _pool(
        self, key: str, pool: GpuPool, generation: int, before: list[containerservice.AgentPool]
    ) -> containerservice.AgentPool:
        args = self._args
        scaled = pool.max > pool.min
        surge = pool.max_surge
        return containerservice.AgentPool(
            f"{self._name}-{key}{generation}",
            resource_group_name=args["resource_group_name"],
            resource_name_=args["cluster_name"],
            agent_pool_name=f"{key}{generation}",
            mode="User",
            type="VirtualMachineScaleSets",
            vm_size=pool.size,
            # Azure wants a count even where the autoscaler moves it afterwards.
            count=pool.min,
            enable_auto_scaling=scaled,
            min_count=pool.min if scaled else None,
            max_count=pool.max if scaled else None,
            availability_zones=pool.zones or None,
            node_labels={**(pool.labels or {POOL_LABEL: key})},
            node_taints=pool.taints,
            os_type="Linux",
            os_sku="Ubuntu",
            os_disk_type=pool.os_disk_type,
            os_disk_size_gb=pool.os_disk_gb,
            kubelet_disk_type="Temporary" if pool.temporary_kubelet_disk else "OS",
            max_pods=pool.max_pods,
            vnet_subnet_id=args["node_subnet_id"],
            gpu_profile=containerservice.GPUProfileArgs(driver=pool.driver),
            gpu_instance_profile=pool.mig,
            scale_set_priority="Spot" if pool.spot else "Regular",
            scale_set_eviction_policy="Delete" if pool.spot else None,
            spot_max_price=pool.spot_max_price if pool.spot else None,
            scale_down_mode="Delete",
            enable_encryption_at_host=pool.host_encryption,
            enable_node_public_ip=False,
            capacity_reservation_group_id=pool.capacity_reservation_group_id,
            upgrade_settings=containerservice.AgentPoolUpgradeSettingsArgs(
                max_surge=surge,
                # Without spare machines a node has to go before its successor comes.
                max_unavailable="1" if surge in ("0", "0%") else "0",
                drain_timeout_in_minutes=30,
            ),
            tags=args.get("tags", {}),
            opts=pulumi.ResourceOptions.merge(
                pulumi.ResourceOptions(parent=self),
                pulumi.ResourceOptions(
                    depends_on=[*before[-1:]],
                    deleted_with=args["cluster"],
                    ignore_changes=["count"] if scaled else [],
                    replace_on_changes=_IMMUTABLE,
                ),
            ),
        )
