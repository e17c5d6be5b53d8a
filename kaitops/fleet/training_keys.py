"""Keys of a tuning job's settings that its trainer is not known to have.

Which releases of its libraries the trainer's image holds is not published, so this warns and refuses nothing.
"""

from collections.abc import Iterator

from kaitops.documents.plain import Object, mapping
from kaitops.errors import nearest
from kaitops.kaito import facts


def unknown(config: Object, version: str) -> Iterator[tuple[list[str | int], str]]:
    """Path below ``config`` and what is said of it."""
    for section, known in facts.load(version, "training.json")["sections"].items():
        for key in mapping(config.get(section)):
            if key in known:
                continue
            near = nearest(str(key), known, cutoff=0.7)
            way = f"if {near[0]!r} is meant, write that" if near else "see that it is one"
            yield (
                [section, key],
                f"is no key that the trainer is known to have, and it ends on one that it has not; {way}",
            )
