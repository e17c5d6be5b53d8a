"""What is misspelt is refused with what was meant: kinds, groups, versions, sizes; and told once."""

from pathlib import Path

import pytest

from kaitops.cli import main

WORKSPACE = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: phi, namespace: team}
resource: {instanceType: Standard_NC24ads_A100_v4, labelSelector: {matchLabels: {apps: phi}}}
inference: {preset: {name: phi-4}}
"""
SIZE = "Standard_NC24ads_A100_v4"


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        (
            "kind: Workspace",
            "kind: Workspce",
            ":2:1: ",
            "; write kaito.sh/v1beta1/Workspace or kaito.sh/v1alpha1/Workspace",
        ),
        ("v1beta1", "v1beta2", ":2:1: ", "; write kaito.sh/v1beta1/Workspace or kaito.sh/v1alpha1/Workspace"),
        (
            "kaito.sh/",
            "kaito/",
            ":2:1: ",
            "kaito/v1beta1 is no group of KAITO, so nothing could judge it; write kaito.sh/",
        ),
        ("kaito.sh/v1beta1", "apps/v1", ":2:1: ", "apps has no kind Workspace"),
        ("kaito.sh/v1beta1", "app.terraform.io/v1", ":2:1: ", "--accept-kind app.terraform.io/Workspace"),
        (SIZE, "Standard_NC24ad_A100_v4", ":4:12: ", "; nearest: Standard_NC24ads_A100_v4; take a size"),
        (SIZE, "g5.4xlarge", ":4:12: ", "; it is a size of aws, so name that as the cluster's cloud"),
        (SIZE, "Standard_D8s_v5", ":4:12: ", "cannot be sized; take a size that kaitops sizes lists"),
    ],
)
def test_what_was_meant(
    old: str, new: str, place: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(WORKSPACE.replace(old, new))
    main(["gate", "--no-checkov", str(tmp_path)])
    (line,) = [one for one in capsys.readouterr().out.splitlines() if "team/phi" in one]
    assert place in line
    assert said in line


def test_a_kind_of_kubernetes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: apps/v1\nkind: Deploymnt\nmetadata: {name: a, namespace: b}\n")
    main(["gate", "--no-checkov", str(tmp_path)])
    assert "apps has no kind Deploymnt, so nothing could judge it; did you mean Deployment?" in capsys.readouterr().out
