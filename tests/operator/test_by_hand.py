"""The page that installs KAITO by hand says what the tree would."""

import yaml

from tests.conftest import Run
from tests.guides import DOCS, steps


def test_the_values_of_the_page_are_those_that_flux_is_given(run: Run, tmp_path) -> None:
    (values,) = [step.text for step in steps(DOCS / "how-to/cluster.md") if step.file == "values.yaml"]
    run("init", "--gitops", "flux", "--repository", "https://git.example.com/a.git", code=0)
    run("render", code=0)
    folder = tmp_path / "manifests/clusters/dev/operator"
    release = yaml.safe_load((folder / "helmrelease-kaito-workspace.yaml").read_text())["spec"]
    assert yaml.safe_load(values) == release["values"]
    (source,) = [yaml.safe_load(path.read_text()) for path in folder.glob("helmrepository-*")]
    (command,) = [
        line
        for step in steps(DOCS / "how-to/cluster.md")
        for line in step.text.splitlines()
        if line.startswith("helm ")
    ]
    for words in (
        f"--install {release['releaseName']} {release['chart']['spec']['chart']}",
        f"--repo {source['spec']['url']} --version {release['chart']['spec']['version']}",
        f"--namespace {release['targetNamespace']} --create-namespace",
        "--skip-crds",
    ):
        assert f" {words} " in f"{command} "
    assert release["install"]["crds"] == "Skip"
