"""The platform part beside the controllers: what watches models, and tokens from the key vault."""

import json
from typing import Any

import pytest

from kaitops.errors import BadInput
from tests.components.recorder import Registered
from tests.components.test_program import ADMIN, KUBECONFIG, Program, program

__all__ = ["program"]
TOKENS = {"models/hf-token": {"HF_TOKEN": "hf-token"}, "models/pull": {".dockerconfigjson": "registry"}}
WHOLE = {
    "secrets": {"team/hf-token": {"HF_TOKEN": "hf-token"}},
    "kind": "externalSecrets",
    "vault": "kv-mine",
    "tenantId": ADMIN,
    "clientId": ADMIN,
    "serviceAccount": "reader",
}


def spec(one: Any) -> Any:
    return one.inputs["spec"]


@pytest.mark.parametrize(
    ("monitoring", "kinds", "version"),
    [
        ({}, {"PodMonitor"}, "azmonitoring.coreos.com/v1"),
        (
            {"prometheus": "operator", "dashboard": True},
            {"PodMonitor", "PrometheusRule", "ConfigMap"},
            "monitoring.coreos.com/v1",
        ),
    ],
)
def test_models_are_watched_after_the_controllers_are_there(
    program: Program, monitoring: dict[str, Any], kinds: set[str], version: str
) -> None:
    watched = {"monitoring": {"namespace": "monitoring", **monitoring}}
    made = program(parts=["platform"], kubeconfig=KUBECONFIG, platform=watched)
    component = made.one("kaitops:observability:ModelMonitoring")
    assert made.by_urn(component.parent).type == "kaitops:stack:Platform"
    objects = made.children(component)
    assert {one.type.rpartition(":")[2] for one in objects} == kinds
    assert objects[0].inputs["apiVersion"] == version
    assert {one.inputs["metadata"]["namespace"] for one in objects} == {"monitoring"}
    assert all(made.depends(one, made.one("kubernetes:helm.sh/v4:Chart")) for one in objects)


def test_nothing_watches_and_no_token_comes_unless_asked_for(program: Program) -> None:
    made = program(parts=["platform"], kubeconfig=KUBECONFIG)
    assert made.of("kaitops:observability:ModelMonitoring") == made.of("kaitops:platform:ModelSecrets") == []


@pytest.mark.e2e
def test_tokens_come_by_the_csi_driver_with_the_identity_of_the_stack(program: Program) -> None:
    made = program(infra={"entraAdmins": [ADMIN]}, platform={"secrets": {"secrets": TOKENS}})
    account = made.one("kubernetes:core/v1:ServiceAccount")
    reader = next(one for one in made.of(":UserAssignedIdentity") if "secret-reader" in one.name)
    client = reader.outputs["clientId"]
    assert account.inputs["metadata"]["annotations"]["azure.workload.identity/client-id"] == client
    assert account.inputs["metadata"]["name"] == "model-secrets"
    token, pull = made.of(":SecretProviderClass")
    vault = made.one(":Vault").inputs["vaultName"]
    assert (spec(token)["parameters"]["keyvaultName"], spec(token)["parameters"]["clientID"]) == (vault, client)
    (listed,) = json.loads(spec(token)["parameters"]["objects"])["array"]
    assert json.loads(listed) == {"objectName": "hf-token", "objectType": "secret"}
    assert spec(token)["secretObjects"] == [
        {"secretName": "hf-token", "type": "Opaque", "data": [{"key": "HF_TOKEN", "objectName": "hf-token"}]}
    ]
    assert spec(pull)["secretObjects"][0]["type"] == "kubernetes.io/dockerconfigjson"
    assert made.depends(token, account)


def test_tokens_come_by_external_secrets_of_another_vault(program: Program) -> None:
    made = program(parts=["platform"], kubeconfig=KUBECONFIG, platform={"secrets": WHOLE})
    store, secret = made.one(":SecretStore"), made.one(":ExternalSecret")
    vault = spec(store)["provider"]["azurekv"]
    assert (vault["vaultUrl"], vault["tenantId"]) == ("https://kv-mine.vault.azure.net", ADMIN)
    assert vault["serviceAccountRef"] == {"name": "reader"}
    assert spec(secret)["data"] == [{"secretKey": "HF_TOKEN", "remoteRef": {"key": "hf-token"}}]
    assert spec(secret)["target"]["name"] == "hf-token"
    assert made.depends(secret, store)


@pytest.mark.e2e
def test_a_workload_waits_for_its_token_and_the_namespace_is_made_once(program: Program) -> None:
    fleet = {"region": "westeurope", "provisioner": "karpenter"}
    made = program(fleet, infra={"entraAdmins": [ADMIN]}, platform={"secrets": {"secrets": TOKENS}})
    spaces = [
        one
        for one in made.of("kubernetes:core/v1:Namespace")
        if not one.read and one.inputs["metadata"]["name"] == "models"
    ]
    assert [made.by_urn(one.parent).type for one in spaces] == ["kaitops:platform:ModelSecrets"]
    assert made.depends(made.one("kubernetes:kaito.sh/v1beta1:Workspace"), spaces[0])


@pytest.mark.parametrize(
    ("parts", "secrets", "said"),
    [
        (["platform"], {"secrets": TOKENS}, r"kaitops:platform\.secrets\.vault: is not said"),
        (["infra", "platform"], {"secrets": {"team/a": {"b": "c"}}}, "trusts service accounts of models only"),
        (["platform"], {"secrets": {}}, r"kaitops:platform\.secrets\.secrets"),
        (["platform"], {"secrets": {"no-namespace": {"b": "c"}}}, r"platform\.secrets\.secrets"),
    ],
)
def test_tokens_that_would_not_come_are_refused(
    program: Program, parts: list[str], secrets: dict[str, Any], said: str
) -> None:
    access = {} if "infra" in parts else {"kubeconfig": KUBECONFIG}
    with pytest.raises(BadInput, match=said):
        program(parts=parts, platform={"secrets": secrets}, **access)


def test_a_namespace_stays_the_same_resource_when_another_part_of_the_stack_makes_it(program: Program) -> None:
    def space(**platform: Any) -> Registered:
        parts = ["platform", "workloads"]
        made = program(parts=parts, kubeconfig=KUBECONFIG, platform={"protect": False, **platform})
        [one] = [one for one in made.of(":Namespace") if not one.read and one.inputs["metadata"]["name"] == "models"]
        return one

    by_workloads = space()
    by_platform = space(secrets={**WHOLE, "secrets": TOKENS})
    # The mocks know of a parent alone, the engine of that one's parent too.
    whole = by_platform.urn.replace("kaitops:platform:", "kaitops:stack:Platform$kaitops:platform:")
    assert [getattr(each, "urn", each) for each in by_workloads.aliases] == [whole]
    assert [getattr(each, "urn", each) for each in by_platform.aliases] == [by_workloads.urn]
