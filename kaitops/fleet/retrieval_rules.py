"""Rules of retrieval engines that depend on the version of KAITO."""

from kaitops.fleet.rules import Problem
from kaitops.kaito.release import Release

_DROPPED = "remote-embedding-is-dropped"


def remote_embedding(release: Release) -> list[Problem]:
    """An embedding service elsewhere, where the controller hands its address to nobody.

    The same holds in plain mode: which variables the engine would read is recorded nowhere.
    """
    if _DROPPED not in release.facts.get("faults", ()):
        return []
    text = (
        f"KAITO {release.version} never passes the address on, so the engine asks its own localhost and indexes "
        "nothing; name a model that the engine embeds with itself, such as BAAI/bge-small-en-v1.5, under model"
    )
    return [(["embedding", "url"], text)]
