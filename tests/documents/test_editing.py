"""Changing a file in place: the bytes that are named and no others, and exactly the difference in what it means."""

import json
from copy import deepcopy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kaitops.documents.editing import Edit, edited
from kaitops.errors import BadInput
from tests.documents.odd_fleets import ODD
from tests.documents.written_fleets import fleets
from tests.generated import inputs

FLEETS = dict(fleets())
NEW = {"preset": "phi-4", "gpu": "auto", "context": 8192, "clusters": ["prod"]}
SETS: list[tuple[tuple[str, ...], Any]] = [
    (("models", "phi", "context"), 4096),
    (("models", "phi", "preset"), "phi-4"),
    (("models", "coder", "preset"), "it's: a [text], # with signs"),
    (("models", "coder", "clusters"), ["dev", "prod"]),
    (("models", "coder", "labels", "team"), "yes"),
    (("models", "coder", "labels"), {"a": "1", "b": "x y"}),
    (("clusters", "dev", "region"), "northeurope"),
    (("kaito",), "0.12.1"),
]
ADDED: list[tuple[tuple[str, ...], Any]] = [
    (("models", "new"), NEW),
    (("models", "phi", "replicas"), 2),
    (("models", "coder", "vllm", "max-num-seqs"), 64),
    (("clusters", "dev", "operator", "keda", "version"), "2.18.0"),
    (("clusters", "new"), {"region": "westeurope", "provisioner": "karpenter"}),
    (("gitops",), {"repository": "https://git.example.com/x.git", "path": "a b"}),
]
REMOVED: list[tuple[str, ...]] = [
    ("models", "phi"),
    ("models", "coder"),
    ("models", "phi", "context"),
    ("models", "coder", "labels", "team"),
    ("clusters", "dev"),
    ("clusters", "prod"),
    ("defaults", "namespace"),
    ("kaito",),
]


def meaning(raw: bytes) -> Any:
    return yaml.safe_load(raw.decode("utf-8-sig"))


def put(data: Any, path: tuple[str, ...], value: Any) -> Any:
    whole = node = deepcopy(data)
    for step in path[:-1]:
        node = node.setdefault(step, {})
    node[path[-1]] = value
    return whole


def without(data: Any, path: tuple[str, ...]) -> Any:
    whole = deepcopy(data)
    for length in range(len(path), 0, -1):
        node = whole
        for step in path[: length - 1]:
            node = node[step]
        del node[path[length - 1]]
        if node:
            return whole
    return whole


def middle(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """What differs between a common beginning and a common end."""
    shortest = min(len(before), len(after))
    start = next((number for number in range(shortest) if before[number] != after[number]), shortest)
    rest = shortest - start
    end = next((number for number in range(rest) if before[-1 - number] != after[-1 - number]), rest)
    return before[start : len(before) - end], after[start : len(after) - end]


def test_there_are_forty() -> None:
    assert len(FLEETS) == 40
    assert len({str(meaning(raw)["models"]["coder"]) for raw in FLEETS.values()}) == 1


@pytest.mark.sampled(7)
@pytest.mark.parametrize("path,value", ADDED, ids=lambda each: ".".join(each) if isinstance(each, tuple) else "")
@pytest.mark.parametrize("name", FLEETS)
def test_what_is_added_is_put_in_and_nothing_taken(name: str, path: tuple[str, ...], value: Any) -> None:
    before = FLEETS[name]
    after = edited(before, name, [Edit(path, value)])
    assert meaning(after) == put(meaning(before), path, value)
    taken, _ = middle(before, after)
    # Between braces whose entries have lines of their own a comma goes behind the last one, before its comment.
    assert taken == b"" or (name.startswith("flow") and taken.strip() in (b"# last", b"} # last")), taken
    assert_manner_kept(before, after)


@pytest.mark.sampled(7)
@pytest.mark.parametrize("path", REMOVED, ids=".".join)
@pytest.mark.parametrize("name", FLEETS)
def test_what_is_removed_goes_and_nothing_comes(name: str, path: tuple[str, ...]) -> None:
    before = FLEETS[name]
    if name.startswith("anchored") and path == ("models", "phi"):
        with pytest.raises(BadInput, match=r"holds &size on line [0-9]+, which line [0-9]+ uses as well"):
            edited(before, name, [Edit(path, None)])
        return
    after = edited(before, name, [Edit(path, None)])
    assert meaning(after) == without(meaning(before), path)
    gone, come = middle(before, after)
    # Between braces the comma before the last entry goes with it, and a comment may stand between the two.
    assert come == b"" or (name.startswith("flow") and come.strip() == b"# the larger one"), come
    for kept in ("first the small one", "the small one, for chat", "the end of the models", "The fleet of contoso"):
        assert (kept.encode() in before) == (kept.encode() in after)
    assert_manner_kept(before, after)
    assert len(gone) < len(before) / 2


@pytest.mark.sampled(7)
@pytest.mark.parametrize("path,value", SETS, ids=lambda each: ".".join(each) if isinstance(each, tuple) else "")
@pytest.mark.parametrize("name", FLEETS)
def test_what_is_set_changes_its_own_value(name: str, path: tuple[str, ...], value: Any) -> None:
    before = FLEETS[name]
    after = edited(before, name, [Edit(path, value)])
    assert meaning(after) == put(meaning(before), path, value)
    gone, _ = middle(before, after)
    old = meaning(before)
    for step in path:
        old = old[step]
    # The longest of the old values is the map of labels over three lines; nobody's neighbour stands in it.
    assert not any(other in gone for other in (b"gpu", b"region", b"context:", b"models", b"#")), gone
    assert_manner_kept(before, after)


def assert_manner_kept(before: bytes, after: bytes) -> None:
    assert (b"\r" in before) == (b"\r" in after)
    assert b"\r" not in before or after.count(b"\n") == after.count(b"\r\n")
    assert before.startswith(b"\xef\xbb\xbf") == after.startswith(b"\xef\xbb\xbf")
    # A blank line that stood before the last entry stays.
    assert before.endswith(b"\n") == after.endswith(b"\n") or after in before


@pytest.mark.parametrize("name", FLEETS)
def test_to_and_fro_is_the_file_of_before(name: str) -> None:
    before = FLEETS[name]
    there = edited(before, name, [Edit(("models", "phi", "context"), 2048)])
    assert edited(there, name, [Edit(("models", "phi", "context"), 16384)]) == before
    added = edited(before, name, [Edit(("clusters", "new"), {"region": "a", "provisioner": "byo"})])
    back = edited(added, name, [Edit(("clusters", "new"), None)])
    assert back == before


ODD_EDITS: list[tuple[tuple[str, ...], Any]] = [
    (("models", "phi", "context"), 4096),
    (("models", "new"), NEW),
    (("models", "phi", "replicas"), 2),
    (("models", "phi", "vllm", "max-num-seqs"), 4),
    (("models", "phi"), None),
    (("models", "phi", "context"), None),
    (("gitops",), {"repository": "https://git.example.com/x.git"}),
    (("clusters", "dev", "revision"), "v1"),
]


@pytest.mark.parametrize("path,value", ODD_EDITS, ids=lambda each: ".".join(each) if isinstance(each, tuple) else "")
@pytest.mark.parametrize("name", ODD)
def test_what_few_people_write_is_kept_as_well(name: str, path: tuple[str, ...], value: Any) -> None:
    before = ODD[name].encode()
    after = edited(before, name, [Edit(path, value)])
    old = meaning(before)
    assert meaning(after) == (without(old, path) if value is None else put(old, path, value))
    gone, come = middle(before, after)
    if value is None:
        assert come.strip(b" ,\n") in (b"", b"# c1", b"# c4"), come
    elif path[-1] == "context":
        # A tag says of which type the value before was.
        assert (gone.removeprefix(b"!!int "), come) == (b"8192", b"4096")
    else:
        assert gone == b"", gone


IN_JSON = b"""\
{
\t"kaito": "0.12.0",
\t"clusters": {
\t\t"dev": {"region": "westeurope", "provisioner": "karpenter"}
\t},
\t"models": {
\t\t"phi": {
\t\t\t"preset": "phi-4",
\t\t\t"context": 8192
\t\t}
\t}
}
"""
TWO_ENDS = b"kaito: 0.12.0\r\nclusters:\r\n  dev: {region: westeurope}\nmodels:\n  phi:\n    preset: phi-4\n    context: 8192\n"


@pytest.mark.parametrize("path,value", ODD_EDITS, ids=lambda each: ".".join(each) if isinstance(each, tuple) else "")
def test_what_is_json_stays_json_and_keeps_its_tabs(path: tuple[str, ...], value: Any) -> None:
    old = json.loads(IN_JSON)
    after = edited(IN_JSON, "fleet.yaml", [Edit(path, value)])
    assert json.loads(after) == (without(old, path) if value is None else put(old, path, value))
    assert not [line for line in after.splitlines() if line.startswith(b" ")]


@pytest.mark.parametrize("path,value", ODD_EDITS, ids=lambda each: ".".join(each) if isinstance(each, tuple) else "")
def test_lines_end_as_those_beside_them_do(path: tuple[str, ...], value: Any) -> None:
    for before in (TWO_ENDS, TWO_ENDS.removesuffix(b"\n")):
        after = edited(before, "fleet.yaml", [Edit(path, value)]).splitlines(keepends=True)
        assert [line for line in after if line.endswith(b"\r\n")] == [b"kaito: 0.12.0\r\n", b"clusters:\r\n"]
        assert meaning(b"".join(after)) == (without if value is None else put)(
            meaning(before), path, *([value] * (value is not None))
        )


SHARED = b"""\
kaito: 0.12.0
clusters:
  a: &base
    region: westeurope
    operator: {version: "1", tag: "2"}
  b:
    <<: *base
    provisioner: byo
  c: *base
models:
  x: {preset: phi-4, vllm: {max-num-seqs: 4}}
  z: {preset: phi-4}
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("clusters", "a", "region"), "clusters.a is &base on line 3, which line 7 uses as well"),
        (("clusters", "c", "region"), "clusters.c is *base on line 9, written elsewhere"),
        (("clusters", "b", "operator", "version"), "clusters.b.operator comes from the merge '<<' on line 7"),
    ],
)
def test_what_is_shared_is_refused_with_the_reason(path: tuple[str, ...], text: str) -> None:
    with pytest.raises(BadInput) as caught:
        edited(SHARED, "f.yaml", [Edit(path, "northeurope")])
    assert text in str(caught.value)
    assert "would change more than what is named and nothing was written" in str(caught.value)


TWICE = b"""\
kaito: 0.12.0
models:
  a: &m
    preset: phi-4
    context: &c 8192
  b: &m
    preset: phi-4
    context: *c
  d: *m
  e:
    <<: *m
    context: 4096
"""


def test_a_name_that_is_given_anew_is_that_of_the_value_before_it() -> None:
    assert edited(TWICE, "f.yaml", [Edit(("models", "a", "preset"), "x")]) == TWICE.replace(b"phi-4", b"x", 1)
    for path, text in (
        (("models", "a", "context"), "models.a.context is &c on line 5, which line 8 uses as well"),
        (("models", "b", "preset"), "models.b is &m on line 6, which line 9 uses as well"),
        (("models", "a"), "models.a holds &c on line 5, which line 8 uses as well"),
        (("models", "e", "context"), "models.e.context is brought by the merge '<<' on line 11 as well and would stay"),
    ):
        with pytest.raises(BadInput) as caught:
            edited(TWICE, "f.yaml", [Edit(path, None if path[-1] in ("a", "context") else "x")])
        assert text in str(caught.value)


def test_what_a_merge_brings_may_be_said_anew() -> None:
    after = edited(SHARED, "f.yaml", [Edit(("clusters", "b", "region"), "northeurope")])
    assert meaning(after)["clusters"]["b"]["region"] == "northeurope"
    assert meaning(after)["clusters"]["a"]["region"] == "westeurope"
    with pytest.raises(BadInput, match="comes from the merge '<<' on line 7"):
        edited(SHARED, "f.yaml", [Edit(("clusters", "b", "region"), None)])


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        (("models", "x", "preset", "a"), 1, "is no mapping"),
        (("models", "x", "gone"), None, "is not there"),
        (("models", "none", "gone"), None, "is not there"),
        (("models", "x", 3), 1, "is no list"),
    ],
)
def test_what_is_not_there_is_said(path: tuple[str | int, ...], value: Any, text: str) -> None:
    with pytest.raises(BadInput, match=text):
        edited(SHARED, "f.yaml", [Edit(path, value)])


def test_empty_braces_make_room_for_lines_and_stay_braces_for_a_word() -> None:
    before = b"a: {}   # none\nb:\n  c: { }\n  d: {e: {}}\n"
    assert edited(before, "f", [Edit(("a", "x"), {"z": 1})]) == before.replace(
        b" {}   # none", b"   # none\n  x:\n    z: 1", 1
    )
    assert edited(before, "f", [Edit(("b", "c", "x"), {"z": 1})]) == before.replace(b" { }", b"\n    x:\n      z: 1")
    assert edited(before, "f", [Edit(("b", "c", "x"), 1)]) == before.replace(b"{ }", b"{x: 1 }")
    assert edited(before, "f", [Edit(("b", "d", "e", "x"), {"z": 1})]) == before.replace(
        b"{e: {}}", b"{e: {x: {z: 1}}}"
    )


def test_a_text_that_keeps_its_end_goes_and_stays_whole() -> None:
    before = b"m:\n  a:\n    t: |+\n      x\n\n\n  b:\n    z: 1\nk: 2\n"
    assert edited(before, "f", [Edit(("m", "a"), None)]) == b"m:\n  b:\n    z: 1\nk: 2\n"
    assert edited(before, "f", [Edit(("m", "b"), None)]) == b"m:\n  a:\n    t: |+\n      x\n\n\nk: 2\n"


def test_comments_between_a_key_and_its_value_stay() -> None:
    before = b"m:\n  a: # why\n    # more\n    8192 # tokens\n  b: 1\n"
    after = b"m:\n  a: # why\n    # more\n    z: 1 # tokens\n    x: 2\n  b: 1\n"
    assert edited(before, "f", [Edit(("m", "a"), {"z": 1, "x": 2})]) == after


@pytest.mark.parametrize("line", ["a: 1\rb: 2\r", "a: 1 # x\u2028y\nb: 2\n", "a: 1\nb: '\x85'\n"])
def test_lines_that_end_for_some_readers_only_are_refused(line: str) -> None:
    for edit in (Edit(("a",), None), Edit(("a",), 3)):
        with pytest.raises(BadInput, match="ends a line or begins a text for some YAML readers"):
            edited(line.encode(), "f.yaml", [edit])


def test_nothing_is_left_of_no_file() -> None:
    with pytest.raises(BadInput, match="delete the file"):
        edited(b"a:\n  b: 1\n", "f.yaml", [Edit(("a", "b"), None)])


_values = st.recursive(
    st.one_of(st.text(max_size=12), st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(min_size=1, max_size=8), inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


@inputs(200)
@given(name=st.sampled_from(sorted(FLEETS)), value=_values, key=st.text(min_size=1, max_size=10))
def test_any_value_comes_back(name: str, value: Any, key: str) -> None:
    try:
        after = edited(FLEETS[name], name, [Edit(("models", "phi", "vllm", key), value)])
    except (BadInput, ValueError):
        # What no YAML file can carry, such as half of a surrogate pair, is refused whole.
        assert (
            not str([key, value]).isascii() or key == "<<" or any(not sign.isprintable() for sign in str([key, value]))
        )
        return
    from kaitops.documents import reader

    (document,) = reader.read_bytes(after, name)
    assert document.data["models"]["phi"]["vllm"][key] == value
