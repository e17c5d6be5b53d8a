"""A configuration of vLLM that KAITO refuses: one finding a workload, at the line of the ConfigMap that is the cause.

KAITO's own words count lines of the text in the ConfigMap and name types of Go.
"""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import at, mapping
from kaitops.gate import checks
from kaitops.gate.objects import Item
from kaitops.kaito.kubernetes.field_errors import Refusal
from kaitops.policies.reading import INFERENCE_KEY as KEY
from kaitops.policies.reading import parsed
from kaitops.report.findings import Finding

_PARSING = f"Failed to parse {KEY}"
_LENGTH = "max-model-len"
_SECTION = "vllm"


def is_of_config(refusal: Refusal) -> bool:
    """Whether a refusal is about what stands in the ConfigMap."""
    return not {KEY, _LENGTH}.isdisjoint(refusal.fields)


def findings(item: Item, config: Item, refused: Sequence[Refusal], remedy: str) -> Iterator[Finding]:
    """What is wrong with the ConfigMap for the workload.

    Args:
        refused: KAITO's lines about it.
        remedy: of the first of them.
    """
    section = mapping(parsed(at(config.data, "data", KEY))).get(_SECTION)
    structured = [key for key, value in mapping(section).items() if isinstance(value, dict | list)]
    lengths = [one.text for one in refused if _LENGTH in one.fields]
    name = config.subject
    if lengths:
        fact = lengths[0].removeprefix("invalid value: ").removesuffix(f": {_LENGTH}")
        yield _finding(item, config, (_SECTION, _LENGTH), f"vllm.{_LENGTH} of {name}: {fact}; {remedy}")
        return
    for key in structured:
        kind = "mapping" if isinstance(mapping(section)[key], dict) else "list"
        fact = f"vllm.{key} of {name} is a {kind}, and KAITO reads one value for each flag, so it refuses the workload"
        remedy = "write one value, or JSON in quotes where the flag takes JSON"
        yield _finding(item, config, (_SECTION, key), f"{fact}; {remedy}")
    if structured:
        return
    if isinstance(section, list) or (section is not None and not isinstance(section, dict)):
        kind = "a list" if isinstance(section, list) else "no mapping"
        fact = f"vllm of {name} is {kind}, and KAITO reads a mapping of flags there, so it refuses the workload"
        yield _finding(item, config, (_SECTION,), f"{fact}; write 'vllm:' and below it each flag with its value")
        return
    fact = " ".join(
        line.strip().removesuffix(f": {KEY}")
        for line in sorted((one.text for one in refused), key=lambda text: _PARSING not in text)
    )
    yield _finding(item, config, (), f"{name}: {fact}; {remedy}")


def _finding(item: Item, config: Item, below: tuple[str, ...], message: str) -> Finding:
    file, *place = config.document.place([*config.prefix, "data", KEY, *below])
    return checks.finding(
        checks.ADMISSION, file, (place[0], place[1]), item.subject, message, path=("metadata", "name")
    )
