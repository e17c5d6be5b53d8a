"""What is known of one KAITO version: models, machine sizes, gates, and the nodes that it counts.

What admits and expands reads it; the door to both is :class:`kaitops.kaito.release.Release`.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito import facts, huggingface, room
from kaitops.kaito.catalogue import Catalogue
from kaitops.kaito.estimator import DoesNotFit, node_count
from kaitops.kaito.preset import Preset
from kaitops.kaito.sku import GpuConfig, SkuTable


class ReleaseFacts:
    """The facts of one KAITO version.

    Args:
        version: one of :func:`kaitops.kaito.facts.versions`.
        snapshots: recorded Hugging Face documents that extend the catalogue.
    """

    def __init__(self, version: str, snapshots: Mapping[str, Object] | None = None) -> None:
        self.version = version
        self.catalogue = Catalogue(version, snapshots)
        self._tables: dict[str, SkuTable] = {}

    @cached_property
    def _sku_facts(self) -> MutableObject:
        return facts.load(self.version, "skus.json")

    @property
    def mig_profiles(self) -> Mapping[str, int]:
        """Memory in GiB by profile of a partitioned GPU."""
        return self._sku_facts["mig_profiles"]

    @cached_property
    def facts(self) -> Object:
        """Kinds with their API versions, feature gates with their defaults, annotations and images of this version."""
        return facts.load(self.version, "release.json")

    def skus(self, cloud: str) -> SkuTable:
        """The machine sizes of a cloud: ``azure``, ``aws`` or ``arc``."""
        if cloud not in self._tables:
            self._tables[cloud] = SkuTable(self._sku_facts.get(cloud, ()))
        return self._tables[cloud]

    def gpus(self, cloud: str, size: str) -> int | None:
        """The GPUs of a machine size; None where nobody knows."""
        sku = self.skus(cloud).find(size)
        if sku is not None:
            return sku.gpus
        return 0 if cloud == "azure" and room.has_no_gpu(size) else None

    def dropped(self, cloud: str) -> Mapping[str, Object]:
        """Sizes that earlier KAITO versions knew and this one does not: ``last`` version, ``gpus``, ``memory_gib``."""
        return self._sku_facts["dropped"].get(cloud, {})

    def successor(self, cloud: str, name: str) -> str | None:
        """The smallest size of this version with at least the GPU memory of a dropped one."""
        gone = self.dropped(cloud).get(name)
        if gone is None:
            return None
        enough = [sku for sku in self.skus(cloud) if sku.nvidia and sku.memory_gib >= gone["memory_gib"]]
        return min(enough, key=lambda sku: (sku.memory_gib, sku.gpus, len(sku.name), sku.name)).name if enough else None

    def estimate(self, preset: Preset, gpu: GpuConfig, context: int = 0, mig_profile: str = "") -> int:
        """Nodes that a vLLM preset needs on nodes with these GPUs.

        Raises:
            DoesNotFit: with KAITO's message.
        """
        return node_count(preset.size_bytes, preset.bytes_per_token, gpu, context, mig_profile)

    def node_estimate(self, *, cloud: str, preset: str, sku: str, context: int = 0) -> int:
        """Nodes that KAITO asks for; 0 where it refuses the preset, the size or the fit.

        Args:
            context: tokens; 0 means that no ``max-model-len`` is configured.
        """
        model, size = self.catalogue.find(preset), self.skus(cloud).find(sku)
        if model is None or size is None:
            return 0
        try:
            return self.estimate(model, size.gpu_config(), context)
        except DoesNotFit:
            return 0

    def derive_preset(self, repo: str, tree: Sequence[Object], config: Object) -> MutableObject:
        """The preset that KAITO makes of a Hugging Face repository, as plain data.

        Raises:
            HuggingFaceError: KAITO refuses the repository; the text is KAITO's.
        """
        tables = facts.load(self.version, "models.json")
        preset = huggingface.preset_from_snapshot(repo, tree, config, self.catalogue.rules, tables)
        return huggingface.as_document(preset)
