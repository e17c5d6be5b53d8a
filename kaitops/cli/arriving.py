"""What a promotion does to the clusters that it reaches, judged by the gate before anything is written."""

import subprocess
from collections.abc import Collection, Iterator, Mapping
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from kaitops import programs
from kaitops.change.repository import Commit
from kaitops.cli import output
from kaitops.cli.changing import Change
from kaitops.documents.plain import mapping
from kaitops.errors import BadInput, ToolMissing
from kaitops.fleet.controllers import controller_settings
from kaitops.fleet.promotion import reached
from kaitops.fleet.reading import Source
from kaitops.gate import run as gate
from kaitops.gate.options import Options
from kaitops.gitops import place
from kaitops.kaito import facts
from kaitops.render import ROOT, Rendering
from kaitops.report import printable, terminal
from kaitops.report.findings import HIGH, rank
from kaitops.today import today
from kaitops.tree import scratch

Files = Mapping[str, bytes]
_LEADING = {place.BOOTSTRAP, place.ENGINE, place.SOURCE}
_SETTINGS = {"cloud": "azure", "provisioner": "karpenter", "nvmeStorageClass": True}


class Step(NamedTuple):
    """Trees of the clusters before and after, by path; and what lies between the two."""

    about: str
    before: Files
    after: Files


def is_taken(before: Source, change: Change, rendered: Rendering, target: str) -> bool:
    """Print what the promotion does there; says whether the clusters take it."""
    good = True
    for step in _steps(before, change, rendered, target):
        if step.before != step.after:
            good = _judged(step) and good
    return good


def by_hand(change: Change, rendered: Rendering, target: str, out: str = "manifests") -> Iterator[str]:
    """The commands that bring what no tool fetches: what is applied once, where it changed."""
    clusters = change.source.data["clusters"]
    for name in reached(change.source, target):
        if clusters[name].get("server"):
            continue  # a central Argo CD reads it itself
        folder = f"{name}/{place.BOOTSTRAP}/"
        if _below(rendered.files, folder) != _below(change.rendering.files, folder):
            yield f"kubectl --context {name} apply -f {out}/{ROOT}/{folder.rstrip('/')}"


def _below(files: Files, folder: str) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path.startswith(folder)}


def _run(files: Files, clusters: Collection[str]) -> dict[str, bytes]:
    """What clusters run of a tree: without that which says where the tree lies."""
    kept: dict[str, bytes] = {}
    for path, content in files.items():
        name, _, rest = path.partition("/")
        if name in clusters and rest.partition("/")[0] not in _LEADING:
            kept[path] = content
    return kept


def _steps(before: Source, change: Change, rendered: Rendering, target: str) -> Iterator[Step]:
    old, new = reached(before, target), reached(change.source, target)
    yield Step(f"versions of {target} in the fleet", *(_run(each.files, new) for each in (rendered, change.rendering)))
    root = str(mapping(change.source.data.get("gitops")).get("path") or "manifests").strip("/")
    for name, revision in new.items():
        if old[name] and revision and old[name] != revision:
            about = f"{name} from {old[name]} to {revision}"
            try:
                trees = [_at(each, change.path.parent, f"{root}/{ROOT}/{name}", name) for each in (old[name], revision)]
            except (BadInput, ToolMissing) as error:
                text = str(error).removeprefix("--base: ").partition("; ")[0]
                output.note(f"warning: {about}: is not judged, as one cannot be read here ('git fetch --tags'): {text}")
                continue
            yield Step(about, *(_run(tree, [name]) for tree in trees))


def _at(revision: str, folder: Path, path: str, name: str) -> Files:
    """The tree of a cluster at a revision."""
    commit = Commit(revision, folder)
    entries = [one for one in commit.listed([path]) if not one.is_link and not one.is_module]
    if not entries:
        raise BadInput(f"{revision} has nothing at {path}; render and commit before you tag")
    return {f"{name}{one.name.removeprefix(path)}": content for one, content in commit.contents(entries)}


def _judged(step: Step) -> bool:
    with scratch.folder("kaitops-promote-") as room:
        top = room / "tree"
        top.mkdir()
        # The gate compares with a commit, so what was before becomes one.
        _git(top, "init", "--quiet")
        _put(top, step.before)
        _git(top, "add", "--all", "--force")
        _git(top, "commit", "--quiet", "--allow-empty", "--message", "before")
        for path in step.before.keys() - step.after.keys():
            (top / ROOT / path).unlink()
        _put(top, step.after)
        settings = controller_settings(facts.newest(), _SETTINGS, frozenset({"MultiRoleInference", "ModelMirror"}))
        options = Options(
            [ROOT], today(None), settings,
            trust_context=True, without_checkov=True, base="HEAD", check_render=False,
        )  # fmt: skip
        with chdir(top):
            report = gate.run(options, lambda _count: lambda: None).report
    output.note(f"what it does, {step.about}:")
    for line in terminal.lines(report):
        output.note(f"  {line}")
    # What an organisation's rules say of it is for its own gate, which knows the policy.
    grave = (one for one in report.shown if one.rule.startswith("KAITOPS-"))
    return not any(rank(one.severity) >= rank(HIGH) or one.unjudged for one in grave)


def _put(top: Path, files: Files) -> None:
    for path, content in files.items():
        file = top / ROOT / path
        if not file.resolve().is_relative_to(top.resolve()):
            raise BadInput(f"{printable.name(path)}: leads out of the tree, so it is not judged")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _git(folder: Path, *arguments: str) -> None:
    program = programs.find("git")
    if program is None:
        raise ToolMissing("git is not installed, so the change cannot be judged; install it, or give --no-check")
    given = ("user.name=kaitops", "user.email=kaitops@localhost", "commit.gpgSign=false", "core.hooksPath=/dev/null",
             "core.autocrlf=false", "core.excludesFile=/dev/null", "init.defaultBranch=main")  # fmt: skip
    words = [word for one in given for word in ("-c", one)]
    done = subprocess.run([program, "-C", str(folder), *words, *arguments], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise ToolMissing(f"git {arguments[0]}: failed: {done.stderr.decode(errors='replace').strip()[:300]}")
