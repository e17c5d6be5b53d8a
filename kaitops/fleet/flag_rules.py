"""Flags of vLLM in a fleet: judged at their key, and written in the form that does what they say.

Loaded for workloads that declare flags only. What a flag is worth is :mod:`kaitops.kaito.vllm`'s.
"""

from collections.abc import Iterator

from kaitops.documents.plain import MutableObject, Object
from kaitops.fleet.clusters import ROLES
from kaitops.kaito.vllm.flags import table
from kaitops.kaito.vllm.judging import problems
from kaitops.kaito.vllm.writing import section

_NO_ADAPTERS = "no-enable-lora"
_PLACES: tuple[tuple[str, ...], ...] = ((), *((role,) for role in ROLES))


def flag_problems(entry: Object, version: str) -> Iterator[tuple[list[str | int], str]]:
    """What vLLM would refuse or take otherwise than meant: path below the workload and message."""
    flags = table(version)
    if flags is None:
        return
    for place, declared in _declared(entry):
        for problem in problems(section(declared, flags), flags):
            yield [*place, "vllm", problem.key], problem.message
    for key, value in entry.get("vllm", {}).items() if entry.get("adapters") else ():
        # However it is spelled: what would be written of it is what the server reads.
        if _NO_ADAPTERS in section({key: value}, flags):
            yield (
                ["vllm", key],
                "turns off what the server loads adapters by, and 'adapters' names some, so none of them answers; drop "
                "it, or drop the adapters",
            )


def settled(entry: Object, version: str) -> MutableObject:
    """The workload with its flags as a ConfigMap must have them; those of a split model on its roles."""
    flags = table(version)
    changed = dict(entry)
    if flags is None:
        return changed
    common: Object = entry.get("vllm", {})
    roles = [role for role in ROLES if role in entry]
    for role in roles:
        # Together before they are written: the two forms of a switch are two keys, and both would be there.
        own: Object = entry[role].get("vllm", {})
        changed[role] = {**entry[role], "vllm": section({**common, **own}, flags)}
    changed["vllm"] = {} if roles else section(common, flags)
    return changed


def _declared(entry: Object) -> Iterator[tuple[tuple[str, ...], Object]]:
    for place in _PLACES:
        part = entry.get(place[0], {}) if place else entry
        if part.get("vllm"):
            yield place, part["vllm"]
