"""Whether an object of KAITO or Karpenter is well: one definition a kind, for Argo CD, Flux and kaitops itself.

:mod:`kaitops.health.argocd` and :mod:`kaitops.health.flux` give the definitions to those tools; here they are applied.
Only an object's own status is judged. Reads no cluster and keeps no time: how long waiting may last is for the tools.
"""

from kaitops.documents import plain
from kaitops.documents.plain import Object
from kaitops.health import definition, kinds
from kaitops.health.ambiguity import Ambiguity, Situation, ambiguities
from kaitops.health.definition import Phase, Verdict

__all__ = ["Ambiguity", "Phase", "Situation", "Verdict", "ambiguities", "is_judged", "judge"]


def judge(document: Object, version: str) -> Verdict:
    """What the status of an object says.

    Args:
        document: the object as the API server shows it.
        version: of KAITO.

    Raises:
        BadInput: health is not defined for the kind or the version.
    """
    found = kinds.definition(version, str(plain.at(document, "kind")), _group(document))
    return definition.apply(found, document)


def is_judged(document: Object, version: str) -> bool:
    """Whether health is defined for the kind of an object.

    Raises:
        BadInput: there are no facts about health for the version.
    """
    found = kinds.definitions(version).get(str(plain.at(document, "kind")))
    return found is not None and found.group == _group(document)


def _group(document: Object) -> str:
    return str(plain.at(document, "apiVersion") or "").partition("/")[0]
