"""Objects of Flux that deploy objects of Flux: each is followed as the cluster gets it, folder by folder as Flux scans."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done

import pytest

from tests.gate.renderers import NEEDS_KUSTOMIZE
from tests.gate.test_overlays import FLUX, HEAD, RETIRED, VARIABLE, WORKSPACE, put

pytestmark = NEEDS_KUSTOMIZE
SIZE = "Standard_NC24ads_A100_v4"
Gate = Callable[..., Done[str]]


def deploys(name: str, path: str, more: str = "", namespace: str = "flux-system") -> str:
    return (
        FLUX.replace("name: models", f"name: {name}")
        .replace("./models", path)
        .replace("flux-system}", f"{namespace}}}", 1)
        + more
    )


def tree(patch: str = "", own: str = "", sizes: str = "") -> dict[str, str]:
    """The layout that most follow: one object deploys the folder of apps, and each app brings an object of its own."""
    return {
        "cluster/apps.yaml": deploys("apps", "./apps", patch),
        "apps/chat/kustomization.yaml": f"{HEAD}namespace: models\nresources: [ks.yaml]\n",
        "apps/chat/ks.yaml": deploys("chat", "./apps/chat/app", f"  targetNamespace: models\n{own}"),
        "apps/chat/app/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n",
        "apps/chat/app/chat.yaml": VARIABLE,
        "sizes.yaml": sizes or "apiVersion: v1\nkind: Namespace\nmetadata: {name: models}\n",
    }


def patched(text: str) -> str:
    return (
        "  patches:\n  - target: {kind: Kustomization}\n    patch: |\n      apiVersion: kustomize.toolkit.fluxcd.io/v1\n"
        f"      kind: Kustomization\n      metadata: {{name: any}}\n      spec: {{{text}}}\n"
    )


@pytest.fixture
def gate(tmp_path: Path, run: Callable[..., Done[str]]) -> Gate:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)

    def call(files: dict[str, str], *more: str) -> Done[str]:
        put(tmp_path, files)
        return run("gate", ".", "--no-checkov", "--today", "2026-06-01", *more)

    return call


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        (tree(own=f"  postBuild: {{substitute: {{GPU_SKU: {SIZE}}}}}\n"), 0, "0 findings"),
        (tree(own=f"  postBuild: {{substitute: {{GPU_SKU: {RETIRED}}}}}\n"), 1, "apps/chat/ks.yaml:10:28: KAITO002"),
        (tree(), 2, "${GPU_SKU} has no value in the tree"),
        (tree(patched(f"postBuild: {{substitute: {{GPU_SKU: {SIZE}}}}}")), 0, "0 findings"),
        (tree(patched(f"postBuild: {{substitute: {{GPU_SKU: {RETIRED}}}}}")), 1, "cluster/apps.yaml:15:33: KAITO002"),
        (
            tree(patched("targetNamespace: other"), f"  postBuild: {{substitute: {{GPU_SKU: {RETIRED}}}}}\n"),
            1, "Workspace other/chat",
        ),
        (tree(patched("force: true, decryption: {provider: sops}")), 2, "${GPU_SKU} has no value in the tree"),
    ],
)  # fmt: skip
def test_what_a_parent_makes_of_its_children_counts(gate: Gate, files: dict[str, str], code: int, said: str) -> None:
    done = gate(files)
    assert said in done.stdout, done.stdout
    assert done.returncode == code, done.stdout
    assert done.stdout.count("KAITO002") <= 1, "judged once, as the cluster gets it"


def test_one_folder_that_two_clusters_deploy_is_two_trees(gate: Gate) -> None:
    own = "  postBuild: {substitute: {GPU_SKU: SIZE}}\n"
    files = {
        f"clusters/{cluster}/chat.yaml": deploys(f"chat-{cluster}", "./chat", own.replace("SIZE", size))
        for cluster, size in (("a", SIZE), ("b", RETIRED))
    }
    done = gate({**files, "chat/chat.yaml": VARIABLE})
    assert done.returncode == 1 and "one would overwrite the other" not in done.stdout
    assert done.stdout.count("KAITO002") == 1


def test_a_list_of_another_program_is_no_object(gate: Gate) -> None:
    labels = "- {name: bug, color: red}\n- {name: docs, color: blue}\n"
    done = gate(
        {"labels.yaml": labels, "chat.yaml": WORKSPACE.replace("{name: chat}", "{name: chat, namespace: m}", 1)}
    )
    assert done.returncode == 0 and "labels.yaml: document 1 is not a Kubernetes object" in done.stderr
    done = gate({"labels.yaml": "- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n"})
    assert done.returncode == 2 and "apiVersion and kind must both be there" in done.stdout
