"""``kaitops promote`` as users call it: the versions that were asked for, and not a byte more."""

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
    done = run("promote", "dev", "staging", code=0)
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
    done = run("promote", "dev", "staging", "--diff", code=0)
    assert "-    revision: v1.2.0   # reviewed by ops\n+    revision: v1.3.0   # reviewed by ops\n" in done.stdout
    assert declared.read_text() == TEXT


def test_a_model_that_does_not_run_there_is_left_alone(run: Run, declared: Path) -> None:
    declared.write_text(
        TEXT.replace(
            "    gpu: Standard_NC24ads_A100_v4\n  old",
            "    gpu: Standard_NC24ads_A100_v4\n    clusters: [dev-weu, prod-weu]\n  old",
        )
    )
    done = run("promote", "dev", "staging", code=0)
    assert "models.phi" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ("dev", "nowhere"),
            "no cluster has environment 'nowhere', so there is nothing to promote; known: dev, prod, staging",
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
    run("promote", "dev", "staging", code=0)
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
