"""Secret values: found where somebody wrote one, told by no report, and taken into no tree."""

import json
import random
import string
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from tests.commands import FORMS
from tests.conftest import FLEET
from tests.gate.test_secret_reports import HELD
from tests.redteam.attack import GATE, Attack, Held, called, put, tree, verdict

_HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: team}\n"


def _drawn(count: int, signs: str = string.ascii_letters + string.digits) -> str:
    """Signs that are the same in each run, and in no file as they stand."""
    return "".join(random.Random(count).choices(signs, k=count))


_HUB = f"hf_{_drawn(34, string.ascii_letters)}"
VALUES: Mapping[str, str] = {
    "hub": _HUB,
    "github": f"ghp_{_drawn(36)}",
    "github-fine": f"github_pat_11{_drawn(20)}_{_drawn(59)}",
    "github-app": f"ghs_{_drawn(36)}",
    "gitlab": f"glpat-{_drawn(20)}",
    "npm": f"npm_{_drawn(36)}",
    "python-index": f"pypi-AgEIcHlwaS5vcmc{_drawn(60)}",
    "payment": f"sk_live_{_drawn(24)}",
    "aws-id": f"AKIA{_drawn(16, string.ascii_uppercase)}",
    "aws-key": f"{_drawn(18)}/{_drawn(12)}/{_drawn(8)}",
    "storage": f"AccountKey={b64encode(random.Random(1).randbytes(64)).decode()}",
    "signature": f"https://a.blob.core.windows.net/c?sv=2024-01-01&sig={_drawn(43)}%3D",
    "web-token": "eyJhbGciOiJIUzI1NiJ9." + b64encode(b'{"sub":"somebody","iat":1500000000}').decode().rstrip("=") + f".{_drawn(43)}",
    "address": f"https://somebody:{_drawn(12)}@example.com/x",
    "bearer": f"Authorization: Bearer {_drawn(40)}",
    "basic": f"Authorization: Basic {b64encode(f'a:{_drawn(20)}'.encode()).decode()}",
    "registry": json.dumps({"auths": {"r.example.com": {"auth": b64encode(f"a:{_drawn(16)}".encode()).decode()}}}),
    "private-key": "-----BEGIN RSA PRIVATE KEY-----\n" + b64encode(random.Random(2).randbytes(96)).decode() + "\n-----END RSA PRIVATE KEY-----\n",
    "password": f"DB_PASSWORD={_drawn(14)}",
}  # fmt: skip
_ENCODED = {
    "base64": lambda value: b64encode(value.encode()).decode(),
    "twice": lambda value: b64encode(b64encode(value.encode())).decode(),
    "hex": lambda value: value.encode().hex(),
    "large hex": lambda value: f"0x{value.encode().hex().upper()}",
    "hex in pairs": lambda value: value.encode().hex("-"),
    "hex of hex": lambda value: value.encode().hex().encode().hex(),
    "base64 of hex": lambda value: b64encode(value.encode().hex().encode()).decode(),
    "escapes of an address": lambda value: "'" + "".join(f"%{byte:02x}" for byte in value.encode()) + "'",
    "one escape of an address": lambda value: f"'a=b&c={value.replace('_', '%5F')}'",
    "escapes of JSON": lambda value: "'" + value.replace("_", "\\u005f") + "'",
    "escapes of HTML": lambda value: f"'{value.replace('_', '&#x5F;')}'",
}


def _places(value: str) -> Iterator[tuple[str, str]]:
    quoted = json.dumps(value)
    yield "value", f"{_HEAD}data: {{x: {quoted}}}\n"
    yield (
        "variable",
        (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: team}\n"
            f"spec: {{containers: [{{name: c, image: a/b:1, env: [{{name: X, value: {quoted}}}]}}]}}\n"
        ),
    )
    yield "comment", f"{_HEAD}data: {{x: y}}\n# {value.splitlines()[0]}\n"


def found() -> Iterator[Attack]:
    """Each form of a secret, in each place."""
    for name, value in VALUES.items():
        for place, text in _places(value):
            # What needs its name or its lines to be one is none in a comment.
            if place != "comment" or name not in {"registry", "basic", "bearer", "password", "aws-key", "storage"}:
                yield tree(
                    f"{name} in a {place}", {"m/x.yaml": text}, absent=(value[-12:],) if name != "registry" else ()
                )
    for name, encode in _ENCODED.items():
        yield tree(f"hub in {name}", {"m/x.yaml": f"{_HEAD}data: {{x: {encode(_HUB)}}}\n"})
        yield tree(f"hub in binary {name}", {"m/x.yaml": f"{_HEAD}binaryData: {{x: {encode(_HUB)}}}\n"})
    for sign in ("\u200b", "\u2060", "\ufeff"):
        text = json.dumps(f"{_HUB[:12]}{sign}{_HUB[12:]}")
        yield tree(f"hub split by {ord(sign):x}", {"m/x.yaml": f"{_HEAD}data: {{x: {text}}}\n"})
    yield tree("hub as a key", {"m/x.yaml": f"{_HEAD}data: {{{_HUB}: x}}\n"})
    yield tree("hub over two lines", {"m/x.yaml": f'{_HEAD}data:\n  x: "{_HUB[:12]}\\\n    {_HUB[12:]}"\n'})
    yield tree("hub in a file in a file", {"m/x.yaml": f"{_HEAD}data:\n  a.yaml: |\n    x: {_HUB}\n"})
    for key in ("DB_PASSWORD", "api-key", "clientSecret", "accessToken", "connectionString"):
        yield tree(f"under {key}", {"m/x.yaml": f"{_HEAD}data: {{{key}: {_drawn(14)}}}\n"}, absent=(_drawn(14),))


def reported() -> Iterator[Attack]:
    """Each way to hold a secret, in each form of report."""
    for name, (text, value) in HELD.items():
        for form in FORMS[:: 2 if name != "text" else 1]:
            yield Attack(f"{name}-{form}", _reported(text, value, form))


def _reported(text: str, value: str, form: str):
    def run(folder: Path) -> Held:
        put(folder, {"m/x.yaml": text})
        written = [folder / f"r.{kind}" for kind in ("json", "sarif", "junit", "markdown")]
        files = [word for path in written for word in (f"--{path.suffix[1:]}", path.name)]
        return verdict(called(*GATE, "-o", form, *files), absent=(value,), files=written)

    return run


_PARTS = ("env", "vllm", "labels", "annotations")


def rendered() -> Iterator[Attack]:
    """A fleet that spells a secret out: no tree is made of it, and the error does not tell it."""
    for name, value in VALUES.items():
        if name != "password":
            for part in _PARTS[:3]:
                yield Attack(f"{name} in {part}", _declared(part, "x" if part != "vllm" else "chat-template", value))
    for part in _PARTS[:2]:
        for key in ("DB_PASSWORD", "api-key", "token"):
            yield Attack(f"{key} of {part}", _declared(part, key, _drawn(14)))


def _declared(part: str, key: str, value: str):
    def run(folder: Path) -> Held:
        fleet = yaml.safe_load(FLEET)
        model = next(iter(fleet["models"].values()))
        model[part] = {key: value}
        put(folder, {"fleet.yaml": yaml.safe_dump(fleet)})
        said = called("render")
        told = verdict(said, {2}, absent=(value[-12:],))
        return told or ("a tree was made" if (folder / "manifests").exists() else "")

    return run


def alone() -> Iterator[Attack]:
    """Without checkov a Secret with values is red all the same."""
    text = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a, namespace: team}}\nstringData: {{x: {_drawn(9)}}}\n"
    yield tree("secret", {"m/x.yaml": text}, absent=(_drawn(9),))
