"""What a release is made of, read and, where nothing but this machine is needed, done."""

import re
import shlex
from fnmatch import fnmatch

import yaml

from tests.conftest import ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/release.yaml").read_text("utf-8"))
CHANGES = (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_workflow_checks_builds_attests_and_publishes_with_no_more_rights_than_each_needs() -> None:
    assert WORKFLOW["permissions"] == {}
    jobs = WORKFLOW["jobs"]
    assert [jobs["build"]["needs"], jobs["publish"]["needs"], jobs["image"]["needs"]] == ["check", "build", "check"]
    assert jobs["check"]["steps"][-1]["run"] == ".ci/run"
    for name, job in jobs.items():
        for step in job["steps"]:
            # A tag's name reaches a script as a variable, never as its text.
            assert "${{" not in step.get("run", "")
            if "uses" in step:
                assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"]), "pinned by commit"
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False
        attests = any("attest" in step.get("uses", "") for step in job["steps"])
        assert attests == ("attestations" in job["permissions"]) == (name in ("build", "image"))
    assert jobs["publish"]["permissions"] == {"contents": "write", "id-token": "write"}
    assert jobs["docs"]["needs"] == "publish"
    assert jobs["docs"]["permissions"] == {"contents": "write"}
    # A token that publishes is made for the run; none is stored.
    assert "secrets." not in (ROOT / ".github/workflows/release.yaml").read_text("utf-8")


def test_the_commands_of_the_workflow_are_ours() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    (recipe,) = re.findall(r"^dist:.*\n((?:\t.*\n)+)", text, flags=re.MULTILINE)
    for made in ("build", "kaitops.cdx.json", "NOTES.md"):
        assert made in recipe
    runs = [step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step]
    assert "make dist" in runs
    # The sites of versions stand side by side: one is added to those that were fetched, and nothing else is pushed.
    (sites,) = [run.splitlines() for run in runs if "make docs-version" in run]
    assert [line.split()[:2] for line in sites[-3:]] == [["git", "fetch"], ["make", "docs-version"], ["git", "push"]]
    assert sites[-1].endswith(" gh-pages") and "--force" not in sites[-1]


def test_the_newest_entry_of_the_changes_is_of_a_version() -> None:
    (first, *_) = re.findall(r"^## (.*)$", CHANGES, flags=re.MULTILINE)
    assert re.fullmatch(r"\d+\.\d+\.\d+", first)
    fallback = re.search(
        r'^fallback-version = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"), flags=re.MULTILINE
    )
    assert fallback
    assert fallback[1] == first


def test_the_image_is_small_fixed_and_runs_as_nobody() -> None:
    lines = [
        line for line in (ROOT / "Containerfile").read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    assert {line.split()[0] for line in lines} <= {"FROM", "ARG", "ENV", "RUN", "WORKDIR", "COPY", "USER", "ENTRYPOINT"}
    bases = [line.split()[1] for line in lines if line.startswith("FROM")]
    assert len(set(bases)) == 1
    assert re.fullmatch(r"docker\.io/library/python:\d\.\d+-slim-[a-z]+", bases[0])
    last = lines[len(lines) - lines[::-1].index(next(line for line in lines[::-1] if line.startswith("FROM"))) - 1 :]
    assert not any(line.startswith("COPY") and "--from=build" not in line for line in last), "sources stay behind"
    assert last[-2:] == ["USER 65532:65532", 'ENTRYPOINT ["kaitops"]']
    for line in lines:
        if "apt-get install" in line:
            assert "--no-install-recommends" in line
            assert "rm -rf /var/lib/apt/lists/*" in line
        if line.startswith("RUN"):
            assert shlex.split(line)
    (sync,) = [line for line in lines if "uv sync" in line]
    assert "--frozen" in sync


def test_what_the_image_is_built_from_is_all_that_the_package_needs() -> None:
    kept = [line[1:] for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    assert set(kept) == {
        "kaitops",
        "components",
        "policies",
        "presets",
        "examples",
        "pyproject.toml",
        "uv.lock",
        "README.md",
        "LICENSE",
    }
    assert all((ROOT / one).exists() for one in kept)
    assert not any(fnmatch(one, "*secret*") for one in kept)
