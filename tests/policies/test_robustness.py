"""No rule raises on any document that the schema admits, nor on any mutilated one."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaitops.policies import facts
from kaitops.policies.registry import judge, load
from tests.conftest import ROOT
from tests.generated import inputs
from tests.policies.cases import all_cases
from tests.policies.engine import TODAY
from tests.sampling import share
from tests.version import KAITO

RULES = load()
SCHEMAS = json.loads((ROOT / "presets/0.12.0/schema.json").read_text())["kinds"]
WORDS = st.sampled_from(
    ["", "phi-4", "a/b", "Standard_NC24ads_A100_v4", "http://x", "https://[", "Memory", "1", "nan", "\ud800", "true"]
)
TEXTS = WORDS | st.text(max_size=12)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["spec", "containers", "resources", "limits", "image", "securityContext"]) | TEXTS,
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@cache
def _strategy(text: str) -> st.SearchStrategy[Any]:
    schema = json.loads(text)
    kind = schema.get("type")
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if kind == "object":
        parts = {key: _strategy(json.dumps(part)) for key, part in schema.get("properties", {}).items()}
        if not parts and "values" in schema:
            return st.dictionaries(TEXTS, _strategy(json.dumps(schema["values"])), max_size=3)
        required = {key: parts.pop(key) for key in schema.get("required", ()) if key in parts}
        return st.fixed_dictionaries(required, optional=parts)
    if kind == "array":
        return st.lists(_strategy(json.dumps(schema.get("items", {}))), max_size=3)
    return {"string": TEXTS, "integer": st.integers(-(2**31), 2**31 - 1), "boolean": st.booleans()}.get(kind, ANYTHING)


METADATA = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={
        "namespace": TEXTS,
        "annotations": st.dictionaries(
            st.sampled_from(["kaito.sh/enablelb", "kaito.sh/runtime"]) | TEXTS, TEXTS, max_size=3
        ),
        "labels": st.dictionaries(TEXTS, TEXTS, max_size=2),
    },
)


@st.composite
def valid(draw: st.DrawFn) -> dict[str, Any]:
    """A document of one of KAITO's kinds."""
    name = draw(st.sampled_from(sorted(SCHEMAS)))
    version, _, kind = name.rpartition("/")
    body = draw(_strategy(json.dumps(SCHEMAS[name])))
    return {**body, "apiVersion": version, "kind": kind, "metadata": draw(METADATA)}


@st.composite
def mutilated(draw: st.DrawFn) -> dict[str, Any]:
    """A document of the case table with anything at all somewhere in it."""
    case = draw(st.sampled_from(all_cases()))
    document = json.loads(json.dumps(case.document))
    place: Any = document
    for _ in range(draw(st.integers(1, 6))):
        keys = [
            key
            for key in (place if isinstance(place, dict) else range(len(place)))
            if isinstance(place[key], dict | list)
        ]
        if not keys:
            break
        place = place[draw(st.sampled_from(keys))]
    if place and place is not document:
        place[draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))] = draw(
            ANYTHING
        )
    return document


def _judged(document: dict[str, Any]) -> None:
    for complete in (False, True):
        context = facts.context(KAITO, TODAY, objects=[document], complete=complete)
        for found in judge(RULES, document, context):
            assert found.path and found.message


@pytest.mark.thorough
@given(valid())
@inputs(share(400), derandomize=True)
def test_no_rule_raises_on_a_valid_document(document: dict[str, Any]) -> None:
    _judged(document)


@pytest.mark.thorough
@given(mutilated())
@inputs(share(400), derandomize=True)
def test_no_rule_raises_on_a_mutilated_document(document: dict[str, Any]) -> None:
    _judged(document)
