"""What the KAITO controllers create for one declared object.

The doors: :func:`expand`, and :func:`expand_in` for many objects of one cluster. Each kind has its module, imported
when it is met. The objects equal those that KAITO writes into an empty cluster, less ControllerRevisions; embedded
scripts are our own. Nothing is updated or deleted here.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import NamedTuple

from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import BadInput
from kaitops.kaito.expansion.world import World
from kaitops.kaito.kubernetes.cluster import Cluster, Noted
from kaitops.kaito.release_facts import ReleaseFacts
from kaitops.kaito.settings import Settings

__all__ = ["Expansion", "Made", "expand", "expand_in"]

_KINDS = {
    "Workspace": "workspace",
    "InferenceSet": "inferenceset",
    "MultiRoleInference": "multirole",
    "RAGEngine": "ragengine",
    "ModelMirror": "modelmirror",
}


class Expansion(NamedTuple):
    """The outcome for one declared object.

    Attributes:
        objects: what the controllers create, in their order; of several NodeClaims the first, last in the list.
        errors: where a controller gave up, ``<kind>: <KAITO's text>``; objects made before that are kept.
        node_claim_count: NodeClaims that KAITO creates, None where it creates none.
        version: the KAITO version whose controllers these are.
    """

    objects: list[MutableObject]
    errors: list[str]
    node_claim_count: int | None = None
    version: str = ""


class Made(NamedTuple):
    """An expansion, and the cluster that it was made in, which knows what was asked of it."""

    expansion: Expansion
    seen: Noted


def expand(release: ReleaseFacts, documents: Sequence[Object], settings: Object | Settings) -> Expansion:
    """The objects that the controllers create for the last document, the others being in the cluster.

    Args:
        release: whose facts and rules apply.
        documents: plain Kubernetes objects; never changed, and not shared with what is returned.
        settings: of the controllers, plain or parsed.

    Raises:
        BadInput: there is no document, or the last one is of no kind that KAITO reconciles.
    """
    if not documents:
        raise BadInput("expansion: no document was given, so there is nothing to expand; pass the object last")
    return expand_in(release, Cluster(documents[:-1]), documents[-1], settings)


def expand_in(release: ReleaseFacts, cluster: Cluster, subject: Object, settings: Object | Settings) -> Expansion:
    """The objects that the controllers create for an object in a cluster, for many objects in one cluster.

    Args and errors are those of :func:`expand`.
    """
    kind = subject.get("kind")
    if kind not in _KINDS:
        raise BadInput(f"expansion: kind {kind!r} is none that KAITO reconciles; known kinds: {', '.join(_KINDS)}")
    if not isinstance(settings, Settings):
        settings = Settings.from_dict(settings, release.version)
    world = World(release, cluster, settings)
    _reconciler(kind)(world, subject)
    return Expansion(world.objects + world.node_claims, world.errors, world.node_claim_count or None, release.version)


@cache
def _reconciler(kind: str) -> Callable[[World, Object], None]:
    return import_module(f"kaitops.kaito.expansion.{_KINDS[kind]}").reconcile
