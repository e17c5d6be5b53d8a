"""Small trees on which a reader without bounds hangs, fills the memory or ends: each by name, made when it is asked."""

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.gate.objects import DEPLOYMENT, WORKSPACE

Make = Callable[[Path], object]
_HEAD = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: team}\ndata:\n"
_SET = """\
apiVersion: kaito.sh/v1beta1
kind: InferenceSet
metadata: {name: phi, namespace: team}
spec:
  replicas: %s
  labelSelector: {matchLabels: {apps: phi}}
  template:
    resource: {instanceType: Standard_NC24ads_A100_v4}
    inference: {preset: {name: phi-4-mini-instruct}}
"""
_ROLES = """\
apiVersion: kaito.sh/v1alpha1
kind: MultiRoleInference
metadata: {name: phi, namespace: team}
spec:
  labelSelector: {matchLabels: {apps: phi}}
  model: {name: phi-4-mini-instruct}
  roles:
  - {type: prefill, replicas: %s, instanceType: Standard_NC24ads_A100_v4}
  - {type: decode, replicas: 1, instanceType: Standard_NC24ads_A100_v4}
"""
_POD = DEPLOYMENT.replace("securityContext: {privileged: true}", "resources: {limits: {cpu: '%s', memory: '%s'}}")
MIB = 1 << 20


def _text(name: str, raw: bytes | str) -> Make:
    return lambda folder: (folder / name).write_bytes(raw if isinstance(raw, bytes) else raw.encode())


def _link(name: str, target: str) -> Make:
    return lambda folder: (folder / name).symlink_to(target)


def _folders_of_links(folder: Path) -> None:
    for number in range(40):
        (folder / f"d{number}").mkdir()
    for number in range(39):
        for name in "ab":
            (folder / f"d{number}" / name).symlink_to(f"../d{number + 1}")
    (folder / "d39" / "x.yaml").write_text(WORKSPACE)


def _socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(folder)
        try:
            one.bind("x.yaml")
        finally:
            os.chdir(here)


def _many_files(folder: Path) -> None:
    for number in range(3_000):
        (folder / f"{number}.json").write_text("[]")


def _many_folders(folder: Path) -> None:
    deep = folder
    for _ in range(600):
        deep = deep / "d"
        deep.mkdir()


def _repeated(pattern: bytes, size: int = 7 * MIB) -> bytes:
    return pattern * (size // len(pattern))


_TEXTS: Mapping[str, bytes] = {
    "line-feeds": b"\n" * (7 * MIB),
    "blanks": b" " * (7 * MIB),
    "tabs": b"\t" * (7 * MIB),
    "dashes": _repeated(b"- \n"),
    "dashes-nested": b"- " * 200_000 + b"a\n",
    "questions": b"? " * 100_000 + b"a\n",
    "documents": _repeated(b"---\n"),
    "documents-of-one": _repeated(b"---\na: 1\n"),
    "ends": _repeated(b"...\n"),
    "comments": _repeated(b"# x\n"),
    "directives": _repeated(b"%YAML 1.1\n"),
    "brackets": b"a: " + b"[" * 50_000,
    "brackets-closed": b"a: " + b"[" * 50_000 + b"]" * 50_000,
    "braces": b"{a: " * 100_000,
    "flow-list": b"a: [" + _repeated(b"a,", 7 * MIB) + b"]\n",
    "flow-pairs": b"a: {" + b",".join(b"k%d: 1" % n for n in range(1_000_000)) + b"}\n",
    "keys": b"".join(b"k%d: 1\n" % n for n in range(1_000_000)),
    "one-key": _repeated(b"a: b\n"),
    "deep-blocks": b"".join(b" " * n + b"a:\n" for n in range(3_000)),
    "anchors": b"".join(b"a%d: &b%d 1\n" % (n, n) for n in range(300_000)),
    "aliases": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (n + 1, n + 1, b",".join([b"*%c" % n] * 9)) for n in range(97, 106)),
    "merges": b"a: &a {x: 1}\n" + b"".join(b"k%d: {<<: *a}\n" % n for n in range(200_000)),
    "tags": b"a: " + b"!x " * 1_000_000,
    "quoted": b'a: "' + b"x" * (7 * MIB) + b'"\n',
    "quoted-lines": b"a: 'x\n" + b"\n" * (7 * MIB) + b"'\n",
    "escapes": b'a: "' + b"\\x41" * (3 * MIB) + b'"\n',
    "folded": b"a: >\n" + b"  x\n\n" * (2 * MIB),
    "block": b"a: |\n  " + b"x" * (7 * MIB) + b"\n",
    "plain": b"a: " + b"x y " * (3 * MIB) + b"\n",
    "digits": b"a: " + b"9" * 5_000_000 + b"\n",
    "digits-in-a-key": b"9" * 5_000_000 + b": 1\n",
    "null-bytes": b"\0" * (7 * MIB),
    "bytes": bytes(range(256)) * 40_000,
    "utf-16": ("a: 1\n" * 100_000).encode("utf-16"),
    "open-quote": b"a: '" + b"x\n" * (5 * MIB),
    "simple-keys": b"[" * 190 + b"a " * 100_000,
    "data-of-addresses": _HEAD + b"  a: " + b"a." * 100_000 + b" ://\n",
    "data-of-words": _HEAD + b"  a: |\n    " + b"a" * MIB + b"\n",
    "data-of-mixed-words": _HEAD + b"  a: |\n    " + b"aB3" * 300_000 + b"\n",
    "data-of-base64": _HEAD + b"  a: " + b"QUJD" * 300_000 + b"\n",
    "data-of-signs": _HEAD + b"  a: " + b"eyJ." * 300_000 + b"\n",
    "data-of-keys": _HEAD + b"  a: |\n" + b"    -----BEGIN PRIVATE\n" * 50_000,
    "data-of-equals": _HEAD + b"  a: " + b"sig=" * 300_000 + b"\n",
    "data-of-equal-signs": _HEAD + b"  a: '" + b"=" * MIB + b"'\n",
    "data-of-flags": _HEAD
    + b"  inference_config.yaml: |\n    vllm:\n"
    + b"".join(b"      k%d: 1\n" % n for n in range(100_000)),
    "data-of-brackets": _HEAD + b"  inference_config.yaml: '" + b"[" * 50_000 + b"'\n",
}
_JSON: Mapping[str, bytes] = {
    "json-nested": b'{"a":' * 100_000,
    "json-nested-lists": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "json-numbers": b'{"a":[' + b"1," * (7 * MIB) + b"1]}",
    "json-digits": b'{"a": ' + b"9" * 5_000_000 + b"}",
    "json-exponent": b'{"a": 1e999999999}',
    "json-escapes": b'{"a": "' + b"\\u0041" * (2 * MIB) + b'"}',
    "json-blanks": b" " * (7 * MIB) + b"{}",
    "json-marks": _repeated(b'{"apiVersion":1}'),
    "json-marks-in-text": b'{"a": "' + _repeated(b'\\"apiVersion\\":', MIB) + b'"}',
    "json-objects": _repeated(b"{}"),
    "json-names": b"{" + b",".join(b'"k%d":1' % n for n in range(1_000_000)) + b"}",
}
_UNNAMED: Mapping[str, bytes] = {
    "licence-of-line-feeds": b"\n" * (7 * MIB),
    "licence-of-blanks": b" " * (7 * MIB),
    "licence-of-marks": _repeated(b"apiVersion kind\n"),
    "licence-of-blank-lines": _repeated(b"   \n"),
    "licence-of-mark-starts": _repeated(b" apiVersion"),
}
_OBJECTS: Mapping[str, str] = {
    "replicas": _SET % 2_147_483_647,
    "replicas-some": _SET % 100_000,
    "replicas-exponent": _SET % "1e9",
    "role-replicas": _ROLES % 2_147_483_647,
    "cpu-exponent": _POD % ("1e9999999", "1Gi"),
    "cpu-small": _POD % ("1e-9999999", "1Gi"),
    "memory-digits": _POD % ("1", "9" * 100_000),
    "memory-exponent-digits": _POD % ("1", "1e" + "9" * 100_000),
    "count": WORKSPACE.replace("resource:\n", "resource:\n  count: 2147483647\n"),
    "name-long": WORKSPACE.replace("name: phi\n", f"name: {'a' * 1_000_000}\n"),
    "labels-many": WORKSPACE.replace(
        "  namespace: team\n", "  namespace: team\n  labels:\n" + "".join(f"    k{n}: v\n" for n in range(100_000))
    ),
    "preset-long": WORKSPACE.replace("phi-4-mini-instruct", "a/" * 300_000),
    "size-long": WORKSPACE.replace("Standard_NC24ads_A100_v4", "Standard_" * 200_000),
    "unknown-fields": WORKSPACE + "".join(f"k{n}: 1\n" for n in range(100_000)),
    "containers-many": _POD % ("1", "1Gi") + "      - {name: a, image: b}\n" * 40_000,
    "list-many": "apiVersion: v1\nkind: List\nitems:\n" + "- {apiVersion: v1, kind: Event, metadata: {name: a}}\n" * 10_000,
    "list-nested": "".join(f"{'  ' * n}{'- ' if n else ''}apiVersion: v1\n{'  ' * (n + bool(n))}kind: List\n{'  ' * (n + bool(n))}items:\n" for n in range(60)),
}  # fmt: skip
CASES: Mapping[str, Make] = {
    **{name: _text("x.yaml", raw) for name, raw in _TEXTS.items()},
    **{name: _text("x.json", raw) for name, raw in _JSON.items()},
    **{name: _text("LICENSE", raw) for name, raw in _UNNAMED.items()},
    **{name: _text("x.yaml", raw) for name, raw in _OBJECTS.items()},
    "large": _text("x.yaml", b"a" * (40 * MIB)),
    "fifo": lambda folder: os.mkfifo(folder / "x.yaml"),
    "fifo-json": lambda folder: os.mkfifo(folder / "x.json"),
    "fifo-unnamed": lambda folder: os.mkfifo(folder / "x"),
    "fifo-kustomization": lambda folder: os.mkfifo(folder / "kustomization.yaml"),
    "fifo-context": lambda folder: os.mkfifo(folder / "kaitops-context.yaml"),
    "socket": _socket,
    "links-of-folders": _folders_of_links,
    "files-many": _many_files,
    "folders-deep": _many_folders,
    "kustomization-of-fifo": lambda folder: (
        os.mkfifo(folder / "pipe"),
        (folder / "kustomization.yaml").write_text("resources: [pipe]\n"),
    ),
    "kustomization-long": _text("kustomization.yaml", "resources:\n" + "- a.yaml\n" * 100_000),
    **{
        f"link-{name.strip('/').replace('/', '-') or 'root'}{suffix}": _link(f"x{suffix}", name)
        for name in (
            "/",
            "/proc",
            "/dev/zero",
            "/dev/full",
            "/dev/random",
            "/proc/kmsg",
            "/dev/stdin",
            "/proc/self/mem",
        )
        for suffix in (".yaml", "")
    },
    "link-loop": lambda folder: ((folder / "a").symlink_to("b"), (folder / "b").symlink_to("a")),
    "link-loop-yaml": lambda folder: (
        (folder / "a.yaml").symlink_to("b.yaml"),
        (folder / "b.yaml").symlink_to("a.yaml"),
    ),
    "link-self": _link("x.yaml", "x.yaml"),
    "link-long": _link("x.yaml", "a" * 255),
}
