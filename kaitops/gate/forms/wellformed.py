"""Whether an object beside KAITO's own has the form that all that follows relies on: values of the right type.

KAITO's kinds are judged in full by admission; what else the API server refuses in others is `kaitops.gate.native`.
"""

from kaitops.documents.plain import Object, Path
from kaitops.gate.native import structure
from kaitops.kaito.anatomy import GROUP

Problem = tuple[Path, str]


def problems(document: Object) -> list[Problem]:
    """Values that the API server cannot decode: path and message; nothing for KAITO's kinds, which admission judges."""
    if document["apiVersion"].startswith(GROUP):
        return []
    found = [(one.path, one.message) for one in structure.problems(document) if one.mistyped]
    if not structure.is_served(document):
        found += [(one.path, one.message) for one in structure.metadata_problems(document)]
    return found
