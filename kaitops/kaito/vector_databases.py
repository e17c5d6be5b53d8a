"""Databases that the engine of RAG keeps an index in."""

from kaitops.kaito.release import Release


def lacking(release: Release, engine: object) -> tuple[str, str] | None:
    """Why an engine does not start with a kind of database: fact and remedy; None where it does, or nobody knows."""
    known = release.facts.get("vector_databases")
    if not known or not isinstance(engine, str) or engine.lower() in known:
        return None
    return (
        f"the engine of KAITO {release.version} has clients for {' and '.join(known)} alone, so it does not start",
        f"write {known[-1]}",
    )
