"""What a real API server with KAITO's definitions takes and refuses, beside what the engine says it does.

KAITO's webhooks are not on this server: it judges by the definitions alone (422), or cannot read the object at all
(400, 500). So where the server refuses, the engine must refuse with the same code and the same words; where the
server takes an object, the engine may still refuse it for the webhooks (400, or 500 for one that crashes), never for
the definitions (422).
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from kaitops.kaito import Release
from tests.e2e.assets import control_plane
from tests.e2e.client import ApiError, Client, label
from tests.e2e.kinds import KAITO_VERSION
from tests.e2e.malformed import damages
from tests.recorded import load

pytestmark = pytest.mark.usefixtures("kaito")

Edit = tuple[dict[str, Any], "Answer"]
EnsureNamespaces = Callable[[Iterable[Mapping[str, Any]]], None]

TAKEN = 200
SHOWN = 15
"""Differences that a failure prints; one cause tends to make hundreds."""


@dataclass(frozen=True)
class Answer:
    """What the server said to a request.

    Attributes:
        code: HTTP status; 200 for all that was taken.
        message: empty where taken.
        fields: what it names as the causes of a refusal.
    """

    code: int = TAKEN
    message: str = ""
    fields: tuple[str, ...] = ()


def judge(request: Callable[[], object]) -> Answer:
    """The server's answer to a request."""
    try:
        request()
    except ApiError as refused:
        return Answer(refused.code, refused.message, tuple(refused.fields))
    return Answer()


def differences(
    case: str,
    server: Answer,
    documents: list[dict[str, Any]],
    settings: dict[str, Any],
    old: dict[str, Any] | None = None,
) -> Iterator[str]:
    """How the engine's verdict differs from the server's, one text for each way."""
    verdict = Release.load(KAITO_VERSION).admit(documents, settings, old=old)
    both = f"{case}:\n    server {server.code} {server.message}\n    engine {verdict.code} {verdict.message}"
    if server.code == TAKEN:
        # Where the server has nothing to say, only a webhook can refuse, and its name is part of its answer.
        if verdict.code != TAKEN and "webhook" not in verdict.message:
            yield both
        return
    if verdict.code != server.code or verdict.admitted:
        yield both
        return
    # Causes with a dot in front, or without a field, repeat the first in other words: what cannot be read cannot be
    # counted either.
    missing = [field for field in server.fields if field and field[0] not in ".<" and field not in verdict.message]
    if missing:
        yield f"{both}\n    not named: {', '.join(missing)}"


def none_of(found: list[str], cases: int) -> None:
    """Fails with the first of the differences."""
    assert not found, f"{len(found)} differences in {cases} cases:\n" + "\n".join(found[:SHOWN])


@pytest.mark.parametrize("recording", ["workspaces", "other-kinds"])
def test_admitted_objects_are_taken(client: Client, ensure_namespaces: EnsureNamespaces, recording: str) -> None:
    """Every object that KAITO admitted passes a strict server-side apply, and so does all that it refers to."""
    found = []
    admitted = [row for row in load(recording) if row["admitted"]]
    for row in admitted:
        ensure_namespaces(row["documents"])
        for document in row["documents"]:
            answer = judge(lambda document=document: client.apply(document, dry_run=True))
            if answer.code != TAKEN:
                found.append(f"{row['id']} {label(document)}: {answer.code} {answer.message}")
    none_of(found, len(admitted))


def test_verdict_on_creation(client: Client, ensure_namespaces: EnsureNamespaces) -> None:
    """Mutated Workspaces: server and engine agree on each."""
    found = []
    cases = load("admission")
    for row in cases:
        document = row["documents"][-1]
        ensure_namespaces([document])
        server = judge(lambda document=document: client.create(document, dry_run=True, validation="Strict"))
        found += differences(row["id"], server, row["documents"], row["settings"])
    none_of(found, len(cases))


@pytest.fixture(scope="module")
def updates(client: Client, ensure_namespaces: EnsureNamespaces) -> Iterator[list[Edit]]:
    """The recorded edits with this server's answers: the object before is there for real, the edit is a dry run."""
    answers = []
    there: dict[str, Any] | None = None
    version = ""
    for row in load("updates"):
        if row["old"] != there:
            if there:
                client.delete(there)
            there = row["old"]
            ensure_namespaces([there])
            version = client.create(there)["metadata"]["resourceVersion"]
        edited = copy.deepcopy(row["new"])
        edited["metadata"]["resourceVersion"] = version
        answers.append((row, judge(lambda edited=edited: client.replace(edited, dry_run=True))))
    if there:
        client.delete(there)
    yield answers


def test_recorded_updates(client: Client, updates: list[Edit]) -> None:
    """The server refuses just the edits recorded with 422, in the same words; the others were for webhooks to judge."""
    # Another minor version may put it in other words.
    same_words = client.request("GET", "/version")["gitVersion"].rpartition(".")[0] in control_plane().version
    found = []
    for row, answer in updates:
        code, message = (row["code"], row["message"]) if row["code"] == 422 else (TAKEN, "")
        if answer.code != code or (same_words and answer.message != message):
            found.append(f"{row['id']} {row['edit']}: recorded {code} {message}, now {answer.code} {answer.message}")
    none_of(found, len(updates))


def test_verdict_on_updates(updates: list[Edit]) -> None:
    """Server and engine agree on each edit."""
    found = []
    for row, server in updates:
        found += differences(
            f"{row['id']} {row['edit']}",
            server,
            [*row["documents"], row["new"]],
            row["settings"],
            row["old"],
        )
    none_of(found, len(updates))


MIRROR: dict[str, Any] = {
    "id": "mirror",
    "documents": [
        {
            "apiVersion": "kaito.sh/v1alpha1",
            "kind": "ModelMirror",
            "metadata": {"name": "weights", "labels": {"team": "a"}, "annotations": {"note": "x"}},
            "spec": {
                "mode": "Managed",
                "jobNamespace": "models",
                "serviceAccountName": "downloader",
                "source": {"registry": "huggingface", "modelID": "org/model", "accessSecret": {"name": "hf-token"}},
                "storage": {"size": "100Gi", "storageClassName": "blob"},
            },
        }
    ],
    "settings": {
        "cloud": "azure",
        "nodeProvisioner": "karpenter",
        "registry": "mcr.microsoft.com/aks/kaito",
        "featureGates": {"vLLM": True, "modelMirror": True},
    },
}
"""The recordings hold no ModelMirror."""


def samples() -> list[dict[str, Any]]:
    """Rows whose objects together use every field that any recorded object uses, few and always the same ones."""
    chosen: list[dict[str, Any]] = [MIRROR]
    seen: set[tuple[str, ...]] = set()
    candidates = [row for name in ("workspaces", "other-kinds") for row in load(name) if row["admitted"]]
    for row in sorted(candidates, key=lambda row: -len(shape(row["documents"][-1]))):
        fields = shape(row["documents"][-1])
        if not fields <= seen:
            chosen.append(row)
            seen |= fields
    return chosen


def shape(document: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The fields that an object uses, by kind; elements of a list count as one, and so do keys that a user chooses."""
    fields = {path}
    free = bool(path) and path[-1] in {"labels", "annotations", "matchLabels", "limits", "requests", "nodeSelector"}
    if isinstance(document, dict):
        start = () if path else (f"{document.get('apiVersion')} {document.get('kind')}",)
        for key, value in document.items():
            fields |= shape(value, (*start, *path, "*" if free else key))
    elif isinstance(document, list):
        for value in document:
            fields |= shape(value, (*path, "[]"))
    return fields - {()}


def test_verdict_on_malformed_objects(client: Client, ensure_namespaces: EnsureNamespaces) -> None:
    """Server and engine agree on objects with one thing wrong, whatever it is."""
    found = []
    cases = 0
    for row in samples():
        good = row["documents"][-1]
        ensure_namespaces([good])
        for damage, damaged in damages(good):
            server = judge(lambda damaged=damaged: client.create(damaged, dry_run=True, validation="Strict"))
            documents = [*row["documents"][:-1], damaged]
            found += differences(f"{row['id']} {damage}", server, documents, row["settings"])
            cases += 1
    none_of(found, cases)
