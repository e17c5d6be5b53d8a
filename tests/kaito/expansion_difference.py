"""Where an expansion differs from a golden row, by JSON path.

Owns the comparison only: embedded scripts are ours, so wherever the golden file says ``<script>`` any text is right.
"""

from collections.abc import Iterator
from typing import Any

PLACEHOLDER = "<script>"


def differences(ours: Any, golden: Any, path: str = "$") -> Iterator[str]:
    """Each JSON path at which the two differ, with both values."""
    if golden == PLACEHOLDER:
        if not isinstance(ours, str) or len(ours) < 40:
            yield f"{path}: {ours!r} is no script"
        return
    if isinstance(ours, dict) and isinstance(golden, dict):
        for key in sorted(ours.keys() | golden.keys()):
            if key not in ours:
                yield f"{path}.{key}: missing; golden has {golden[key]!r}"
            elif key not in golden:
                yield f"{path}.{key}: {ours[key]!r}; golden has nothing"
            else:
                yield from differences(ours[key], golden[key], f"{path}.{key}")
        return
    if isinstance(ours, list) and isinstance(golden, list):
        if len(ours) != len(golden):
            yield f"{path}: {len(ours)} entries, golden has {len(golden)}: {_names(ours)} / {_names(golden)}"
        for index, (left, right) in enumerate(zip(ours, golden, strict=False)):
            yield from differences(left, right, f"{path}[{index}]")
        return
    if type(ours) is not type(golden) or ours != golden:
        yield f"{path}: {ours!r}; golden has {golden!r}"


def _names(entries: list[Any]) -> list[Any]:
    return [entry.get("kind") or entry.get("name") if isinstance(entry, dict) else entry for entry in entries]
