"""The kubeconfig of a cluster with Entra login: which way to log in it asks for, and that it says nothing more."""

import base64
from typing import Any, get_args

import pytest
import yaml

from kaitops.components.kubelogin import converted
from kaitops.components.settings.network import Login
from tests.components import stacks

# As Azure hands it out, with made-up values.
AZURES = """\
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: dGVzdA==
    server: https://aks-prod.test.invalid:443
  name: aks-prod
contexts:
- context:
    cluster: aks-prod
    user: clusterUser_rg_aks-prod
  name: aks-prod
current-context: aks-prod
kind: Config
preferences: {}
users:
- name: clusterUser_rg_aks-prod
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - --environment
      - AzurePublicCloud
      - --server-id
      - 6dae42f8-0000-0000-0000-000000000000
      - --client-id
      - 80faf920-0000-0000-0000-000000000000
      - --tenant-id
      - 22222222-0000-0000-0000-000000000000
      - --login
      - devicecode
      command: kubelogin
      env: null
      installHint: install it
      provideClusterInfo: false
"""
SERVER = ["--server-id", "6dae42f8-0000-0000-0000-000000000000"]
PLACE = ["--environment", "AzurePublicCloud"]
TENANT = ["--tenant-id", "22222222-0000-0000-0000-000000000000"]


def called(text: str) -> dict[str, Any]:
    return yaml.safe_load(text)["users"][0]["user"]["exec"]


@pytest.mark.parametrize(
    ("login", "more"),
    [
        ("azurecli", SERVER),
        ("azd", SERVER),
        ("workloadidentity", SERVER),
        ("msi", SERVER),
        ("spn", [*PLACE, *SERVER, *TENANT]),
    ],
)
def test_each_way_is_asked_for_and_finds_who_it_is_in_the_environment(login: Login, more: list[str]) -> None:
    text = converted(AZURES, login)
    assert called(text)["args"] == ["get-token", "--login", login, *more]
    # The identity of the application that people use would be taken for that of the pipeline.
    assert "80faf920" not in text
    before, after = yaml.safe_load(AZURES), yaml.safe_load(text)
    for one in (before, after):
        one["users"][0]["user"]["exec"].pop("args")
    assert after == before


def test_a_person_gets_what_azure_hands_out() -> None:
    assert converted(AZURES, "devicecode") == AZURES
    assert set(get_args(Login)) == {"azurecli", "azd", "workloadidentity", "msi", "spn", "devicecode"}


def test_another_way_than_kubelogins_stays() -> None:
    text = AZURES.replace("command: kubelogin", "command: aws")
    assert converted(text, "azurecli") == text
    token = AZURES.partition("    exec:")[0] + "    token: t\n"
    assert converted(token, "azurecli") == token


@pytest.mark.parametrize(
    ("given", "wanted"), [({}, "azurecli"), pytest.param({"apiServer": {"login": "spn"}}, "spn", marks=pytest.mark.e2e)]
)
def test_the_stack_hands_on_the_converted_one(given: dict[str, Any], wanted: str) -> None:
    encoded = base64.b64encode(AZURES.encode()).decode()
    answer = {"kubeconfigs": [{"name": "clusterUser", "value": encoded}]}
    made = stacks.run(given, calls={"azure-native:containerservice:listManagedClusterUserCredentials": answer})
    handed = made.one("kaitops:stack:Infra").outputs["kubeconfig"]
    assert called(handed)["args"][2] == wanted


@pytest.mark.e2e
def test_whoever_deploys_is_let_in_and_out_again() -> None:
    pipeline = "33333333-0000-0000-0000-000000000000"
    made = stacks.run({"deployers": [pipeline]})
    role = made.one(":RoleAssignment", f"infra-aks-deployer-{pipeline}")
    cluster = made.one(":ManagedCluster")
    assert role.inputs["scope"] == cluster.id
    assert (role.inputs["principalId"], role.inputs["principalType"]) == (pipeline, "ServicePrincipal")
    assert role.inputs["roleDefinitionId"].endswith("/b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b")
    assert not role.protect
