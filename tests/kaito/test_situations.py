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
def test_upstreams_examples_get_their_verdicts() -> None:
    for place, (example, verdicts) in _upstreams().items():
        for nodes, told in verdicts.items():
            found = verdict(example["obj"], example["cms"], nodes)
            assert found.admitted == (told == "OK"), (place, nodes, found.errors)
            if told.startswith("ERR "):
                assert _plain(found.errors[0]) == _plain(told.removeprefix("ERR ")), (place, nodes)
            assert all(remedy_for(text) for text in found.errors), (place, nodes, found.errors)


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
def test_situations_are_like_upstreams_examples() -> None:
    """The same kinds and verdicts, but for the words that their authors chose; nothing of upstream's is left out."""
    assert {one.like for one in SITUATIONS} == set(_upstreams())
    for one in SITUATIONS:
        example, verdicts = _upstreams()[one.like]
        assert f"{one.document['apiVersion']}/{one.document['kind']}" == example["gvk"], one.name
        for nodes, told in verdicts.items():
            ours = [line for line, _ in expected()["situations"][one.name][nodes]]
            assert _alike(one, ours) == _theirs(told, example), (one.name, nodes)


def _alike(situation: Situation, said: list[str]) -> list[str]:
    said = [each for line in said for each in _plain(line)]
    if "strict decoding error" in "".join(said):
        # Of these upstream's decoder is recorded, which names the field; the server's own names the whole path.
        return [re.sub(r'"[\w.\[\]]*\.', '"', line).rpartition(": ")[2] for line in said]
    return _anonymous(said, situation.document, situation.maps)


def _theirs(told: str, example: dict[str, Any]) -> list[str]:
    if told == "OK":
        return []
    if told.startswith("DECODE "):
        return [told.rpartition(": ")[2]]
    return _anonymous(_plain(told.removeprefix("ERR ")), example["obj"], example["cms"])
