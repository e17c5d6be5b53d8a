"""Kubernetes' own kinds: the gate refuses what a real API server refuses, and nothing that it takes.

The server is asked by strict dry-run creates, as kubectl and GitOps tools do. What it judges by the cluster's state or
by rules that are not held is in `BEYOND`, by the server's words.
"""

import copy
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from http.client import RemoteDisconnected
from typing import Any

import yaml

from kaitops.fleet import reading
from kaitops.fleet.files import Fleet
from kaitops.fleet.lock import Lock
from kaitops.gate import native
from kaitops.gate.forms import wellformed
from kaitops.kaito.release import Release
from kaitops.render import render
from tests.documents import test_network_policies
from tests.e2e import native_facts
from tests.e2e.client import ApiError, Client, label
from tests.e2e.test_golden_objects import plain
from tests.gate import native_objects
from tests.recorded import load
from tests.version import KAITO

Object = dict[str, Any]
MUTATIONS = 6000
BEYOND = ("error looking up service account", "compilation failed")
STRICTER = "must be text; write ''"
"""The server makes an empty text of a null in a mapping of texts, which nobody means."""


def test_the_facts_are_what_the_server_says(client: Client) -> None:
    assert native_facts.FILE.read_text() == native_facts.text(native_facts.facts(client))


def refused_by_us(obj: Mapping[str, Any]) -> list[str]:
    """What the gate has against an object."""
    wrong = wellformed.problems(obj) or list(native.problems(obj))
    return [f"{'.'.join(map(str, path))} {text}" for path, text in wrong]


def refused_by_server(client: Client, obj: Object) -> str | None:
    """What the server has against it."""
    try:
        client.create(obj, dry_run=True, validation="Strict")
    except ApiError as error:
        return error.message
    except KeyError as error:
        return f"no such kind: {error}"
    except RemoteDisconnected:  # it breaks off where a field that it takes for set is not, a Job's completions say
        client.close()
        return "the server breaks off"
    return None


def applied(client: Client, obj: Object) -> bool:
    """The server takes the object by server-side apply as well, which is stricter about nulls."""
    try:
        client.apply(obj, dry_run=True)
    except ApiError:
        return False
    return True


def rendered() -> Iterator[Object]:
    """The sample fleet's objects of kinds that are held, in both modes."""
    for mode in ("operator", "plain"):
        text = (native_facts.ROOT / "fleet.yaml").read_text().replace("mode: plain", f"mode: {mode}")
        files = render(Fleet(reading.read(text.encode(), "fleet.yaml"), Release.load(KAITO), Lock())).files
        for one in map(yaml.safe_load, files.values()):
            if one.get("kind") and one.get("apiVersion") and "metadata" in one and native.is_held(one):
                yield one


def recorded(client: Client) -> Iterator[Object]:
    """What KAITO's controllers made, of kinds that are held."""
    for name in ("workspaces", "other-kinds"):
        for row in load(name):
            yield from (plain(client, obj) for obj in row["objects"] if native.is_held(obj))


def test_nothing_that_is_rendered_or_made_by_kaito_is_refused(client: Client) -> None:
    wrong = [(label(obj), said) for obj in (*rendered(), *recorded(client)) if (said := refused_by_us(obj))]
    assert wrong == []


def test_what_is_known_to_be_refused_is(
    client: Client, ensure_namespaces: Callable[[Iterable[Mapping[str, Any]]], None]
) -> None:
    ensure_namespaces(native_objects.GOOD)
    assert [
        (label(one), refused_by_server(client, one)) for one in native_objects.GOOD if refused_by_server(client, one)
    ] == []
    taken = [(label(one), str(one)[-200:]) for one in native_objects.bad() if refused_by_server(client, one) is None]
    assert taken == []


def test_mutated_objects_get_the_same_verdict(
    client: Client, ensure_namespaces: Callable[[Iterable[Mapping[str, Any]]], None]
) -> None:
    ensure_namespaces(native_objects.GOOD)
    draw = random.Random(15)
    accepted, refused = [], []
    for number in range(MUTATIONS):
        obj, what = mutated(draw, copy.deepcopy(draw.choice(native_objects.GOOD)))
        if not isinstance(obj["metadata"].get("name"), str) or not obj["metadata"]["name"]:
            continue
        ours, server = refused_by_us(obj), refused_by_server(client, obj)
        if server and not ours and not any(text in server for text in BEYOND):
            accepted.append(f"{number} {label(obj)} {what}: {server[:160]}")
        elif ours and not server and STRICTER not in ours[0] and applied(client, obj):
            refused.append(f"{number} {label(obj)} {what}: {ours[0][:160]}")
    assert (accepted, refused) == ([], []), "\n".join(
        [f"{len(accepted)} false accepts", *accepted[:60], f"{len(refused)} false refusals", *refused[:60]]
    )


def test_each_value_of_an_object_gets_the_same_verdict_when_it_is_another(
    client: Client, ensure_namespaces: Callable[[Iterable[Mapping[str, Any]]], None]
) -> None:
    ensure_namespaces(native_objects.GOOD)
    other = []
    for good in native_objects.GOOD:
        for path in paths(good, ()):
            for value in (_GONE, None, "", 0, -1, [], {}, "A_b"):
                obj = copy.deepcopy(good)
                node = reduce(lambda held, key: held[key], path[:-1], obj)
                if value is _GONE:
                    del node[path[-1]]
                else:
                    node[path[-1]] = copy.deepcopy(value)
                ours, server = refused_by_us(obj), refused_by_server(client, obj)
                if server and not ours and not any(text in server for text in BEYOND):
                    other.append(f"{label(obj)} {path} = {value!r} is refused: {server[:160]}")
                elif ours and not server and STRICTER not in ours[0] and applied(client, obj):
                    other.append(f"{label(obj)} {path} = {value!r} is taken: {ours[0][:160]}")
    assert other == [], "\n".join(other)


_GONE = object()


def paths(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The path of each value below an object's spec, data or rules."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        if path or key not in ("apiVersion", "kind", "metadata"):
            yield (*path, key)
            yield from paths(node[key], (*path, key))


_VALUES: tuple[Any, ...] = (
    None, "", "x", "A_b", "a b", 0, -1, 1, 7, 70000, 1.5, True, False, [], {}, ["x"], {"a": "b"}, "5%", "200%", "1Gi", "-1",
    "http", "a" * 64, "a.b", "10.0.0.0/8", "10.0.0.1", "None", "Exists", "Always", "Never", "UDP",
)  # fmt: skip


def mutated(draw: random.Random, obj: Object) -> tuple[Object, str]:
    """The object with one thing changed, dropped, added or doubled somewhere below its spec, data or rules."""
    places: list[tuple[Any, Any, str]] = []

    def walk(node: Any, path: str) -> None:
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            if path or key not in ("apiVersion", "kind", "metadata"):
                places.append((node, key, f"{path}.{key}"))
            if not (path == "" and key == "metadata"):
                walk(node[key], f"{path}.{key}")

    walk(obj, "")
    if not places:
        return {**obj, "bogus": "x"}, "with bogus"
    node, key, path = draw.choice(places)
    way = draw.randrange(4)
    if way == 0:
        del node[key]
        return obj, f"without {path}"
    if way == 1 and isinstance(node, list):
        node.append(copy.deepcopy(node[key]))
        return obj, f"twice {path}"
    if way == 1 and isinstance(node[key], dict):
        node[key]["bogus"] = "x"
        return obj, f"bogus in {path}"
    node[key] = copy.deepcopy(draw.choice(_VALUES))
    return obj, f"{path} = {node[key]!r}"[:90]


def test_which_way_of_the_traffic_a_network_policy_holds(client: Client) -> None:
    for number, (spec, held) in enumerate(test_network_policies.CASES):
        policy = {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": f"one-{number}", "namespace": "default"},
            "spec": {"podSelector": {}, **spec},
        }
        assert client.create(policy, dry_run=True)["spec"]["policyTypes"] == held, spec
