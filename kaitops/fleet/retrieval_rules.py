"""Rules of retrieval engines that depend on the version of KAITO."""

from collections.abc import Sequence

from kaitops.documents.plain import Object, at
from kaitops.fleet.rules import Problem
from kaitops.fleet.workload import Workload
from kaitops.kaito import facts, vector_databases
from kaitops.kaito.model_address import PARTS, base_only, off_path, off_port, service_of
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


def database(release: Release, entry: Object) -> str:
    """What is wrong with the kind of database that an index is to lie in; empty where nothing is."""
    kind = at(entry, "storage", "vectorDB", "engine")
    wrong = vector_databases.lacking(release, kind)
    return f"{wrong[0]} with {kind}; {wrong[1]}" if wrong else ""


def address(engine: Workload, models: Sequence[Workload], release: Release) -> str:
    """What is wrong with the address of the model that an engine asks; empty where nothing is, or nothing is known.

    Args:
        models: of the fleet on the same cluster.
    """
    url: str = engine.entry["llm"]["url"]
    found = PARTS.match(url)
    if found is None:
        return ""
    place = service_of(found[2].lower(), engine.namespace, {one.namespace for one in models})
    asked = next((one for one in models if (one.namespace, one.name) == place and one.kind == "Workspace"), None)
    if asked is None:
        return base_only(url)
    service = f"{asked.namespace}/{asked.name}"
    number: int = facts.load(release.version, "controller.json")["ports"]["service"]
    if wrong := off_port(url, service, number, preset=asked.preset is not None):
        return wrong
    return base_only(url) if asked.preset is None else off_path(url, service)
