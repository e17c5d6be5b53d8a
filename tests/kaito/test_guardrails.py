"""Guardrails policies: what the engine reads, what it skips without a word, and what it never heard of."""

from typing import Any

import pytest

from kaitops.kaito import guardrails
from tests.version import KAITO

WHOLE: dict[str, Any] = {
    "action": "block",
    "blockMessage": "held back",
    "scanners": [
        {"type": "sensitive", "action": "redact", "detectors": ["email", "credit_card"]},
        {"type": "secrets", "redactMode": "partial"},
        {"type": "ban-substrings", "substrings": ["internal"], "match_type": "word", "case-sensitive": True},
        {"type": "regex", "patterns": ["[a-z]+"], "match_type": "all"},
        {"type": "json", "required_elements": 0, "repair": False},
        {"type": "readingTime", "max_time": 0.25},
        {"type": "token_limit", "limit": 4096, "encoding_name": "cl100k_base"},
        {"type": "invisible_text"},
    ],
}


def _one(**scanner: Any) -> dict[str, Any]:
    return {"scanners": [scanner]}


def test_all_that_the_engine_knows_passes() -> None:
    assert list(guardrails.problems(WHOLE, KAITO)) == []


def test_nothing_is_said_of_a_version_whose_words_are_not_known() -> None:
    assert list(guardrails.problems({"scanner": []}, "0.9.4")) == []


def test_a_policy_without_scanners_is_empty_and_not_misunderstood() -> None:
    for policy in (None, {}, {"scanners": []}, {"input": []}):
        assert guardrails.is_empty(policy) and list(guardrails.problems(policy, KAITO)) == []
    assert not guardrails.is_empty(WHOLE)


@pytest.mark.parametrize(
    ("policy", "path", "text"),
    [
        ("scanners", (), "is no mapping, so nothing holds an answer back"),
        ({"scanner": WHOLE["scanners"]}, ("scanner",), "is no key of a policy, so nothing reads it; meant is scanners?"),
        ({**WHOLE, "block_message": "a"}, ("block_message",), "meant is blockMessage?"),
        ({**WHOLE, "action": "blok"}, ("action",), "is blok, which the engine takes for redact; write block or redact"),
        (_one(type="sensitiv"), ("scanners", 0, "type"), "so the engine skips it; meant is sensitive?"),
        (_one(type="secrets", action="mask"), ("scanners", 0, "action"), "is mask, which the engine takes for redact"),
        (_one(type="sensitive", detectors=["email", "phon"]), ("scanners", 0, "detectors"), "has phon, and there are email, phone"),
        (_one(type="sensitive", detectors=[]), ("scanners", 0, "detectors"), "has to be a list of email"),
        (_one(type="ban_substrings"), ("scanners", 0, "substrings"), "is missing, which ban_substrings needs"),
        (_one(type="ban_substrings", substring=["a"], substrings=["a"]), ("scanners", 0, "substring"), "meant is substrings?"),
        (_one(type="regex", patterns=["("]), ("scanners", 0, "patterns"), "has to be a list of regular expressions"),
        (_one(type="secrets", redact_mode="none"), ("scanners", 0, "redact_mode"), "has none, and there are all, partial, hash"),
        (_one(type="json", repair="false"), ("scanners", 0, "repair"), "has to be true or false, so the engine skips"),
        (_one(type="reading_time", max_time=0), ("scanners", 0, "max_time"), "has to be a number above 0"),
        (_one(type="token_limit", limit="4k"), ("scanners", 0, "limit"), "has to be a whole number from 1"),
        (_one(type="invisible_text", level=1), ("scanners", 0, "level"), "so the engine skips the scanner; drop it"),
    ],
)  # fmt: skip
def test_what_the_engine_does_not_take_is_told_where_it_stands(policy: Any, path: tuple[Any, ...], text: str) -> None:
    found = list(guardrails.problems(policy, KAITO))
    assert any(where == path and text in said for where, said in found), found
