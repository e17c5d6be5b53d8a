"""What goes with the object of Argo CD or Flux that deployed it counts as deleted, though its file stays."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.objects import WORKSPACE, put
from tests.gate.test_base import commit

_SPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n"
_URL = "https://git.example.com/a/b.git"
_FINALIZER = "resources-finalizer.argocd.argoproj.io"


def argo(name: str, path: str, finalizer: str = _FINALIZER, *, prune: bool = True) -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}, namespace: argocd, finalizers: [{finalizer}]}}\n"
        f"spec: {{project: default, source: {{repoURL: '{_URL}', targetRevision: main, path: {path}}}, "
        "destination: {server: 'https://kubernetes.default.svc', namespace: team}, "
        f"syncPolicy: {{automated: {{prune: {str(prune).lower()}}}}}}}\n"
    )


def flux(name: str, path: str, more: str = "prune: true") -> str:
    return (
        f"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\n"
        f"spec: {{interval: 1m, {more}, path: {path}, sourceRef: {{kind: GitRepository, name: g}}}}\n"
    )


def a_set(elements: str, policy: str = "") -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s, namespace: argocd}\n"
        f"spec: {{{policy}generators: [{{list: {{elements: [{elements}]}}}}], template: {{metadata: {{name: 'a-{{{{p}}}}'}}, "
        f"spec: {{project: default, source: {{repoURL: '{_URL}', targetRevision: main, path: 'm/{{{{p}}}}'}}, "
        "destination: {server: 'https://kubernetes.default.svc', namespace: team}}}}\n"
    )


_SOURCE = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: g, namespace: flux-system}\n"
    f"spec: {{interval: 1m, url: '{_URL}', ref: {{branch: main}}}}\n"
)
_BOTH = f"{flux('spaces', './m/spaces')}---\n{flux('work', './m/work')}---\n{_SOURCE}"
_ONE = f"{flux('work', './m/work')}---\n{_SOURCE}"
LOST = {
    "an Application goes": (f"{argo('spaces', 'm/spaces')}---\n{argo('work', 'm/work')}", argo("work", "m/work")),
    "it goes in the background": (argo("spaces", "m/spaces", f"{_FINALIZER}/background"), ""),
    "it leads elsewhere": (argo("spaces", "m/spaces"), argo("spaces", "m/work")),
    "a Kustomization goes": (_BOTH, _ONE),
    "it goes by its policy": (_BOTH.replace("prune: true", "prune: false, deletionPolicy: Delete"), _ONE),
    "a Kustomization leads elsewhere": (_BOTH, _BOTH.replace("./m/spaces", "./m/work")),
    "it narrows": (f"{flux('all', './m')}---\n{_SOURCE}", f"{flux('all', './m/work')}---\n{_SOURCE}"),
    "an element goes": (a_set("{p: spaces}, {p: work}"), a_set("{p: work}")),
    "a set goes": (a_set("{p: spaces}, {p: work}"), argo("work", "m/work")),
    "the root of all goes": (f"{flux('root', './m/apps')}---\n{_ONE}", _ONE),
}
KEPT = {
    "no finalizer": (argo("spaces", "m/spaces", "other.example.com/x"), argo("work", "m/work", "other.example.com/x")),
    "not pruned": (argo("spaces", "m/spaces", prune=False), argo("spaces", "m/work", prune=False)),
    "another deploys it": (argo("spaces", "m/spaces"), argo("other", "m/spaces")),
    "another deploys all": (argo("spaces", "m/spaces"), argo("other", "m, directory: {recurse: true}")),
    "Flux takes it over": (argo("spaces", "m/spaces"), f"{flux('spaces', './m/spaces')}---\n{_SOURCE}"),
    "a kustomization lists it": (argo("spaces", "m/spaces"), argo("spaces", "m/over")),
    "left as it is": (_BOTH.replace("prune: true", "prune: true, deletionPolicy: Orphan"), _ONE),
    "never pruned": (_BOTH.replace("prune: true", "prune: false"), _ONE),
    "a set that keeps": (
        a_set("{p: spaces}, {p: work}", "syncPolicy: {preserveResourcesOnDeletion: true}, "),
        a_set("{p: work}", "syncPolicy: {preserveResourcesOnDeletion: true}, "),
    ),
    "another repository": (argo("spaces", "m/spaces").replace(_URL, "https://git.example.com/x/y.git"), ""),
}


ACCEPTED = tuple(
    word
    for kind in ("argoproj.io/Application", "kustomize.toolkit.fluxcd.io/Kustomization", "source.toolkit.fluxcd.io/GitRepository")
    for word in ("--accept-kind", kind)
)  # fmt: skip


def lay(folder: Path, before: str, after: str) -> None:
    """The base as a commit, and the head as the work tree."""
    put(folder, m__spaces__team=_SPACE, m__work__ws=WORKSPACE)
    if "./m/apps" in before:
        put(folder, m__apps__spaces=flux("spaces", "./m/spaces"))
    put(folder, m__over__kustomization="resources: [../spaces/team.yaml]\n", d__app=before)
    commit(folder)
    with (folder / ".git/config").open("a") as config:
        config.write(f'[remote "origin"]\n\turl = {_URL}\n')
    put(folder, d__app=after)
    if not after:
        (folder / "d/app.yaml").unlink()


def _changed(run: Run, folder: Path, before: str, after: str, code: int) -> str:
    lay(folder, before, after)
    return run("gate", "m", "d", "--no-checkov", "--base", "HEAD", *ACCEPTED, code=code).stdout


@pytest.mark.sampled(4)
@pytest.mark.parametrize("case", LOST)
def test_what_goes_with_what_deployed_it(run: Run, tmp_path: Path, case: str) -> None:
    said = _changed(run, tmp_path, *LOST[case], code=1)
    assert "KAITOPS-CHANGE-DELETE HIGH: Namespace team: is no longer deployed by the tree" in said


@pytest.mark.sampled(4)
@pytest.mark.parametrize("case", KEPT)
def test_what_stays(run: Run, tmp_path: Path, case: str) -> None:
    assert "Namespace team" not in _changed(run, tmp_path, *KEPT[case], code=0)
