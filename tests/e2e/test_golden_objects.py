"""The objects that KAITO's controllers made, as plain declarations: a real API server takes each of them.

This is what makes them worth rendering. They are applied as they were recorded, less what only a running controller
can know: owner references hold the uid of an object that is not there.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from tests.e2e import kinds
from tests.e2e.client import ApiError, Client, label
from tests.e2e.conftest import Install
from tests.recorded import load


def plain(client: Client, obj: Mapping[str, Any]) -> dict[str, Any]:
    """An object without owner references, and without a namespace where its kind has none.

    The recording's in-memory server kept the namespace that KAITO gives to the NodeClaims of one of its provisioners; a
    real server has no place for it.
    """
    meta = {key: value for key, value in obj["metadata"].items() if key != "ownerReferences"}
    if not client.resource(obj["apiVersion"], obj["kind"]).namespaced:
        meta.pop("namespace", None)
    return {**obj, "metadata": meta}


Case = tuple[Mapping[str, Any], Mapping[str, Any]]
EnsureNamespaces = Callable[[Iterable[Mapping[str, Any]]], None]


@pytest.fixture(params=["workspaces", "other-kinds"])
def recorded(request: pytest.FixtureRequest, install: Install, ensure_namespaces: EnsureNamespaces) -> list[Case]:
    """The settings and the object, for every object of a recording; the server knows their kinds and namespaces."""
    cases = [(row["settings"], obj) for row in load(request.param) for obj in row["objects"]]
    install({kinds.group_of(obj) for _, obj in cases})
    ensure_namespaces([obj for _, obj in cases])
    return cases


def nodeclaim_without_class(settings: Mapping[str, Any], obj: Mapping[str, Any]) -> bool:
    """On Arc a NodeClaim of KAITO's names a node class without group and kind, which Karpenter's definition refuses."""
    return obj["kind"] == "NodeClaim" and settings["cloud"] == "arc"


def repeats_pull_secret(_: Mapping[str, Any], obj: Mapping[str, Any]) -> bool:
    """Two adapters with one pull secret make KAITO name it twice: fine for a create, not for server-side apply."""
    pod = obj.get("spec", {}).get("template", {}).get("spec", {})
    names = [secret["name"] for secret in pod.get("imagePullSecrets", [])]
    return len(names) != len(set(names))


def differing(
    cases: list[Case], send: Callable[[Mapping[str, Any]], object], expected: Callable[[Case], bool]
) -> list[str]:
    """The objects that the server refuses and should not, and those it takes although a refusal is known."""
    found = []
    for case in cases:
        try:
            send(case[1])
        except ApiError as error:
            if not expected(case):
                found.append(f"{label(case[1])}: {error.code} {error.message}")
        else:
            if expected(case):
                found.append(f"{label(case[1])}: taken, though known to be refused")
    return found


def test_objects_can_be_created(client: Client, recorded: list[Case]) -> None:
    """What the controllers did can be done again: a strict create takes all but the one kind that never worked."""
    refused = differing(
        recorded,
        lambda obj: client.create(plain(client, obj), dry_run=True, validation="Strict"),
        lambda case: nodeclaim_without_class(*case),
    )
    assert not refused, f"{len(refused)} of {len(recorded)}:\n" + "\n".join(refused[:20])


def test_objects_can_be_applied(client: Client, recorded: list[Case]) -> None:
    """A GitOps tool can own them: server-side apply takes every object but those that say one thing twice."""
    refused = differing(
        recorded,
        lambda obj: client.apply(plain(client, obj), dry_run=True),
        lambda case: nodeclaim_without_class(*case) or repeats_pull_secret(*case),
    )
    assert not refused, f"{len(refused)} of {len(recorded)}:\n" + "\n".join(refused[:20])
