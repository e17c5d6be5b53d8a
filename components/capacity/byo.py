"""GPU nodes in agent pools that the stack owns.

Owns the pools and KAITO's two switches for nodes of one's own: provisioner and feature gate, since either alone does
something else. A pool's generation is part of its name, so that a pool of other machines comes up beside the old one
before that goes; GPU capacity that was given back may not be had again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired

import pulumi
from pulumi_azure_native import containerservice

from kaitops.components.capacity import images
from kaitops.components.capacity.autoscaling import Found, moved_count, present
from kaitops.components.capacity.plan import ChartContext, ClusterFragment, ExtraChart, Federation
from kaitops.components.place import Place
from kaitops.components.refusals import told
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.machine_checks import SPOT_LABEL, labels_of
from kaitops.components.settings.pools import GpuPool
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput

# Azure refuses these in place and the provider does not know of all, so without this an update would fail half-way.
FIXED = [
    "availabilityZones", "capacityReservationGroupID", "enableEncryptionAtHost", "gpuInstanceProfile", "gpuProfile",
    "kubeletDiskType", "maxPods", "osDiskSizeGB", "osDiskType", "osSKU", "osType", "scaleSetEvictionPolicy",
    "scaleSetPriority", "spotMaxPrice", "type", "vmSize", "vnetSubnetID",
]  # fmt: skip
# What workloads on the generation before go by; it stays as it is until it goes.
_HELD = ["count", "enableAutoScaling", "maxCount", "minCount", "nodeLabels", "nodeTaints", "powerState"]


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
    def chart_values(self) -> MutableObject:
        """Values of KAITO's chart that follow from the pools: split GPUs, Spot nodes, nodes without a driver."""
        pools = self.settings.gpu_pools.values()
        values: MutableObject = {"clusterName": self.cluster_name}
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

    cluster_name: pulumi.Input[str]
    node_subnet_id: pulumi.Input[str]
    pools: Mapping[str, GpuPool]
    known: NotRequired[tuple[str, str]]
    """Names of resource group and cluster where the program knows them; then what Azure has of the pools is read."""
    protect: NotRequired[bool]
    """Refuse to delete or replace a pool of the present generation, where the pool itself does not say."""


class GpuPools(pulumi.ComponentResource):
    """GPU agent pools of a cluster."""

    names: pulumi.Output[list[str]]
    """Names of the pools, both generations while a change is under way."""

    @told
    def __init__(self, name: str, args: GpuPoolsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:GpuPools", name, None, opts)
        self._name, self._args = name, args
        made: list[containerservice.AgentPool] = []
        for key, pool in sorted(args["pools"].items()):
            if pool.keep_previous and pool.generation > 1:
                before = pool.model_copy(update={"size": pool.previous_size or pool.size})
                made.append(self._pool(key, before, pool.generation - 1, made, previous=True))
            made.append(self._pool(key, pool, pool.generation, made))
        self.names = pulumi.Output.all(*[one.name for one in made]).apply(lambda names: [one or "" for one in names])
        self.register_outputs({"names": self.names})

    def _pool(
        self,
        key: str,
        pool: GpuPool,
        generation: int,
        before: list[containerservice.AgentPool],
        *,
        previous: bool = False,
    ) -> containerservice.AgentPool:
        args = self._args
        scaled = pool.max > pool.min
        surge = pool.max_surge
        ignored = [*FIXED, *_HELD] if previous else []
        count = pool.min
        found = None if previous else self._present(key, pool, f"{key}{generation}")
        if scaled and not previous:
            moved = moved_count(pool, found)
            # The autoscaler's count is nobody else's business, but for the one request that moves its bounds.
            ignored, count = (["count"], pool.min) if moved is None else ([], moved)
        protect = args.get("protect", True) if pool.protect is None else pool.protect
        return containerservice.AgentPool(
            f"{self._name}-{key}{generation}",
            resource_group_name=args["resource_group_name"],
            resource_name_=args["cluster_name"],
            agent_pool_name=f"{key}{generation}",
            mode="User",
            type="VirtualMachineScaleSets",
            vm_size=pool.size,
            # Azure wants a count even where the autoscaler moves it afterwards.
            count=count,
            enable_auto_scaling=scaled,
            min_count=pool.min if scaled else None,
            max_count=pool.max if scaled else None,
            availability_zones=pool.zones or None,
            node_labels=labels_of(key, pool),
            node_taints=_taints(pool),
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
            power_state=_power(pool),
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
                    # What serves is held; what is on its way out goes when it is no longer declared.
                    protect=protect and not previous,
                    ignore_changes=ignored,
                    replace_on_changes=FIXED,
                    # Two pools of one name cannot be: Azure refuses the second.
                    delete_before_replace=True,
                ),
            ),
        )

    def _present(self, key: str, pool: GpuPool, name: str) -> Found | None:
        """What Azure has of the pool, where something is asked of it."""
        known = self._args.get("known")
        asked = pool.max > pool.min or pool.stopped or pool.minimum_image or images.known_least(pool.size)
        if known is None or not asked:
            return None
        group, cluster = known
        found = present(group=group, cluster=cluster, name=name, parent=self)
        path = f"infra.gpuPools.{key}"
        if pool.stopped and found is None:
            raise BadInput(
                f"{path}.stopped: true for a pool that is not there yet; Azure makes every pool running and stops only "
                "one that runs; make it without stopped first"
            )
        image = None if found is None else found.node_image_version
        if old := images.outdated(path, pool, image, group=group, cluster=cluster, name=name):
            if old.refused:
                raise BadInput(old.message)
            pulumi.log.warn(old.message, resource=self)
        return found


def _taints(pool: GpuPool) -> list[str]:
    # Azure gives it to every node of Spot and takes no other word for it: undeclared it is drift after each refresh.
    spot = [f"{SPOT_LABEL}=spot:NoSchedule"] if pool.spot else []
    return list(dict.fromkeys([*pool.taints, *spot]))


def _power(pool: GpuPool) -> containerservice.PowerStateArgs | None:
    if pool.stopped is None:
        return None
    return containerservice.PowerStateArgs(code="Stopped" if pool.stopped else "Running")
