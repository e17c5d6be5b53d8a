"""What becomes of the data and the result of a tuning job, as far as their names tell.

Owns the methods there are, under which name a download is kept, which results take the place of each other and which
names nobody can push to.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kaitops.kaito.kubernetes import image_reference

METHODS = ("lora", "qlora")
_OFFICIAL = "library/"


def file_name(url: str) -> str:
    """The name that a download is kept under: the last segment of its path."""
    return url.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]


def nameless(url: str) -> str | None:
    """Why a download has no name of a file; None where it has one, and of a text that is no URL."""
    scheme, _, rest = url.partition("?")[0].partition("#")[0].partition("://")
    host, _, path = rest.partition("/")
    if scheme not in ("http", "https") or not host or (path and not path.endswith("/")):
        return None
    named = "ends in a slash, as addresses of folders do" if path.strip("/") else "names a host and no file there"
    return f"{named}, so what is kept, as {file_name(url)!r}, is a page and no data, and the training ends on it"


def repeated(urls: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Each download that takes the place of an earlier one: where it stands, where that one does, and their name."""
    names = [file_name(url) for url in urls]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield place, names.index(name), name


class Result(NamedTuple):
    """Where the result of a job goes: one of the two.

    Attributes:
        image: in full.
        claim: of the job's namespace; all that a job makes lies at the top of the volume.
    """

    image: str
    claim: str

    @classmethod
    def of(cls, image: object, claim: object) -> "Result | None":
        """What is declared; None where nothing is that can be compared."""
        if isinstance(image, str) and image:
            return cls(image_reference.full(image), "")
        return cls("", claim) if isinstance(claim, str) and claim else None

    def lost(self, other: str) -> str:
        """What is said of a job whose result goes where that of another job does."""
        if self.image:
            text = f"is {self.image}, which {other} pushes as well, so the one that ends last takes the place of the"
            return f"{text} other, whose adapter is lost; give each a tag of its own"
        text = f"is {self.claim}, into which {other} writes as well under the same file names, so of two adapters one"
        return f"{text} is lost; give each a claim of its own"


def unpushable(image: str) -> str | None:
    """Why nobody can push to an image's name; None where somebody may, and where it is no name at all."""
    if not image or image_reference.problem(image) is not None:
        return None
    parts = image_reference.parts(image)
    if parts.digest:
        return "names a digest, which an image has only once it is made, so the push fails when the training is over"
    if parts.registry == image_reference.HUB and parts.repository.startswith(_OFFICIAL):
        return (
            f"is {parts.name}, among Docker's own images, where nobody else may push, so the push fails when the "
            "training is over"
        )
    return None
