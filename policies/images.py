"""What can be told from an image's name. The patterns hold for Python and for CEL alike."""

import re

DIGEST = "@sha256:[0-9a-f]{64}$"
TAGGED = ":[^/:@]+$"

KAITO = "(^|/)kaito-[a-z-]+:[^/:@]+$"

_digest = re.compile(DIGEST)
_tagged = re.compile(TAGGED)
_kaito = re.compile(KAITO)


def has_digest(image: str) -> bool:
    """The name says exactly which image."""
    return _digest.search(image) is not None


def is_fixed(image: str) -> bool:
    """The name has a digest, or a tag other than latest."""
    return has_digest(image) or (_tagged.search(image) is not None and not image.endswith(":latest"))


def is_kaito(image: str) -> bool:
    """One of KAITO's own images, wherever it is mirrored, by the tag that its release names."""
    return _kaito.search(image) is not None


def is_from(image: str, registries: tuple[str, ...]) -> bool:
    """The name starts with one of the prefixes, as whole segments."""
    return image.startswith(prefixes(registries))


def prefixes(registries: tuple[str, ...]) -> tuple[str, ...]:
    """The registries with one slash at their end, so that ``contoso.azurecr.io.evil.com`` is not one of them."""
    return tuple(f"{registry.rstrip('/')}/" for registry in registries)
