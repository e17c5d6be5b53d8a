"""Tutorial and recipes do what they say, from an empty folder to their last line."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import KAITOPS
from tests.cost.test_quota import SKU, usage
from tests.guides import PAGES, standins, steps
from tests.live import docs_world
from tests.live.server import served
from tests.live.standin import FORWARD, Kubectl, serving
from tests.sampling import some

QUICK = ("blob-weights", "cluster", "leave-the-add-on", "processors", "rag-qdrant")
"""Pages whose commands together take a second at most; the others are slow tests."""
A10 = "Standard_NV36ads_A10_v5"
ANY = 'case "$1" in apply|delete|create|annotate|wait|-n|--context) exit 0;; esac\n'


@contextmanager
def _serving(folder: Path) -> Iterator[Mapping[str, str]]:
    with served(model="phi-4-mini-instruct") as (url, _):
        objects = docs_world.aged(serving("phi-4-mini-instruct"))
        # On the machine that `auto` takes in the tutorial.
        objects[0]["resource"]["instanceType"] = A10
        objects[0]["inference"]["config"] = "phi-4-mini-instruct-inference-ad69c02e40"
        objects[3]["metadata"]["labels"]["node.kubernetes.io/instance-type"] = A10
        kubectl = Kubectl(folder, objects, FORWARD + ANY)
        (folder / "port").write_text(url.rpartition(":")[2])
        yield {"PATH": str(kubectl.bin)}


@contextmanager
def _failing(folder: Path) -> Iterator[Mapping[str, str]]:
    with docs_world.world(folder) as given:
        program = folder / "bin/kubectl"
        program.write_text(
            program.read_text().replace('echo "error: unknown command"', ANY + 'echo "error: unknown command"')
        )
        yield given


@contextmanager
def _none(folder: Path) -> Iterator[Mapping[str, str]]:
    yield {}


@contextmanager
def _subscribed(folder: Path) -> Iterator[Mapping[str, str]]:
    """A subscription that has quota for what the page asks."""
    programs = folder / "bin"
    programs.mkdir(parents=True)
    for name, answer in (("usage", usage()), ("skus", [SKU])):
        (folder / f"{name}.json").write_text(json.dumps(answer))
    script = f'#!/bin/sh\ncase "$2" in list-*) exec cat "{folder}/${{2#list-}}.json";; esac\n'
    (programs / "az").write_text(script)
    (programs / "az").chmod(0o755)
    yield {"PATH": str(programs)}


WORLDS = {"tutorial.md": _serving, "does-not-start.md": _failing, "cluster.md": _subscribed}


def _taken(flag: str, path: Path) -> bool:
    """Whether kubectl reads this: by ``-f`` a file, or a folder's own files, of which none is a kustomization."""
    listed = (path / "kustomization.yaml").exists()
    return listed if flag == "-k" else path.is_file() or (not listed and any(path.glob("*.yaml")))


def follow(page: Path, folder: Path, world: Path) -> list[tuple[str, str, str | None]]:
    """Do what the page says; each command with what it printed and what was promised."""
    done: list[tuple[str, str, str | None]] = []
    with WORLDS.get(page.name, _none)(world) as given:
        path = [given.get("PATH"), str(KAITOPS.parent), str(standins(world / "standins")), os.environ["PATH"]]
        environment = {**os.environ, **given, "PATH": os.pathsep.join(one for one in path if one)}
        for step in steps(page):
            if step.file:
                (folder / step.file).parent.mkdir(parents=True, exist_ok=True)
                (folder / step.file).write_text(step.text)
                continue
            if step.printed is None:
                # A stand-in takes any path, so they are looked at.
                for flag, path in pairwise(step.text.split()):
                    if flag in ("-f", "-k"):
                        assert _taken(flag, folder / path), f"{page.name}: kubectl would not take {flag} {path}"
            ran = subprocess.run(
                ["bash", "-c", step.text if step.printed is not None else f"set -e\n{step.text}"], cwd=folder, env=environment,
                text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
            if step.printed is None:
                assert ran.returncode == 0, f"{step.text}\n{ran.stdout}"
            done.append((step.text, ran.stdout, step.printed))
    return done


@pytest.mark.parametrize(
    "page", some(PAGES, [page for page in PAGES if page.stem in QUICK]), ids=lambda page: page.stem
)
def test_a_reader_who_does_what_the_page_says_sees_what_it_shows(page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    found = follow(page, folder, tmp_path / "world")
    assert found
    for command, printed, promised in found:
        assert promised is None or printed == promised, command
