"""Objects as users write them, good and bad, with what is said of each.

The features and the mistakes are those of the examples in KAITO's repository and documentation, one situation for each;
names, values and words are ours. `expected.json` says of each situation the verdict of KAITO's webhooks where nodes are
made and where they are brought, with the remedy, and the findings of the gate's rules.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.situations.making import Situation
from tests.situations.sets_and_engines import SITUATIONS as _SETS
from tests.situations.tuning_and_own import SITUATIONS as _TUNED
from tests.situations.workspaces import SITUATIONS as _SERVED

__all__ = ["SITUATIONS", "Situation", "expected", "write"]

SITUATIONS: tuple[Situation, ...] = (*_SERVED, *_SETS, *_TUNED)
_EXPECTED = Path(__file__).with_name("expected.json")


@cache
def expected() -> dict[str, Any]:
    """``remedies`` of the rules by id, and ``situations``: verdicts and findings by name."""
    return json.loads(_EXPECTED.read_text("utf-8"))


def write(said: dict[str, Any]) -> None:
    """Holds something else as what is expected: a verdict, a remedy or all findings of a situation on a line."""
    remedies = ",\n".join(f"  {_text(rule)}: {_text(text)}" for rule, text in sorted(said["remedies"].items()))
    situations = ",\n".join(
        f"  {_text(name)}: {{\n" + ",\n".join(f"   {_text(key)}: {_text(rows)}" for key, rows in told.items()) + "\n  }"
        for name, told in said["situations"].items()
    )
    text = f'{{\n "remedies": {{\n{remedies}\n }},\n "situations": {{\n{situations}\n }}\n}}\n'
    _EXPECTED.write_text(text, "utf-8")
    expected.cache_clear()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
