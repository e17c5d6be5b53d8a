"""Secrets that a cluster fetches: an ExternalSecret for each that a workload names, and nothing for what is not known."""

from pathlib import Path
from typing import Any

import pytest

from kaitops.errors import BadInput
from tests.conftest import Run
from tests.gitops.trees import cluster, fleet, objects, rendered

GATED = {
    "preset": "llama-3.1-8b-instruct",
    "gpu": "Standard_NC24ads_A100_v4",
    "secret": "hf-token",
    "namespace": "models",
}
TUNING = {
    "preset": "phi-4", "method": "lora", "gpu": "Standard_NC24ads_A100_v4", "namespace": "models",
    "input": {"urls": ["https://example.com/x.parquet"]}, "output": {"image": "r.example.com/a:v1", "pushSecret": "push"},
}  # fmt: skip


def declared(**secrets: Any) -> dict[str, Any]:
    made = fleet({"dev": cluster("none", secrets={"store": "vault", **secrets})})
    made["models"] = {"one": dict(GATED), "two": dict(GATED)}
    made["tuning"] = {"tune": dict(TUNING)}
    return made


def test_one_object_for_each_secret_however_many_name_it() -> None:
    tree = rendered(declared(names={"push": "acr-token"}))
    specs = {each["metadata"]["name"]: each["spec"] for each in objects(tree, "dev/namespaces/models")}
    assert set(specs) == {"hf-token", "push"}
    assert specs["hf-token"]["data"] == [{"secretKey": "HF_TOKEN", "remoteRef": {"key": "models-hf-token"}}]
    assert specs["hf-token"]["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "vault"}
    assert specs["push"]["data"] == [{"secretKey": ".dockerconfigjson", "remoteRef": {"key": "acr-token"}}]
    assert specs["push"]["target"]["template"] == {"type": "kubernetes.io/dockerconfigjson"}
    assert tree.needs["dev"] == ["ClusterSecretStore vault"]


@pytest.mark.parametrize("mode", ["operator", "plain"])
def test_the_gate_knows_that_the_secrets_come(run: Run, fleet: Path, mode: str) -> None:
    import yaml

    fleet.write_text(yaml.safe_dump(declared(kind="SecretStore")))
    run("render", "--mode", mode, code=0)
    context = next((fleet.parent / "manifests").rglob("kaitops-context.yaml"))
    assert "SecretStore models/vault" in context.read_text()
    gate = ("gate", "--no-checkov", "--fail-on", "CRITICAL", "manifests")
    assert "needs" not in run(*gate, code=0).stdout
    fetched = fleet.parent / "manifests/clusters/dev/namespaces/models/externalsecret-hf-token.yaml"
    fetched.write_text(fetched.read_text().replace("HF_TOKEN", "TOKEN"))
    assert "Secret hf-token has no key HF_TOKEN" in run(*gate).stdout
    fetched.unlink()
    # KAITO's pods take the token as optional, so only the custom resource asks for it.
    assert ("Secret models/hf-token with key HF_TOKEN" in run(*gate).stdout) is (mode == "operator")


@pytest.mark.parametrize("secrets", [{"store": ""}, {"kind": "Vault"}, {"refresh": "soon"}, {"names": {"A B": "x"}}])
def test_malformed_keys_are_refused(secrets: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"clusters.dev.secrets"):
        rendered(declared(**secrets))
