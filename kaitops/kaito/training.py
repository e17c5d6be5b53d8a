"""What becomes of the data and the result of a tuning job, as far as their names tell.

Owns the methods there are, under which name a download is kept and which names nobody can push to.
"""

from collections.abc import Iterator, Sequence

from kaitops.kaito.kubernetes import image_reference

METHODS = ("lora", "qlora")
_OFFICIAL = "library/"


def file_name(url: str) -> str:
    """The name that a download is kept under: the last segment of its path."""
    return url.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]


def repeated(urls: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Each download that takes the place of an earlier one: where it stands, where that one does, and their name."""
    names = [file_name(url) for url in urls]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield place, names.index(name), name


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
