"""A tree that installs KAITO is judged by the version that it installs, unless the change brings that in."""

from datetime import date
from pathlib import Path

import pytest

from kaitops.documents import reader
from kaitops.gate.fleets import Fleets
from kaitops.gate.helm import meaning, operating
from kaitops.gate.helm.installing import Installed
from kaitops.gate.helm.meaning import Meaning
from kaitops.gate.objects import Group, Item
from kaitops.gate.options import Options
from kaitops.report.findings import Report
from tests.conftest import FLEET, Run
from tests.gate.test_base import commit
from tests.gate.test_overlays import put

ROLES = """\
apiVersion: kaito.sh/v1alpha1
kind: MultiRoleInference
metadata: {name: split, namespace: models}
spec:
  labelSelector: {matchLabels: {apps: split}}
  model: {name: phi-4-mini-instruct}
  roles:
  - {type: prefill, replicas: 1, instanceType: Standard_NC40ads_H100_v5}
  - {type: decode, replicas: 1, instanceType: Standard_NC40ads_H100_v5}
"""
FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: operator, namespace: flux-system}
spec: {interval: 10m, targetNamespace: kaito-workspace, chart: {spec: {chart: workspace, version: 'VERSION', sourceRef: {kind: HelmRepository, name: kaito}}}}
"""
ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: operator, namespace: argocd}
spec: {project: default, destination: {server: 'https://kubernetes.default.svc', namespace: kaito-workspace}, source: {repoURL: 'https://kaito-project.github.io/kaito/charts/kaito', chart: workspace, targetRevision: 'VERSION'}}
"""


class BaseSide:
    """What is asked of the base."""

    def __init__(self, groups: list[Group]) -> None:
        self.groups = groups
        self.bounds: list[str] = []


def gate(run: Run, *more: str):
    return run("gate", "m", "--no-checkov", "--today", "2026-06-01", *more)


def settled(texts: dict[str, list[str]], report: Report) -> list[str]:
    """The versions of clusters of the base and of the head, each from some objects."""
    groups = {side: Group(items=[_item(text) for text in found]) for side, found in texts.items()}
    head, base = groups["head"], groups.get("base")
    settled = operating.Operating(report, Options(["m"], date(2026, 6, 1), {}), Fleets())
    settled.judge([head], [], BaseSide([base]) if base else None)
    return [group.kaito for group in groups.values()]


def _item(text: str) -> Item:
    (document,) = reader.read_bytes(text.encode(), "m/b.yaml")
    return Item(document.data, document, "x")


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operating, "judged", lambda: ["0.11.0", "0.12.0"])

    # What the values of a chart mean is a fact of each version that is known whole, which one is.
    def known(one: Installed, _: str) -> Meaning:
        return Meaning(one, "0.12.0")

    monkeypatch.setattr(meaning, "Meaning", known)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("text", [FLUX, ARGO])
@pytest.mark.parametrize("written", ["0.11.0", "v0.11.0"])
def test_the_chart_says_the_version(text: str, written: str) -> None:
    report = Report()
    assert settled({"head": [ROLES, text.replace("VERSION", written)]}, report) == ["0.11.0"]
    assert report.findings == [] and report.notes == ["m/b.yaml: judged as for KAITO 0.11.0, which it installs"]


@pytest.mark.usefixtures("two")
def test_a_change_does_not_choose_the_version() -> None:
    new, same = FLUX.replace("VERSION", "0.11.0"), FLUX.replace("VERSION", "0.12.0")
    for base, head, versions in (
        ([ROLES], [ROLES, new], ["", ""]),
        ([ROLES, same], [ROLES, new], ["0.12.0", ""]),
        ([ROLES, same], [ROLES, same], ["0.12.0", "0.12.0"]),
    ):
        report = Report()
        assert settled({"base": base, "head": head}, report) == versions
        assert ["which the base does not" in one.message for one in report.findings] == [True] * (head[1] is new)


@pytest.mark.parametrize(
    "text",
    [
        FLUX.replace("chart: workspace", "chart: nginx"),
        FLUX.replace("kaito", "other"),
        FLUX.replace("interval: 10m", "suspend: true, interval: 10m"),
        ARGO.replace("chart: workspace", "chart: nginx"),
    ],
)
def test_another_chart_says_nothing(run: Run, tmp_path: Path, text: str) -> None:
    put(tmp_path, {"m/a.yaml": ROLES, "m/b.yaml": text.replace("VERSION", "99.0.0")})
    assert "installs KAITO" not in gate(run).stdout


@pytest.mark.parametrize(("written", "said"), [("0.12.x", "0.12.x"), ("", "of any version"), ("99.0.0", "99.0.0")])
def test_a_version_that_nobody_knows_is_unjudged(run: Run, tmp_path: Path, written: str, said: str) -> None:
    put(tmp_path, {"m/a.yaml": ROLES, "m/b.yaml": FLUX.replace("VERSION", written)})
    done = gate(run)
    assert done.returncode == 2 and f"installs KAITO {said}, and what is judged here is" in done.stdout
    assert "installs KAITO" not in gate(run, "--kaito", "0.12.0").stdout


def test_two_versions_in_one_cluster_are_unjudged(run: Run, tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "m/a.yaml": ROLES,
            "m/b.yaml": FLUX.replace("VERSION", "0.9.4"),
            "m/c.yaml": ARGO.replace("VERSION", "0.12.0"),
        },
    )
    done = gate(run)
    assert done.returncode == 2 and "installs KAITO" in done.stdout


def test_what_the_change_installs_is_trusted_by_the_invoker_alone(run: Run, tmp_path: Path) -> None:
    put(tmp_path, {"m/a.yaml": ROLES})
    commit(tmp_path)
    put(tmp_path, {"m/b.yaml": FLUX.replace("VERSION", "0.12.0")})
    more = ("--base", "HEAD", "--accept-kind", "source.toolkit.fluxcd.io/HelmRepository")
    assert "which the base does not" in gate(run, *more).stdout
    assert "which the base does not" not in gate(run, *more, "--trust-context").stdout
    assert "which the base does not" not in gate(run, *more, "--kaito", "0.12.0").stdout


@pytest.mark.parametrize("name", ["[workspace]", "{a: workspace}", "5", "null", "true"])
@pytest.mark.parametrize("kind", ["helm", "argo"])
def test_a_chart_whose_name_is_no_text_is_none_of_kaitos(run: Run, tmp_path: Path, kind: str, name: str) -> None:
    texts = {
        "helm": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: kaito, namespace: k}\n"
        f"spec: {{interval: 1h, chart: {{spec: {{chart: {name}, sourceRef: {{kind: HelmRepository, name: kaito}}}}}}}}\n",
        "argo": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: kaito, namespace: argocd}\n"
        f"spec: {{source: {{repoURL: https://kaito.example.com, chart: {name}, targetRevision: 0.12.0}}}}\n",
    }
    put(tmp_path, {"m/app.yaml": texts[kind]})
    done = run("gate", "--no-checkov", "m")
    assert done.returncode in (0, 1, 2)
    assert "internal error" not in done.stderr


def test_a_tree_without_objects_of_kaito_needs_no_version(run: Run, tmp_path: Path) -> None:
    put(tmp_path, {"m/b.yaml": FLUX.replace("VERSION", "99.0.0")})
    assert gate(run).returncode == 0


def test_a_release_that_differs_from_the_fleet_is_a_finding(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET.replace("gitops: none", "gitops: flux"))
    run("render", code=0)
    release = next(tmp_path.glob("manifests/clusters/prod-weu/**/helmrelease-kaito-workspace.yaml"))
    assert "installs KAITO" not in run("gate", "manifests", "--no-checkov").stdout
    release.write_text(release.read_text().replace('version: "0.12.0"', 'version: "0.11.0"'))
    done = run("gate", "manifests", "--no-checkov", code=1)
    assert (
        "KAITOPS-DRIFT HIGH" in done.stdout
        and "installs KAITO 0.11.0, and the cluster is said to run 0.12.0" in done.stdout
    )
