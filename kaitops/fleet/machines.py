"""Choosing and checking the machines of a model on a cluster: size, number, price, pin.

Owns the reading of ``gpu:`` for each provisioner and the refusal of what does not fit. The arithmetic is KAITO's
(``kaitops.fit``).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from kaitops import fit
from kaitops.documents.plain import Object
from kaitops.errors import BadInput, Findings
from kaitops.fleet.clusters import ROLES
from kaitops.fleet.lock import Lock, Pin
from kaitops.kaito import estimator
from kaitops.kaito.kubernetes import quantity
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release
from kaitops.kaito.sku import GpuConfig, Sku
from kaitops.kaito.vllm.memory import MODE
from kaitops.prices import meant

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster, NodePool

AUTO = "auto"
_LENGTH = "max-model-len"
# Azure's webhook lets these through although KAITO's table does not have them; they serve custom models only.
_AZURE_OTHER = ("standard_n", "standard_d")


class Machines(NamedTuple):
    """Where one replica of a workload runs.

    Attributes:
        size: canonical name of the machine size; None on brought nodes.
        sku: KAITO's entry for the size, None where its table has none.
        nodes: machines that KAITO takes for one replica; None where it follows the declaration.
        labels: labels that select the nodes.
    """

    size: str | None
    sku: Sku | None
    nodes: int | None
    labels: Mapping[str, str]


class Wanted(NamedTuple):
    """What a workload asks of its server.

    Attributes:
        context: tokens; 0 for KAITO's default.
        flags: of vLLM, by name with dashes.
        path: of the key that says the context.
    """

    context: int = 0
    flags: Object = MappingProxyType({})
    path: tuple[str, ...] = ("context",)

    @classmethod
    def of(cls, entry: Object, role: Object) -> "Wanted":
        """What an entry and a role of it declare."""
        context = entry.get("context", 0)
        if "vllm" not in entry and "vllm" not in role and "performance" not in entry:
            return cls(context)
        declared = {MODE: entry.get("performance"), **entry.get("vllm", {}), **role.get("vllm", {})}
        flags = {key.replace("_", "-"): value for key, value in declared.items()}
        length = flags.get(_LENGTH)
        if context or not isinstance(length, int):
            return cls(context, flags)
        return cls(length, flags, ("vllm", _LENGTH))


class MachinePark:
    """The machines that one cluster offers."""

    def __init__(self, release: Release, name: str, cluster: "Cluster", lock: Lock) -> None:
        self._release = release
        self._name = name
        self._cluster = cluster
        self.cloud: str = cluster["cloud"]
        self._region: str = cluster["region"]
        self._lock = lock
        self._fits: dict[tuple[str, str, int, str], int] = {}

    @property
    def byo(self) -> bool:
        """Nodes are brought, not provisioned."""
        return self._cluster["provisioner"] == "byo"

    def _pool(self, gpu: str | None) -> "NodePool":
        """The brought nodes that a workload names, or the only ones there are."""
        pools = self._cluster.get("nodes", {})
        if gpu is not None and gpu in pools:
            return pools[gpu]
        if gpu is None and len(pools) == 1:
            return next(iter(pools.values()))
        known = f"known pools: {', '.join(pools)}" if pools else f"declare them under clusters.{self._name}.nodes"
        fact = f"names node pool {gpu!r}, which cluster {self._name} does not have" if gpu else "names no node pool"
        raise BadInput(f"{fact}, and on brought nodes KAITO takes the GPUs from the nodes; {known}", ("gpu",))

    def machines(self, group: str, name: str, entry: Object, preset: Preset | None) -> dict[str, Machines]:
        """Where each role of a workload runs; of one without roles the role is empty.

        Raises:
            BadInput, Findings: with the path of the key that is at fault.
        """
        if group == "mirrors" or (group == "rag" and "gpu" not in entry):
            return {}
        if self.byo and group == "tuning":
            raise Findings(
                "KAITO works out a tuning job from the machine size, which brought nodes do not name, so it admits "
                "the job and never makes it; tune on a cluster with a provisioner",
                ("gpu",),
            )
        roles = [role for role in ROLES if role in entry]
        found: dict[str, Machines] = {}
        for role in roles or [""]:
            gpu = entry[role].get("gpu", entry.get("gpu")) if role else entry.get("gpu")
            sized = preset is not None and group == "models" and entry.get("runtime") != "transformers"
            wanted = Wanted.of(entry, entry.get(role, {}) if role else {})
            if self.byo and group != "rag":
                place = self._on_pool(gpu, preset if sized else None, wanted, entry.get("partition", {}))
            else:
                key = f"{group}/{name}/{role}" if role else f"{group}/{name}"
                place = self._provisioned(key, gpu, preset, wanted, sized, entry.get("method", ""))
            if place.nodes and place.nodes > entry.get("maxNodes", place.nodes):
                raise Findings(
                    f"KAITO takes {place.nodes} nodes of {place.size} for one replica and no more than "
                    f"{entry['maxNodes']} are allowed; choose a larger size, shorten the context or raise maxNodes",
                    ("maxNodes",),
                )
            found[role] = place
        return found

    def _on_pool(self, gpu: str | None, preset: Preset | None, wanted: Wanted, partition: Object) -> Machines:
        """Machines on brought nodes, checked against the GPUs that their labels declare."""
        pool = self._pool(gpu)
        nodes = None
        if preset is not None:
            config, profile = self._brought(pool, partition)
            try:
                nodes = self._release.estimate(preset, config, wanted.context, profile)
            except estimator.DoesNotFit as error:
                raise Findings(
                    f"{preset.title} does not fit these nodes: {error}; use a larger pool or shorten the context",
                    ("gpu",),
                ) from None
            if nodes > pool["count"]:
                raise Findings(
                    f"{preset.title} needs {nodes} nodes of {config.gpus} x {pool['product']} and the pool has "
                    f"{pool['count']}, so pods would wait forever; add nodes, use larger ones or shorten the context",
                    ("gpu",),
                )
            served = fit.serving(self._release, preset, config, nodes, wanted.flags) if wanted.context else None
            if served is not None and (
                text := fit.misfit(preset.title, served, wanted.context, f"{nodes} of these nodes")
            ):
                raise Findings(text, wanted.path)
        return Machines(None, None, nodes, pool["labels"])

    def _brought(self, pool: "NodePool", partition: Object) -> tuple[GpuConfig, str]:
        profile = partition.get("mig", "")
        if profile:
            memory = self._release.mig_profiles.get(profile)
            if memory is None:
                known = ", ".join(sorted(self._release.mig_profiles))
                raise BadInput(
                    f"{profile!r} is not a MIG profile that KAITO knows; known: {known}", ("partition", "mig")
                )
            return GpuConfig("unknown", 1, memory * quantity.GIB, is_mig=True), profile
        gpus = partition.get("accelerators", pool["gpus"])
        each = int(pool["memoryMiB"] / 1024 + 0.5) * quantity.GIB
        return GpuConfig("unknown", gpus, each * gpus, pool["product"]), ""

    def _provisioned(
        self, key: str, gpu: str | None, preset: Preset | None, wanted: Wanted, sized: bool, method: str
    ) -> Machines:
        """Machines that a provisioner creates.

        Args:
            key: what the pin of ``auto`` is kept under.
            gpu: as declared.
            preset: None for a custom model.
            wanted: of the server.
            sized: KAITO works out the number of nodes itself.
            method: of a tuning job, empty for any other workload.
        """
        if gpu is None:
            way = "name one" if preset is None else "name one, or write 'auto'"
            raise BadInput(f"is missing, and a provisioned node needs a machine size; {way}", ("gpu",))
        chosen = gpu == AUTO
        if chosen:
            gpu = self._choose(key, preset, wanted, method)
        sku = self._release.skus(self.cloud).find(gpu)
        if sku is None:
            return Machines(self._outside(gpu, preset), None, None, {})
        if method and preset is not None and (short := fit.untrained(preset, sku, method)):
            # A pin may be of the time before the job was this one.
            way = "'kaitops render --update-lock' chooses anew" if chosen else "take a size with more memory a GPU"
            raise Findings(f"{short}; {way}", ("gpu",))
        if preset is None or not sized:
            return Machines(sku.name, sku, None, {})
        return Machines(sku.name, sku, self._nodes(preset, sku, wanted), {})

    def _nodes(self, preset: Preset, sku: Sku, wanted: Wanted) -> int:
        context = wanted.context
        key = (preset.repo, sku.name, context, repr(wanted.flags))
        if key not in self._fits:
            gpus = sku.gpu_config()
            try:
                nodes = self._release.estimate(preset, gpus, context)
            except estimator.DoesNotFit:
                error = fit.why_not(self._release, preset, sku, self.cloud, context, self._region, wanted.flags)
                raise Findings(str(error), ("gpu",)) from None
            # What a server has without a word of anybody's, KAITO's own estimate counts.
            asked = context or wanted.flags
            served = fit.serving(self._release, preset, gpus, nodes, wanted.flags) if asked else None
            if served is not None and fit.misfit(preset.title, served, context, sku.name):
                error = fit.why_not(self._release, preset, sku, self.cloud, context, self._region, wanted.flags)
                raise Findings(str(error), wanted.path if context else ("vllm",))
            self._fits[key] = nodes
        return self._fits[key]

    def _choose(self, key: str, preset: Preset | None, wanted: Wanted, method: str) -> str:
        pinned = self._lock.get(self._name, key)
        if pinned is not None:
            return pinned.gpu
        if preset is None:
            raise BadInput(
                "'auto' needs a preset to size; name the machine size of a custom model, such as "
                "Standard_NC24ads_A100_v4, or Standard_D16s_v5 without a GPU",
                ("gpu",),
            )
        found = fit.fits(self._release, preset, self.cloud, wanted.context, self._region, wanted.flags)
        if method:
            found = [each for each in found if each.nodes == 1 and not fit.untrained(preset, each.sku, method)]
        best = fit.cheapest(found)
        if best is None or best.price is None:
            options = ", ".join(dict.fromkeys(each.sku.name for each in found)) or "none"
            near = meant(self.cloud, str(self._region))
            region = f"correct the region ({', '.join(near)}), or " if near else ""
            raise BadInput(
                f"'auto' cannot choose for {preset.title}: no price is known in {self._region} ({self.cloud}) "
                f"for a size that fits; {region}name one of those that fit: {options}",
                ("gpu",),
            )
        self._lock.add(self._name, key, Pin(best.sku.name, best.price.on_demand, best.price.date))
        return best.sku.name

    def _outside(self, gpu: str, preset: Preset | None) -> str:
        table = self._release.skus(self.cloud)
        dropped = self._release.dropped(self.cloud).get(gpu)
        if dropped and preset is not None:
            successor = self._release.successor(self.cloud, gpu)
            raise BadInput(
                f"{gpu} ({dropped['gpus']} x {dropped['model']}) was dropped after KAITO {dropped['last']}, so "
                f"KAITO {self._release.version} cannot size a model on it; successor: {successor or 'none'}",
                ("gpu",),
            )
        if preset is None and self.cloud == "azure" and gpu.lower().startswith(_AZURE_OTHER):
            return gpu
        raise BadInput(
            f"{gpu} is not a machine size of {self.cloud} that KAITO {self._release.version} knows; {table.hint(gpu)}",
            ("gpu",),
        )
