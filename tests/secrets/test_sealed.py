"""What kubeseal writes, and what only looks like it."""

import base64

import pytest

from kaitops.secrets import sealed


def _value(size: int, after: int) -> str:
    return base64.b64encode(size.to_bytes(2) + bytes(size + after)).decode()


@pytest.mark.parametrize("size", [256, 384, 512, 1024])
def test_a_key_and_its_text_are_sealed(size: int) -> None:
    assert list(sealed.keys({"TOKEN": _value(size, 16), "OTHER": _value(size, 40)})) == ["TOKEN", "OTHER"]


@pytest.mark.parametrize(
    "value",
    [
        _value(512, 15),  # no room for the tag
        _value(513, 16),
        _value(0, 16),
        "hf_notBase64At-all",
        base64.b64encode(b"hf_a token in base64").decode(),
        "",
        7,
    ],
)
def test_anything_else_is_not(value: object) -> None:
    assert list(sealed.keys({"TOKEN": value})) == []
