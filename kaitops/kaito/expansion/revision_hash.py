"""The hash by which KAITO tells one revision of a spec from the next.

Source: ``ComputeHash`` in ``pkg/workspace/controllers/workspace_controller.go`` and ``ComputeInferenceSetHash`` in
``pkg/utils/inferenceset/inferenceset.go`` of KAITO: SHA-256 over the lines of Go's JSON encoder.
"""

from hashlib import sha256
from typing import Any

from kaitops.kaito.expansion.go_types import encoded


def of_parts(*parts: Any) -> str:
    """The hash over parts that are written in the field order of their Go types; None for a part that is not set."""
    return sha256("".join(map(encoded, parts)).encode()).hexdigest()
