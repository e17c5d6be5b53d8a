"""The documentation as a site: built strictly and soon, from what is here, and it asks no other host for anything."""

import json
import os
import re
import resource
import shutil
import subprocess
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright import sync_api as playwright

from tests.conftest import ROOT
from tests.e2e.conftest import lacking

SECONDS = 60
_ASKED = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=["']?(https?:)?//""")


def _spent() -> float:
    """Processor time of what was run: the clock would tell as much of what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def site() -> Iterator[Path]:
    subprocess.run(["make", ".venv-docs/.ready"], cwd=ROOT, check=True, capture_output=True)
    shutil.rmtree(ROOT / "dist/site", ignore_errors=True)
    before = _spent()
    done = subprocess.run(["make", "docs"], cwd=ROOT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _spent() - before <= SECONDS
    yield ROOT / "dist/site"


def test_pages_ask_no_other_host(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        assert not _ASKED.search(page.read_text("utf-8")), page.name
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", style.read_text("utf-8")), style.name


def test_what_is_made_is_there(site: Path) -> None:
    from kaitops.cli.parser import VERBS

    assert (site / "catalogue.html").read_text("utf-8").startswith("<!doctype html>")
    assert len(json.loads((site / "catalogue.json").read_text("utf-8"))["models"]) == 60
    commands = (site / "commands.html").read_text("utf-8")
    assert all(f'id="kaitops-{verb}"' in commands for verb in VERBS)
    told = (site / "llms.txt").read_text("utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", told):
        assert (site / target).exists(), target
    assert (site / "search/search_index.json").exists()
    assert len(list((site / "rules").glob("KAITO*.html"))) > 80
    assert (site / "keys/Model.html").exists()
    assert 'href="rules/KAITO002.html"' in (site / "policies.html").read_text("utf-8")
    assert 'href="keys/Model.html"' in (site / "fleet.html").read_text("utf-8")


def test_a_broken_anchor_is_refused(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "docs", copy / "docs")
    shutil.copy(ROOT / "mkdocs.yml", copy)
    with (copy / "docs/green.md").open("a") as page:
        page.write("\n[nowhere](gate.md#there-is-no-such-heading)\n")
    done = subprocess.run(
        [ROOT / ".venv-docs/bin/mkdocs", "build", "--strict", "--site-dir", tmp_path / "out"],
        cwd=copy, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "there-is-no-such-heading" in done.stderr


@pytest.mark.parametrize(("there", "latest"), [("0.0", "0.1"), ("9.10", "9.10")])
def test_a_version_is_published_beside_the_others(site: Path, tmp_path: Path, there: str, latest: str) -> None:
    """One that is newer is the latest; a patch of an older one is not."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for one in ROOT.iterdir():
        if not one.name.startswith(".") and one.name != "dist":
            (copy / one.name).symlink_to(one)

    def git(*words: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@b")
        return subprocess.run(["git", *who, *words], cwd=copy, check=True, capture_output=True, text=True).stdout

    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "sources")
    git("checkout", "-q", "--orphan", "gh-pages")
    (copy / there).mkdir()
    (copy / there / "index.html").write_text("an older page")
    (copy / "versions.json").write_text(json.dumps([{"version": there, "title": there, "aliases": ["latest"]}]))
    git("add", there, "versions.json")
    git("commit", "-qm", "published")
    git("checkout", "-q", "main")
    git("config", "user.name", "a")
    git("config", "user.email", "a@b")
    done = subprocess.run(
        [ROOT / ".venv-docs/bin/python", "docs/.site/versions.py"],
        cwd=copy, env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "KAITOPS_REPOSITORY": "https://git.example.com/kaitops"},
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    shown = {one["version"]: one["aliases"] for one in json.loads(git("show", "gh-pages:versions.json"))}
    assert {version for version, aliases in shown.items() if "latest" in aliases} == {latest}
    (own,) = shown.keys() - {there}
    assert git("show", f"gh-pages:{there}/index.html") == "an older page"
    page = git("show", f"gh-pages:{own}/index.html")
    assert f"kaitops {own}." in page
    assert '"provider": "mike"' in page, "the others are offered"
    assert re.search(rf'git\.example\.com/kaitops/blob/v{re.escape(own)}\.\d+/README\.md"', page)
    assert '"provider": "mike"' not in (site / "index.html").read_text("utf-8"), "there is none beside it"
    assert f"kaitops {own}." in (site / "index.html").read_text("utf-8")


@contextmanager
def _served(folder: Path) -> Generator[str]:
    """The site over HTTP: a page from a file may not write to the clipboard."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            del args

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_what_is_copied_can_be_run(site: Path) -> None:
    """Of a terminal's block the commands are, and neither the prompt nor what they print."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        lacking("no chromium on the search path: install the distribution's package")
    with _served(site) as address, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.goto(f"{address}/tutorial.html")
        blocks = page.locator(".highlight:has(.gp)")
        copied: list[str] = []
        for number in range(blocks.count()):
            blocks.nth(number).locator(".md-clipboard, .md-code__button").first.click()
            copied.append(page.evaluate("navigator.clipboard.readText()"))
        browser.close()
    assert copied[0] == "kaitops init --model phi-4-mini-instruct --region westeurope"
    commands = [line for text in copied for line in text.splitlines() if line.strip()]
    shown = re.findall(r"^\$ (.*)$", (ROOT / "docs/tutorial.md").read_text("utf-8"), flags=re.MULTILINE)
    assert commands == shown
    assert all(one.startswith(address) for one in asked)
