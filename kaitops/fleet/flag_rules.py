"""Flags of vLLM in a fleet: judged at their key, and written in the form that does what they say.

Loaded for workloads that declare flags only. What a flag is worth is :mod:`kaitops.kaito.vllm`'s.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kaitops.kaito.vllm.flags import table
from kaitops.kaito.vllm.judging import problems
from kaitops.kaito.vllm.writing import section

_PLACES: tuple[tuple[str, ...], ...] = ((), ("prefill",), ("decode",))


def flag_problems(entry: Mapping[str, Any], version: str) -> Iterator[tuple[list[str | int], str]]:
    """What vLLM would refuse or take otherwise than meant: path below the workload and message."""
    flags = table(version)
    if flags is None:
        return
    for place, declared in _declared(entry):
        for problem in problems(section(declared, flags), flags):
            yield [*place, "vllm", problem.key], problem.message


def settled(entry: Mapping[str, Any], version: str) -> dict[str, Any]:
    """The workload with its flags as a ConfigMap must have them."""
    flags = table(version)
    changed = dict(entry)
    if flags is None:
        return changed
    for place, declared in _declared(entry):
        written = section(declared, flags)
        if place:
            changed[place[0]] = {**changed[place[0]], "vllm": written}
        else:
            changed["vllm"] = written
    return changed


def _declared(entry: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    for place in _PLACES:
        part = entry.get(place[0], {}) if place else entry
        if part.get("vllm"):
            yield place, part["vllm"]
