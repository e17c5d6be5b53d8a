"""One KAITO version: what it admits, what it creates, what fits.

The door to the engine. All functions are pure: no network, no clock, no environment.
"""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from kaitops.kaito import facts, huggingface
from kaitops.kaito.catalogue import Catalogue
from kaitops.kaito.estimator import DoesNotFit, node_count
from kaitops.kaito.preset import Preset
from kaitops.kaito.sku import GpuConfig, SkuTable

if TYPE_CHECKING:
    from kaitops.kaito.admission import Verdict
    from kaitops.kaito.cluster import Cluster
    from kaitops.kaito.expansion import Expansion
    from kaitops.kaito.settings import Settings


class Release:
    """The facts and rules of one KAITO version.

    Args:
        version: one of :func:`kaitops.kaito.facts.versions`; use :meth:`load`.
        snapshots: recorded Hugging Face documents that extend the catalogue.
    """

    def __init__(self, version: str, snapshots: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.version = version
        self.catalogue = Catalogue(version, snapshots)
        self._tables: dict[str, SkuTable] = {}

    @classmethod
    def load(cls, version: str, snapshots: Mapping[str, Mapping[str, Any]] | None = None) -> "Release":
        """The release of a version; without snapshots the same object each time.

        Raises:
            BadInput: the version is not known.
        """
        return _shared(version) if not snapshots else cls(version, snapshots)

    @cached_property
    def _sku_facts(self) -> dict[str, Any]:
        return facts.load(self.version, "skus.json")

    @property
    def mig_profiles(self) -> Mapping[str, int]:
        """Memory in GiB by profile of a partitioned GPU."""
        return self._sku_facts["mig_profiles"]

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """Kinds with their API versions, feature gates with their defaults, annotations and images of this version."""
        return facts.load(self.version, "release.json")

    def skus(self, cloud: str) -> SkuTable:
        """The machine sizes of a cloud: ``azure``, ``aws`` or ``arc``."""
        if cloud not in self._tables:
            self._tables[cloud] = SkuTable(self._sku_facts.get(cloud, ()))
        return self._tables[cloud]

    def dropped(self, cloud: str) -> Mapping[str, Mapping[str, Any]]:
        """Sizes that earlier KAITO versions knew and this one does not: ``last`` version, ``gpus``, ``memory_gib``."""
        return self._sku_facts["dropped"].get(cloud, {})

    def successor(self, cloud: str, name: str) -> str | None:
        """The smallest size of this version with at least the GPU memory of a dropped one."""
        gone = self.dropped(cloud).get(name)
        if gone is None:
            return None
        enough = [sku for sku in self.skus(cloud) if sku.nvidia and sku.memory_gib >= gone["memory_gib"]]
        return min(enough, key=lambda sku: (sku.memory_gib, sku.gpus, len(sku.name), sku.name)).name if enough else None

    def admit(
        self,
        documents: Sequence[Mapping[str, Any]],
        settings: "Mapping[str, Any] | Settings",
        old: Mapping[str, Any] | None = None,
    ) -> "Verdict":
        """Would the API server and KAITO's webhooks take the last document, the others being in the cluster?

        Args:
            documents: the cluster; the resource under judgement last.
            settings: of the controllers, plain form or parsed (:class:`kaitops.kaito.settings.Settings`).
            old: the object before an update; None for a create.

        Raises:
            BadInput: not all facts of this version are held.
        """
        if not facts.is_complete(self.version):
            raise facts.incomplete(self.version)
        from kaitops.kaito.admission import admit

        return admit(self, documents, settings, old)

    def admit_in(
        self,
        cluster: "Cluster",
        document: Mapping[str, Any],
        settings: "Mapping[str, Any] | Settings",
        old: Mapping[str, Any] | None = None,
    ) -> "Verdict":
        """The same for an object beside a cluster that is read once for many.

        Raises:
            BadInput: not all facts of this version are held.
        """
        if not facts.is_complete(self.version):
            raise facts.incomplete(self.version)
        from kaitops.kaito.admission import admit_in

        return admit_in(self, cluster, document, settings, old)

    def expand(self, documents: Sequence[Mapping[str, Any]], settings: "Mapping[str, Any] | Settings") -> "Expansion":
        """The objects that the controllers create for the last document, the others being in the cluster.

        Raises:
            BadInput: not all facts of this version are held.
        """
        if not facts.is_complete(self.version):
            raise facts.incomplete(self.version)
        from kaitops.kaito.expansion import expand

        return expand(self, documents, settings)

    def expand_in(
        self, cluster: "Cluster", subject: Mapping[str, Any], settings: "Mapping[str, Any] | Settings"
    ) -> "Expansion":
        """The same for an object of a cluster that is read once for many.

        Raises:
            BadInput: not all facts of this version are held.
        """
        if not facts.is_complete(self.version):
            raise facts.incomplete(self.version)
        from kaitops.kaito.expansion import expand_in

        return expand_in(self, cluster, subject, settings)

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

    def derive_preset(self, repo: str, tree: Sequence[Mapping[str, Any]], config: Mapping[str, Any]) -> dict[str, Any]:
        """The preset that KAITO makes of a Hugging Face repository, as plain data.

        Raises:
            HuggingFaceError: KAITO refuses the repository; the text is KAITO's.
        """
        tables = facts.load(self.version, "models.json")
        preset = huggingface.preset_from_snapshot(repo, tree, config, self.catalogue.rules, tables)
        return huggingface.as_document(preset)


@cache
def _shared(version: str) -> Release:
    return Release(version)
