"""A change that hides what it changes, brings the verdict's own files, or leaves nothing to judge."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import yaml

from tests.gate.objects import PUBLIC, WORKSPACE
from tests.redteam.attack import GATE, Attack, Held, called, change, commit, git, put, tree, verdict

_EDITED = WORKSPACE.replace("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5")
_FILE = "m/ws.yaml"
_LISTED = "apiVersion: v1\nkind: List\nitems:\n- " + _EDITED.replace("\n", "\n  ").rstrip() + "\n"
_BARE = _EDITED.replace("  namespace: team\n", "")
Files = Mapping[str, str | bytes]


def _moved(files: Files) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        (folder / _FILE).unlink()
        put(folder, files)

    return act


def _over(files: Files) -> Callable[[Path], object]:
    return lambda folder: put(folder, files)


def _linked(target: str, at: str = _FILE) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        (folder / _FILE).unlink()
        put(folder, {target: _EDITED})
        (folder / at).symlink_to(folder / target if target.startswith("h/") else Path(target).name)

    return act


def _folder_linked(folder: Path) -> None:
    (folder / "m/sub").rename(folder / "m/real")
    put(folder, {"m/real/ws.yaml": _EDITED})
    (folder / "m/sub").symlink_to("real")


def _module(folder: Path) -> None:
    shutil.rmtree(folder / "m")
    put(folder / "m", {"ws.yaml": _EDITED})
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x")):
        git(folder / "m", *words)


def _bare(folder: Path) -> None:
    put(folder, {_FILE: _EDITED})
    git(folder, "clone", "-q", "--bare", ".", str(folder.parent / f"{folder.name}-bare"))
    shutil.copytree(folder.parent / f"{folder.name}-bare", folder / "m", dirs_exist_ok=True)
    shutil.rmtree(folder.parent / f"{folder.name}-bare")


def base() -> Iterator[Attack]:
    """An immutable field is edited, and the object is somewhere else or in another form."""
    one: Files = {_FILE: WORKSPACE}
    made: dict[str, Callable[[Path], object]] = {
        "edited": _over({_FILE: _EDITED}),
        "renamed": _moved({"m/other.yaml": _EDITED}),
        "another-folder": _moved({"m/a/b/ws.yaml": _EDITED}),
        "yml": _moved({"m/ws.yml": _EDITED}),
        "json": _moved({"m/ws.json": json.dumps(yaml.safe_load(_EDITED))}),
        "list": _over({_FILE: _LISTED}),
        "second-document": _over({_FILE: "a: b\n---\n" + _EDITED}),
        "returns": _over({_FILE: _EDITED.replace("\n", "\r\n")}),
        "mark": _over({_FILE: "\ufeff" + _EDITED}),
        "quoted": _over({_FILE: _EDITED.replace("name: phi\n", 'name: "p\\x68i"\n')}),
        "attributes": _over({_FILE: _EDITED, ".gitattributes": "* export-ignore -text eol=crlf filter=x\n"}),
        "bare-repository": _bare,
        "module": _module,
        "link": _linked("m/h.yaml"),
        "link-without-suffix": _linked("m/h.txt"),
        "older-version": _over({_FILE: _EDITED.replace("v1beta1", "v1alpha1")}),
        "uid": _over({_FILE: _EDITED.replace("  namespace: team\n", "  namespace: team\n  uid: a-b\n")}),
        "replace": _over({_FILE: _EDITED.replace("  namespace: team\n", "  namespace: team\n  annotations: {argocd.argoproj.io/sync-options: Replace=true}\n")}),
        "namespace-by-kustomization": _over({_FILE: _BARE, "m/kustomization.yaml": "namespace: team\nresources: [ws.yaml]\n"}),
        "context": _over({_FILE: _EDITED, "m/kaitops-context.yaml": "kaito: 0.12.0\ncluster: other\n"}),
        "absent-and-again": _over({_FILE: "{}\n", "m/x.yaml": _EDITED}),
        "longer-name": _moved({f"m/{'a' * 200}.yaml": _EDITED}),
        "name-with-line-feed": _moved({"m/a\nb.yaml": _EDITED}),
        "hidden-folder": _moved({"m/.h/ws.yaml": _EDITED}),
    }  # fmt: skip
    for name, act in made.items():
        yield change(name, one, act)
    yield change(
        "default-namespace", {_FILE: WORKSPACE.replace("namespace: team", "namespace: default")}, _over({_FILE: _BARE})
    )
    yield change("linked-folder", {"m/sub/ws.yaml": WORKSPACE}, _folder_linked)
    yield change(
        "json-to-yaml",
        {"m/ws.json": json.dumps(yaml.safe_load(WORKSPACE))},
        lambda f: ((f / "m/ws.json").unlink(), put(f, {_FILE: _EDITED})),
    )
    yield change(
        "twice-at-base",
        {_FILE: WORKSPACE, "m/x.yaml": _EDITED},
        lambda f: (f / _FILE).unlink(),
        codes={0, 1},
        why="the base was red, as it has the object twice",
    )
    yield change(
        "broken-at-base",
        {_FILE: "a: [\n", "m/ok.yaml": WORKSPACE.replace("name: phi\n", "name: ok\n")},
        _over({_FILE: _EDITED}),
        codes={0, 1},
        why="nobody knows what was there, which a finding says",
    )


_ENTRY = "- {id: KAITO001, resource: Workspace team/phi, reason: a reason that can be read, owner: team a, until: '2026-12-31'}"
_STARTS = "exemptions:\n"
_ENTRIES: Mapping[str, str] = {
    "everything": _ENTRY.replace("Workspace team/phi", "'*'"),
    "every-rule": _ENTRY.replace("KAITO001", "'*'"),
    "no-end": _ENTRY.replace("2026-12-31", "9999-12-31"),
    "past": _ENTRY.replace("2026-12-31", "2020-01-01"),
    "no-date": _ENTRY.replace("'2026-12-31'", "never"),
    "no-day": _ENTRY.replace("2026-12-31", "2026-02-31"),
    "empty-reason": _ENTRY.replace("a reason that can be read", "''"),
    "blank-reason": _ENTRY.replace("a reason that can be read", "'   '"),
    "zero-width-reason": _ENTRY.replace("a reason that can be read", '"\\u200b\\u200b"'),
    "dot-reason": _ENTRY.replace("a reason that can be read", "."),
    "no-reason": _ENTRY.replace(", reason: a reason that can be read", ""),
    "no-owner": _ENTRY.replace(", owner: team a", ""),
    "zero-width-owner": _ENTRY.replace("owner: team a", 'owner: "\\u2060"'),
    "no-id": _ENTRY.replace("id: KAITO001, ", ""),
    "no-resource": _ENTRY.replace("resource: Workspace team/phi, ", ""),
    "unknown-id": _ENTRY.replace("KAITO001", "KAITO999"),
    "id-case": _ENTRY.replace("KAITO001", "kaito001"),
    "id-list": _ENTRY.replace("KAITO001", "[KAITO001]"),
    "authority": _ENTRY.replace("KAITO001", "KAITOPS-AUTHORITY"),
    "coverage": _ENTRY.replace("KAITO001", "KAITOPS-COVERAGE"),
    "exemption": _ENTRY.replace("KAITO001", "KAITOPS-EXEMPTION"),
    "form": _ENTRY.replace("KAITO001", "form"),
    "stars": _ENTRY.replace("Workspace team/phi", "'* */*'"),
    "question-marks": _ENTRY.replace("Workspace team/phi", "'????????? ????/???'"),
    "expression": _ENTRY.replace("Workspace team/phi", "'.*'"),
    "further-key": _ENTRY.replace("until:", "severity: LOW, until:"),
    "date-as-number": _ENTRY.replace("'2026-12-31'", "20261231"),
    "twice": f"{_ENTRY}\n{_ENTRY}",
}  # fmt: skip
_POLICIES: Mapping[str, str] = {
    "off": "severity:\n  KAITO001: {level: off, reason: a lab}\n",
    "low": "severity:\n  KAITO001: {level: LOW, reason: a lab}\n",
    "dev": "environment: dev\nseverity:\n  KAITO001: {level: off, reason: a lab}\n",
    "rules": "rules: [evil]\n",
    "threshold": "failOn: CRITICAL\n",
    "accepted": "acceptedKinds: [kaito.sh/Workspace]\nseverity:\n  KAITO001: {level: off, reason: x}\n",
}
_ANNOTATED = "  annotations:\n"


def exempted() -> Iterator[Attack]:
    """A verdict that the change exempts itself from."""
    for name, entry in _ENTRIES.items():
        yield change(
            f"with-base-{name}",
            {_FILE: WORKSPACE},
            _over({_FILE: PUBLIC, "kaitops-exemptions.yaml": f"{_STARTS}{entry}\n"}),
        )
    for name, text in _POLICIES.items():
        yield change(
            f"policy-{name}",
            {_FILE: WORKSPACE},
            _over({_FILE: PUBLIC, "kaitops-policy.yaml": text, "evil/r.py": _PROGRAM}),
        )
    for key in ("kaitops.io/exempt.KAITO001", "checkov.io/skip1", "bridgecrew.io/skip1", "cortex.io/skip1"):
        text = PUBLIC.replace(_ANNOTATED, f"{_ANNOTATED}    {key}: 'KAITO001=a; a reason; team a; 2026-12-31'\n")
        yield tree(f"annotation {key}", {_FILE: text})
    yield tree("comment", {_FILE: "# kaitops:ignore=KAITO001 checkov:skip=KAITO001 noqa nosec\n" + PUBLIC})
    yield tree("policy-in-tree", {_FILE: PUBLIC, "m/kaitops-policy.yaml": _POLICIES["off"]})
    yield tree("exemptions-in-tree", {_FILE: PUBLIC, "m/kaitops-exemptions.yaml": f"{_STARTS}{_ENTRY}\n"})
    yield Attack("ignored-and-forced", _forced)
    yield Attack("in-capitals", _capitals)
    for kind in ("tags", "heads"):
        yield Attack(f"namesake-of-the-base-in-{kind}", partial(_namesake, kind))


_PROGRAM = "open('executed', 'w').close()\n"


def _forced(folder: Path) -> Held:
    put(folder, {_FILE: WORKSPACE})
    commit(folder)
    put(folder, {_FILE: PUBLIC, ".gitignore": "kaitops-*\n", "kaitops-exemptions.yaml": f"{_STARTS}{_ENTRY}\n"})
    git(folder, "add", "-f", "-A")
    return verdict(called(*GATE, "--base", "main"))


def _capitals(folder: Path) -> Held:
    """What a file system without capitals takes for the file that is looked for."""
    put(folder, {_FILE: WORKSPACE})
    commit(folder)
    put(folder, {_FILE: PUBLIC, "KAITOPS-Exemptions.yaml": f"{_STARTS}{_ENTRY}\n"})
    git(folder, "add", "-A")
    (folder / "kaitops-exemptions.yaml").hardlink_to(folder / "KAITOPS-Exemptions.yaml")
    return verdict(called(*GATE, "--base", "main"))


def _namesake(kind: str, folder: Path) -> Held:
    """The change brings a tag or a branch that git takes for the base."""
    put(folder, {_FILE: WORKSPACE})
    commit(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    put(folder, {_FILE: PUBLIC, "kaitops-exemptions.yaml": f"{_STARTS}{_ENTRY}\n"})
    commit(folder)
    git(folder, "update-ref", f"refs/{kind}/origin/main", "HEAD")
    return verdict(called(*GATE, "--base", "origin/main"))


def emptied() -> Iterator[Attack]:
    """Nothing is left that could be judged."""
    yield change("no-file", {_FILE: WORKSPACE}, lambda f: ((f / _FILE).unlink(), put(f, {"m/README.md": "x"})))
    yield change(
        "a-file-for-the-folder", {_FILE: WORKSPACE}, lambda f: (shutil.rmtree(f / "m"), put(f, {"m": "a: b\n"}))
    )
    yield change("empty-objects", {_FILE: WORKSPACE}, _over({_FILE: "---\n---\n"}))
