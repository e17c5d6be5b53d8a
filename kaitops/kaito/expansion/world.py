"""What an expansion reads and what it has made so far.

Owns the collected objects and refusals of one expansion, in the order in which KAITO's controllers write them. Knows
nothing of what a kind turns into.
"""

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito import facts
from kaitops.kaito.kubernetes.cluster import Cluster
from kaitops.kaito.release_facts import ReleaseFacts
from kaitops.kaito.settings import Settings

NIL_POINTER = "panic: runtime error: invalid memory address or nil pointer dereference"
NIL_MAP = "panic: assignment to entry in nil map"
_NOTHING: Object = {}


class Refused(Exception):
    """A controller gives up on an object here; the text is KAITO's."""


class World:
    """The cluster beside the declared object, the controllers' settings, and the objects made so far.

    Attributes:
        controller: literal facts of the KAITO version (``controller.json``).
        images: images by role (``images.json``).
        objects: what was made, NodeClaims apart.
        errors: refusals, ``<kind>: <text>``, each once.
        node_claims: the first NodeClaim of the expansion, or nothing.
        node_claim_count: how many are made; they differ in nothing but the name.
    """

    __slots__ = (
        "cluster",
        "controller",
        "errors",
        "images",
        "node_claim_count",
        "node_claims",
        "objects",
        "release",
        "settings",
    )

    def __init__(self, release: ReleaseFacts, cluster: Cluster, settings: Settings) -> None:
        self.release = release
        self.cluster = cluster
        self.settings = settings
        self.controller: Object = facts.load(release.version, "controller.json")
        self.images: Object = facts.load(release.version, "images.json")
        self.objects: list[MutableObject] = []
        self.errors: list[str] = []
        self.node_claims: list[MutableObject] = []
        self.node_claim_count = 0

    def runtime_image(self) -> str:
        """The image that serves and tunes presets."""
        return f"{self.settings.registry}/{self.images['runtime']}:{self.release.catalogue.base['tag']}"

    def make(self, made: MutableObject) -> None:
        """Create an object unless the cluster already holds it: controllers create what is missing."""
        cluster, metadata = self.cluster, made["metadata"]
        if not len(cluster) or cluster.get(made["kind"], metadata.get("namespace"), metadata["name"]) is None:
            self.objects.append(made)

    def refuse(self, kind: str, reason: str) -> None:
        """Note that the controller of a kind gave up; the same words twice say no more than once."""
        text = f"{kind}: {reason}"
        if text not in self.errors:
            self.errors.append(text)


def owner(kind: str, name: str, version: str = "kaito.sh/v1beta1") -> list[MutableObject]:
    """The reference by which the garbage collector follows an object to its owner; the uid is the server's to give."""
    return [
        {
            "apiVersion": version,
            "blockOwnerDeletion": True,
            "controller": True,
            "kind": kind,
            "name": name,
            "uid": "",
        }
    ]


def part(document: Object | None, *path: str) -> Object:
    """A nested mapping, empty where one on the way is missing or null."""
    for key in path:
        document = document.get(key) if document else None
    return document or _NOTHING
