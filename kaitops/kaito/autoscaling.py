"""How many replicas an InferenceSet has at least, where a scaler owns the number.

Owns the annotations of KAITO's scaler for KEDA and how they are read (keda-kaito-scaler 0.6).
"""

from collections.abc import Mapping
from typing import Any

from kaitops.documents.plain import at

AUTO, LEAST, MOST, METRICS = (
    f"scaledobject.kaito.sh/{key}" for key in ("auto-provision", "min-replicas", "max-replicas", "metrics")
)


def floor(document: Mapping[str, Any]) -> int:
    """The replicas that a set starts from: those it declares, else the scaler's least, else one."""
    declared = at(document, "spec", "replicas")
    if isinstance(declared, int):
        return declared
    annotated = str(at(document, "metadata", "annotations", LEAST) or "")
    if at(document, "metadata", "annotations", AUTO) == "true" and annotated.isdigit():
        return max(int(annotated), 1)
    return 1
