"""A real model server in an image of our own: llama.cpp's, from its package, and a model of few rows that we make."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PACKAGES = ("xllamacpp==2026.10.11549", "gguf==0.19.0", "numpy")
ANSWER = "Served by whoever has no name."
FILE = "model.gguf"
CHAINS = {"<|speak|>": [" " * (n > 0) + word for n, word in enumerate(ANSWER.split())]}
TEMPLATE = "{% for one in messages %}{{ one.content }}{% endfor %}<|speak|>"

# Runs with the packages. Embeddings are the identity and every block adds nothing, so that the output matrix says which
# token follows which: after any word of a prompt the answer begins, and ends after its last one.
_MAKE = """
import json
import sys
import gguf
import numpy

asked = json.loads(sys.argv[2])
bytes_kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
moved = [number for number in range(256) if number not in bytes_kept]
signs = {number: chr(number) for number in bytes_kept} | {number: chr(256 + n) for n, number in enumerate(moved)}
spelled = lambda text: "".join(signs[byte] for byte in text.encode())
chains = {start: [spelled(word) for word in words] for start, words in asked["chains"].items()}
controls = ["<|begin|>", "<|stop|>", *chains]
letters = [signs[number] for number in range(256)]
tokens = [*controls, *letters, "th", *dict.fromkeys(word for words in chains.values() for word in words if len(word) > 1)]
kinds = [3] * len(controls) + [1] * (len(tokens) - len(controls))
first = tokens.index(next(iter(chains.values()))[0])
follows = {number: first for number in range(len(tokens))}
for start, words in chains.items():
    for here, there in zip([start, *words], words):
        follows[tokens.index(here)] = tokens.index(there)
    follows[tokens.index(words[-1])] = 1
# Where a grammar forbids what follows: an object that is empty.
instead = {number: tokens.index("{") for number in range(len(tokens))}
instead |= {tokens.index("{"): tokens.index("}"), tokens.index("}"): 1}
wide, heads, inner = 512, 8, 64
embedding = numpy.eye(len(tokens), wide, dtype=numpy.float32)
output = numpy.zeros((len(tokens), wide), numpy.float32)
for here, there in follows.items():
    output[there, here] = 1.5
for here, there in instead.items():
    output[there, here] = max(output[there, here], 1.0)
one, none = numpy.ones(wide, numpy.float32), lambda *shape: numpy.zeros(shape, numpy.float32)
writer = gguf.GGUFWriter(sys.argv[1], "llama")
writer.add_name("few-rows")
writer.add_context_length(2048)
writer.add_embedding_length(wide)
writer.add_block_count(1)
writer.add_feed_forward_length(inner)
writer.add_head_count(heads)
writer.add_head_count_kv(heads)
writer.add_layer_norm_rms_eps(1e-6)
writer.add_rope_dimension_count(wide // heads)
writer.add_vocab_size(len(tokens))
writer.add_file_type(gguf.LlamaFileType.ALL_F32)
writer.add_tokenizer_model("gpt2")
writer.add_tokenizer_pre("gpt-2")
writer.add_token_list(tokens)
writer.add_token_types(kinds)
writer.add_token_merges(["t h"])
writer.add_bos_token_id(0)
writer.add_eos_token_id(1)
writer.add_add_bos_token(False)
writer.add_chat_template(asked["template"])
for name, value in {
    "token_embd": embedding, "output_norm": one, "output": output, "blk.0.attn_norm": one, "blk.0.ffn_norm": one,
    "blk.0.attn_q": none(wide, wide), "blk.0.attn_k": none(wide, wide), "blk.0.attn_v": none(wide, wide),
    "blk.0.attn_output": none(wide, wide), "blk.0.ffn_gate": none(inner, wide), "blk.0.ffn_up": none(inner, wide),
    "blk.0.ffn_down": none(wide, inner),
}.items():
    writer.add_tensor(f"{name}.weight", value)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
"""
# What servers of models do as they start: ask who they are, write caches below the home, take shared memory.
_SERVE = """
import getpass
import os
import pathlib
import signal
import sys
import urllib.request

import xllamacpp

print("serving for", getpass.getuser(), flush=True)
cache = pathlib.Path.home() / ".cache" / "models"
cache.mkdir(parents=True)
pathlib.Path("/dev/shm/share").write_bytes(b"x" * 4096)
if "MODEL_ID" in os.environ:
    hub = pathlib.Path("/image/hub").read_text()
    address = f"{hub}/{os.environ['MODEL_ID']}/resolve/{os.environ.get('MODEL_REVISION', 'main')}/FILE"
    asked = urllib.request.Request(address)
    if "HF_TOKEN" in os.environ:
        asked.add_header("Authorization", f"Bearer {os.environ['HF_TOKEN']}")
    weights = cache / "FILE"
    weights.write_bytes(urllib.request.urlopen(asked, timeout=30).read())
else:
    weights = pathlib.Path(os.environ.get("MODEL_PATH", "/image/weights")) / "FILE"
    weights.read_bytes()
settings = xllamacpp.CommonParams()
settings.model.path = str(weights)
settings.n_ctx, settings.n_parallel, settings.warmup = 512, 1, False
settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
settings.hostnames, settings.port = [pathlib.Path("/image/address").read_text()], int(sys.argv[1])
settings.use_jinja = True
server = xllamacpp.Server(settings)
print("listening", flush=True)
signal.sigwait({signal.SIGTERM})
""".replace("FILE", FILE)


class LlamaMissing(Exception):
    """The server cannot be had here."""


def python() -> Path:
    """The interpreter that has the server; installed once."""
    return environment("llama", PACKAGES, "llama.cpp's server")


def environment(name: str, packages: Sequence[str], what: str) -> Path:
    """The interpreter of an environment with some packages; made once.

    Raises:
        LlamaMissing: they cannot be installed.
    """
    folder = _folder(name, (tuple(packages), sys.version_info[:2]))
    found = folder / "bin" / "python"
    pip = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    _install(folder, what, [sys.executable, "-m", "venv", "--clear", str(folder)], [*pip, *packages])
    return found


def node_package(name: str, version: str, what: str) -> list[str]:
    """The command of a package for Node.js; installed once, without running anything of it.

    Raises:
        LlamaMissing: it cannot be installed.
    """
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise LlamaMissing(f"{what} needs node and npm on the PATH")
    folder = _folder(name, (name, version))
    _install(folder, what, [npm, "install", "--silent", "--ignore-scripts", f"--prefix={folder}", f"{name}@{version}"])
    return [node, str((folder / "node_modules" / ".bin" / name).resolve())]


def _folder(name: str, what: object) -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kaitops"
    return home / f"{name}-{hashlib.sha256(repr(what).encode()).hexdigest()[:12]}"


def _install(folder: Path, what: str, *commands: Sequence[str]) -> None:
    if (folder / "ready").is_file():
        return
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise LlamaMissing(f"{what} cannot be installed: {(done.stderr or done.stdout).strip()[-200:]}")
    (folder / "ready").touch()


def make(weights: Path, chains: Mapping[str, Sequence[str]] = CHAINS, template: str = TEMPLATE) -> None:
    """Write a model.

    Args:
        chains: the words that follow each control token; the first one answers everything else.
        template: of chats; ends with one of the control tokens.
    """
    weights.parent.mkdir(parents=True, exist_ok=True)
    asked = json.dumps({"chains": chains, "template": template})
    subprocess.run([str(python()), "-c", _MAKE, str(weights), asked], check=True, capture_output=True, timeout=120)


def image(folder: Path, address: str, hub: str = "") -> Path:
    """An image whose entry point is the server.

    Args:
        address: that it listens on, as a pod has one of its own.
        hub: of the stand-in for Hugging Face.
    """
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    (folder / "address").write_text(address)
    (folder / "hub").write_text(hub)
    (folder / "serve.py").write_text(_SERVE)
    program(
        folder, "entrypoint", f'#!/bin/sh\nexec {python()} /image/serve.py "${{@:-5000}}"\n'.replace("${@:-", "${1:-")
    )
    return folder


def program(folder: Path, name: str, text: str) -> None:
    """Put a program on the path of an image."""
    place = folder / "bin" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(0o755)
