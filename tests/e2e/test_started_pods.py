"""Each pattern of a custom model is started as its pod declares it, and serves."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kaitops.documents import reader
from tests.conftest import Run
from tests.e2e.conftest import lacking
from tests.e2e.pods import llama, sandbox, stores
from tests.e2e.pods.sandbox import Pod

IMAGE = "registry.example.com/server:1"
SIZE = "Standard_D16s_v5"
COMMON: dict[str, Any] = {"image": IMAGE, "gpus": 0, "cpu": "2", "memory": "2Gi"}
BLOB = {**COMMON, "account": "contoso", "container": "llm", "serviceAccount": "reader"}
PATTERNS: dict[str, dict[str, Any]] = {
    "cpuImage": {"cpuImage": COMMON},
    "cpuImage-root": {"cpuImage": {**COMMON, "runAsRoot": True}},
    "huggingFace": {"huggingFace": {**COMMON, "model": "org/private", "secret": "hf", "revision": "abc"}},
    "huggingFace-public": {"huggingFace": {**COMMON, "model": "org/open"}},
    "volume": {"volume": {**COMMON, "claim": "weights"}},
    "blob": {"blob": BLOB},
    "blob-prefix": {"blob": {**BLOB, "prefix": "few/rows/", "path": "/srv/weights"}},
    "azureML": {"azureML": {**COMMON, "registry": "reg", "model": "few", "version": "3", "serviceAccount": "reader"}},
    "azureML-folder": {
        "azureML": {**COMMON, "registry": "reg", "model": "few", "version": "4", "serviceAccount": "reader"}
    },
}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    if why := sandbox.missing():
        lacking(why)
    place = tmp_path_factory.mktemp("weights") / llama.FILE
    try:
        llama.make(place)
    except llama.LlamaMissing as error:
        lacking(str(error))
    return place.read_bytes()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def template(
    run: Run, folder: Path, custom: Mapping[str, Any], more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The pod that a custom model is rendered to."""
    fleet = {
        "kaito": "0.12.0",
        "clusters": {"c": {"region": "westeurope", "provisioner": "karpenter"}},
        "models": {"m": {"gpu": SIZE, "custom": custom, **(more or {})}},
    }
    (folder / "fleet.yaml").write_text(json.dumps(fleet))
    run("render", code=0)
    (document,) = reader.read_file(str(next(folder.glob("manifests/**/workspace-m.yaml"))))
    return document.data["inference"]["template"]["spec"]


def started(pod: Pod, spec: Mapping[str, Any]) -> subprocess.Popen[str]:
    """Start it as a kubelet does: what starts before, one after another, and then the server."""
    for one in spec.get("initContainers") or ():
        done = pod.run(one)
        assert done.returncode == 0, done.stderr
    return pod.start(spec["containers"][0])


def until_healthy(process: subprocess.Popen[str], container: Mapping[str, Any], address: str) -> None:
    """Ask what the startup probe asks, at the port that it names."""
    probe = container["startupProbe"]["httpGet"]
    port = next(one["containerPort"] for one in container["ports"] if one["name"] == probe["port"])
    assert port == 5000, "where KAITO's Service sends to"
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None, process.communicate()[1]
        try:
            with urllib.request.urlopen(f"http://{address}:{port}{probe['path']}", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert time.monotonic() < end, "it did not get ready"
            time.sleep(0.1)


class Stand:
    """What a pod of a pattern finds: its image, weights wherever they may be, an identity."""

    def __init__(self, folder: Path, weights: bytes, stack: ExitStack, number: int) -> None:
        self.address = f"127.77.0.{number}"
        self._folder, self._stack = folder, stack
        image, self._claim = folder / "image", folder / "claim"
        models = {f"org/private/resolve/abc/{llama.FILE}": weights, f"org/open/resolve/main/{llama.FILE}": weights}
        hub = stack.enter_context(stores.hub(models, {"org/private": "read-me"}))
        self._image = llama.image(image, self.address, hub)
        self.held = {
            f"llm/{llama.FILE}": weights, f"llm/few/rows/{llama.FILE}": weights, "llm/else/x": b"x",
            f"3/{llama.FILE}": weights, f"4/few/{llama.FILE}": weights, "4/few/config.json": b"{}",
        }  # fmt: skip
        stack.enter_context(stores.blobs(image, self.held))
        for place in (image / "weights", self._claim):
            place.mkdir()
            (place / llama.FILE).write_bytes(weights)
        self._claim.chmod(0o750)
        self._token = folder / "token"
        self._token.mkdir()
        (self._token / "azure-identity-token").write_text(stores.TOKEN)

    def pod(self, spec: Mapping[str, Any]) -> Pod:
        """The pod, with what the webhook of workload identity adds."""
        return self._stack.enter_context(
            Pod(
                spec, self._folder / "pod", self._image, secrets={("hf", "HF_TOKEN"): "read-me"},
                claims={"weights": self._claim}, visible=[llama.python().parent.parent],
                given={"AZURE_CLIENT_ID": "client", "AZURE_TENANT_ID": "tenant",
                       "AZURE_FEDERATED_TOKEN_FILE": "/var/run/secrets/azure/tokens/azure-identity-token"},
                mounted={"/var/run/secrets/azure/tokens": self._token},
            )
        )  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_serves(pattern: str, run: Run, tmp_path: Path, weights: bytes, stage: ExitStack) -> None:
    stand = Stand(tmp_path, weights, stage, 1 + list(PATTERNS).index(pattern))
    if pattern == "blob-prefix":
        del stand.held[f"llm/{llama.FILE}"]
    spec = template(run, tmp_path, PATTERNS[pattern])
    process = started(stand.pod(spec), spec)
    until_healthy(process, spec["containers"][0], stand.address)
    body = json.dumps({"messages": [{"role": "user", "content": "who?"}], "max_tokens": 20, "temperature": 0}).encode()
    asked = urllib.request.Request(
        f"http://{stand.address}:5000/v1/chat/completions", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        said = json.load(answer)["choices"][0]["message"]["content"]
    assert said.strip() == llama.ANSWER
    owner = "root" if pattern == "cpuImage-root" else "server"
    assert process.stdout is not None and process.stdout.readline() == f"serving for {owner}\n"


@pytest.mark.parametrize(
    ("gone", "said"), [("USER", "uid not found"), ("HOME", "Permission denied: '/.cache'"), ("mount", "No such file")]
)
def test_it_would_not_without_what_we_give(
    gone: str, said: str, run: Run, tmp_path: Path, weights: bytes, stage: ExitStack
) -> None:
    """What a server needs that runs as a user without a name: else this suite would be green for nothing."""
    spec = template(run, tmp_path, PATTERNS["cpuImage"])
    server = spec["containers"][0]
    server["env"] = [one for one in server["env"] if one["name"] != gone]
    if gone == "mount":
        server["volumeMounts"] = [one for one in server["volumeMounts"] if one["name"] != "home"]
    process = Stand(tmp_path, weights, stage, 20).pod(spec).start(server)
    _, err = process.communicate(timeout=30)
    assert process.returncode and (said in err or "Permission denied" in err)


def test_a_prefix_that_no_blob_has_is_told(run: Run, tmp_path: Path, weights: bytes, stage: ExitStack) -> None:
    spec = template(run, tmp_path, {"blob": {**BLOB, "prefix": "gone"}})
    done = Stand(tmp_path, weights, stage, 30).pod(spec).run(spec["initContainers"][0])
    assert done.returncode == 1 and "no blob of llm in contoso is called gone/*" in done.stderr


def test_nobody_may_do_more_than_declared(run: Run, tmp_path: Path, weights: bytes, stage: ExitStack) -> None:
    spec = template(run, tmp_path, PATTERNS["volume"])
    script = "id -u; id -G; grep -E 'CapBnd|NoNewPrivs' /proc/self/status; touch /mnt/models/x /x"
    server = {**spec["containers"][0], "command": ["/bin/sh", "-c", script]}
    done = Stand(tmp_path, weights, stage, 31).pod(spec).run(server)
    assert done.stdout.split() == ["1000", "0", "1000", "CapBnd:", "0000000000000000", "NoNewPrivs:", "1"]
    assert "'/mnt/models/x': Read-only file system" in done.stderr and "'/x': Permission denied" in done.stderr
