"""The quick check and the pydantic models give the same verdict, and the schema file is up to date."""

import copy
import json
from collections.abc import Iterator
from typing import Any, cast

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kaitops.fleet import json_schema, schema, shape
from kaitops.fleet.spelling import WORDS
from kaitops.kaito import facts
from tests.conftest import ROOT
from tests.generated import inputs
from tests.sampling import share
from tests.version import KAITO

FULL: dict[str, Any] = {
    "kaito": KAITO,
    "defaults": {"namespace": "models", "mode": "operator", "benchmark": False, "nodeLabels": {"a": "b"}},
    "clusters": {
        "a": {
            "region": "westeurope", "provisioner": "byo", "gitops": "flux", "cloud": "azure",
            "featureGates": {"enableMIG": True},
            "nodes": {"p": {"product": "X", "gpus": 8, "memoryMiB": 81920, "labels": {"x": "y"}, "count": 2}},
            "models": {"m": {"context": 4096}}, "isolation": {"allowFrom": ["chat"]}, "monitoring": "azure",
        }
    },
    "models": {
        "m": {
            "preset": "phi-4", "gpu": "auto", "context": 1, "vllm": {"a": 1, "b": "x", "c": True, "d": 0.5},
            "adapters": {"l": {"image": "a/b:1", "pullSecrets": ["s"], "strength": "0.5"}}, "replicas": 0,
            "autoscale": {"max": 2, "up": 3, "min": 1, "prometheus": "http://p:9090"}, "autoUpgrade": {"schedule": "0 1 * * *"},
            "prefill": {"gpu": "x"}, "decode": {"replicas": 2}, "partition": {"mig": "1g.10gb"},
            "route": {"gateway": "g", "hosts": ["*.example.com"], "path": "/v1/a"}, "disruption": {"minAvailable": 1},
            "monitor": True,
        },
        "c": {"custom": {"blob": {"image": "a:1", "account": "abc", "container": "abc", "serviceAccount": "sa"}}},
        "n": {"preset": None, "clusters": None},
    },
    "tuning": {"t": {"preset": "p", "method": "lora", "input": {"urls": ["https://x/y"]}, "output": {"claim": "c"}}},
    "rag": {"r": {"embedding": {"model": "a/b"}, "llm": {"url": "http://x", "contextWindow": 5}, "guardrails": {}}},
    "mirrors": {"w": {"model": "a/b", "size": "10Gi", "mode": "Static"}},
}  # fmt: skip


def pydantic_accepts(data: Any) -> bool:
    try:
        schema.Fleet.model_validate(data)
    except ValidationError:
        return False
    return True


def test_the_full_fleet_is_accepted_by_all() -> None:
    assert pydantic_accepts(FULL)
    assert shape.load().accepts(FULL)
    jsonschema.validate(FULL, json_schema.fleet_schema())


_VALUES = st.sampled_from(
    [
        None,
        0,
        1,
        -1,
        True,
        "",
        "x",
        "X y",
        "a\n",
        "auto",
        [],
        ["a"],
        [1],
        {},
        {"a": 1},
        {"a": "b"},
        1.5,
        "lora",
        "https://x",
        "10Gi",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    data = copy.deepcopy(FULL)
    for _ in range(draw(st.integers(1, 3))):
        node: Any = data
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            action = draw(st.sampled_from(["down", "set", "drop", "add"]))
            if not keys or action == "add":
                if isinstance(node, dict):
                    node[draw(st.sampled_from(["extra", "gpu", "Bad Name", "image"]))] = copy.deepcopy(draw(_VALUES))
                break
            key = draw(st.sampled_from(keys))
            if action == "set":
                node[key] = copy.deepcopy(draw(_VALUES))
                break
            if action == "drop":
                del node[key]
                break
            if not isinstance(node[key], dict | list):
                node[key] = copy.deepcopy(draw(_VALUES))
                break
            node = node[key]
    return data


@pytest.mark.thorough
@inputs(share(1500))
@given(mutated())
def test_the_quick_check_agrees_with_the_models(data: Any) -> None:
    assert shape.load().accepts(data) == pydantic_accepts(data), data


@pytest.mark.parametrize("name", ["Model", "Tuning", "Rag", "Mirror", "Cluster"])
def test_parts_are_checked_like_the_whole(name: str) -> None:
    part = {"Model": FULL["models"]["m"], "Tuning": FULL["tuning"]["t"], "Rag": FULL["rag"]["r"],
            "Mirror": FULL["mirrors"]["w"], "Cluster": FULL["clusters"]["a"]}[name]  # fmt: skip
    assert shape.load().accepts_part(name, part)
    assert not shape.load().accepts_part(name, {**part, "nope": 1})


def test_an_unknown_keyword_of_json_schema_is_not_ignored() -> None:
    with pytest.raises(ValueError, match="multipleOf"):
        shape.Shape({"$defs": {}, "type": "integer", "multipleOf": 3})


def test_the_schema_file_is_up_to_date() -> None:
    committed = (facts.root() / "fleet.schema.json").read_text("utf-8")
    assert committed == json_schema.text(), "run: kaitops schema > presets/fleet.schema.json"
    jsonschema.Draft202012Validator.check_schema(json.loads(committed))


def test_every_setting_is_described() -> None:
    document = json_schema.fleet_schema()
    bare = [
        f"{name}.{key}"
        for name, part in [("Fleet", document), *document["$defs"].items()]
        for key, entry in part.get("properties", {}).items()
        if not entry.get("description")
    ]
    assert bare == []


def test_no_part_of_the_schema_can_hold_a_secret_value() -> None:
    # Every key that speaks of a secret takes the name of a Secret and nothing else.
    pattern = "^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$"
    found = 0
    for part in json_schema.fleet_schema()["$defs"].values():
        for key, entry in part.get("properties", {}).items():
            if "ecret" in key:
                found += 1
                # Where they are fetched from: names in a store by names of Secrets.
                fetched = "#/$defs/Secrets" in str(entry)
                assert pattern in str(entry) or "#/$defs/SecretReference" in str(entry) or fetched, key
    assert found >= 8


def test_the_sample_fleet_names_the_schema() -> None:
    assert (ROOT / "fleet.yaml").read_text().startswith("# yaml-language-server: $schema=./presets/fleet.schema.json\n")


def _patterns(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        found = cast("dict[str, object]", schema)
        if isinstance(pattern := found.get("pattern"), str):
            yield pattern
        for one in found.values():
            yield from _patterns(one)
    elif isinstance(schema, list):
        for one in cast("list[object]", schema):
            yield from _patterns(one)


def test_every_form_of_text_has_words_for_who_misses_it() -> None:
    assert set(_patterns(json.loads(json_schema.text()))) == set(WORDS)
