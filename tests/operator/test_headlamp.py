"""Headlamp with KAITO's plugin: read-only, by digest, and the plugin only if it is the one of its digest."""

import functools
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest

from kaitops.errors import BadInput
from kaitops.fleet.image_lock import ImageLock
from kaitops.operator.charts import Chart, charts
from kaitops.operator.image_list import cluster_images
from tests.conftest import Run
from tests.operator.test_charts import DIGEST, cluster
from tests.version import KAITO


def headlamp(**more: Any) -> Chart:
    (one,) = [
        each
        for each in charts(KAITO, "prod", cluster(operator={"headlamp": {"digest": DIGEST, **more}}))
        if each.key == "headlamp"
    ]
    return one


def made(chart: Chart) -> dict[str, Any]:
    return {one["kind"]: one for one in map(json.loads, chart.values["extraManifests"])}


def test_it_is_installed_after_kaito_by_version_and_digest() -> None:
    found = charts(KAITO, "prod", cluster(operator={"headlamp": {"digest": DIGEST}}))
    assert [one.key for one in found] == ["workspace", "headlamp"]
    one = found[-1]
    assert (one.name, one.namespace, one.version, one.privileged) == ("headlamp", "headlamp", "0.45.0", False)
    assert one.values["image"]["tag"] == f"v0.45.0@{DIGEST}"
    assert one.values["initContainers"][0]["image"] == f"ghcr.io/headlamp-k8s/headlamp:v0.45.0@{DIGEST}"
    assert one.values["tolerations"] == [{"key": "CriticalAddonsOnly", "operator": "Exists"}]


def test_its_account_may_nothing_and_its_reader_reads_no_secret() -> None:
    one = headlamp(namespace="pages")
    assert one.values["clusterRoleBinding"] == {"create": False}
    objects = made(one)
    rules = objects["ClusterRole"]["rules"]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch"}
    named = {resource for rule in rules for resource in rule["resources"]}
    assert {"workspaces", "pods", "nodes", "events"} <= named
    assert not {"secrets", "configmaps", "*"} & named
    assert all("*" not in rule["apiGroups"] for rule in rules)
    (subject,) = objects["ClusterRoleBinding"]["subjects"]
    assert subject == {"kind": "ServiceAccount", "name": "headlamp-reader", "namespace": "pages"}
    assert objects["ServiceAccount"]["metadata"] == {"name": "headlamp-reader", "namespace": "pages"}
    assert subject["name"] != one.values["serviceAccount"]["name"]


def test_pods_hold_to_the_restricted_level() -> None:
    values = headlamp().values
    for context in (values["securityContext"], values["initContainers"][0]["securityContext"]):
        assert context["runAsNonRoot"] and context["readOnlyRootFilesystem"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"clusterRoleBinding": {"create": True}},
            r"headlamp\.values\.clusterRoleBinding\.create: gives .* cluster-admin",
        ),
        ({"image": {"tag": "latest"}}, r"headlamp\.values\.image\.tag: another image"),
    ],
)
def test_what_would_make_it_more_is_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        headlamp(values=values)


def test_mirrors_are_taken_and_the_plugin_can_be_left_out() -> None:
    one = headlamp(
        archive="https://files.example.com/plugin.tgz", values={"image": {"registry": "contoso.example.com"}}
    )
    (init,) = one.values["initContainers"]
    assert init["image"].startswith("contoso.example.com/headlamp-k8s/headlamp:v0.45.0@sha256:")
    assert {each["name"]: each["value"] for each in init["env"]}["ARCHIVE"] == "https://files.example.com/plugin.tgz"
    without = headlamp(plugin=False).values
    assert not {"initContainers", "volumes", "volumeMounts"} & set(without)


def test_a_registry_of_the_clusters_own_moves_it_whole() -> None:
    copy = "https://files.example.com/plugin.tgz"
    mine = cluster(operator={"headlamp": {"digest": DIGEST, "archive": copy}}, registry="contoso.example.com/kaito")
    found = charts(KAITO, "prod", mine)
    name = f"contoso.example.com/kaito/headlamp-k8s/headlamp:v0.45.0@{DIGEST}"
    assert found[-1].values["image"]["registry"] == "contoso.example.com/kaito"
    assert found[-1].values["initContainers"][0]["image"] == name
    (one,) = [each for each in cluster_images(KAITO, found, (), ImageLock.empty()) if "headlamp" in each.name]
    assert (one.name, one.digest) == (name, DIGEST)
    assert one.source == f"ghcr.io/headlamp-k8s/headlamp@{DIGEST}"
    mine["operator"]["headlamp"] = {"digest": DIGEST}
    with pytest.raises(BadInput, match=r"headlamp\.archive: is not said, so the plugin would be fetched from https"):
        charts(KAITO, "prod", mine)
    mine["operator"]["headlamp"]["plugin"] = False
    assert charts(KAITO, "prod", mine)[-1].key == "headlamp"


@pytest.mark.parametrize("gitops", ["argocd", "flux"])
def test_it_is_in_the_trees(gitops: str, run: Run, tmp_path: Path) -> None:
    fleet = {
        "kaito": KAITO,
        "gitops": {"repository": "https://git.example.com/fleet.git"},
        "clusters": {
            "a": {
                "region": "westeurope", "provisioner": "karpenter", "gitops": gitops,
                "operator": {"headlamp": {"digest": DIGEST}},
            }
        },
        "models": {"m": {"preset": "phi-4", "gpu": "Standard_NC24ads_A100_v4"}},
    }  # fmt: skip
    (tmp_path / "fleet.yaml").write_text(json.dumps(fleet))
    run("render", code=0)
    found = list((tmp_path / "manifests/clusters/a/operator").glob("*headlamp*.yaml"))
    (release,) = [one for one in found if one.name.startswith(("application", "helmrelease"))]
    text = release.read_text()
    assert f"v0.45.0@{DIGEST}" in text
    assert '\\"headlamp-reader\\"' in text


def test_the_digest_is_asked_for(run: Run, tmp_path: Path) -> None:
    text = f"kaito: {KAITO}\nclusters:\n  a: {{region: westeurope, provisioner: karpenter, operator: {{headlamp: {{}}}}}}\n"
    (tmp_path / "fleet.yaml").write_text(text)
    done = run("render", code=2)
    assert "headlamp" in done.stderr and "digest" in done.stderr


@pytest.mark.skipif(not (shutil.which("wget") and shutil.which("sha256sum")), reason="wget is missing")
@pytest.mark.parametrize("good", [True, False])
def test_an_archive_that_is_another_one_is_not_installed(good: bool, tmp_path: Path) -> None:
    content = tmp_path / "kaito" / "main.js"
    content.parent.mkdir()
    content.write_text("plugin")
    with tarfile.open(tmp_path / "plugin.tgz", "w:gz") as archive:
        archive.add(content, "kaito/main.js")
    (init,) = headlamp().values["initContainers"]
    _, _, script = init["command"]
    for folder in ("plugins", "download"):
        (tmp_path / "pod" / folder).mkdir(parents=True)
        script = script.replace(f"/{folder}", str(tmp_path / "pod" / folder))
    digest = hashlib.sha256((tmp_path / "plugin.tgz").read_bytes()).hexdigest()
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        given = {
            "ARCHIVE": f"http://127.0.0.1:{server.server_address[1]}/plugin.tgz",
            "SHA256": digest if good else "0" * 64,
        }
        done = subprocess.run(
            ["/bin/sh", "-ec", script], env={**os.environ, **given}, capture_output=True, text=True, check=False
        )
        server.shutdown()
    assert (done.returncode == 0) is good, done.stderr
    assert (tmp_path / "pod/plugins/kaito/main.js").exists() is good
    assert ("not the one of the digest" in done.stderr) is not good


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""
