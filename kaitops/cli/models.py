"""Models as users name them on the command line: found in the catalogue, or refused with what looks like them."""

from kaitops.errors import BadInput
from kaitops.fleet import known_models
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release

MAX_CONTEXT = 16384
"""Tokens that a model is declared with where nobody says: left out, KAITO would size it for 2048."""


def known(release: Release, name: str, option: str = "") -> Preset:
    """The model of a name.

    Raises:
        BadInput: with why, and the nearest names.
    """
    try:
        return known_models.known(release, name)
    except BadInput as error:
        raise BadInput(f"{option}: {error}" if option else str(error)) from None


def tokens(text: str) -> int:
    """A number of tokens as people write it: 32768 or 32k.

    Raises:
        ValueError: it is none.
    """
    number = text.lower().removesuffix("k")
    return int(number) * (1024 if number != text.lower() else 1)
