"""What is written comes back the same from every reader: ours, YAML 1.1 and YAML 1.2."""

import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kaitops.documents import reader, writer
from tests.generated import inputs

_TRICKY = st.sampled_from(
    ["", "yes", "on", "y", "N", "null", "~", "1e3", "1234e56", "0x1f", "0o14", "12:30", "2024-01-01", "- a", "a: b", "#x",
     "a #b", " lead", "trail ", "a\nb", "a\nb\n", "a\n\n", "\n", "\ta", "a\tb\n", "a \nb", "=", "<<", ".inf", "-", "?", "@x",
     "`x", "%x", "!x", "&x", "*x", "{a", "[a", "'", '"', "\\", "a'b\"c", "\u2028", "\x85", "\ufeff", "é", "😀", "--flag=x y",
     "{{ x }}", "a:b", "x:", "|", ">", "true", "08", "1_000", "+1", "-.5", "nan", ".NaN", "a\r\nb", "  a\n b"]
)  # fmt: skip
_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40) | _TRICKY
_SCALAR = _TEXT | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False)
_DATA = st.recursive(
    _SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4), max_leaves=20
)
_DOCUMENT = st.dictionaries(_TEXT, _DATA, max_size=5)


def same(left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, int | float) and not isinstance(right, bool):
        return math.isclose(left, right, rel_tol=1e-15, abs_tol=0) or left == right
    return type(left) is type(right) and left == right


@pytest.mark.e2e
@inputs(400)
@given(_DOCUMENT)
def test_every_reader_gives_the_same_back(document: dict[str, Any]) -> None:
    text = writer.dump(document)
    ours = reader.read_bytes(text.encode(), "x")
    assert same(document, ours[0].data), text
    assert same(document, yaml.safe_load(text)), text
    assert same(document, _yaml12(text)), text


def _yaml12(text: str) -> Any:
    parser = YAML(typ="safe", pure=True)
    parser.version = (1, 2)
    return parser.load(text)


@pytest.mark.parametrize(
    "text", ["yes", "On", "y", "1e3", "1234e56", "0o14", "12:30", "null", "~", "", "08", "1.10", "=", "-"]
)
def test_strings_that_look_like_something_else_are_quoted(text: str) -> None:
    assert writer.dump({"a": text}) == f'a: "{text}"\n'


def test_ordinary_strings_stay_readable() -> None:
    document = {
        "image": "mcr.microsoft.com/aks/kaito/kaito-base:0.5.0",
        "args": ["--flag=a b", "kaito.sh/x"],
        "list": [1, [2]],
    }
    expected = (
        "image: mcr.microsoft.com/aks/kaito/kaito-base:0.5.0\nargs:\n- --flag=a b\n- kaito.sh/x\nlist:\n- 1\n- - 2\n"
    )
    assert writer.dump(document) == expected


def test_texts_of_several_lines_are_blocks() -> None:
    assert writer.dump({"a": "x\ny\n", "b": ["p\nq"]}) == "a: |\n  x\n  y\nb:\n- |-\n  p\n  q\n"


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="no form in JSON"):
        writer.dump({"a": math.inf})
    with pytest.raises(TypeError, match="cannot be written"):
        writer.dump({"a": object()})
    with pytest.raises(ValueError, match="lone surrogate"):
        writer.dump({"a": "\ud800"})


def test_empty_collections_and_documents() -> None:
    assert writer.dump({}) == "{}\n"
    assert writer.dump({"a": {}, "b": [], "c": [{}, []]}) == "a: {}\nb: []\nc:\n- {}\n- []\n"
    assert writer.dump_all([{"a": 1}, {"b": 2}]) == "a: 1\n---\nb: 2\n"
    assert writer.dump_list([]) == "[]\n"
