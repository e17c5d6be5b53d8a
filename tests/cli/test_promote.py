"""``kaitops promote`` as users call it: the versions that were asked for, and not a byte more."""

import re
import subprocess
from difflib import ndiff
from pathlib import Path

import pytest
import yaml

from tests.conftest import Run

TEXT = """\
# The fleet of contoso.
kaito: 0.12.0
gitops: {repository: "https://git.example.com/x.git"}   # one repository

clusters:
  dev-weu:
    region: westeurope
    provisioner: karpenter
    gitops: flux
    environment: dev
    revision: v1.3.0
    operator:
      keda: {version: 2.18.0}
    models:
      phi:
        preset: phi-4   # the larger one
  staging-weu:
    region: westeurope
    provisioner: karpenter
    gitops: flux
    environment: staging
    revision: v1.2.0   # reviewed by ops
    operator:
      keda: {version: 2.17.1}
      gpuOwner: kaito
  staging-sdc:
    region: swedencentral
    provisioner: karpenter
    gitops: flux
    environment: staging
    models:
      phi:
        context: 4096
      old:
        preset: phi-3.5-mini-instruct
  prod-weu:
    region: westeurope
    provisioner: karpenter
    environment: prod

models:
  phi:
    preset: phi-4-mini-instruct
    gpu: Standard_NC24ads_A100_v4
  old:
    preset: phi-3-mini-4k-instruct
    gpu: Standard_NC24ads_A100_v4
"""


@pytest.fixture
def declared(fleet: Path) -> Path:
    fleet.write_text(TEXT)
    return fleet


def changed(path: Path) -> list[str]:
    return [line for line in ndiff(TEXT.splitlines(), path.read_text().splitlines()) if line[0] in "+-"]


def test_exactly_the_versions_move_and_comments_stay(run: Run, declared: Path) -> None:
    done = run("promote", "dev", "staging", "--anyway", code=0)
    assert sorted(changed(declared)) == sorted([
        "-     revision: v1.2.0   # reviewed by ops",
        "+     revision: v1.3.0   # reviewed by ops",
        "-       keda: {version: 2.17.1}",
        "+       keda: {version: 2.18.0}",
        "+     models:",
        "+       phi:",
        "+         preset: phi-4",
        "+         preset: phi-4",
        "-       old:",
        "-         preset: phi-3.5-mini-instruct",
        "+     revision: v1.3.0",
        "+     operator:",
        "+       keda:",
        "+         version: 2.18.0",
    ])  # fmt: skip
    assert "clusters.staging-sdc.models.old.preset: phi-3.5-mini-instruct -> (not said)" in done.stderr
    after = yaml.safe_load(declared.read_text())["clusters"]
    for name in ("staging-weu", "staging-sdc"):
        assert after[name]["revision"] == "v1.3.0"
        assert after[name]["operator"]["keda"]["version"] == "2.18.0"
        assert after[name]["models"]["phi"]["preset"] == "phi-4"
    assert after["staging-sdc"]["models"]["phi"]["context"] == 4096
    assert run("promote", "dev", "staging", code=0).stderr.startswith("staging has the versions of dev already")


def test_a_diff_writes_nothing(run: Run, declared: Path) -> None:
    done = run("promote", "dev", "staging", "--diff", "--anyway", code=0)
    assert "-    revision: v1.2.0   # reviewed by ops\n+    revision: v1.3.0   # reviewed by ops\n" in done.stdout
    assert declared.read_text() == TEXT


def test_a_model_that_does_not_run_there_is_left_alone(run: Run, declared: Path) -> None:
    declared.write_text(
        TEXT.replace(
            "    gpu: Standard_NC24ads_A100_v4\n  old",
            "    gpu: Standard_NC24ads_A100_v4\n    clusters: [dev-weu, prod-weu]\n  old",
        )
    )
    done = run("promote", "dev", "staging", "--no-check", code=0)
    assert "models.phi" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ("dev", "nowhere"),
            "no cluster has environment 'nowhere', so there is nothing to promote; known: dev, prod, staging",
        ),
        (
            ("dev", "dev"),
            "promote dev dev: an environment has its own versions already, so nothing would move; name the one",
        ),
        (("staging", "prod"), "so environment staging has no one version to move; make its clusters agree"),
    ],
)
def test_what_cannot_be_promoted(run: Run, declared: Path, arguments: tuple[str, str], text: str) -> None:
    assert text in run("promote", *arguments, code=2).stderr
    assert declared.read_text() == TEXT


def test_what_would_not_render_is_not_written(run: Run, declared: Path) -> None:
    text = TEXT.replace("preset: phi-4   # the", "preset: gpt-oss-120b   # the")
    text = text.replace(
        "region: westeurope\n    provisioner: karpenter\n    gitops: flux\n    environment: dev",
        "region: westeurope\n    provisioner: karpenter\n    gitops: flux\n    environment: dev",
    ).replace("context: 4096", "context: 131072\n        maxNodes: 1")
    declared.write_text(text)
    done = run("promote", "dev", "staging")
    assert done.returncode in (1, 2)
    assert declared.read_text() == text


def test_a_layout_of_ones_own_is_kept(run: Run, declared: Path) -> None:
    # Four spaces in one cluster, two elsewhere; CRLF; no line feed at the end; a mark at the beginning.
    before = "  dev-weu:\n    region: westeurope\n    provisioner: karpenter\n    gitops: flux\n    environment: dev\n"
    text = TEXT.partition("    revision: v1.3.0\n")[0].replace(
        before, before.replace("    ", "      ") + "      revision: v1.3.0\n"
    )
    text += "  staging-weu:" + TEXT.partition("  staging-weu:")[2]
    raw = b"\xef\xbb\xbf" + text.rstrip("\n").replace("\n", "\r\n").encode()
    declared.write_bytes(raw)
    declared.chmod(0o600)
    run("promote", "dev", "staging", "--anyway", code=0)
    changed = declared.read_bytes()
    assert changed.startswith(raw[:3])
    assert b"revision: v1.3.0   # reviewed by ops\r\n" in changed
    assert changed.count(b"\n") == changed.count(b"\r\n")
    assert not changed.endswith(b"\n")
    gone = [line for line in raw.splitlines() if line not in changed.splitlines()]
    assert [line.split(b":")[0].strip() for line in gone] == [b"revision", b"keda", b"old", b"preset"]
    assert declared.stat().st_mode & 0o777 == 0o600


def test_what_two_clusters_share_is_not_moved_for_one(run: Run, declared: Path) -> None:
    text = TEXT.replace("      keda: {version: 2.17.1}\n", "      keda: *keda\n")
    text = text.replace(
        "    operator:\n      keda: {version: 2.18.0}", "    operator:\n      keda: {version: 2.18.0}", 1
    )
    text = text.replace("  dev-weu:\n", "  old-weu:\n    region: westeurope\n    provisioner: karpenter\n"
                        "    operator: {keda: &keda {version: 2.17.1}}\n  dev-weu:\n")  # fmt: skip
    declared.write_text(text)
    error = run("promote", "dev", "staging", code=2).stderr
    assert "clusters.staging-weu.operator.keda is *keda on line 28, written elsewhere" in error
    assert "change more than what is named and nothing was written" in error
    assert declared.read_text() == text


LAYERED = """\
kaito: 0.12.0
gitops: {repository: "https://git.example.com/x.git"}
environments:
  dev: {revision: v1.1.0}
  prod:
    provisioner: karpenter
    gitops: flux
    revision: v1.0.0   # as agreed
    operator: {keda: {version: 2.17.1}}
    models: {phi: {context: 4096}}
clusters:
  lab: {environment: dev, region: westeurope, provisioner: karpenter, gitops: flux, operator: {keda: {version: 2.18.0}}}
  prod-weu: {environment: prod, region: westeurope}
  prod-sdc: {environment: prod, region: swedencentral, models: {phi: {context: 2048}}}
models:
  phi: {preset: phi-4-mini-instruct, gpu: Standard_NC24ads_A100_v4, context: 8192}
"""


def _git(folder: Path, *words: str) -> None:
    given = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", "-C", str(folder), *given, *words], check=True, capture_output=True)


@pytest.fixture
def layered(run: Run, tmp_path: Path) -> Path:
    """A fleet with layers in a repository; v1.0.0 is the tree of today."""
    (tmp_path / "fleet.yaml").write_text(LAYERED)
    run("render", "-q", code=0)
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "commit", "-q", "-m", "one")
    _git(tmp_path, "tag", "v1.0.0")
    return tmp_path


def _tagged(run: Run, folder: Path, old: str, new: str) -> None:
    fleet = folder / "fleet.yaml"
    fleet.write_text(fleet.read_text().replace(old, new))
    run("render", "-q", code=0)
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", "two")
    _git(folder, "tag", "v1.1.0")


def test_what_an_environment_says_is_in_each_of_its_clusters_and_moves_once(run: Run, layered: Path) -> None:
    _tagged(run, layered, "context: 8192", "context: 16384")
    contexts = {
        name: (layered / f"manifests/clusters/{name}/configs/models").is_dir() for name in ("prod-weu", "prod-sdc")
    }
    assert set(contexts) == {"prod-weu", "prod-sdc"}
    assert sorted(
        re.findall("max-model-len: ([0-9]+)", "".join(p.read_text() for p in layered.rglob("configmap-phi*.yaml")))
    ) == ["16384", "2048", "4096"]
    told = run("promote", "dev", "prod", code=0)
    lines = list(ndiff(LAYERED.splitlines(), (layered / "fleet.yaml").read_text().splitlines()))
    assert sorted(line for line in lines if line[0] in "+-" and "context: " not in line[30:]) == [
        "+     operator: {keda: {version: 2.18.0}}",
        "+     revision: v1.1.0   # as agreed",
        "-     operator: {keda: {version: 2.17.1}}",
        "-     revision: v1.0.0   # as agreed",
    ]
    assert "what it does, prod-weu from v1.0.0 to v1.1.0" not in told.stderr, "its own context is its own"
    assert "by hand" not in told.stderr


@pytest.mark.e2e
def test_a_revision_that_the_cluster_would_refuse_is_not_promoted(run: Run, layered: Path) -> None:
    _tagged(run, layered, "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5")
    before = (layered / "fleet.yaml").read_text()
    told = run("promote", "dev", "prod", code=1)
    assert "what it does, prod-weu from v1.0.0 to v1.1.0:" in told.stderr
    assert "KAITOPS-CHANGE-REFUSED CRITICAL" in told.stderr
    assert "nothing was written, as prod would not take it" in told.stderr
    assert (layered / "fleet.yaml").read_text() == before
    run("promote", "dev", "prod", "--anyway", code=0)
    assert (layered / "fleet.yaml").read_text() != before


def test_a_revision_that_is_not_here_is_said_not_to_be_judged(run: Run, layered: Path) -> None:
    told = run("promote", "dev", "prod", code=0)
    assert "prod-weu from v1.0.0 to v1.1.0: is not judged" in told.stderr
    assert "git fetch --tags" in told.stderr


@pytest.mark.e2e
def test_the_gate_knows_the_revisions_that_clusters_declare(run: Run, layered: Path) -> None:
    _tagged(run, layered, "context: 8192", "context: 16384")
    run("promote", "dev", "prod", code=0)
    run("render", "-q", code=0)
    told = run("gate", "manifests", "--no-checkov", "--base", "HEAD", code=0)
    assert "COVERAGE" not in told.stdout


def test_what_no_tool_fetches_is_named(run: Run, layered: Path) -> None:
    fleet = layered / "fleet.yaml"
    fleet.write_text(LAYERED.replace("    gitops: flux\n", "    gitops: argocd\n"))
    told = run("promote", "dev", "prod", code=0)
    assert "by hand: kubectl --context prod-weu apply -f manifests/clusters/prod-weu/bootstrap" in told.stderr


def test_a_workload_leaves_the_layers_with_its_entry(run: Run, layered: Path) -> None:
    run("remove", "phi", code=0)
    assert "phi" not in (layered / "fleet.yaml").read_text()
