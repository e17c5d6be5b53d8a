"""The Job of the smoke checks in the hands of Argo CD and Flux: a sync ends with its verdict, and it is made anew.

Real: both controllers, the Job's. Played: the kubelet, which says how the Job's pod ended.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Run
from tests.e2e.client import ApiError, Client
from tests.e2e.gitops import argo, argo_objects
from tests.e2e.gitops.argo import ArgoCD
from tests.e2e.gitops.flux import Flux
from tests.e2e.gitops.repository import Repository
from tests.e2e.players.kwok import Kwok
from tests.e2e.test_gitops_controllers import NAMESPACE, config, publish, writer
from tests.e2e.test_gitops_controllers import empty as empty
from tests.e2e.test_gitops_controllers import kustomization as kustomization
from tests.e2e.waiting import wait

pytestmark = pytest.mark.usefixtures("kwok", "machines")
SECONDS = 60.0
OTHER = "registry.example.com/python:3.12"


@pytest.fixture(autouse=True)
def well(kwok: Kwok) -> Iterator[None]:
    """What a test lets pods meet ends with it."""
    yield
    kwok.forget()


def rendered(run: Run, folder: Path, gitops: str, image: str = "") -> list[dict[str, Any]]:
    """The Job and its ConfigMap, as a fleet that asks for them has them."""
    fleet = {
        "kaito": "0.12.0",
        "gitops": {"repository": "https://git.example.com/fleet.git"},
        "clusters": {"c": {"region": "westeurope", "provisioner": "karpenter", "gitops": gitops}},
        "models": {
            "phi": {
                "preset": "phi-4", "gpu": "Standard_NC24ads_A100_v4", "namespace": NAMESPACE, "smoke": True,
                **({"smokeImage": image} if image else {}),
            }
        },
    }  # fmt: skip
    (folder / "fleet.yaml").write_text(json.dumps(fleet))
    run("render", code=0)
    found = [yaml.safe_load(path.read_text()) for path in sorted(folder.glob("manifests/**/*smoke*.yaml"))]
    assert sorted(one["kind"] for one in found) == ["ConfigMap", "Job"]
    return found


def jobs(client: Client) -> dict[str, dict[str, Any]]:
    """The Jobs that are there, by uid."""
    found = client.list("batch/v1", "Job", NAMESPACE)
    return {one["metadata"]["uid"]: one for one in found if "deletionTimestamp" not in one["metadata"]}


def declared(repository: Repository, retries: int) -> dict[str, Any]:
    """The Application, which tries a sync that failed again."""
    retry = {"limit": retries, "backoff": {"duration": "1s", "factor": 1, "maxDuration": "1s"}}
    return argo_objects.application("smoke", repository.url, argo.SERVER, automated={"prune": True}, retry=retry)


@pytest.fixture
def application(tmp_path: Path, live_client: Client, argocd: ArgoCD) -> Iterator[Repository]:
    """The repository of an Application that syncs by itself."""
    assert argocd
    repository = Repository(tmp_path / "repository")
    made = declared(repository, 0)
    repository.commit(writer(config("model", "0")))
    live_client.apply(made)
    yield repository
    live_client.delete(made)
    wait(lambda: not live_client.exists(made), "the Application is gone", SECONDS)


def synced(argocd: ArgoCD, repository: Repository, *objects: dict[str, Any]) -> dict[str, Any]:
    """The sync of a commit, once it has ended."""
    revision = repository.commit(writer(*objects), anew=True)
    argocd.refresh("smoke")

    return wait(lambda: ended(argocd, revision, "Succeeded", "Failed", "Error"), "the sync has ended", SECONDS)


def ended(argocd: ArgoCD, revision: str, *phases: str) -> dict[str, Any]:
    """What Argo CD says of the sync of a revision, where it has ended so."""
    state = argocd.application("smoke").get("status", {}).get("operationState", {})
    of_this = state.get("syncResult", {}).get("revision") == revision
    return state if of_this and state.get("phase") in phases else {}


def hook(state: dict[str, Any]) -> dict[str, Any]:
    """What a sync says of the Job."""
    (one,) = [each for each in state["syncResult"]["resources"] if each["kind"] == "Job"]
    return one


def test_argocds_sync_ends_with_the_job_and_makes_it_anew(
    run: Run, tmp_path: Path, argocd: ArgoCD, application: Repository, live_client: Client, kwok: Kwok
) -> None:
    made = rendered(run, tmp_path, "argocd")
    state = synced(argocd, application, config("model", "1"), *made)
    assert state["phase"] == "Succeeded", state
    assert (hook(state)["hookType"], hook(state)["hookPhase"]) == ("PostSync", "Succeeded")
    assert "succeeded" in hook(state)["message"]
    # Argo CD would take it for the next one, whose verdict it has not seen yet.
    wait(lambda: not jobs(live_client), "the Job that succeeded is gone", SECONDS)
    # It is no part of what is in sync or not, so its absence does not hold up anything.
    argocd.await_state("smoke", revision=application.revision)

    kwok.play(f"{NAMESPACE}/phi-smoke-*", "failed")
    state = synced(argocd, application, config("model", "2"), *made)
    assert state["phase"] == "Failed", state
    assert hook(state)["hookPhase"] == "Failed"
    (second,) = jobs(live_client).values()
    assert second["status"]["failed"] == 1

    # The failed one is still there, and may count once more: so it is tried again, as what we render has it.
    kwok.forget()
    live_client.apply(declared(application, 5))
    revision = application.commit(writer(config("model", "3"), *made), anew=True)
    argocd.refresh("smoke")
    wait(lambda: ended(argocd, revision, "Succeeded"), "the sync has succeeded", SECONDS)
    wait(lambda: not jobs(live_client), "the Job that failed is gone too", SECONDS)


def test_flux_is_ready_when_the_job_has_succeeded(
    run: Run, tmp_path: Path, flux: Flux, live_client: Client, kustomization: dict[str, Any], kwok: Kwok
) -> None:
    made, folder = rendered(run, tmp_path, "flux"), tmp_path / "source"
    kwok.play(f"{NAMESPACE}/phi-smoke-*", "failed")
    failed = publish(flux, folder, 1, *made)
    flux.await_ready("small", ready="False", reason="HealthCheckFailed", revision=failed)
    (first,) = jobs(live_client).values()
    assert f"Job/{NAMESPACE}/{first['metadata']['name']}" in json.dumps(flux.kustomization("small")["status"])

    kwok.forget()
    other = rendered(run, tmp_path, "flux", OTHER)
    flux.await_ready("small", revision=publish(flux, folder, 2, *other))
    (second,) = jobs(live_client).values()
    assert second["metadata"]["name"] != first["metadata"]["name"]
    assert second["status"]["succeeded"] == 1

    # Under the same name another image, as recorded digests make it: refused by the server, so Flux makes it anew.
    for one in other:
        if one["kind"] == "Job":
            one["spec"]["template"]["spec"]["containers"][0]["image"] = f"{OTHER}@sha256:{'0' * 64}"
    with pytest.raises(ApiError, match="immutable"):
        live_client.apply(next(one for one in other if one["kind"] == "Job"))
    flux.await_ready("small", revision=publish(flux, folder, 3, *other))
    (third,) = jobs(live_client).values()
    assert third["metadata"]["name"] == second["metadata"]["name"]
    assert third["metadata"]["uid"] != second["metadata"]["uid"]
