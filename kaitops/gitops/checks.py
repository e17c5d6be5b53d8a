"""The health rules as Argo CD and Flux take them, read from where they lie ready.

``kaitops.health`` makes them of its definitions into ``health-rules.json``; a test holds the file to it. Making them
takes as long as rendering a model, so a render reads them.
"""

from collections.abc import Collection

from kaitops.documents.plain import MutableObject, items, mapping
from kaitops.kaito import facts

FILE = "health-rules.json"


def argocd(version: str) -> dict[str, str]:
    """Entries of ``argocd-cm``."""
    return {key: str(text) for key, text in mapping(facts.load(version, FILE)["argocd"]).items()}


def flux(version: str, kinds: Collection[str]) -> list[MutableObject]:
    """``healthCheckExprs`` of some kinds."""
    return [dict(mapping(each)) for each in items(facts.load(version, FILE)["flux"]) if each["kind"] in kinds]
