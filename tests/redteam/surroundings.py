"""What a file says of its cluster, and what it is called."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.conftest import FLEET
from tests.gate.objects import PUBLIC, WORKSPACE
from tests.redteam.attack import GATE, RED, Attack, Held, called, put, started, tree, verdict

_BAD = "kaito: 0.12.0\ncluster: c\n"


@cache
def rendered() -> dict[str, bytes]:
    """The first fleet and its tree."""
    here = Path.cwd()
    put(here, {"fleet.yaml": FLEET})
    assert called("render").code == 0
    files = {str(one.relative_to(here)): one.read_bytes() for one in here.rglob("*") if one.is_file()}
    return {name: raw for name, raw in files.items() if name == "fleet.yaml" or name.startswith("manifests/")}


def _context(name: str, old: str, new: str, *, all_of_it: bool = False) -> Attack:
    def run(folder: Path) -> Held:
        put(folder, rendered())
        path = next(Path(folder).glob("manifests/clusters/*/kaitops-context.yaml"))
        text = path.read_text()
        if not all_of_it and old not in text:
            return f"{old!r} is not in {text!r}"
        path.write_bytes((new if all_of_it else text.replace(old, new)).encode("utf-8", "surrogateescape"))
        return verdict(called("gate", "manifests", *GATE[2:]))

    return Attack(name, run)


def forged() -> Iterator[Attack]:
    """A context file that says of the cluster what the fleet does not."""
    for name, old, new in (
        ("version", '"0.12.0"', '"0.11.0"'), ("unknown-version", '"0.12.0"', '"0.99.0"'), ("path", '"0.12.0"', '"../../presets/0.12.0"'),
        ("absolute", '"0.12.0"', '"/etc"'), ("name", "cluster: ", "cluster: x"), ("region", "region: ", "region: x"),
        ("cloud", "cloud: azure", "cloud: aws"), ("provisioner", "nodeProvisioner: karpenter", "nodeProvisioner: byo"),
        ("gate", "featureGates: {}", "featureGates: {disableNodeAutoProvisioning: true}"),
        ("admission", "childAdmission: true", "childAdmission: false"),
        ("needs", "settings:", "needs: [ConfigMap/models/invented]\nsettings:"),
        ("nodes", "settings:", "nodes: [{name: a, labels: {accelerator: nvidia}}]\nsettings:"),
        ("registry", "settings:", "settings:\n  registry: evil.example.com"),
    ):  # fmt: skip
        yield _context(name, old, new)
    yield Attack("in-another-folder", _second)


def _second(folder: Path) -> Held:
    put(folder, rendered())
    first = next(folder.glob("manifests/clusters/*/kaitops-context.yaml"))
    put(folder, {"manifests/other/kaitops-context.yaml": first.read_bytes(), "manifests/other/x.yaml": WORKSPACE})
    return verdict(called("gate", "manifests", *GATE[2:]))


def broken() -> Iterator[Attack]:
    """A context file of every other form."""
    for key, values in {
        "nodes": ("5", "[5]", "x", "[{name: 5}]", "{a: b}"), "needs": ("5", "[5]", "x", "[a/b/c/d]", "{a: 5}"),
        "settings": ("x", "[]", "5", "{cloud: 5}", "{featureGates: x}", "{nodeProvisioner: [a]}"),
        "region": ("[a]", "5", "{a: b}"), "cluster": ("[a]", "5", "{a: b}", "''"), "kaito": ("5", "[a]", "{a: b}", "''"),
    }.items():  # fmt: skip
        for value in values:
            text = "".join(line for line in ('kaito: "0.12.0"\n', "cluster: dev\n") if not line.startswith(key))
            yield _context(f"{key}: {value}", "", f"{text}{key}: {value}\n", all_of_it=True)
    for name, text in {
        "empty": "", "list": "- a\n", "text": "x\n", "number": "5\n", "no-yaml": "a: [\n", "second": f"{_BAD}---\na: b\n",
        "object": f"{_BAD}apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n", "bytes": "\udcff\udcfe", "further": f"{_BAD}x: y\n",
    }.items():  # fmt: skip
        yield _context(name, "", text, all_of_it=True)


def named() -> Iterator[Attack]:
    """Files whose names cannot be written in every form, under locales that cannot either."""
    names: dict[str, bytes] = {
        "bytes": b"\xff\xfe.yaml", "surrogate": "\udc80.yaml".encode("utf-8", "surrogateescape"), "line": b"a\nb.yaml",
        "escape": b"\x1b[2J.yaml", "colon": b"::error::x.yaml", "quote": b"\"'.yaml", "long": b"a" * 250 + b".yaml",
        "right-to-left": "\u202eyaml.x.yaml".encode(), "wide": "\U0001f4a5.yaml".encode(),
    }  # fmt: skip
    for name, raw in names.items():
        for form in ("table", "json", "sarif", "yaml"):
            yield Attack(f"{name}-{form}", _named(raw, form, "utf-8" if form != "table" else "ascii"))


def _named(raw: bytes, form: str, encoding: str):
    def run(folder: Path) -> Held:
        put(folder, {"m/good.yaml": WORKSPACE})
        Path(os.fsdecode(os.path.join(os.fsencode(folder), b"m", raw))).write_text(PUBLIC.replace("phi", "bad"))
        environment = {"PYTHONIOENCODING": encoding, "LC_ALL": "C", "LANG": "C"}
        words = (*GATE, "-o", form, "--json", "r.json", "--markdown", "r.md")
        said = started(*words, environment=environment) if form == "table" else called(*words)
        return verdict(said, RED) or ("" if (folder / "r.json").is_file() else "no report was written")

    return run


__all__ = ["broken", "forged", "named", "rendered", "tree"]
