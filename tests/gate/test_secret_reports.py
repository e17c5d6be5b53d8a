"""A value that a tree holds as a secret is in no report, no error and no file, whatever way it is held."""

from base64 import b64encode
from pathlib import Path

import pytest

from tests.commands import FORMS
from tests.conftest import RunHere
from tests.gate.objects import WORKSPACE, put

VALUE = "Tr0ub4dor-and-three"
NUMBER = "98765432101"
_HEAD = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: team}\n"
_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: team}\n"
_ENV = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: team}\nspec: {containers: [{name: c, image: a/b:1, env: [%s]}]}\n"
HELD = {
    "text": (_HEAD + f"stringData: {{pin: {VALUE}}}\n", VALUE),
    "number": (_HEAD + f"stringData: {{pin: {NUMBER}}}\n", NUMBER),
    "list": (_HEAD + f"stringData: {{pin: [{VALUE}, {NUMBER}]}}\n", VALUE),
    "mapping": (_HEAD + f"stringData: {{pin: {{x: {VALUE}}}}}\n", VALUE),
    "tag": (_HEAD + f"stringData: {{pin: !!int {VALUE}}}\n", VALUE),
    "duplicate": (_HEAD + f"stringData: {{{VALUE}: a, {VALUE}: b}}\n", VALUE),
    "anchor": (_HEAD + f"stringData: {{a: &{VALUE} x, b: *{VALUE}x}}\n", VALUE),
    "base64": (_HEAD + f"data: {{pin: {b64encode(VALUE.encode()).decode()}, x: 5}}\n", VALUE),
    "lines": (_HEAD + f"stringData:\n  a: |\n    {VALUE}\n    second\n  b: 5\n", VALUE),
    "width": (_HEAD + f'stringData: {{"a": "{VALUE[:5]}\\u200b{VALUE[5:]}", b: 5}}\n', VALUE[5:]),
    "refused": (_HEAD.replace("name: a, ", "") + f"stringData: {{pin: {VALUE}}}\n", VALUE),
    "unread": (_HEAD + f"stringData: {{pin: {VALUE}}}\nx: [\n", VALUE),
    "in-a-list": (f"apiVersion: v1\nkind: List\nitems: [{{apiVersion: v1, kind: Secret, metadata: {{name: 5}}, data: {{p: {VALUE}}}}}]\n", VALUE),
    "config-map": (_MAP + f"data: {{password: {NUMBER}, x: 5}}\n", NUMBER),
    "variable": (_ENV % f"{{name: DB_PASSWORD, value: {VALUE}}}", VALUE),
    "name": (WORKSPACE + f"  password: {VALUE}\n", VALUE),
    "comment": (WORKSPACE + "# hf_" + "aB3dE6gH9" * 4 + "\n", "aB3dE6gH9" * 4),
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("way", HELD)
def test_no_report_holds_it(run_here: RunHere, tmp_path: Path, way: str) -> None:
    text, value = HELD[way]
    put(tmp_path, a=text)
    for form in FORMS:
        files = [word for name in ("json", "sarif", "junit", "markdown") for word in (f"--{name}", f"out.{name}")]
        done = run_here("gate", "a.yaml", "--no-checkov", "-o", form, *files)
        assert done.returncode in (1, 2)
        written = "".join((tmp_path / f"out.{name}").read_text() for name in ("json", "sarif", "junit", "markdown"))
        said = done.stdout + done.stderr + written
        assert "internal error" not in said
        for one in (value, b64encode(value.encode()).decode(), repr(value)[1:-1]):
            assert one not in said, form


@pytest.mark.parametrize(
    "comment",
    ["# hf_" + "aB3dE6gH9" * 4, "#-----BEGIN RSA PRIVATE KEY-----\n# x", "# token\n#   ghp_" + "aB3dE6gH9" * 4],
)
@pytest.mark.parametrize("where", ["{0}\n{1}", "{1}{0}\n", "{1}---\n{0}\n", "{1}    # a\n{0}\n"])
def test_comments_are_searched(run_here: RunHere, tmp_path: Path, comment: str, where: str) -> None:
    put(tmp_path, a=where.format(comment, WORKSPACE))
    done = run_here("gate", "a.yaml", "--no-checkov", code=1)
    assert done.stdout.count("KAITO008 CRITICAL: the text of the file holds what looks like") == 1


def test_a_text_that_shows_a_comment_is_told_once(run_here: RunHere, tmp_path: Path) -> None:
    put(
        tmp_path,
        a=f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: team}}\ndata:\n  x: |\n    # hf_{'aB3dE6gH9' * 4}\n",
    )
    assert run_here("gate", "a.yaml", "--no-checkov", code=1).stdout.count("KAITO008") == 1
