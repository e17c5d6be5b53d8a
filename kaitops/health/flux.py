"""Health for Flux: entries of ``healthCheckExprs`` of a Kustomization or HelmRelease."""

from collections.abc import Collection

from kaitops.documents.plain import MutableObject
from kaitops.health import cel, kinds


def expressions(version: str, names: Collection[str] | None = None) -> list[MutableObject]:
    """Entries for some kinds, in a fixed order; Flux refuses an entry for a kind twice.

    Args:
        version: of KAITO.
        names: the kinds; all where None.

    Raises:
        BadInput: health is not defined for the version or one of the kinds.
    """
    wanted = kinds.definitions(version) if names is None else {kinds.definition(version, one).kind for one in names}
    entries: list[MutableObject] = []
    for one in kinds.definitions(version).values():
        if one.kind not in wanted:
            continue
        entry: MutableObject = {"apiVersion": one.api_version, "kind": one.kind}
        for key, phase in (("current", "healthy"), ("failed", "degraded")):
            text = cel.expression(one, phase)
            if text is not None:
                entry[key] = text
        entries.append(entry)
    return entries
