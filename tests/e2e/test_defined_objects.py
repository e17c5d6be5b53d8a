"""Kinds that other projects define: what the gate refuses of them, a real API server with the definitions refuses too."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from kaitops.documents.plain import items, mapping
from tests.conftest import ROOT
from tests.e2e import defined_facts, kinds
from tests.e2e.client import Client
from tests.e2e.test_native_objects import refused_by_server, refused_by_us
from tests.gate import test_defined_kinds as defined_kinds

MUTATIONS = 40
"""Of each object."""
OTHER: dict[type, Any] = {str: 7, int: "seven", bool: "yes", list: {"a": 1}, dict: ["a"]}


@pytest.mark.parametrize("group", defined_facts.GROUPS)
def test_the_facts_are_what_the_definitions_say(group: str) -> None:
    file = defined_facts.FOLDER / f"{group}.json"
    assert file.read_text() == defined_facts.text(defined_facts.facts(group))


def objects() -> list[dict[str, Any]]:
    """One object of each defined kind in the trees of the repository."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "manifests").rglob("*.yaml")):
        for one in yaml.safe_load_all(path.read_text()):
            if one and str(one.get("apiVersion")).partition("/")[0] in defined_facts.GROUPS:
                found.setdefault(one["kind"], one)
    return list(found.values())


def steps(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of each value in another one."""
    for step, inner in (*mapping(value).items(), *enumerate(items(value))):
        yield (*above, step)
        yield from steps(inner, (*above, step))


def mutated(obj: dict[str, Any], dice: random.Random) -> Iterator[dict[str, Any]]:
    """The object with one field misspelt, or with one value of another type."""
    places = list(steps(obj["spec"]))
    for _ in range(MUTATIONS):
        *above, last = dice.choice(places)
        changed = copy.deepcopy(obj)
        held: Any = changed["spec"]
        for step in above:
            held = held[step]
        if dice.random() < 0.5 and isinstance(last, str) and len(last) > 3:
            held[last[:-2] + last[-1] + last[-2] if dice.random() < 0.5 else last[:-1]] = held.pop(last)
        else:
            held[last] = OTHER[type(held[last])]
        yield changed


def test_what_is_refused_here_the_server_refuses(live_client: Client) -> None:
    dice, told = random.Random(7), 0
    for obj in objects():
        for definition in kinds.definitions(obj["apiVersion"].partition("/")[0]):
            live_client.install_crd(definition)
        place = obj["metadata"].get("namespace")
        if place:
            live_client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": place}})
        assert refused_by_us(obj) == []
        for changed in mutated(obj, dice):
            if wrong := refused_by_us(changed):
                told += 1
                assert refused_by_server(live_client, changed), (wrong, changed)
    assert told > 100


@pytest.mark.parametrize("kind", ["Gateway", "HTTPRoute"])
def test_what_has_to_hold_between_fields_is_the_servers(live_client: Client, kind: str) -> None:
    for definition in kinds.definitions(defined_kinds.GATEWAY):
        live_client.install_crd(definition)

    def made(spec: str) -> dict[str, Any]:
        metadata = {"name": "c", "namespace": "default"}
        return {"apiVersion": defined_kinds.ROUTE, "kind": kind, "metadata": metadata, "spec": yaml.safe_load(spec)}

    wrong = {"Gateway": defined_kinds.GATEWAYS, "HTTPRoute": defined_kinds.ROUTES}[kind]
    for spec, _ in wrong:
        assert refused_by_us(made(spec)), spec
        assert refused_by_server(live_client, made(spec)), spec
    for spec in [spec for one, spec in defined_kinds.WELL if one == kind]:
        assert refused_by_us(made(spec)) == [], spec
        assert refused_by_server(live_client, made(spec)) is None, spec
