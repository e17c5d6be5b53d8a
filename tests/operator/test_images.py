"""``kaitops images``: the list, the commands that copy, and the record of digests from a registry that is asked."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from kaitops.documents.plain import at, nested
from kaitops.errors import BadInput, ToolMissing
from kaitops.fleet.image_lock import ImageLock
from kaitops.kaito import facts
from kaitops.kaito.anatomy import TEMPLATES
from kaitops.operator import addons, registries
from kaitops.operator.image_list import Image
from kaitops.operator.pods import pinned
from tests.conftest import ROOT, Run
from tests.version import KAITO

MANIFEST = b'{"schemaVersion": 2, "manifests": []}'
FLEET_FILE = str(ROOT / "fleet.yaml")
DIGEST = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"
INDEX = "apiVersion: v1\nentries:\n  workspace:\n  - version: 0.12.0\n    digest: " + "cd" * 32 + "\n"


class _Registry(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        host = self.headers["Host"]
        if self.path.startswith("/token"):
            return self._answer(200, b'{"token": "t"}')
        if self.path == "/charts/index.yaml":
            return self._answer(200, INDEX.encode())
        if self.path.endswith("/manifests/lost") or "@" in self.path:
            return self._answer(404, b"{}")
        if self.path.endswith("/manifests/page"):
            return self._answer(200, b"<html>")
        if self.headers.get("Authorization") != "Bearer t":
            challenge = f'Bearer realm="http://{host}/token",service="s",scope="repository:x:pull"'
            return self._answer(401, b"", {"WWW-Authenticate": challenge})
        return self._answer(200, MANIFEST)

    def _answer(self, code: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(code)
        for key, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def registry() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Registry)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_digest_is_what_the_registry_holds(registry: str) -> None:
    for name in ("kaito/base:1", f"kaito/base@{DIGEST}", f"kaito/base:1@{DIGEST}"):
        assert registries.image_digest(f"{registry}/{name}") == DIGEST
    assert registries.chart_digest(f"http://{registry}/charts", "workspace", KAITO) == f"sha256:{'cd' * 32}"
    assert registries.chart_digest(f"oci://{registry}/charts", "workspace", KAITO) == DIGEST


@pytest.mark.parametrize("tag", ["lost", "page"])
def test_what_is_no_manifest_is_never_recorded(registry: str, tag: str) -> None:
    with pytest.raises(ToolMissing, match="recorded"):
        registries.image_digest(f"{registry}/kaito/base:{tag}")


def test_an_unknown_chart_or_a_silent_registry_is_said(registry: str) -> None:
    with pytest.raises(ToolMissing, match=r"workspace 9\.9\.9 of .* does not have it"):
        registries.chart_digest(f"http://{registry}/charts", "workspace", "9.9.9")
    with pytest.raises(ToolMissing, match="gave no answer"):
        registries.image_digest("127.0.0.1:1/kaito/base:1")


@pytest.mark.parametrize(
    ("name", "path", "source"),
    [
        ("mcr.microsoft.com/aks/kaito/base:1", "aks/kaito/base:1", "mcr.microsoft.com/aks/kaito/base:1"),
        ("curlimages/curl", "curlimages/curl:latest", "docker.io/curlimages/curl:latest"),
        ("python:3.12-slim", "library/python:3.12-slim", "docker.io/library/python:3.12-slim"),
        ("localhost:5000/a", "a:latest", "localhost:5000/a:latest"),
    ],
)
def test_names_are_whole_in_commands(name: str, path: str, source: str) -> None:
    one = Image(name, "", "")
    assert (one.path, one.source) == (path, source)
    assert Image(name, "", DIGEST).source == f"{source.rpartition(':')[0]}@{DIGEST}"


def test_the_list_follows_the_cluster(run: Run) -> None:
    everything = run("images", "--fleet", FLEET_FILE, "-o", "name").stdout.split()
    brought = run("images", "--fleet", FLEET_FILE, "-o", "name", "--cluster", "edge-lab").stdout.split()
    assert "registry.k8s.io/nfd/node-feature-discovery:v0.15.3" in brought
    assert "mcr.microsoft.com/aks/kaito/ragengine:0.12.0" in set(everything) - set(brought)
    # Images of the pods that KAITO would make are there as well as those of the charts.
    assert {"mcr.microsoft.com/aks/kaito/kaito-base:0.5.0", "ghcr.io/oras-project/oras:v1.2.2"} <= set(everything)


def test_commands_copy_every_image(run: Run) -> None:
    names = run("images", "--fleet", FLEET_FILE, "-o", "name").stdout.split()
    for form, start in (("acr-import", "az acr import --name contoso --source "), ("oras", "oras cp --recursive ")):
        lines = run("images", "--fleet", FLEET_FILE, "--format", form, "--to", "contoso.azurecr.io").stdout.splitlines()
        copied = [line for line in lines if not line.startswith("helm pull ")]
        assert len(copied) == len(names) and all(line.startswith(start) for line in copied)
        assert [line.split()[2] for line in lines[len(copied) :]] == ["workspace", "ragengine"]
    assert "--to" in run("images", "--fleet", FLEET_FILE, "--format", "oras", code=2).stderr
    assert "edge-lab" in run("images", "--fleet", FLEET_FILE, "--cluster", "nowhere", code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "contoso.azurecr.io", "team"], "'team' is none of show, lock; a value that holds a space is written in quotes"),
        (["lok"], "'lok' is none of show, lock; did you mean 'lock'?"),
        (["--to", "contoso.azurecr.io"], "--to: a list copies nothing; add --format acr-import or --format oras"),
        (["--format", "acr-import", "--to", "contoso"], "write such as contoso.azurecr.io"),
        (["--format", "oras", "--to", "contoso.azurecr.io team"], "'contoso.azurecr.io team' is no registry"),
        (["--format", "oras", "--to", "https://contoso.azurecr.io"], "write host and path, such as contoso.azurecr.io/team"),
    ],
)  # fmt: skip
def test_a_target_that_is_none_is_refused(run: Run, arguments: list[str], message: str) -> None:
    assert message in run("images", "--fleet", FLEET_FILE, *arguments, code=2).stderr


MIRRORED = """
kaito: 0.12.0
defaults: {namespace: models}
clusters:
  prod:
    region: westeurope
    provisioner: karpenter
    gitops: flux
    registry: contoso.azurecr.io/team/aks/kaito
    operator: {repository: "oci://contoso.azurecr.io/team/charts"}
gitops: {repository: https://git.example.com/contoso/fleet.git}
models:
  phi: {preset: phi-4-mini-instruct, gpu: Standard_NC24ads_A100_v4, context: 16384}
  plain: {preset: phi-4, gpu: Standard_NC24ads_A100_v4, context: 8192, mode: plain}
rag:
  handbook:
    embedding: {model: BAAI/bge-small-en-v1.5}
    llm: {model: phi, contextWindow: 16384}
"""


@pytest.mark.parametrize("form", ["oras", "acr-import"])
def test_what_is_copied_is_what_is_pulled(run: Run, tmp_path: Path, form: str) -> None:
    """A path within the registry survives, and a mirror is never the source of itself."""
    (tmp_path / "fleet.yaml").write_text(MIRRORED)
    lines = run("images", "--format", form, "--to", "contoso.azurecr.io/team", code=0).stdout.splitlines()
    made: set[str] = set()
    for line in lines:
        words = line.split()
        if words[0] == "helm":
            assert words[4].startswith("https://")
            made.add(f"{words[-1].removeprefix('oci://')}/{words[2]}")
        elif form == "oras":
            assert not words[3].startswith("contoso.azurecr.io")
            made.add(words[4])
        else:
            assert words[4] == "contoso"
            assert not words[6].startswith("contoso.azurecr.io")
            made.add(f"contoso.azurecr.io/{words[8]}")
    pulled = {name for name in run("images", "-o", "name").stdout.split() if name.startswith("contoso.azurecr.io/")}
    assert {name.rpartition("/")[2].partition(":")[0] for name in pulled} == {
        "kaito-base", "kaito-rag-service", "workspace", "ragengine",
    }  # fmt: skip
    assert pulled <= made
    assert {f"contoso.azurecr.io/team/charts/{chart}" for chart in ("workspace", "ragengine")} <= made
    run("render", code=0)
    text = "".join(path.read_text() for path in (tmp_path / "manifests").rglob("*.yaml"))
    assert "mcr.microsoft.com/aks/kaito" not in text
    assert "repository: contoso.azurecr.io/team/aks/kaito/workspace" in text


@pytest.mark.parametrize("mode", ["operator", "plain"])
def test_an_engine_is_pulled_from_the_clusters_registry_alone(run: Run, tmp_path: Path, mode: str) -> None:
    def rag(text: str) -> list[str]:
        (tmp_path / "fleet.yaml").write_text(text)
        return [name for name in run("images", "-o", "name", code=0).stdout.split() if "kaito-rag-service" in name]

    text = MIRRORED.replace("  handbook:\n", f"  handbook:\n    mode: {mode}\n")
    assert f"mode: {mode}" in text
    assert rag(text) == [f"contoso.azurecr.io/team/aks/kaito/kaito-rag-service:{KAITO}"]
    run("render", code=0)
    rendered = "".join(path.read_text() for path in (tmp_path / "manifests").rglob("deployment-handbook.yaml"))
    assert ("image: contoso.azurecr.io/team/aks/kaito/kaito-rag-service" in rendered) is (mode == "plain")
    assert "admission" not in run("gate", "manifests", "--no-checkov", "--fail-on", "CRITICAL", code=0).stdout.lower()
    own = text.replace("    registry: contoso.azurecr.io/team/aks/kaito\n", "")
    assert rag(own) == [f"mcr.microsoft.com/aks/kaito/kaito-rag-service:{KAITO}"]


def test_weights_have_revision_and_size(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(MIRRORED)
    rows = {row["model"]: row for row in json.loads(run("images", "--weights", "-o", "json", code=0).stdout)}
    assert set(rows) == {"microsoft/Phi-4-mini-instruct", "microsoft/phi-4", "BAAI/bge-small-en-v1.5"}
    assert rows["microsoft/phi-4"]["size"] == "27.31Gi"
    assert len(rows["microsoft/phi-4"]["revision"]) == 40
    assert rows["BAAI/bge-small-en-v1.5"]["revision"] == "not recorded"


def test_the_bill_holds_models_as_models(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(MIRRORED)
    assert "3 models" in run("images", "--sbom", "bill.json", code=0).stderr
    text = (tmp_path / "bill.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    kinds = {(one["type"], one["name"]) for one in json.loads(text)["components"]}
    assert {("machine-learning-model", "microsoft/phi-4"), ("application", "workspace")} <= kinds
    assert ("container", "contoso.azurecr.io/team/aks/kaito/kaito-base") in kinds
    assert run("images", "--sbom", "-", code=0).stdout == text


def _with(addon: str, text: str = MIRRORED) -> str:
    return text.replace(
        '{repository: "oci://contoso.azurecr.io/team/charts"}',
        f'{{repository: "oci://contoso.azurecr.io/team/charts", {addon}}}',
    )


def test_images_of_keda_are_moved_listed_and_copied_to_where_they_are_pulled_from(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(_with("keda: {version: 2.17.0}"))
    mirror = "contoso.azurecr.io/team/aks/kaito/kedacore"
    pulled = {f"{mirror}/keda{part}:2.17.0" for part in ("", "-metrics-apiserver", "-admission-webhooks")}
    told = run("images", "-o", "name", code=0)
    assert pulled <= set(told.stdout.split())
    assert told.stderr == ""
    copies = run("images", "--format", "oras", "--to", "contoso.azurecr.io/team", code=0).stdout.splitlines()
    assert f"oras cp --recursive ghcr.io/kedacore/keda:2.17.0 {mirror}/keda:2.17.0" in copies
    run("render", code=0)
    (file,) = [path for path in (tmp_path / "manifests").rglob("*.yaml") if "chart: keda\n" in path.read_text()]
    text = file.read_text()
    assert "registry: contoso.azurecr.io/team/aks/kaito\n" in text
    assert text.count('tag: "2.17.0"\n') == 3


@pytest.mark.parametrize("key", ["gpuOperator", "gatewayApi"])
def test_only_what_is_known_of_a_chart_is_moved(key: str) -> None:
    known = facts.load("0.12.0", "charts.json")["charts"]
    with pytest.raises(BadInput, match=f"operator.{key}.values: is not said"):
        addons.values_of(f"operator.{key}", {"version": "1"}, known[key], "r.example.com")
    assert addons.values_of("", {"version": "1"}, known[key], "") == {}
    with pytest.raises(BadInput, match="is not said"):
        addons.values_of("keda", {"version": "1", "chart": "keda-of-ours"}, known["keda"], "r.example.com")


def test_a_chart_that_lies_in_the_target_is_copied_from_where_it_is_published(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(
        _with("keda: {version: 2.17.0, repository: 'oci://contoso.azurecr.io/team/charts'}")
    )
    lines = run("images", "--format", "oras", "--to", "contoso.azurecr.io/team", code=0).stdout.splitlines()
    assert (
        "helm pull keda --repo https://kedacore.github.io/charts --version 2.17.0 && "
        "helm push keda-2.17.0.tgz oci://contoso.azurecr.io/team/charts"
    ) in lines


def test_values_of_ones_own_say_where_images_of_keda_lie(run: Run, tmp_path: Path) -> None:
    own = "keda: {version: 2.17.0, values: {global: {image: {registry: r.example.com/x}}, image: {webhooks: {tag: 9.9.9}}}}"
    (tmp_path / "fleet.yaml").write_text(_with(own))
    names = run("images", "-o", "name", code=0).stdout.split()
    assert {"r.example.com/x/kedacore/keda:2.17.0", "r.example.com/x/kedacore/keda-admission-webhooks:9.9.9"} <= set(
        names
    )


def test_images_of_keda_are_listed_without_a_registry_as_well(run: Run, tmp_path: Path) -> None:
    text = _with("keda: {version: 2.17.0}").replace("registry: contoso.azurecr.io/team/aks/kaito", "environment: prod")
    (tmp_path / "fleet.yaml").write_text(text)
    assert "ghcr.io/kedacore/keda:2.17.0" in run("images", "-o", "name", code=0).stdout.split()


def test_a_registry_does_not_pretend_to_move_what_nobody_knows(run: Run, tmp_path: Path) -> None:
    addon = "gatewayApi: {version: 1.6.1, repository: 'oci://docker.io/envoyproxy', chart: gateway-helm}"
    (tmp_path / "fleet.yaml").write_text(_with(addon))
    told = run("render", code=2).stderr
    assert ".values: is not said, and which images this chart runs follows its version" in told
    assert "contoso.azurecr.io/team/aks/kaito" in told
    (tmp_path / "fleet.yaml").write_text(_with(addon.replace("version:", "values: {}, version:")))
    run("render", code=0)
    assert "are not listed, for they follow its version" in run("images", code=0).stderr


FLEET = """
kaito: 0.12.0
clusters:
  dev:
    region: westeurope
    provisioner: aks-addon
models:
  mine:
    gpu: Standard_D16s_v5
    mode: plain
    custom:
      cpuImage: {image: "IMAGE", port: 5000, cpu: "1", memory: 1Gi}
"""


def test_recording_writes_what_was_answered_and_pins_plain_pods(run: Run, tmp_path: Path, registry: str) -> None:
    image = f"{registry}/models/mine:1"
    (tmp_path / "fleet.yaml").write_text(FLEET.replace("IMAGE", image))
    run("images", "lock")
    recorded = json.loads((tmp_path / "images.lock").read_text())
    assert recorded["images"][image]["digest"] == DIGEST
    assert set(recorded["images"][image]) == {"digest", "date", "source"}
    before = (tmp_path / "images.lock").read_bytes()
    run("images", "lock")
    assert (tmp_path / "images.lock").read_bytes() == before
    out = run("render", "--out", "-").stdout
    assert f"{image}@{DIGEST}" in out
    assert "@sha256" not in run("render", "--out", "-", "--parity").stdout


def test_a_recording_that_keeps_going_has_what_answered(run: Run, tmp_path: Path, registry: str) -> None:
    two = FLEET.replace("IMAGE", f"{registry}/models/mine:1")
    lost = two.partition("  mine:")[2].replace(":1", ":lost", 1)
    (tmp_path / "fleet.yaml").write_text(f"{two}  other:{lost}")
    run("images", "lock", code=3)
    assert not (tmp_path / "images.lock").exists()
    told = run("images", "lock", "--keep-going", code=3).stderr
    assert "1 gave no digest" in told
    assert list(json.loads((tmp_path / "images.lock").read_text())["images"]) == [f"{registry}/models/mine:1"]


def test_a_failed_recording_leaves_the_file_as_it_was(run: Run, tmp_path: Path, registry: str) -> None:
    (tmp_path / "images.lock").write_text('{"images": {}, "charts": {}}')
    (tmp_path / "fleet.yaml").write_text(FLEET.replace("IMAGE", f"{registry}/models/mine:lost"))
    assert "nothing was recorded" in run("images", "lock", code=3).stderr
    assert (tmp_path / "images.lock").read_text() == '{"images": {}, "charts": {}}'


@pytest.mark.parametrize("text", ["{", "[]", '{"images": []}', '{"images": {"a:1": {"digest": "sha256:12"}}}'])
def test_a_damaged_record_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "images.lock"
    path.write_text(text)
    with pytest.raises(BadInput, match="kaitops images lock"):
        ImageLock.read(path)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_pods_of_a_model_of_ones_own_are_pinned(kind: str) -> None:
    """What the init container runs that fetches weights is ours, and the gate asks for digests."""
    lock = ImageLock({"a:1": {"digest": DIGEST}}, {})
    pod = {"initContainers": [{"name": "x", "image": "a:1"}], "containers": [{"image": "b:1"}], "volumes": []}
    template = {"metadata": {}, "spec": pod}
    document = {"kind": kind, **nested([str(step) for step in TEMPLATES[kind]], template)}
    made = at(pinned(document, lock), *TEMPLATES[kind])
    assert made == {
        "metadata": {},
        "spec": {**pod, "initContainers": [{"name": "x", "image": f"a:1@{DIGEST}"}]},
    }
    assert list(made["spec"]) == list(pod), "the order of keys is the order of lines"
    assert at(document, *TEMPLATES[kind]) == template
    assert pinned({"kind": kind, "spec": {}}, lock) == {"kind": kind, "spec": {}}


def test_only_pods_are_pinned() -> None:
    lock = ImageLock({"a:1": {"digest": DIGEST}}, {})
    pod = {"initContainers": [{"image": "b:1"}], "containers": [{"image": "a:1"}, {"image": f"a:1@{DIGEST}"}]}
    job = {"kind": "Job", "spec": {"template": {"spec": pod}}}
    made = pinned(job, lock)["spec"]["template"]["spec"]
    assert [each["image"] for each in made["containers"]] == [f"a:1@{DIGEST}"] * 2
    assert made["initContainers"] == [{"image": "b:1"}]
    assert pinned({"kind": "Service"}, lock) == {"kind": "Service"}
    assert job["spec"]["template"]["spec"] is pod
