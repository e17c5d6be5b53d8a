"""What one reading of a tree found."""

from collections.abc import Callable, Collection

from kaitops.documents import reader
from kaitops.gate.forms.commented import Commented
from kaitops.gate.objects import Group, Source


class Tree:
    """Everything that was read.

    Attributes:
        sources: the names of the files that could be read, for checks of their text.
        stdin: what came on standard input, if it was asked for.
        parsed: documents by the content of their file, where they are kept for what is read later.
        documents: all that were read, whether an object of them was taken or not.
        unread: the content of files that could not be read, by name.
        commented: what looks like a secret beside all objects.
        kinds: of the objects that were read, without those that charts make.
        unlisted: files beside a kustomization that none lists: they are judged, and nobody deploys them.
        bounds: real folders that are under judgement.
        taken: tells the files that kustomizations name, whatever they hold.
        reached: tells the files, by real path, that the kustomizations of folders take.
        alone: tells the real paths of the folders of kustomizations that are deployed by themselves.
    """

    def __init__(self, parsed: dict[bytes, list[reader.Document]] | None = None) -> None:
        self.groups: list[Group] = []
        self.sources: list[str] = []
        self.stdin: bytes | None = None
        self.parsed: dict[bytes, list[reader.Document]] = {} if parsed is None else parsed
        self.documents: list[Source] = []
        self.unread: dict[str, bytes] = {}
        self.commented: list[Commented] = []
        self.kinds: Collection[str] = ()
        self.unlisted: Collection[str] = frozenset()
        self.bounds: list[str] = []
        self.taken: Callable[[], set[str]] = set
        self.reached: Callable[[Collection[str]], set[str]] = set
        self.alone: Callable[[], set[str]] = set
