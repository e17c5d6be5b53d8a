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
