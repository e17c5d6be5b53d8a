"""Models as users name them on the command line: found in the catalogue, or refused with what looks like them."""

from kaitops.errors import BadInput
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release

MAX_CONTEXT = 16384
"""Tokens that a model is declared with where nobody says: left out, KAITO would size it for 2048."""


def known(release: Release, name: str, option: str = "") -> Preset:
    """The model of a name.

    Raises:
        BadInput: with the nearest names.
    """
    preset = release.catalogue.find(name)
    if preset is None:
        near = release.catalogue.nearest(name)
        hint = f"nearest: {', '.join(near)}" if near else "'kaitops catalogue' lists them"
        place = f"{option}: " if option else ""
        raise BadInput(f"{place}no model {name!r} in the catalogue of KAITO {release.version}; {hint}")
    return preset


def tokens(text: str) -> int:
    """A number of tokens as people write it: 32768 or 32k.

    Raises:
        ValueError: it is none.
    """
    number = text.lower().removesuffix("k")
    return int(number) * (1024 if number != text.lower() else 1)
