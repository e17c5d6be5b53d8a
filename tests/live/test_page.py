"""`docs/live.md` shows the situations that there are."""

import pytest

from kaitops.live.rules import RULES
from tests.conftest import ROOT
from tests.live.situations import PLAYED, RECORDED
from tests.live.test_judging import alone

PAGE = ROOT / "docs" / "live.md"
MOST = 3


def situations() -> str:
    found: dict[str, list[str]] = {}
    for name, one in PLAYED.items():
        found.setdefault(one.rule, []).append(name if name in RECORDED else f"*{name}*")
    for name, row in RECORDED.items():
        found.setdefault(alone(row["object"]).rule, []).append(name)
    text = "| step | rule | verdict | situation | seen in |\n|---|---|---|---|---|\n"
    for rule in RULES:
        names = list(dict.fromkeys(found[rule.id]))
        more = f", {len(names) - MOST} more" if len(names) > MOST else ""
        text += f"| {rule.step} | `{rule.id}` | {rule.phase} | {rule.what} | {', '.join(names[:MOST])}{more} |\n"
    return text


def test_the_table_of_situations_is_up_to_date(request: pytest.FixtureRequest) -> None:
    begin, end = "<!-- situations -->\n", "<!-- end of situations -->\n"
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(begin)
    _, mark, after = rest.partition(end)
    assert mark
    made = f"{before}{begin}{situations()}{end}{after}"
    if request.config.getoption("--update-docs"):
        PAGE.write_text(made, "utf-8")
        text = made
    assert text == made, "run: .venv/bin/pytest -n0 tests/live/test_page.py --update-docs"
