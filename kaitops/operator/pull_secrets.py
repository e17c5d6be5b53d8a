"""Secrets that a cluster's charts pull their images with: the charts name them, and nothing of a fleet makes them."""

from typing import TYPE_CHECKING

from kaitops.documents.plain import Object, at, items
from kaitops.operator.charts import charts
from kaitops.references import Reference

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster


def needed(version: str, name: str, cluster: "Cluster", kinds: frozenset[str]) -> set[str]:
    """Each Secret in the namespace of its chart, as needs are written; none where nobody applies charts from the tree.

    Args:
        version: of KAITO.
        name: of the cluster.
        cluster: its declaration with defaults filled in.
        kinds: kinds that the fleet declares for it.

    Raises:
        BadInput: as :func:`kaitops.operator.charts.charts`.
    """
    if cluster["gitops"] == "none" or cluster.get("members") is not None:
        return set()
    return {
        str(Reference("Secret", one.namespace, secret, ()))
        for one in charts(version, name, cluster, kinds)
        for secret in _named(one.values)
    }


def _named(values: Object) -> list[str]:
    # Most charts take objects with a name, and some the names themselves.
    found = (at(one, "name") if not isinstance(one, str) else one for one in items(values.get("imagePullSecrets")))
    return [one for one in found if isinstance(one, str) and one]
