"""Writing a ``vllm`` section in the form that does what was declared.

A flag that takes no value leaves KAITO's second word over, so that word is the flag once more: vLLM takes a flag twice
as it takes it once.
"""

from collections.abc import Mapping
from typing import Any

from kaitops.kaito.vllm.flags import Table


def section(declared: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """The entries of a section for what was declared; those that mean "off unless it is there" are left out."""
    written: dict[str, Any] = {}
    for key, value in declared.items():
        flag = table.get(key.replace("_", "-"))
        if flag is None or not flag.takes_no_value or not isinstance(value, bool):
            written[key] = value
            continue
        name = key.replace("_", "-")
        if not value:
            if flag.type == "bare":
                continue
            name = flag.name if table.is_negated(name) else f"no-{name}"
        written[name] = f"--{name}"
    return written
