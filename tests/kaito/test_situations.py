"""Every situation gets the verdict that KAITO's validators gave its like, and the remedy that belongs to it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from kaitops.kaito.admission.remedies import remedy_for
from tests import upstream
from tests.situations import SITUATIONS, Situation, expected
from tests.situations.judging import SETTINGS, lines, verdict

_FOLDER = upstream.FOLDER / "kaito-0.12.0"
_EACH = pytest.mark.parametrize(
    ("situation", "nodes"),
    [pytest.param(one, nodes, id=f"{one.name}-{nodes}") for one in SITUATIONS for nodes in SETTINGS],
)


def test_every_situation_has_its_name_its_like_and_what_is_said_of_it() -> None:
    assert len(SITUATIONS) == len({one.name for one in SITUATIONS}) == len({one.like for one in SITUATIONS}) == 90
    assert {one.name for one in SITUATIONS} == set(expected()["situations"])


@_EACH
def test_verdict(situation: Situation, nodes: str) -> None:
    said = expected()["situations"][situation.name][nodes]
    found = verdict(situation.document, situation.maps, nodes)
    assert [[line, remedy_for(line)] for text in found.errors for line in lines(text)] == said
    assert found.admitted is (said == [])
    assert all(remedy_for(text) for text in found.errors), found.errors


@cache
def _upstreams() -> dict[str, tuple[dict[str, Any], Mapping[str, str]]]:
    """Upstream's example and its verdicts, by where it stands."""
    examples = [json.loads(line) for line in (_FOLDER / "upstream-examples.jsonl").read_text().splitlines()]
    rows = [line.split("\t") for line in (_FOLDER / "admission-of-upstream-examples.tsv").read_text().splitlines()[1:]]
    found: dict[str, tuple[dict[str, Any], Mapping[str, str]]] = {}
    for example, (name, *columns) in zip(examples, rows, strict=True):
        assert name == f"{example['src']} [{example['gvk']}]"
        told = dict(column.split(" ", 1) for column in columns)
        found[example["src"]] = example, {"made": told["NAP"], "brought": told["BYO"]}
    return found


def _plain(text: str) -> list[str]:
    """The lines of a message without what differs between the two harnesses: namespaces."""
    return lines(re.sub(r"in namespace '[^']*'", "in namespace ''", text.replace(" ;; ", "\n")))


@pytest.mark.upstream
@_EACH
def test_upstreams_example_gets_its_verdict(situation: Situation, nodes: str) -> None:
    example, told = _upstreams()[situation.like]
    found = verdict(example["obj"], example["cms"], nodes)
    assert found.admitted == (told[nodes] == "OK"), found.errors
    if told[nodes].startswith("ERR "):
        assert _plain(found.errors[0]) == _plain(told[nodes].removeprefix("ERR "))
    assert all(remedy_for(text) for text in found.errors), found.errors


def _words(value: Any) -> Iterator[str]:
    """All that an author chose in an object, whole and in pieces."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _words(child)
            if key == "name" and isinstance(child, str):
                yield child
    elif isinstance(value, list):
        for child in value:
            yield from _words(child)
    elif isinstance(value, str):
        yield from (value, *re.split(r"[/:]", value))


def _anonymous(told: list[str], document: dict[str, Any], maps: Mapping[str, Any]) -> list[str]:
    chosen = sorted({word for word in [*_words(document), *maps] if len(word) > 2}, key=len, reverse=True)
    for word in chosen:
        told = [line.replace(word, "_") for line in told]
    return told


@pytest.mark.upstream
@_EACH
def test_the_situation_is_like_upstreams_example(situation: Situation, nodes: str) -> None:
    """The same kind, fields and verdict, but for the words that its author chose."""
    example, told = _upstreams()[situation.like]
    ours = [line for line, _ in expected()["situations"][situation.name][nodes]]
    assert situation.document["apiVersion"] + "/" + situation.document["kind"] == example["gvk"]
    theirs = [] if told[nodes] == "OK" else _plain(told[nodes].removeprefix("ERR "))
    if told[nodes].startswith("DECODE "):
        # Of these the decoder's words are told only, and the server's own decoder names the whole path.
        assert [re.sub(r'"[\w.\[\]]*\.', '"', line).rpartition(": ")[2] for line in ours] == [
            told[nodes].rpartition(": ")[2]
        ]
        return
    ours = [each for line in ours for each in _plain(line)]
    assert _anonymous(ours, situation.document, situation.maps) == _anonymous(theirs, example["obj"], example["cms"])
