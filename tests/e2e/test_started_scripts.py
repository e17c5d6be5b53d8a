"""Each script of ours is started in the pod that KAITO's controllers make, with its mounts, and leaves what is read."""

import json
import socket
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kaitops.fleet.controllers import chart_objects
from kaitops.kaito.release import Release
from kaitops.kaito.settings import Settings
from tests.e2e.conftest import lacking
from tests.e2e.pods import sandbox, stores, tools
from tests.e2e.pods.sandbox import Pod

Object = dict[str, Any]
VERSION = "0.12.0"
ADAPTER, OUTPUT = "r.example.com/one:1", "r.example.com/out:1"


@pytest.fixture
def stage() -> Iterator[ExitStack]:
    if why := sandbox.missing():
        lacking(why)
    with ExitStack() as stack:
        yield stack


def workspace(name: str, annotations: Mapping[str, str] | None = None, **block: Any) -> Object:
    return {
        "apiVersion": "kaito.sh/v1beta1", "kind": "Workspace",
        "metadata": {"name": name, "namespace": "models", "annotations": dict(annotations or {})},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": name}}},
        **block,
    }  # fmt: skip


def secret(name: str) -> Object:
    data = {".dockerconfigjson": "e30="}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": "models"}, "data": data}


def made(documents: Sequence[Object], **gates: bool) -> list[Object]:
    """What the controllers make."""
    settings = Settings.from_dict({"featureGates": gates}, VERSION)
    found = Release.load(VERSION).expand([*chart_objects(VERSION, {}), *documents], settings)
    assert not found.errors
    return list(found.objects)


def pod_of(objects: Sequence[Object], kind: str) -> Object:
    return next(one["spec"]["template"]["spec"] for one in objects if one["kind"] == kind)


def container(spec: Mapping[str, Any], start: str) -> Object:
    every = [*(spec.get("initContainers") or ()), *spec["containers"]]
    return next(one for one in every if one["name"].startswith(start))


def mounted(spec: Mapping[str, Any], name: str, pod: Pod, path: str) -> Path:
    """What a container finds at a path of its own."""
    for one in container(spec, name)["volumeMounts"]:
        if path == one["mountPath"] or path.startswith(f"{one['mountPath']}/"):
            return pod.volume(one["name"]) / path.removeprefix(one["mountPath"]).lstrip("/")
    raise AssertionError(f"{name} mounts nothing at {path}")


def test_an_adapter_is_where_the_server_looks(tmp_path: Path, stage: ExitStack) -> None:
    image = tools.write(tmp_path / "image")
    tools.publish(image, ADAPTER, "adapter_model.safetensors", b"low rank", private=True)
    source = {"name": "one", "image": ADAPTER, "imagePullSecrets": ["puller"]}
    block = {"preset": {"name": "phi-4-mini-instruct"}, "adapters": [{"source": source}]}
    spec = pod_of(made([secret("puller"), workspace("a", inference=block)]), "StatefulSet")
    pod = stage.enter_context(Pod(spec, tmp_path / "pod", image))
    (pod.volume("docker-config-one-inference-adapter") / "puller.json").write_text("good")
    done = pod.run(container(spec, "puller"))
    assert done.returncode == 0, done.stderr
    assert mounted(spec, "a", pod, "/mnt/adapter/one/adapter_model.safetensors").read_bytes() == b"low rank"


def test_what_is_trained_on_and_what_comes_of_it(tmp_path: Path, stage: ExitStack) -> None:
    image = tools.write(tmp_path / "image")
    hub = stage.enter_context(stores.hub({"d/rows.parquet": b"rows"}, {}))
    output = {"image": OUTPUT, "imagePushSecret": "pusher"}
    block = {"preset": {"name": "phi-4-mini-instruct"}, "method": "lora", "input": {"urls": [f"{hub}/d/rows.parquet"]},
             "output": output}  # fmt: skip
    spec = pod_of(made([secret("pusher"), workspace("t", tuning=block)]), "Job")
    pod = stage.enter_context(Pod(spec, tmp_path / "pod", image))
    (pod.volume("docker-config") / "config.json").write_text("good")
    for one in spec["initContainers"]:
        done = pod.run(one)
        assert done.returncode == 0, done.stderr
    assert mounted(spec, "t", pod, "/mnt/data/rows.parquet").read_bytes() == b"rows"
    assert mounted(spec, "t", pod, "/workspace/weights/model.safetensors").is_file()
    # The training itself: what it leaves, and the mark that it has ended.
    pusher = container(spec, "pusher")
    results = mounted(spec, "pusher", pod, "/mnt/results")
    assert results == mounted(spec, "t", pod, "/mnt/results")
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (results / name).write_text(name)
    settings = dict(line.split("=", 1) for line in pusher["args"][0].splitlines()[:4])
    mark = results / Path(settings["SENTINEL"].strip("'")).relative_to("/mnt/results")
    process = pod.start(pusher)
    time.sleep(0.3)
    assert process.poll() is None, "it waits for the end of the training"
    mark.touch()
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    *packed, said, reference = out.split()
    assert sorted(packed) == ["data/", "data/adapter_config.json", "data/adapter_model.safetensors"]
    assert (said, reference) == ("published", OUTPUT)


def test_data_of_an_image(tmp_path: Path, stage: ExitStack) -> None:
    image = tools.write(tmp_path / "image")
    tools.publish(image, ADAPTER, "rows.parquet", b"rows", private=False)
    output = {"volume": {"persistentVolumeClaim": {"claimName": "results"}}}
    block = {"preset": {"name": "phi-4-mini-instruct"}, "method": "lora", "input": {"image": ADAPTER}, "output": output}
    spec = pod_of(made([workspace("t", tuning=block)]), "Job")
    pod = stage.enter_context(Pod(spec, tmp_path / "pod", image))
    done = pod.run(container(spec, "puller"))
    assert done.returncode == 0, done.stderr
    assert [one.read_bytes() for one in mounted(spec, "t", pod, "/mnt/data").rglob("rows.parquet")] == [b"rows"]


def test_a_mirror_and_its_progress(tmp_path: Path, stage: ExitStack) -> None:
    image, claim = tools.write(tmp_path / "image"), tmp_path / "claim"
    claim.mkdir()
    spec = {
        "mode": "Managed", "source": {"modelID": "microsoft/Phi-4-mini-instruct", "namespace": "models"},
        "storage": {"storageClassName": "blob", "size": "10Gi"},
    }  # fmt: skip
    mirror = {"apiVersion": "kaito.sh/v1alpha1", "kind": "ModelMirror", "metadata": {"name": "m"}, "spec": spec}
    job = pod_of(made([mirror], ModelMirror=True), "Job")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"SAMPLER_PORT": str(port), "SAMPLE_SECONDS": "0.05"}
    pod = stage.enter_context(Pod(job, tmp_path / "pod", image, claims={"m": claim}, given=given))
    sampler = pod.start(container(job, "sampler"))
    done = pod.run(container(job, "downloader"))
    assert done.returncode == 0, done.stderr
    found = [one.relative_to(claim) for one in claim.rglob("*") if one.is_file()]
    assert found == [Path("microsoft/Phi-4-mini-instruct/model.safetensors")]
    end = time.monotonic() + 20
    while True:
        assert sampler.poll() is None, sampler.communicate()[1]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                assert b"model_mirror_download_remaining_seconds 0" in answer.read()
                return
        except (OSError, AssertionError):
            assert time.monotonic() < end
            time.sleep(0.05)


def test_a_token_for_streaming(tmp_path: Path, stage: ExitStack) -> None:
    image = tools.write(tmp_path / "image")
    (image / "azure").mkdir()
    (image / "azure" / "__init__.py").touch()
    (image / "azure" / "identity.py").write_text(
        "class WorkloadIdentityCredential:\n"
        "    def __init__(self, client_id): self.token = client_id\n"
        "    def get_token(self, scope): return self\n"
    )
    blob = "https://account.blob.core.windows.net/held/x"
    listing = "<EnumerationResults><Blobs><Blob><Name>w/a.safetensors</Name></Blob></Blobs></EnumerationResults>"
    answers: dict[str, bytes] = {}
    address = stage.enter_context(stores.service(answers))
    answers |= {
        "models/m/versions/1": json.dumps({"blobReference": {"blobUri": blob}}).encode(),
        "models/m/versions/1/credentials": json.dumps(
            {"blobReference": {"credential": {"sasUri": f"{address}/held?sig=1"}}}
        ).encode(),
        "held": listing.encode(),
    }
    asked = {
        "inference.kaito.sh/stream-datarefs-url": f"{address}/models/m/versions/1",
        "inference.kaito.sh/stream-identity-client-id": "client",
        "inference.kaito.sh/stream-source-type": "byo",
        "inference.kaito.sh/static-model-mirror": "true",
        "kaito.sh/streaming-service-account": "reader",
    }
    about = {"name": "reader", "namespace": "models", "annotations": {"azure.workload.identity/client-id": "client"}}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": about}
    document = workspace("s", asked, inference={"preset": {"name": "phi-4-mini-instruct"}})
    objects = made([account, document], ModelMirror=True, ModelStreaming=True)
    spec = pod_of(objects, "StatefulSet")
    pod = stage.enter_context(Pod(spec, tmp_path / "pod", image, given={"PYTHONPATH": "/image"}))
    (script,) = [one["data"] for one in objects if one["kind"] == "ConfigMap" and "fetch_sas.py" in one["data"]]
    (pod.volume("fetch-sas-script") / "fetch_sas.py").write_text(script["fetch_sas.py"])
    done = pod.run(container(spec, "fetch-sas"))
    assert done.returncode == 0, done.stderr
    assert "STREAM_MODEL_URI='az://held/w'" in mounted(spec, "s", pod, "/mnt/streaming/env").read_text()
