"""Writing a ``vllm`` section in the form that does what was declared.

A flag that takes no value leaves KAITO's second word over, so that word is the flag once more: vLLM takes a flag twice
as it takes it once.
"""

from typing import Any

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.vllm.flags import Table


def section(declared: Object, table: Table) -> MutableObject:
    """The entries of a section for what was declared.

    Those that mean "off unless it is there" are left out; of two spellings of one flag the later counts.
    """
    written: dict[str, tuple[str, Any]] = {}
    for key, value in declared.items():
        name = key.replace("_", "-")
        flag = table.get(name)
        kept = flag.name if flag is not None else key
        written.pop(kept, None)
        if flag is None or not flag.takes_no_value or not isinstance(value, bool):
            # With dashes, as KAITO reads the length of the context itself and looks for that name.
            written[kept] = (name if flag is not None else key), value
            continue
        if not value:
            if flag.type == "bare":
                continue
            name = flag.name if table.is_negated(name) else f"no-{name}"
        written[kept] = name, f"--{name}"
    return dict(written.values())
