"""The reader refuses what would be lost, with the place, and reads scalars as Kubernetes does."""

import pytest

from kaitops.documents import reader, scalars
from kaitops.errors import BadInput


def read(text: str):
    return reader.read_bytes(text.encode(), "f.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: key 'a' is already on line 1"),
        ("a:\n\tb: 1\n", "f.yaml:2:1: not YAML: a tab"),
        ("a: {b: 1\n", "not YAML"),
        ("yes: 1\n", "f.yaml:1:1: key 'yes' is read as a boolean"),
        ("1: 1\n", "is read as a number"),
        ("~: 1\n", "is read as null"),
        ("a: !thing 1\n", "f.yaml:1:4: tag '!thing'"),
        ("a: !!int x\n", "does not fit"),
        ("a: &x [*x]\n", "contains it"),
        ("? [a]\n: 1\n", "a key must be text"),
        ("<<: 3\n", "'<<' takes a mapping"),
        ("a: *nowhere\n", "not YAML: found undefined alias"),
        ("a: " + "[" * 300 + "]" * 300, "nested deeper"),
    ],
)
def test_refusals_name_the_place(text: str, message: str) -> None:
    with pytest.raises(BadInput) as error:
        read(text)
    assert message in str(error.value)
    assert str(error.value).startswith("f.yaml:1") or ":2:" in str(error.value) or ":3:" in str(error.value)


def test_alias_bomb_is_refused_quickly() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]" for n in range(9)]
    with pytest.raises(BadInput, match="aliases expand to more than"):
        read("\n".join(lines))


def test_honest_aliases_and_merges_are_read() -> None:
    data = read("base: &b {x: 1, z: 2}\nsame: *b\nmore: {<<: *b, z: 3}\n")[0].data
    assert data == {"base": {"x": 1, "z": 2}, "same": {"x": 1, "z": 2}, "more": {"x": 1, "z": 3}}


def test_not_utf8_names_line_and_byte() -> None:
    with pytest.raises(BadInput, match=r"f.yaml:2: byte 6 \(0xff\) is not UTF-8"):
        reader.read_bytes(b"a: 1\nb\xff: 2\n", "f.yaml")


def test_byte_order_mark_and_several_documents() -> None:
    documents = reader.read_bytes(b"\xef\xbb\xbfa: 1\n---\n---\nb: 2\n", "f.yaml")
    assert [(one.index, one.data) for one in documents] == [(0, {"a": 1}), (1, None), (2, {"b": 2})] or [
        one.data for one in documents if one.data
    ] == [{"a": 1}, {"b": 2}]


def test_locate_finds_values_and_falls_back_to_the_parent() -> None:
    document = read("a:\n  b:\n  - c: 1\n    d: 2\n")[0]
    assert document.locate(["a", "b", 0, "d"]) == (4, 5)
    assert document.locate(["a", "b", 7]) == (2, 3)
    assert document.locate(["nope"]) == (1, 1)


def test_locate_finds_values_of_a_file_within_a_block_of_text() -> None:
    text = "data:\n  c.yaml: |\n    # why\n    vllm:\n\n      a: 1\n      b: [x, y]\n  d: |2\n      vllm: 1\n  e: 'vllm: {a: 1}'\n  f: |\n    - 1\n"
    (document,) = reader.read_bytes(text.encode(), "x.yaml")
    assert document.locate(["data", "c.yaml", "vllm", "a"]) == (6, 7)
    assert document.locate(["data", "c.yaml", "vllm", "b", 1]) == (7, 14)
    assert document.locate(["data", "c.yaml", "vllm", "nope"]) == (4, 5)
    assert document.locate(["data", "c.yaml", "nope"]) == document.locate(["data", "c.yaml"]) == (2, 3)
    assert document.locate(["data", "d", "vllm"]) == (9, 7)
    assert document.locate(["data", "e", "vllm", "a"]) == (10, 3)
    assert document.locate(["data", "f", "vllm"]) == (11, 3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", True), ("No", False), ("y", True), ("~", None), ("null", None), ("", None), ("0x1f", 31), ("0o17", 15),
        ("017", 15), ("0b11", 3), ("1_000", 1000), ("1e3", 1000.0), ("1.5", 1.5), (".5", 0.5), ("-3", -3),
        ("12:30", "12:30"), ("2024-01-01", "2024-01-01"), ("1.2.3", "1.2.3"), ("08", 8.0), ("abc", "abc"), ("1e", "1e"),
        ("-", "-"), ("0", 0), ("+7", 7),
    ],
)  # fmt: skip
def test_plain_scalars_as_kubernetes_reads_them(text: str, value: object) -> None:
    result = scalars.value(text)
    assert result == value
    assert type(result) is type(value)
