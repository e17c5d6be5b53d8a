"""Metadata on a real API server: what it refuses, the engine refuses; what it takes, the engine takes."""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from kaitops.kaito import Release
from tests.e2e.client import FIELD_MANAGER, ApiError, Client
from tests.e2e.kinds import KAITO_VERSION
from tests.e2e.metadata import variants

pytestmark = pytest.mark.usefixtures("kaito")

COUNT = 2_500
_WORKSPACE: dict[str, Any] = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "w", "namespace": "default"},
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "phi"}}},
    "inference": {"preset": {"name": "phi-4-mini-instruct"}},
}
_MIRROR: dict[str, Any] = {
    "apiVersion": "kaito.sh/v1alpha1",
    "kind": "ModelMirror",
    "metadata": {"name": "m"},
    "spec": {
        "mode": "Managed",
        "jobNamespace": "models",
        "serviceAccountName": "downloader",
        "source": {"registry": "huggingface", "modelID": "org/model"},
        "storage": {"size": "100Gi", "storageClassName": "blob"},
    },
}
_SETTINGS = {"cloud": "azure", "nodeProvisioner": "azure-gpu-provisioner", "featureGates": {"ModelMirror": False}}
_MAY_EXIST = re.compile(r'namespaces "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?" not found')


def refusal(client: Client, document: dict[str, Any], send: Callable[[], dict[str, Any]]) -> str:
    """The server's refusal of an object that is really sent; empty where it took it, which is then taken away."""
    try:
        made = send()
    except ApiError as refused:
        return f"{refused.code} {refused.message}"
    metadata = made["metadata"]
    path = client.resource(document["apiVersion"], document["kind"]).path(metadata.get("namespace"), metadata["name"])
    try:
        if metadata.get("finalizers"):
            client.request("PATCH", path, {"metadata": {"finalizers": None}}, {}, "application/merge-patch+json")
        client.request("DELETE", path)
    except ApiError as gone:
        assert gone.code == 404
    return ""


def cases() -> Iterator[dict[str, Any]]:
    yield from variants(_WORKSPACE, COUNT * 4 // 5, 1)
    yield from variants(_MIRROR, COUNT // 5, 2)


def collection(client: Client, document: dict[str, Any], name: str | None = None) -> str:
    """The address that kubectl sends an object to."""
    metadata = document["metadata"] if isinstance(document["metadata"], dict) else {}
    space = metadata.get("namespace")
    at = quote(space, safe="") if isinstance(space, str) and space else "default"
    return client.resource(document["apiVersion"], document["kind"]).path(at, name)


@pytest.mark.parametrize("applied", [False, True], ids=["created", "applied"])
def test_equal_verdicts(client: Client, applied: bool) -> None:
    release = Release.load(KAITO_VERSION)
    accepted: list[str] = []
    refused: list[str] = []
    for document in cases():
        name = document["metadata"].get("name") if isinstance(document["metadata"], dict) else None
        query = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict"}
        if not applied:
            path = collection(client, document)
            answer = refusal(
                client, document, lambda path=path, one=document, query=query: client.request("POST", path, one, query)
            )
        elif isinstance(name, str) and name:
            path = collection(client, document, quote(name, safe=""))
            query = {**query, "force": "true"}
            answer = refusal(
                client, document,
                lambda path=path, one=document, query=query: client.request("PATCH", path, one, query, "application/apply-patch+yaml"),
            )  # fmt: skip
        else:
            continue
        verdict = release.admit([copy.deepcopy(document)], {**_SETTINGS, "serverSideApply": applied})
        if answer and verdict.admitted and not _MAY_EXIST.search(answer):
            accepted.append(f"{document['metadata']}: {answer}")
        if not answer and not verdict.admitted and "webhook" not in verdict.message:
            refused.append(f"{document['metadata']}: {verdict.message}")
    assert not accepted, f"{len(accepted)} false accepts, the shortest: {sorted(accepted, key=len)[:5]}"
    # A server-side apply overlooks times and numbers that every other way refuses: the object is judged for all ways.
    if not applied:
        assert not refused, f"{len(refused)} false refusals, the shortest: {sorted(refused, key=len)[:5]}"
