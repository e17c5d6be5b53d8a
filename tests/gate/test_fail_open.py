"""Inputs on which a checker that is not on its guard is green: each must be judged, or say that it was not."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import KAITOPS, Run, bound
from tests.gate.objects import PUBLIC, RULE, WORKSPACE, put

_BAD = "KAITO001 CRITICAL"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("name-is-a-number", PUBLIC.replace("name: phi\n", "name: 123\n"), 2),
        ("name-is-too-long", PUBLIC.replace("name: phi\n", f"name: {'a' * 254}\n"), 1),
        ("name-has-odd-signs", PUBLIC.replace("name: phi\n", "name: 'phi#{}'\n"), 1),
        ("generate-name", PUBLIC.replace("  name: phi\n", "  generateName: phi-\n"), 2),
        ("no-metadata", PUBLIC.split("metadata:")[0] + "resource: {}\n", 2),
        ("kind-is-no-text", PUBLIC.replace("kind: Workspace", "kind: 7"), 2),
        ("broken-second-document", PUBLIC + "---\na: [\n", 2),
        ("template-in-a-comment", "# {{ .Values.x }} {{ .Release.Name }}\n" + PUBLIC, 1),
        ("duplicate-key", PUBLIC + "kind: ConfigMap\n", 2),
        ("merge-of-what-is-no-mapping", "<<: 1\n" + PUBLIC, 2),
    ],
)
def test_documents(run: Run, tmp_path: Path, name: str, text: str, code: int) -> None:
    put(tmp_path, bad=text, good=WORKSPACE.replace("name: phi\n", "name: good\n"))
    done = run("gate", ".", "--no-checkov", code=code)
    assert (_BAD in done.stdout) is (code == 1)
    assert ("incomplete" in done.stdout) is (code == 2)


@pytest.mark.parametrize("name", ["workspace", "workspace.yaml.bak", "workspace.tmpl", "workspace.yaml.j2"])
def test_a_file_that_would_not_be_read(run: Run, tmp_path: Path, name: str) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / name).write_text(PUBLIC)
    assert f"{name}:1:1: KAITOPS-COVERAGE" in run("gate", ".", "--no-checkov", code=2).stdout


def test_prose_and_data_are_no_manifests(run: Run, tmp_path: Path) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / "README.md").write_text(f"```yaml\n{PUBLIC}```\n")
    (tmp_path / "package.json").write_text('{"name": "x"}')
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0apiVersion: v1\nkind: x\n")
    run("gate", ".", "--no-checkov", code=0)


def test_json_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "namespace": "team"}, "stringData": {"k": "v"}}'
    )
    assert "a.json:1:88: KAITO028" in run("gate", ".", "--no-checkov", code=1).stdout


@pytest.mark.parametrize("folder", [".hidden", "a/.b/c"])
def test_hidden_folders_are_read(run: Run, tmp_path: Path, folder: str) -> None:
    put(tmp_path, **{f"{folder.replace('/', '__')}__bad": PUBLIC})
    assert f"{folder}/bad.yaml:" in run("gate", ".", "--no-checkov", code=1).stdout


@pytest.mark.parametrize("arguments", [["missing"], ["good.yaml", "missing.yaml"], ["empty"]])
def test_paths_that_hold_nothing(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / "empty").mkdir()
    run("gate", *arguments, "--no-checkov", code=2)


def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    put(tmp_path, good=WORKSPACE, locked__bad=PUBLIC)
    command = bound(str(KAITOPS), "gate", ".", "--no-checkov")
    (tmp_path / "locked").chmod(0)
    try:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    finally:
        (tmp_path / "locked").chmod(0o755)
    assert done.returncode == 2, done.stdout
    assert "locked" in done.stdout


def test_a_link_that_leads_nowhere_and_one_that_leads_back(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a__good=WORKSPACE)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    run("gate", ".", "--no-checkov", code=0)
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    assert "gone.yaml:1:1: KAITOPS-FORM CRITICAL: cannot be read" in run("gate", ".", "--no-checkov", code=2).stdout


@pytest.mark.parametrize("name", [".checkov.yaml", "a/.checkov.yml", ".checkov.baseline"])
def test_configuration_of_checkov_in_the_tree(run: Run, tmp_path: Path, name: str) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("soft-fail: true\n")
    assert "can switch checkov off" in run("gate", ".", "--no-checkov", code=2).stdout


def test_folders_of_rules(run: Run, tmp_path: Path) -> None:
    put(tmp_path, good=WORKSPACE)
    assert "no such folder" in run("gate", "good.yaml", "--rules", "nowhere", code=2).stderr
    (tmp_path / "rules").mkdir()
    assert "holds no rule" in run("gate", "good.yaml", "--rules", "rules", code=2).stderr
    rule = tmp_path / "rules" / "team.py"
    rule.write_text("raise RuntimeError('broken')\n")
    assert "broken" in run("gate", "good.yaml", "--rules", "rules", code=2).stderr
    rule.write_text("# nothing\n")
    run("gate", "good.yaml", "--rules", "rules", code=2)
    rule.write_text(RULE.format(body='yield ("metadata", "name"), "is called phi"'))
    done = run("gate", "good.yaml", "--rules", "rules", "--no-checkov", "--fail-on", "MEDIUM", code=1)
    assert "good.yaml:4:3: TEAM001 MEDIUM: Workspace team/phi: is called phi; name it otherwise\n" in done.stdout
    run("gate", "good.yaml", "--rules", "rules", "--no-checkov", code=0)


def test_a_rule_that_raises(run: Run, tmp_path: Path) -> None:
    put(tmp_path, bad=PUBLIC)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "team.py").write_text(RULE.format(body='raise KeyError("hf_" + "a" * 30)'))
    done = run("gate", "bad.yaml", "--rules", "rules", "--no-checkov", code=2)
    assert "KAITOPS-COVERAGE CRITICAL: Workspace team/phi: TEAM001 failed" in done.stdout
    assert _BAD in done.stdout, "the other rules are still heard"
    assert "hf_a" not in done.stdout + done.stderr


def test_an_object_that_nothing_knows_is_not_judged_unless_its_kind_is_accepted(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a="apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a, namespace: team}\n")
    said = run("gate", "a.yaml", "--no-checkov", code=2).stdout
    assert "a.yaml:2:1: KAITOPS-COVERAGE CRITICAL: Widget team/a: nothing knows what example.com/Widget can do" in said
    done = run("gate", "a.yaml", "--no-checkov", "--accept-kind", "example.com/Widget", code=0)
    assert done.stdout == "1 object: 1 accepted unjudged; 0 findings\n"
    assert "note: accepted unjudged: objects of kind example.com/Widget" in done.stderr
    (tmp_path / "team.yaml").write_text("acceptedKinds: [example.com/Widget]\n")
    run("gate", "a.yaml", "--no-checkov", "--policy", "team.yaml", code=0)
    run("gate", "a.yaml", "--no-checkov", "--accept-kind", "Widget", code=2)
    (tmp_path / "rules").mkdir()
    rule = RULE.format(body="return ()").replace("kaito.sh/Workspace", "example.com/Widget")
    (tmp_path / "rules" / "team.py").write_text(rule)
    assert "1 by rules only" in run("gate", "a.yaml", "--no-checkov", "--rules", "rules", code=0).stdout


def test_a_kind_of_kaitos_that_does_not_exist_cannot_be_accepted(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE.replace("kind: Workspace", "kind: Wurkspace"))
    run("gate", "a.yaml", "--no-checkov", "--accept-kind", "kaito.sh/Wurkspace", code=2)


def test_text_of_an_accepted_kind_is_still_read(run: Run, tmp_path: Path) -> None:
    token = "hf_" + "a1B2" * 8
    put(tmp_path, a=f"apiVersion: example.com/v1\nkind: Widget\nmetadata: {{name: a, namespace: team}}\nx: {token}\n")
    done = run("gate", "a.yaml", "--no-checkov", "--accept-kind", "example.com/Widget", code=1)
    assert "KAITO008 CRITICAL" in done.stdout
    assert token not in done.stdout
