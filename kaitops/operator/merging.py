"""Values of charts laid over one another, as Helm does: mappings merge, everything else replaces."""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject, Object, mapping


def merged(base: Object, over: Object) -> MutableObject:
    """The base with the other's values over it; neither is changed."""
    result = dict(base)
    for key, value in over.items():
        before = mapping(result.get(key))
        result[key] = merged(before, mapping(value)) if before and isinstance(value, Mapping) else value
    return result
