"""Where an expansion differs from a recorded row, by JSON path.

Owns the comparison only: embedded scripts are ours, so wherever the recording says ``<script>`` any text is right.
"""

from collections.abc import Iterator
from typing import Any

PLACEHOLDER = "<script>"


def differences(ours: Any, recorded: Any, path: str = "$") -> Iterator[str]:
    """Each JSON path at which the two differ, with both values."""
    if recorded == PLACEHOLDER:
        if not isinstance(ours, str) or len(ours) < 40:
            yield f"{path}: {ours!r} is no script"
        return
    if isinstance(ours, dict) and isinstance(recorded, dict):
        for key in sorted(ours.keys() | recorded.keys()):
            if key not in ours:
                yield f"{path}.{key}: missing; recorded is {recorded[key]!r}"
            elif key not in recorded:
                yield f"{path}.{key}: {ours[key]!r}; recorded is nothing"
            else:
                yield from differences(ours[key], recorded[key], f"{path}.{key}")
        return
    if isinstance(ours, list) and isinstance(recorded, list):
        if len(ours) != len(recorded):
            yield f"{path}: {len(ours)} entries, recorded is {len(recorded)}: {_names(ours)} / {_names(recorded)}"
        for index, (left, right) in enumerate(zip(ours, recorded, strict=False)):
            yield from differences(left, right, f"{path}[{index}]")
        return
    if type(ours) is not type(recorded) or ours != recorded:
        yield f"{path}: {ours!r}; recorded is {recorded!r}"


def _names(entries: list[Any]) -> list[Any]:
    return [entry.get("kind") or entry.get("name") if isinstance(entry, dict) else entry for entry in entries]
