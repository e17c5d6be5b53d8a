"""What is green is what the cluster takes, starts and reaches: each kind of fault that once passed, and its harmless twin.

A case is a tree, and the findings that it must give as rule and words of the message, all of them; none for a twin.
"""

import json
import subprocess
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest

from tests.gate.objects import WORKSPACE

Found = Sequence[tuple[str, str]]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


class Case(NamedTuple):
    """A tree of one file.

    Attributes:
        found: id, and words of the message, of each finding that there must be, in any order.
        code: exit code.
        options: further words of the command.
    """

    text: str
    found: Found = ()
    code: int = 0
    options: Sequence[str] = ()


def _joined(*documents: str) -> str:
    return "---\n".join(documents)


_MAC = "mac: ENC[AES256_GCM,data:q1w2,iv:e3r4,tag:t5z6,type:str]"
_SEALED = f"""\
apiVersion: v1
kind: Secret
metadata: {{name: weights, namespace: team}}
stringData:
  HF_TOKEN: ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]
  empty: ""
sops:
  version: 3.10.2
  {_MAC}
"""
_GATED = WORKSPACE.replace(
    "    name: phi-4-mini-instruct\n",
    "    name: llama-3.1-8b-instruct\n    presetOptions: {modelAccessSecret: weights}\n",
)
_PULL = _SEALED.replace("stringData:", "type: kubernetes.io/dockerconfigjson\ndata:").replace(
    "HF_TOKEN", ".dockerconfigjson"
)

FORMS = {
    "documents that hold nothing": Case("# a head\n---\n" + WORKSPACE + "---\n# a comment\n---\nnull\n---\n~\n---\n"),
    "a document without a kind": Case(
        WORKSPACE + "---\n{metadata: {name: a}}\n", [("KAITOPS-FORM", "apiVersion and kind")], 2
    ),
    "a Secret of SOPS": Case(_joined(_GATED, _SEALED)),
    "a Secret of SOPS for pulls": Case(_PULL),
    "a key that a Secret of SOPS lacks": Case(
        _joined(_GATED, _SEALED.replace("HF_TOKEN", "TOKEN")), [("KAITOPS-REFERENCE", "has no key HF_TOKEN")], 1
    ),
    "a value in the clear": Case(
        _SEALED.replace('empty: ""', "other: plain-words"),
        [("KAITOPS-FORM", "stringData.other stands in the clear")],
        2,
    ),
    "a Secret of SOPS without its mac": Case(
        _SEALED.replace(_MAC, "mac: none"), [("KAITOPS-FORM", "has no mac of SOPS's")], 2
    ),
    "words of SOPS on what is no Secret": Case(
        _SEALED.replace("kind: Secret", "kind: ConfigMap").replace("stringData:", "data:"),
        [("KAITOPS-ADMISSION", "sops is no field of ConfigMap"), ("KAITO008", "HF_TOKEN")],
        1,
    ),
}

CASES = {**FORMS}


def _judged(run: Run, case: Case, *words: str) -> "tuple[int, list[dict[str, Any]], str]":
    done = run("gate", *words, "--no-checkov", "-o", "json", *case.options)
    return done.returncode, json.loads(done.stdout)["findings"], done.stdout + done.stderr


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, run: Run, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tree.yaml").write_text(case.text, "utf-8")
    code, found, said = _judged(run, case, "tree.yaml")
    left = [f"{one['rule']}: {one['message']}" for one in found]
    for rule, words in case.found:
        match = next((one for one in left if one.startswith(f"{rule}: ") and words in one), None)
        assert match is not None, f"{rule} {words!r} is missing in\n{said}"
        left.remove(match)
    assert (left, code) == ([], case.code)


def test_empty_documents_from_standard_input(run: Run) -> None:
    assert run("gate", "--no-checkov", "-", stdin=FORMS["documents that hold nothing"].text).returncode == 0
