"""What users do to models that run, by the real engine on a real API server: edits by hand, another mode."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kaitops.components.telling import EVERY
from tests.e2e.assets import Assets
from tests.e2e.client import ApiError
from tests.e2e.cluster import Cluster
from tests.e2e.engine.forwarding import Forwarder
from tests.e2e.engine.project import engine
from tests.e2e.engine.workloads import A100, Workloads

__all__ = ["engine"]

FORCE = "PULUMI_K8S_ENABLE_PATCH_FORCE"
PHI = {"preset": "phi-4-mini-instruct", "gpu": A100}
MANAGED = "app.kubernetes.io/managed-by"


@pytest.fixture
def stack(
    engine: None, api_server: Cluster, install: Callable[[list[str]], None], tmp_path: Path
) -> Iterator[Workloads]:
    install(["kaito.sh", "karpenter.sh"])
    made = Workloads(tmp_path, api_server, "engine-workloads")
    yield made
    made.run("destroy")
    made.client.close()


def test_an_edit_by_hand_is_shown_with_its_author_and_set_back_where_that_is_said(stack: Workloads) -> None:
    stack.run("up")
    # What the provider made and never changed it takes over without a word.
    stack.declare(models={"phi": {**PHI, "labels": {"team": "b"}}})
    stack.run("up")
    edit = {"metadata": {"labels": {MANAGED: "somebody", "own": "kept"}}}
    path = f"/apis/kaito.sh/v1beta1/namespaces/{stack.space}/workspaces/phi"
    by = {"fieldManager": "kubectl-edit"}
    stack.client.request("PATCH", path, edit, query=by, content_type="application/merge-patch+json")
    assert stack.run("preview").steps == []
    refused = stack.run("preview", "--refresh", code=1)
    assert 'conflict with "kubectl-edit"' in refused.text and MANAGED in refused.text
    stack.project.environment[FORCE] = "true"
    assert ("update", "prod-workloads/engine-workloads/phi") in stack.run("preview", "--refresh").of(":Workspace")
    stack.run("up", "--refresh")
    labels = stack.get("Workspace", "phi")["metadata"]["labels"]
    # What kubectl added is taken for ours as well, and goes.
    assert labels == {MANAGED: "kaitops", "team": "b"}
    del stack.project.environment[FORCE]
    # The providers forget it again.
    assert {one.type for one in stack.run("up").steps} == {"pulumi:providers:kubernetes"}


class Waiting:
    """A stack that waits for its model, and KAITO as far as it says how that goes."""

    def __init__(self, stack: Workloads, assets: Assets, server: Cluster, folder: Path, **settings: int) -> None:
        tools = folder / "kubectl"
        tools.mkdir()
        (tools / "kubectl").symlink_to(assets.path("kubectl"))
        stack.project.environment["PATH"] = f"{tools}{os.pathsep}{stack.project.environment['PATH']}"
        stack.configure(workloads={"awaitReady": True, **settings})
        self._path = f"/apis/kaito.sh/v1beta1/namespaces/{stack.space}/workspaces/phi/status"
        self._server = server

    def say(self, status: str, reason: str, message: str) -> None:
        """Give the model a status, as soon as it is there."""
        row = {"type": "WorkspaceSucceeded", "status": status, "reason": reason, "message": message}
        row |= {"lastTransitionTime": "2026-01-01T00:00:00Z", "observedGeneration": 1}
        body = {"status": {"conditions": [row], "observedGeneration": 1}}
        client = self._server.client()
        for _ in range(600):
            with suppress(ApiError):
                client.request("PATCH", self._path, body, content_type="application/merge-patch+json")
                break
            time.sleep(0.2)
        client.close()


def test_what_kaito_says_is_told_while_the_engine_waits(
    stack: Workloads, assets: Assets, api_server: Cluster, tmp_path: Path
) -> None:
    waiting = Waiting(stack, assets, api_server, tmp_path)

    def play() -> None:
        waiting.say("False", "WorkspaceFailed", "quota of the family is used up")
        time.sleep(EVERY * 1.5)
        waiting.say("True", "WorkspaceSucceeded", "serves")

    player = threading.Thread(target=play)
    player.start()
    done = stack.run("up")
    player.join()
    assert f"Workspace {stack.space}/phi" in done.text and "quota of the family is used up" in done.text
    assert "Traceback" not in done.text and "destroyed" not in done.text
    assert stack.run("up").steps == []


def test_waiting_ends_where_the_server_is_gone_and_goes_on_when_it_is_back(
    stack: Workloads, assets: Assets, api_server: Cluster, tmp_path: Path
) -> None:
    silence = 20
    waiting = Waiting(stack, assets, api_server, tmp_path, silenceSeconds=silence)
    way = Forwarder(api_server.url)
    access = Path(api_server.kubeconfig).read_text().replace(api_server.url, way.url)
    stack.project.pulumi("config", "set", "--secret", "kubeconfig", access)
    cut: list[float] = []

    def play() -> None:
        waiting.say("False", "WorkspacePending", "machines come up")
        way.cut()
        cut.append(time.monotonic())

    player = threading.Thread(target=play)
    player.start()
    ended = stack.run("up", code=1)
    lasted = time.monotonic() - cut[0]
    player.join()
    assert f"has not answered for {silence} seconds (workloads.silenceSeconds)" in ended.text
    assert "ended as by Ctrl-C" in ended.text and "Traceback" not in ended.text
    assert lasted < silence + EVERY + 15
    way.mend()
    # What was made is in the state, and is waited for again.
    player = threading.Thread(target=waiting.say, args=("True", "WorkspaceSucceeded", "serves"))
    player.start()
    again = stack.run("up")
    player.join()
    assert "create-replacement" not in again.ops()
    assert stack.run("up").steps == []
    stack.run("destroy")
    way.cut()


def test_a_model_changes_its_mode_in_two_steps_and_in_one_it_is_refused(stack: Workloads) -> None:
    operator, plain = {"phi": PHI}, {"phi": {**PHI, "mode": "plain"}}
    for before, after, kind, api in (
        (operator, plain, "StatefulSet", "apps/v1"),
        (plain, operator, "Workspace", "kaito.sh/v1beta1"),
    ):
        stack.declare(models=before)
        stack.run("up")
        stack.declare(models=after)
        refused = stack.run("preview", code=1).text
        assert "models.phi: runs in mode" in refused and "take it out of the fleet" in refused
        assert "Traceback" not in refused
        # Nor without a preview, and no less at the second time.
        for _ in range(2):
            assert "models.phi: runs in mode" in stack.run("up", code=1).text
        stack.declare(models={})
        stack.run("up")
        stack.declare(models=after)
        stack.run("up")
        assert stack.get(kind, "phi", api)["metadata"]["name"] == "phi"
        assert stack.run("up").steps == []
        stack.declare(models={})
        stack.run("up")


def test_a_statefulset_that_is_made_anew_finds_its_name_free(stack: Workloads) -> None:
    plain = {**PHI, "mode": "plain"}
    stack.declare(models={"phi": plain})
    stack.run("up")
    # The claim for weights is of another size, which Kubernetes lets nobody change.
    stack.declare(models={"phi": {**plain, "preset": "phi-4"}})
    replaced = ["delete-replaced", "replace", "create-replacement"]
    assert [op for op, _ in stack.run("up").of(":StatefulSet")] == replaced
    assert stack.run("up").steps == []


def test_namespaces_are_left_to_others_in_two_steps_and_no_model_goes(stack: Workloads) -> None:
    stack.run("up")
    stack.configure(workloads={"namespaces": False})
    for command in ("preview", "up"):
        refused = stack.run(command, code=1).text
        assert f"this stack made {stack.space}" in refused and "set it to keep" in refused
        assert "Traceback" not in refused
    stack.configure(workloads={"namespaces": "keep"})
    stack.run("up")
    assert stack.project.resources()[f"prod-workloads/{stack.space}"]["retainOnDelete"] is True
    stack.configure(workloads={"namespaces": False})
    assert stack.run("preview").of(":Namespace") == [("delete", f"prod-workloads/{stack.space}")]
    stack.run("up")
    assert stack.get("Workspace", "phi")["metadata"]["name"] == "phi"
    assert {step.op for step in stack.run("up", "--refresh").steps} == {"refresh"}
    stack.run("destroy")
    space = stack.client.get("v1", "Namespace", stack.space)
    assert "deletionTimestamp" not in space["metadata"]
    stack.client.request("DELETE", f"/api/v1/namespaces/{stack.space}")
