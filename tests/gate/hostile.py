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


def _text(name: str, make: Callable[[], bytes | str]) -> Make:
    def write(folder: Path) -> None:
        raw = make()
        (folder / name).write_bytes(raw if isinstance(raw, bytes) else raw.encode())

    return write


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


# Hundreds of megabytes together, so that each is made for its own test.
_TEXTS: Mapping[str, Callable[[], bytes | str]] = {
    "line-feeds": lambda: b"\n" * (7 * MIB),
    "blanks": lambda: b" " * (7 * MIB),
    "tabs": lambda: b"\t" * (7 * MIB),
    "dashes": lambda: _repeated(b"- \n"),
    "dashes-nested": lambda: b"- " * 200_000 + b"a\n",
    "questions": lambda: b"? " * 100_000 + b"a\n",
    "documents": lambda: _repeated(b"---\n"),
    "documents-of-one": lambda: _repeated(b"---\na: 1\n"),
    "ends": lambda: _repeated(b"...\n"),
    "comments": lambda: _repeated(b"# x\n"),
    "directives": lambda: _repeated(b"%YAML 1.1\n"),
    "brackets": lambda: b"a: " + b"[" * 50_000,
    "brackets-closed": lambda: b"a: " + b"[" * 50_000 + b"]" * 50_000,
    "braces": lambda: b"{a: " * 100_000,
    "flow-list": lambda: b"a: [" + _repeated(b"a,", 7 * MIB) + b"]\n",
    "flow-pairs": lambda: b"a: {" + b",".join(b"k%d: 1" % n for n in range(1_000_000)) + b"}\n",
    "keys": lambda: b"".join(b"k%d: 1\n" % n for n in range(1_000_000)),
    "one-key": lambda: _repeated(b"a: b\n"),
    "deep-blocks": lambda: b"".join(b" " * n + b"a:\n" for n in range(3_000)),
    "anchors": lambda: b"".join(b"a%d: &b%d 1\n" % (n, n) for n in range(300_000)),
    "aliases": lambda: (
        b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (n + 1, n + 1, b",".join([b"*%c" % n] * 9)) for n in range(97, 106))
    ),
    "merges": lambda: b"a: &a {x: 1}\n" + b"".join(b"k%d: {<<: *a}\n" % n for n in range(200_000)),
    "tags": lambda: b"a: " + b"!x " * 1_000_000,
    "quoted": lambda: b'a: "' + b"x" * (7 * MIB) + b'"\n',
    "quoted-lines": lambda: b"a: 'x\n" + b"\n" * (7 * MIB) + b"'\n",
    "escapes": lambda: b'a: "' + b"\\x41" * (3 * MIB) + b'"\n',
    "folded": lambda: b"a: >\n" + b"  x\n\n" * (2 * MIB),
    "block": lambda: b"a: |\n  " + b"x" * (7 * MIB) + b"\n",
    "plain": lambda: b"a: " + b"x y " * (3 * MIB) + b"\n",
    "digits": lambda: b"a: " + b"9" * 5_000_000 + b"\n",
    "digits-in-a-key": lambda: b"9" * 5_000_000 + b": 1\n",
    "null-bytes": lambda: b"\0" * (7 * MIB),
    "bytes": lambda: bytes(range(256)) * 40_000,
    "utf-16": lambda: ("a: 1\n" * 100_000).encode("utf-16"),
    "open-quote": lambda: b"a: '" + b"x\n" * (5 * MIB),
    "simple-keys": lambda: b"[" * 190 + b"a " * 100_000,
    "data-of-addresses": lambda: _HEAD + b"  a: " + b"a." * 100_000 + b" ://\n",
    "data-of-words": lambda: _HEAD + b"  a: |\n    " + b"a" * MIB + b"\n",
    "data-of-mixed-words": lambda: _HEAD + b"  a: |\n    " + b"aB3" * 300_000 + b"\n",
    "data-of-base64": lambda: _HEAD + b"  a: " + b"QUJD" * 300_000 + b"\n",
    "data-of-signs": lambda: _HEAD + b"  a: " + b"eyJ." * 300_000 + b"\n",
    "data-of-keys": lambda: _HEAD + b"  a: |\n" + b"    -----BEGIN PRIVATE\n" * 50_000,
    "data-of-equals": lambda: _HEAD + b"  a: " + b"sig=" * 300_000 + b"\n",
    "data-of-equal-signs": lambda: _HEAD + b"  a: '" + b"=" * MIB + b"'\n",
    "data-of-flags": lambda: (
        _HEAD + b"  inference_config.yaml: |\n    vllm:\n" + b"".join(b"      k%d: 1\n" % n for n in range(100_000))
    ),
    "data-of-brackets": lambda: _HEAD + b"  inference_config.yaml: '" + b"[" * 50_000 + b"'\n",
}
_JSON: Mapping[str, Callable[[], bytes | str]] = {
    "json-nested": lambda: b'{"a":' * 100_000,
    "json-nested-lists": lambda: b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "json-numbers": lambda: b'{"a":[' + b"1," * (7 * MIB) + b"1]}",
    "json-digits": lambda: b'{"a": ' + b"9" * 5_000_000 + b"}",
    "json-exponent": lambda: b'{"a": 1e999999999}',
    "json-escapes": lambda: b'{"a": "' + b"\\u0041" * (2 * MIB) + b'"}',
    "json-blanks": lambda: b" " * (7 * MIB) + b"{}",
    "json-marks": lambda: _repeated(b'{"apiVersion":1}'),
    "json-marks-in-text": lambda: b'{"a": "' + _repeated(b'\\"apiVersion\\":', MIB) + b'"}',
    "json-objects": lambda: _repeated(b"{}"),
    "json-names": lambda: b"{" + b",".join(b'"k%d":1' % n for n in range(1_000_000)) + b"}",
}
_UNNAMED: Mapping[str, Callable[[], bytes | str]] = {
    "licence-of-line-feeds": lambda: b"\n" * (7 * MIB),
    "licence-of-blanks": lambda: b" " * (7 * MIB),
    "licence-of-marks": lambda: _repeated(b"apiVersion kind\n"),
    "licence-of-blank-lines": lambda: _repeated(b"   \n"),
    "licence-of-mark-starts": lambda: _repeated(b" apiVersion"),
}
_OBJECTS: Mapping[str, Callable[[], bytes | str]] = {
    "replicas": lambda: _SET % 2_147_483_647,
    "replicas-some": lambda: _SET % 100_000,
    "replicas-exponent": lambda: _SET % "1e9",
    "role-replicas": lambda: _ROLES % 2_147_483_647,
    "cpu-exponent": lambda: _POD % ("1e9999999", "1Gi"),
    "cpu-small": lambda: _POD % ("1e-9999999", "1Gi"),
    "memory-digits": lambda: _POD % ("1", "9" * 100_000),
    "memory-exponent-digits": lambda: _POD % ("1", "1e" + "9" * 100_000),
    "count": lambda: WORKSPACE.replace("resource:\n", "resource:\n  count: 2147483647\n"),
    "name-long": lambda: WORKSPACE.replace("name: phi\n", f"name: {'a' * 1_000_000}\n"),
    "labels-many": lambda: WORKSPACE.replace(
        "  namespace: team\n", "  namespace: team\n  labels:\n" + "".join(f"    k{n}: v\n" for n in range(100_000))
    ),
    "preset-long": lambda: WORKSPACE.replace("phi-4-mini-instruct", "a/" * 300_000),
    "size-long": lambda: WORKSPACE.replace("Standard_NC24ads_A100_v4", "Standard_" * 200_000),
    "unknown-fields": lambda: WORKSPACE + "".join(f"k{n}: 1\n" for n in range(100_000)),
    "containers-many": lambda: _POD % ("1", "1Gi") + "      - {name: a, image: b}\n" * 40_000,
    "list-many": lambda: "apiVersion: v1\nkind: List\nitems:\n" + "- {apiVersion: v1, kind: Event, metadata: {name: a}}\n" * 10_000,
    "list-nested": lambda: "".join(f"{'  ' * n}{'- ' if n else ''}apiVersion: v1\n{'  ' * (n + bool(n))}kind: List\n{'  ' * (n + bool(n))}items:\n" for n in range(60)),
}  # fmt: skip
CASES: Mapping[str, Make] = {
    **{name: _text("x.yaml", raw) for name, raw in _TEXTS.items()},
    **{name: _text("x.json", raw) for name, raw in _JSON.items()},
    **{name: _text("LICENSE", raw) for name, raw in _UNNAMED.items()},
    **{name: _text("x.yaml", raw) for name, raw in _OBJECTS.items()},
    "large": _text("x.yaml", lambda: b"a" * (40 * MIB)),
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
    "kustomization-long": _text("kustomization.yaml", lambda: "resources:\n" + "- a.yaml\n" * 100_000),
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
