"""An object without a hint holds no secret: the hints may say too much, and never too little."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaitops.documents.plain import texts
from kaitops.secrets import secret_hints, secret_names, tokens
from tests.generated import inputs

_WORDS = st.sampled_from((
    "name", "value", "password", "DB_PASSWORD", "modelAccessSecret", "clientSecret", "--token", "--hf-token=abcdef",
    "hunter2-hunter2", "hf_Ab3dEf6hIj9lMn2pQr5tUv8xYz1aB4cD7e", "a: b\nPASSWORD=correct-horse", "phi-4", "${X}", "api", "key",
    "export API_KEY=aaaabbbbcccc", "x --password hunter2 y", "token", "https://user:secret@example.com/x",
))  # fmt: skip
_DATA = st.recursive(
    _WORDS | st.text(max_size=20) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS | st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@inputs(100)
@given(st.dictionaries(_WORDS, _DATA, max_size=4))
def test_what_has_no_hint_holds_no_secret(data: dict[str, Any]) -> None:
    if not secret_hints.may_hold(texts(data)):
        assert secret_names.literals(data) == []
        assert not any(tokens.find(text) for text in texts(data))


@pytest.mark.parametrize(
    "data",
    [
        {"env": [{"name": "DB_PASSWORD", "value": "correct-horse"}]},
        {"args": ["--hf-token", "correct-horse"]},
        {"data": {"x": "a: 1\nPASSWORD=correct-horse\n"}},
        {"clientSecret": "correct-horse"},
        {"note": "hf_" + "Ab3dEf6hIj9lMn2pQr5tUv8x"},
    ],
)
def test_what_holds_one_has_a_hint_each_time(data: dict[str, Any]) -> None:
    for _ in range(2):
        assert secret_hints.may_hold(texts(data))


def test_texts_without_a_secret_have_none() -> None:
    assert not secret_hints.may_hold(
        ["Workspace", "modelAccessSecret", "instanceType", "vllm:\n  max-model-len: 7168\n"]
    )
