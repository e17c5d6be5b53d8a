"""Objects that leave the tree and stay in the cluster: Argo CD and Flux are told to leave them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.gate.objects import WORKSPACE
from tests.gate.test_changes import start

_NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n"
_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: web}\ndata: {a: b}\n"
_FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: NAME, namespace: flux-system}
spec: {interval: 1h, path: ./m/PATH, prune: PRUNE, sourceRef: {kind: GitRepository, name: fleet}}
"""
_ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: spaces, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]NOTES}
spec:
  project: default
  source: {repoURL: "https://git.example.com/team/fleet.git", path: m/spaces, targetRevision: main}
  destination: {name: in-cluster}
  syncPolicy: {automated: {prune: true}, syncOptions: [OPTION]}
"""


def _noted(text: str, notes: str) -> str:
    return text.replace("  namespace: team\n", f"  namespace: team\n  annotations: {{{notes}}}\n", 1)


def _flux(name: str, path: str, prune: str) -> str:
    return _FLUX.replace("NAME", name).replace("PATH", path).replace("PRUNE", prune)


@pytest.fixture
def gated(run: Run, tmp_path: Path) -> Any:
    def change(before: dict[str, str], *gone: str) -> tuple[dict[str, str], dict[str, str], Any]:
        start(tmp_path, m__other=_CONFIG, **before)
        for name in gone:
            (tmp_path / f"{name.replace('__', '/')}.yaml").unlink()
        told = run("gate", "m", "--no-checkov", "--base", "HEAD", "--region", "westeurope", "-o", "json").stdout
        done = json.loads(told)
        rows = {row["object"]: row["outcome"] for row in done["plan"]}
        return (
            rows,
            {one["object"]: one["severity"] for one in done["findings"] if "CHANGE" in one["rule"]},
            done["cost"],
        )

    return change


_KEPT = "kustomize.toolkit.fluxcd.io/prune: disabled, argocd.argoproj.io/sync-options: 'Delete=false, Prune=false'"


def test_what_is_annotated_stays_and_costs_on(gated: Any) -> None:
    rows, told, cost = gated({"m__phi": _noted(WORKSPACE, _KEPT)}, "m__phi")
    assert rows == {"Workspace team/phi": "left"}
    assert told == {}
    assert cost[-1]["nodes_before"] == cost[-1]["nodes_after"] == 1


@pytest.mark.parametrize(
    "notes",
    ["kustomize.toolkit.fluxcd.io/prune: enabled", "argocd.argoproj.io/sync-options: Prune=confirm"],
)
def test_other_annotations_keep_nothing(notes: str, gated: Any) -> None:
    rows, told, cost = gated({"m__phi": _noted(WORKSPACE, notes)}, "m__phi")
    assert (rows, told) == ({"Workspace team/phi": "deleted"}, {"Workspace team/phi": "MEDIUM"})
    assert cost[-1]["nodes_after"] == 0


def test_a_word_to_the_other_engine_keeps_nothing(gated: Any) -> None:
    words = {
        "m__all": _flux("all", "", "true"),
        "m__phi": _noted(WORKSPACE, "argocd.argoproj.io/sync-options: Prune=false"),
    }
    assert gated(words, "m__phi")[0] == {"Workspace team/phi": "deleted"}


@pytest.mark.parametrize(
    ("around", "near", "rows", "told"),
    [
        (
            "true", "false", {"Namespace team": "left", "Workspace team/phi": "deleted"},
            {"Workspace team/phi": "MEDIUM"},
        ),
        ("false", "true", {"Namespace team": "deleted", "Workspace team/phi": "left"}, {"Namespace team": "HIGH"}),
    ],
)  # fmt: skip
def test_flux_does_as_the_nearest_kustomization_says(
    around: str, near: str, rows: dict[str, str], told: dict[str, str], gated: Any
) -> None:
    tree = {
        "m__flux__all": _flux("all", "", around), "m__flux__spaces": _flux("spaces", "spaces", near),
        "m__spaces__team": _NAMESPACE, "m__phi": WORKSPACE,
    }  # fmt: skip
    assert gated(tree, "m__spaces__team", "m__phi")[:2] == (rows, told)


@pytest.mark.parametrize(
    ("option", "notes", "gone", "outcome"),
    [
        ("Prune=false", "", (), "left"),
        ("CreateNamespace=false", "", (), "deleted"),
        # With its Application goes what it deployed, whatever it prunes, unless that stays itself.
        ("Prune=false", "", ("m__spaces__app",), "deleted"),
        ("Prune=false", ", annotations: {argocd.argoproj.io/sync-options: Prune=false}", ("m__spaces__app",), "left"),
    ],
)
def test_argo_cd_leaves_what_its_application_does_not_prune(
    option: str, notes: str, gone: tuple[str, ...], outcome: str, gated: Any
) -> None:
    tree = {"m__spaces__app": _ARGO.replace("OPTION", option).replace("NOTES", notes), "m__spaces__team": _NAMESPACE}
    assert gated(tree, "m__spaces__team", *gone)[0]["Namespace team"] == outcome


def test_argo_cd_leaves_what_it_is_told_in_so_many_words_not_to_prune(gated: Any) -> None:
    app = _ARGO.replace("NOTES", "").replace("OPTION", "CreateNamespace=true")
    for said, outcome in (("prune: false", "left"), ("selfHeal: true", "deleted")):
        tree = {"m__spaces__app": app.replace("prune: true", said), "m__spaces__team": _NAMESPACE}
        assert gated(tree, "m__spaces__team")[0]["Namespace team"] == outcome


def test_a_word_in_large_letters_is_one_to_flux_alone(gated: Any) -> None:
    for notes, outcome in (
        ("kustomize.toolkit.fluxcd.io/prune: Disabled", "left"),
        ("argocd.argoproj.io/sync-options: Prune=False", "deleted"),
    ):
        assert gated({"m__phi": _noted(WORKSPACE, notes)}, "m__phi")[0] == {"Workspace team/phi": outcome}


def test_a_word_counts_to_the_engine_that_deploys_the_object(gated: Any) -> None:
    for folder, outcome in (("flux", "deleted"), ("spaces", "left")):
        tree = {
            "m__all__flux": _flux("all", "flux", "true"),
            "m__all__app": _ARGO.replace("OPTION", "CreateNamespace=true").replace("NOTES", ""),
            f"m__{folder}__phi": _noted(WORKSPACE, "argocd.argoproj.io/sync-options: Prune=false"),
        }
        assert gated(tree, f"m__{folder}__phi")[0] == {"Workspace team/phi": outcome}


_FLEET = """\
kaito: "0.12.0"
gitops: {repository: "https://github.com/contoso/fleet.git"}
clusters:
  old: {region: westeurope, provisioner: karpenter, gitops: flux}
  new: {region: westeurope, provisioner: karpenter, gitops: flux}
models:
  phi: {preset: phi-4-mini-instruct, gpu: Standard_NC24ads_A100_v4}
"""


def test_what_a_cluster_runs_goes_on_when_the_fleet_has_it_no_more(run: Run, tmp_path: Path) -> None:
    """Flux was told by hand of the folder; where that is gone it fails, and deletes nothing."""
    (tmp_path / "fleet.yaml").write_text(_FLEET)
    assert run("render").returncode == 0
    start(tmp_path)
    (tmp_path / "fleet.yaml").write_text(
        _FLEET.replace("  old: {region: westeurope, provisioner: karpenter, gitops: flux}\n", "")
    )
    assert run("render").returncode == 0
    done = json.loads(run("gate", "manifests", "--no-checkov", "--base", "HEAD", "-o", "json").stdout)
    assert {(row["cluster"], row["outcome"]) for row in done["plan"]} == {("old", "left")}
    assert [one for one in done["findings"] if "CHANGE" in one["rule"]] == []
    assert done["cost"][-1]["nodes_after"] == done["cost"][-1]["nodes_before"] == 2


def test_one_that_leaves_while_its_folder_stays_is_deleted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(_FLEET)
    assert run("render").returncode == 0
    start(tmp_path)
    (tmp_path / "fleet.yaml").write_text(
        _FLEET.partition("models:")[0] + "models: {other: {preset: phi-4, gpu: Standard_NC24ads_A100_v4}}\n"
    )
    assert run("render").returncode == 0
    done = json.loads(run("gate", "manifests", "--no-checkov", "--base", "HEAD", "-o", "json").stdout)
    assert ("old", "Workspace default/phi", "deleted") in {
        (row["cluster"], row["object"], row["outcome"]) for row in done["plan"]
    }
