"""One KAITO version: what it admits, what it creates, what fits.

The door to the engine. All functions are pure: no network, no clock, no environment.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object
from kaitops.kaito import facts
from kaitops.kaito.release_facts import ReleaseFacts

if TYPE_CHECKING:
    from kaitops.kaito.admission import Verdict
    from kaitops.kaito.expansion import Expansion
    from kaitops.kaito.kubernetes.cluster import Cluster
    from kaitops.kaito.settings import Settings


class Release(ReleaseFacts):
    """The facts and rules of one KAITO version.

    Args:
        version: one of :func:`kaitops.kaito.facts.versions`; use :meth:`load`.
        snapshots: recorded Hugging Face documents that extend the catalogue.
    """

    @classmethod
    def load(cls, version: str, snapshots: Mapping[str, Object] | None = None) -> "Release":
        """The release of a version; without snapshots the same object each time.

        Raises:
            BadInput: the version is not known.
        """
        return _shared(version) if not snapshots else cls(version, snapshots)

    def admit(
        self,
        documents: Sequence[Object],
        settings: "Object | Settings",
        old: Object | None = None,
    ) -> "Verdict":
        """Would the API server and KAITO's webhooks take the last document, the others being in the cluster?

        Args:
            documents: the cluster; the resource under judgement last.
            settings: of the controllers, plain form or parsed (:class:`kaitops.kaito.settings.Settings`).
            old: the object before an update; None for a create.

        Raises:
            BadInput: not all facts of this version are held.
        """
        facts.complete(self.version)
        from kaitops.kaito.admission import admit

        return admit(self, documents, settings, old)

    def admit_in(
        self,
        cluster: "Cluster",
        document: Object,
        settings: "Object | Settings",
        old: Object | None = None,
    ) -> "Verdict":
        """The same for an object beside a cluster that is read once for many.

        Raises:
            BadInput: not all facts of this version are held.
        """
        facts.complete(self.version)
        from kaitops.kaito.admission import admit_in

        return admit_in(self, cluster, document, settings, old)

    def expand(self, documents: Sequence[Object], settings: "Object | Settings") -> "Expansion":
        """The objects that the controllers create for the last document, the others being in the cluster.

        Raises:
            BadInput: not all facts of this version are held.
        """
        facts.complete(self.version)
        from kaitops.kaito.expansion import expand

        return expand(self, documents, settings)

    def expand_in(self, cluster: "Cluster", subject: Object, settings: "Object | Settings") -> "Expansion":
        """The same for an object of a cluster that is read once for many.

        Raises:
            BadInput: not all facts of this version are held.
        """
        facts.complete(self.version)
        from kaitops.kaito.expansion import expand_in

        return expand_in(self, cluster, subject, settings)


@cache
def _shared(version: str) -> Release:
    return Release(version)
