"""Names that give orders: to a terminal, to CI systems that read logs, to GitHub's Markdown; none arrives."""

import json
import os
import re
from itertools import product
from pathlib import Path

import cmarkgfm
import pytest
import yaml

from kaitops.documents import writer
from kaitops.report import printable
from tests.commands import FORMS
from tests.conftest import RunHere
from tests.gate.objects import PUBLIC, put
from tests.sampling import some

ORDERS = (
    "##vso[task.setvariable variable=x]y", "##[add-matcher]x", "\n::stop-commands::t\n", "  ::error::x", "\x1b]0;x\x07\x1b[31m",
    "section_start:1:x\r\x1b[0K", "\u202eevil\u202c", "a\u200bb", "\u009b31m", "##vso[x", "\n##[error]x", "\r::set-output name=a::b",
)  # fmt: skip
LINKS = ("www.evil.example", "a@evil.example", "xmpp:a@evil.example", "&#64;octocat", "@octocat", "GH-1", "#1", "o/r#1", "0123abc",
         "https://evil.example", "[x](http://evil.example)", "![x](http://evil.example)", "<img src=x>", "`a`", "a|b", "\\|", "**b**")  # fmt: skip
_OURS = re.compile(r"^::(?:error|warning|notice) [^\n]*$")
_SEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def is_order(line: str) -> bool:
    return bool("##[" in line or "##vso[" in line.lower() or line.lstrip().startswith("::") or "section_start:" in line)


def tree(folder: Path, text: str) -> None:
    quoted = json.dumps(text)
    put(
        folder,
        name=PUBLIC.replace("name: phi\n", f"name: {quoted}\n"),
        space=PUBLIC.replace("namespace: team", f"namespace: {quoted}"),
        field=PUBLIC + f"  {quoted}: 1\n",
        preset=PUBLIC.replace("phi-4-mini-instruct", quoted),
        size=PUBLIC.replace("Standard_NC24ads_A100_v4", quoted),
        kind=PUBLIC.replace("kind: Workspace", f"kind: {quoted}"),
        version=PUBLIC.replace("apiVersion: kaito.sh/v1beta1", f"apiVersion: {quoted}"),
        twice=PUBLIC + f"{quoted}: 1\n{quoted}: 2\n",
    )
    (folder / f"f{text.replace('/', '-')}.yaml").write_text("a: 1\n")


_EACH = list(product(FORMS, range(len(ORDERS))))


@pytest.mark.parametrize(("form", "number"), some(_EACH, _EACH[:: len(FORMS) - 1]))
def test_no_order_leaves(run_here: RunHere, tmp_path: Path, form: str, number: int) -> None:
    tree(tmp_path, ORDERS[number])
    done = run_here("gate", ".", "--no-checkov", "-o", form)
    assert done.returncode == 2
    assert not _SEEN.search(done.stdout + done.stderr)
    for line in re.split(r"[\n\r]", done.stdout + done.stderr):
        if not (form == "github" and _OURS.match(line)):
            assert not is_order(line), line
        else:
            assert "##[" not in line
            assert "##vso[" not in line
    if form in {"json", "sarif"}:
        assert json.loads(done.stdout)
    if form == "json":
        held = json.dumps(json.loads(done.stdout)["findings"], ensure_ascii=False)
        assert json.dumps(ORDERS[number], ensure_ascii=False)[1:-1] in held


@pytest.mark.parametrize("text", ORDERS)
def test_errors_and_yaml_give_none_either(run_here: RunHere, tmp_path: Path, text: str) -> None:
    done = run_here("gate", text.replace("\0", "") or "x", "--no-checkov", code=2)
    assert not any(is_order(line) for line in re.split(r"[\n\r]", done.stderr))
    assert not _SEEN.search(done.stderr)
    for held in (text, f"one\n{text}\ntwo", f"one\n\n  {text}"):
        document = {"a": held, held: "b", "c": [held]}
        made = writer.dump(document)
        assert not any(is_order(line) for line in re.split(r"[\n\r]", made))
        assert yaml.safe_load(made) == document
        assert json.loads(printable.as_json(document)) == document


@pytest.mark.parametrize("text", LINKS)
def test_markdown_links_to_nobody(run_here: RunHere, tmp_path: Path, text: str) -> None:
    tree(tmp_path, text)
    page = run_here("gate", ".", "--no-checkov", "-o", "markdown").stdout
    html = cmarkgfm.github_flavored_markdown_to_html(page)
    assert "<a " not in html
    assert "<img" not in html
    plain = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    assert not re.search(r"@\w|\bGH-\d|#\d|\b[0-9a-f]{7,}\b|&amp;#\d", plain), plain
    assert html.count("<tr>") == sum(line.startswith("|") and not line.startswith("|---") for line in page.splitlines())


def test_long_names_are_cut_and_counted(run_here: RunHere, tmp_path: Path) -> None:
    put(tmp_path, a=PUBLIC.replace("phi-4-mini-instruct", "x" * 5000))
    said = run_here("gate", "a.yaml", "--no-checkov").stdout
    assert "x" * 254 not in said
    assert re.search(r"x{200,253}\.\.\. \(50\d\d characters\)", said)


def test_a_name_that_is_no_utf8_is_shown_by_its_bytes() -> None:
    assert printable.name(os.fsdecode(b"caf\xe9")) == "caf\\xe9"
    assert printable.name("plain name") == "plain name"
    assert printable.name("café 日本") == "café 日本"
