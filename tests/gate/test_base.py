"""The base is read as the head is: no form, folder, link or name of a cluster hides an edit that is refused."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conftest import Run
from tests.gate.objects import WORKSPACE, put
from tests.sampling import some

A100, H100 = "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"
EDITED = WORKSPACE.replace(A100, H100)
CONTEXT = "kaito: 0.12.0\ncluster: {}\nregion: westeurope\nsettings: {{cloud: azure, nodeProvisioner: karpenter, featureGates: {{}}}}\n"
INDEX = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [{}]\n"


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path) -> None:
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-qm", "base", "--allow-empty")


def gate(run: Run, *more: str):
    return run("gate", "m", "--no-checkov", "--base", "HEAD", "--region", "westeurope", "--trust-context", *more)


def as_json(text: str) -> str:
    return json.dumps(yaml.safe_load(text))


def as_list(text: str) -> str:
    return yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [yaml.safe_load(text)]})


def renamed(folder: Path) -> None:
    put(folder, **{"m__kaitops-context": CONTEXT.format("other"), "m__phi": EDITED})


def dropped(folder: Path) -> None:
    (folder / "m/kaitops-context.yaml").unlink()
    put(folder, m__phi=EDITED)


def moved(folder: Path) -> None:
    (folder / "m/b").mkdir()
    (folder / "m/phi.yaml").unlink()
    put(folder, m__b__phi=EDITED)


def cluster(folder: Path) -> None:
    put(folder, **{"m__kaitops-context": CONTEXT.format("one"), "m__phi": WORKSPACE})


def plain(folder: Path) -> None:
    put(folder, m__phi=WORKSPACE)


def edited(folder: Path) -> None:
    put(folder, m__phi=EDITED)


def text(name: str, content: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)

    return write


def instead(name: str, other: str, content: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / name).unlink()
        text(other, content)(folder)

    return write


def linked_folder(folder: Path) -> None:
    text("trees/a/phi.yaml", WORKSPACE)(folder)
    (folder / "m").mkdir()
    (folder / "m/a").symlink_to("../trees/a")


def linked_file(folder: Path) -> None:
    text("trees/phi.yaml", WORKSPACE)(folder)
    (folder / "m").mkdir()
    (folder / "m/phi.yaml").symlink_to("../trees/phi.yaml")


def linked_top(folder: Path) -> None:
    text("trees/phi.yaml", WORKSPACE)(folder)
    (folder / "m").symlink_to("trees")


def link_replaced(folder: Path) -> None:
    (folder / "m/phi.yaml").unlink()
    edited(folder)


def top_replaced(folder: Path) -> None:
    (folder / "m").unlink()
    edited(folder)


def listed(folder: Path) -> None:
    text("m/kustomization.yaml", INDEX.format("phi.txt"))(folder)
    text("m/phi.txt", WORKSPACE)(folder)


def placed(folder: Path) -> None:
    text("m/kustomization.yaml", INDEX.format("phi.yaml") + "namespace: team\n")(folder)
    text("m/phi.yaml", WORKSPACE.replace("  namespace: team\n", ""))(folder)


_EDITS = [
    (cluster, renamed), (cluster, dropped), (plain, renamed), (plain, moved), (cluster, moved),
    (text("m/phi.json", as_json(WORKSPACE)), text("m/phi.json", as_json(EDITED))),
    (text("m/phi.json", as_json(WORKSPACE)), instead("m/phi.json", "m/phi.yaml", EDITED)),
    (plain, instead("m/phi.yaml", "m/other.json", as_json(EDITED))),
    (text("m/phi.yaml", as_list(as_list(WORKSPACE))), edited),
    (linked_folder, text("trees/a/phi.yaml", EDITED)),
    (linked_file, text("trees/phi.yaml", EDITED)), (linked_file, link_replaced),
    (linked_top, text("trees/phi.yaml", EDITED)), (linked_top, top_replaced),
    (listed, text("m/phi.txt", EDITED)),
    (placed, text("m/phi.yaml", EDITED.replace("  namespace: team\n", ""))),
    (text("m/phi.yaml", WORKSPACE.replace("  namespace: team\n", "")), text("m/phi.yaml", EDITED.replace("namespace: team", "namespace: default"))),
    (text("m/phi.yaml", WORKSPACE.replace("namespace: team", "namespace: default")), text("m/phi.yaml", EDITED.replace("  namespace: team\n", ""))),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), some(_EDITS, [_EDITS[0], _EDITS[6], _EDITS[10], _EDITS[16]]))
def test_a_refused_edit_is_seen_in_every_form(
    run: Run, tmp_path: Path, before: Callable[[Path], None], after: Callable[[Path], None]
) -> None:
    before(tmp_path)
    commit(tmp_path)
    assert "CHANGE-REFUSED" not in gate(run).stdout
    after(tmp_path)
    done = gate(run)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "KAITOPS-CHANGE-REFUSED CRITICAL" in done.stdout, done.stdout


def test_what_has_the_same_name_in_another_cluster_is_another_object(run: Run, tmp_path: Path) -> None:
    for name, held in (("a", WORKSPACE), ("b", EDITED)):
        put(tmp_path, **{f"m__{name}__kaitops-context": CONTEXT.format(name), f"m__{name}__phi": held})
    commit(tmp_path)
    for path in sorted((tmp_path / "m/a").iterdir()):
        path.unlink()
    done = json.loads(gate(run, "-o", "json").stdout)
    assert [(row["cluster"], row["outcome"]) for row in done["plan"]] == [("a", "deleted")]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("raw", [b"a: [\n", b"\xff\xfe\x00\x01", b"\x00" * 100, b"kind: x\nkind: y\napiVersion: v1\n"])
@pytest.mark.parametrize("mend", ["remove", "write"])
def test_what_is_broken_at_the_base_does_not_block_its_mending(run: Run, tmp_path: Path, raw: bytes, mend: str) -> None:
    plain(tmp_path)
    (tmp_path / "m/bad.yaml").write_bytes(raw)
    commit(tmp_path)
    assert gate(run).returncode == 2, "as long as it is there"
    (tmp_path / "m/bad.yaml").unlink()
    if mend == "write":
        put(tmp_path, m__bad=WORKSPACE.replace("name: phi\n", "name: bad\n"))
    done = gate(run)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "m/bad.yaml:1:1: KAITOPS-CHANGE-UNKNOWN MEDIUM" in done.stdout


_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: team}\nspec: {ports: [{port: 80}]}\n"


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        (WORKSPACE, WORKSPACE.replace("resource:\n", "resource: x\nold:\n")),
        (WORKSPACE, WORKSPACE.split("inference:")[0] + "inference: x\n"),
        (WORKSPACE, WORKSPACE.replace("matchLabels:\n      apps: phi", "matchExpressions: true")),
        (_SERVICE, _SERVICE.replace("{ports: [{port: 80}]}", "5")),
        (_SERVICE, _SERVICE.replace("[{port: 80}]", "[5]")),
    ],
)
def test_an_object_that_the_server_never_took_does_not_block_its_mending(
    run: Run, tmp_path: Path, text: str, broken: str
) -> None:
    put(tmp_path, m__a=broken)
    commit(tmp_path)
    put(tmp_path, m__a=text)
    done = run("gate", "m", "--no-checkov", "--base", "HEAD", code=0)
    assert "broke off" not in done.stdout
    # The other way it is refused as ever.
    commit(tmp_path)
    put(tmp_path, m__a=broken)
    assert run("gate", "m", "--no-checkov", "--base", "HEAD").returncode in (1, 2)


def test_a_submodule_of_the_base_is_said(run: Run, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    put(inner, phi=WORKSPACE)
    commit(inner)
    put(tmp_path, m__a=WORKSPACE.replace("name: phi\n", "name: a\n"))
    (tmp_path / ".gitignore").write_text("inner\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "submodule", "add", str(inner), "m/sub")
    git(tmp_path, "add", "m", ".gitmodules")
    git(tmp_path, "commit", "-qm", "base")
    held = gate(run)
    assert held.returncode == 2 and "m/sub:1:1: KAITOPS-COVERAGE CRITICAL: is another repository" in held.stdout
    git(tmp_path, "submodule", "--quiet", "deinit", "-f", "m/sub")
    held = gate(run)
    assert held.returncode == 2 and "is a submodule that is not checked out" in held.stdout
    git(tmp_path, "rm", "-rqf", "m/sub")
    put(tmp_path, m__sub__phi=EDITED)
    done = gate(run)
    assert "m/sub:1:1: KAITOPS-CHANGE-UNKNOWN MEDIUM" in done.stdout and "submodule" in done.stdout


def tree_with(folder: Path, *entries: tuple[str, str]) -> None:
    """Commit a tree that no checkout would make: mode and name of each entry, all of the same content."""
    plain(folder)
    commit(folder)
    blob = git(folder, "hash-object", "-w", "m/phi.yaml").strip()
    lines = "".join(f"{mode} blob {blob}\t{name}\n" for mode, name in entries)
    inner = subprocess.run(
        ["git", "mktree"], cwd=folder, input=lines, check=True, capture_output=True, text=True
    ).stdout
    for name in ("..", "m"):
        made = f"040000 tree {inner.strip()}\t{name}\n"
        inner = subprocess.run(
            ["git", "mktree"], cwd=folder, input=made, check=True, capture_output=True, text=True
        ).stdout
    done = git(folder, "commit-tree", "-m", "evil", inner.strip())
    git(folder, "update-ref", "refs/heads/evil", done.strip())


def test_no_name_of_the_base_leads_out_of_its_folder(run: Run, tmp_path: Path) -> None:
    tree_with(tmp_path, ("100644", "kaitops-escaped.yaml"))
    done = run("gate", "m", "--no-checkov", "--base", "evil", env={"TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no checkout can hold" in done.stdout
    assert not list(tmp_path.rglob("kaitops-escaped.yaml"))


def test_a_link_of_the_base_is_not_written_through(run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    plain(tmp_path)
    (tmp_path / "m/out").symlink_to(outside)
    (tmp_path / "m/up").symlink_to("../..")
    commit(tmp_path)
    for name in ("out", "up"):
        (tmp_path / "m" / name).unlink()
    done = gate(run)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "m/out:1:1: KAITOPS-CHANGE-UNKNOWN" in done.stdout and "m/up:1:1: KAITOPS-CHANGE-UNKNOWN" in done.stdout
    assert list(outside.iterdir()) == []


def test_links_in_a_circle_end(run: Run, tmp_path: Path) -> None:
    plain(tmp_path)
    for one, other in (("a", "b"), ("b", "a"), ("c", "c/d")):
        (tmp_path / "m" / one).symlink_to(other)
    commit(tmp_path)
    edited(tmp_path)
    assert "KAITOPS-CHANGE-REFUSED" in gate(run).stdout


@pytest.mark.parametrize("kind", ["tags", "heads"])
@pytest.mark.parametrize("asked", ["origin/main", "origin/main~0"])
def test_a_name_that_the_writer_of_the_change_can_give_to_another_commit_is_no_base(
    run: Run, tmp_path: Path, kind: str, asked: str
) -> None:
    plain(tmp_path)
    commit(tmp_path)
    git(tmp_path, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(tmp_path, "update-ref", f"refs/{kind}/origin/main", "HEAD")
    edited(tmp_path)
    run("gate", "m", "--no-checkov", "--base", asked, code=1)
    commit(tmp_path)
    git(tmp_path, "update-ref", f"refs/{kind}/origin/main", "HEAD")
    done = run("gate", "m", "--no-checkov", "--base", asked, code=2)
    assert f"refs/{kind}/origin/main and of refs/remotes/origin/main, and they differ" in done.stderr
    run("gate", "m", "--no-checkov", "--base", "refs/remotes/origin/main", code=1)


def test_an_annotated_tag_of_the_same_commit_is_no_other_base(run: Run, tmp_path: Path) -> None:
    plain(tmp_path)
    commit(tmp_path)
    git(tmp_path, "update-ref", "refs/heads/v1", "HEAD")
    git(tmp_path, "-c", "user.name=x", "-c", "user.email=x@y", "tag", "-a", "-m", "x", "v1", "HEAD")
    run("gate", "m", "--no-checkov", "--base", "v1", code=0)


def test_an_edited_kustomization_of_no_named_cluster_takes_away_nothing_that_is_said_of_one(
    run: Run, tmp_path: Path
) -> None:
    size = "{op: replace, path: /resource/instanceType, value: Standard_NC24ads_A100_v4}"
    text = f"resources: [w.yaml]\npatches: [{{target: {{kind: Workspace}}, patch: '- {size}'}}]\n"
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "w.yaml").write_text(WORKSPACE)
    (tmp_path / "k" / "kustomization.yaml").write_text(text)
    commit(tmp_path)
    (tmp_path / "k" / "kustomization.yaml").write_text(text + "labels: [{pairs: {team: chat}}]\n")
    told = run("gate", ".", "--no-checkov", "--base", "HEAD", code=0).stdout
    assert "KAITOPS-CHANGE-CLUSTER" not in told
