"""The whole program as the engine runs it: parts, provisioners, outputs, and what is refused before anything is made."""

import asyncio
import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.output import Unknown
from pulumi.runtime.rpc import UNKNOWN

from kaitops.components.reach import Reach
from kaitops.components.resources import takeover
from kaitops.components.settings.configuration import ProgramSettings
from kaitops.errors import KaitopsError
from kaitops.health.argocd import customizations
from tests.components import azure_answers, recorder
from tests.components.conftest import Record
from tests.components.recorder import Recording
from tests.conftest import ROOT
from tests.version import KAITO

ADMIN = "11111111-1111-1111-1111-111111111111"
KUBECONFIG = "apiVersion: v1\nkind: Config\n"
FLEET: dict[str, Any] = {
    "kaito": KAITO,
    "clusters": {"prod": {"region": "westeurope", "provisioner": "karpenter"}},
    "models": {"phi": {"preset": "phi-4-mini-instruct", "gpu": "Standard_NC24ads_A100_v4", "namespace": "models"}},
}
BROUGHT = {
    "region": "westeurope",
    "provisioner": "byo",
    "nodes": {"a100": {"product": "A100", "gpus": 1, "memoryMiB": 81920, "labels": {"pool": "a100"}}},
}
POOL = {"a100": {"size": "Standard_NC24ads_A100_v4", "min": 1, "max": 2, "labels": {"pool": "a100"}}}
Program = Callable[..., Recording]


@pytest.fixture
def program(record: Record, tmp_path: Path) -> Program:
    def call(declared: dict[str, Any] | None = None, **config: Any) -> Recording:
        fleet = json.loads(json.dumps(FLEET))
        if declared:
            fleet["clusters"]["prod"] = declared
            if declared["provisioner"] == "byo":
                fleet["models"]["phi"].pop("gpu")
        path = tmp_path / "fleet.yaml"
        path.write_text(json.dumps(fleet))
        given = {"cluster": "prod", "fleet": str(path), **config}
        text = {
            f"kaitops:{key}": value if isinstance(value, str) else json.dumps(value) for key, value in given.items()
        }
        return record(
            lambda: runpy.run_path(str(ROOT / "__main__.py")),
            config=text,
            secret_config=("kaitops:kubeconfig",),
        )

    return call


def roots(made: Recording) -> set[str]:
    found = {one.type for one in made if one.type.startswith(("kaitops:stack", "kaitops:model:Cluster"))}
    return found - {"kaitops:stack:Guard"}


@pytest.mark.parametrize(
    ("cluster", "infra", "charts"),
    [
        (None, {}, ["workspace"]),
        (BROUGHT, {"gpuPools": POOL}, ["workspace"]),
        pytest.param(
            {"region": "westeurope", "provisioner": "azure-gpu-provisioner"},
            {},
            ["gpu-provisioner", "workspace"],
            marks=pytest.mark.e2e,
        ),
        pytest.param({"region": "westeurope", "provisioner": "aks-addon"}, {}, [], marks=pytest.mark.e2e),
    ],
    ids=["karpenter", "byo", "azure-gpu-provisioner", "aks-addon"],
)
@pytest.mark.parametrize(
    "parts",
    [
        ["infra", "platform", "workloads"],
        # Other tests of the default run have programs of one part.
        pytest.param(["infra"], marks=pytest.mark.e2e),
        pytest.param(["platform"], marks=pytest.mark.e2e),
        pytest.param(["workloads"], marks=pytest.mark.e2e),
        pytest.param(["platform", "workloads"], marks=pytest.mark.e2e),
    ],
    ids="+".join,
)
def test_each_provisioner_in_each_split(
    program: Program, cluster: Any, infra: dict[str, Any], charts: list[str], parts: list[str]
) -> None:
    access = {} if "infra" in parts else {"kubeconfig": KUBECONFIG}
    made = program(cluster, parts=parts, infra={"entraAdmins": [ADMIN], **infra}, **access)
    named = {
        "infra": "kaitops:stack:Infra",
        "platform": "kaitops:stack:Platform",
        "workloads": "kaitops:model:ClusterWorkloads",
    }
    assert roots(made) == {named[part] for part in parts}
    installed = [one.name.removeprefix("prod-platform-kaito-") for one in made.of("kubernetes:helm.sh/v4:Chart")]
    assert installed == (charts if "platform" in parts else [])
    workspaces = made.of("kubernetes:kaito.sh/v1beta1:Workspace")
    assert len(workspaces) == (1 if "workloads" in parts else 0)
    assert bool(made.of(":ManagedCluster")) is ("infra" in parts)
    if parts != ["infra"]:
        provider = made.one("pulumi:providers:kubernetes", "prod-objects")
        # The cluster's own identity: another cluster of the same name is another one.
        assert provider.inputs["clusterIdentifier"] == azure_answers.guid("kube-system")
        assert "kubeconfig" in provider.secrets
        spaces = [one for one in made.of("kubernetes:core/v1:Namespace") if not one.read]
        assert all(provider.urn in one.provider for one in [*workspaces, *spaces])
    if len(parts) > 1 and workspaces and charts:
        # Destroying goes the other way round: Workspaces, controllers with their definitions, cluster.
        assert all(made.depends(workspaces[0], one) for one in made.of("kubernetes:helm.sh/v4:Chart"))
    if len(parts) == 3:
        assert made.depends(workspaces[0], made.one(":ManagedCluster"))
    assert made.secret_exports == ({"kubeconfig"} if "infra" in parts else frozenset())


@pytest.mark.e2e
def test_the_provider_follows_the_cluster_and_takes_over_from_releases_before(program: Program) -> None:
    made = program(infra={"entraAdmins": [ADMIN]})
    provider = made.one("pulumi:providers:kubernetes", "prod-objects")
    # Named otherwise under an alias: the engine then replaces the provider and nothing that it made.
    assert [alias.spec.name for alias in provider.aliases] == ["prod"]
    cluster = made.one(":ManagedCluster")
    assert cluster.urn in provider.property_dependencies["kubeconfig"]
    # By way of its identity the engine would take the provider for replaced before the cluster is, and close the one by
    # which it then deletes.
    assert cluster.urn not in provider.property_dependencies["clusterIdentifier"]
    read = made.one("kubernetes:core/v1:Namespace", "prod-identity")
    assert read.read and read.id == "kube-system" and "prod-reach" in read.provider
    assert provider.secrets == frozenset({"kubeconfig"})


def test_a_cluster_that_is_not_there_yet_is_not_read(record: Record) -> None:
    def declared() -> None:
        future: asyncio.Future[bool] = asyncio.get_event_loop().create_future()
        future.set_result(False)
        nothing: asyncio.Future[Any] = asyncio.get_event_loop().create_future()
        nothing.set_result(None)
        Reach("prod", pulumi.Output(set(), nothing, future), [])

    made = record(declared, preview=True)
    provider = made.one("pulumi:providers:kubernetes", "prod-objects")
    assert isinstance(provider.inputs["clusterIdentifier"], Unknown)
    assert made.one("kubernetes:core/v1:Namespace").id == UNKNOWN


def test_workloads_alone_ask_for_kaitos_definitions_first(program: Program) -> None:
    made = program(parts=["workloads"], kubeconfig=KUBECONFIG)
    asked = made.one("kubernetes:apiregistration.k8s.io/v1:APIService")
    assert asked.read and asked.id == "v1beta1.kaito.sh" and "first-run-part-platform" in asked.name
    workspace = made.one("kubernetes:kaito.sh/v1beta1:Workspace")
    assert asked.urn in workspace.depends_on
    assert not program(parts=["platform", "workloads"], kubeconfig=KUBECONFIG).of(
        "kubernetes:apiregistration.k8s.io/v1:APIService"
    )


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("parts", "settings", "protected"),
    [
        (["infra", "platform", "workloads"], {}, True),
        pytest.param(
            ["infra", "platform", "workloads"],
            {"infra": {"protect": False}, "platform": {"protect": False}},
            False,
            marks=pytest.mark.e2e,
        ),
        pytest.param(["platform"], {}, True, marks=pytest.mark.e2e),
        (["platform", "workloads"], {"platform": {"protect": False}}, False),
        (["workloads"], {}, False),
    ],
)
def test_controllers_go_only_where_that_was_asked_for(
    program: Program, parts: list[str], settings: dict[str, Any], protected: bool
) -> None:
    access = {} if "infra" in parts else {"kubeconfig": KUBECONFIG}
    given = {**settings, "infra": {"entraAdmins": [ADMIN], **settings.get("infra", {})}}
    made = program(parts=parts, **access, **given)
    guard = made.one("kaitops:stack:Guard", "prod-stack-guard")
    assert guard.protect is protected
    for one in made:
        if one.custom and not one.read:
            assert made.depends(guard, one), one.name


def test_a_successor_comes_before_what_it_replaces_goes_where_that_was_asked_for(program: Program) -> None:
    def workspace(**workloads: Any) -> tuple[Any, Recording]:
        made = program(parts=["workloads"], kubeconfig=KUBECONFIG, workloads=workloads)
        return made.one("kubernetes:kaito.sh/v1beta1:Workspace"), made

    fixed, _ = workspace()
    assert fixed.inputs["metadata"]["name"] == "phi" and fixed.delete_before_replace is True
    moving, made = workspace(blueGreen=True)
    name = moving.inputs["metadata"]["name"]
    assert re.fullmatch(r"phi-[0-9a-f]{6,}", name) and moving.delete_before_replace is None
    # The same resource of the program: turning it on replaces the object once.
    assert moving.urn == fixed.urn
    assert made.exports["models"]["models.phi"]["name"] == name


def test_a_successor_under_another_name_is_refused_where_something_goes_by_the_old_one(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = {"embedding": {"model": "BAAI/bge-small-en-v1.5"}, "llm": {"model": "phi", "contextWindow": 16384}}
    monkeypatch.setitem(FLEET, "rag", {"handbook": engine})
    with pytest.raises(KaitopsError, match=r"blueGreen: RAGEngine handbook of rag.handbook goes by the name phi"):
        program(parts=["workloads"], kubeconfig=KUBECONFIG, workloads={"blueGreen": True})


def test_a_model_called_as_its_preset_has_a_successor_beside_another_of_that_preset(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    phi = FLEET["models"]["phi"]
    monkeypatch.setitem(FLEET, "models", {phi["preset"]: phi, "second": phi})
    made = program(parts=["workloads"], kubeconfig=KUBECONFIG, workloads={"blueGreen": True})
    assert len(made.exports["models"]) == 2


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("chat", True), ("http://chat/v1", True), ("http://chat.models/v1", True), ("chat.models.svc:80", True),
        ("http://user@chat:80/v1", True), ("url: http://chat.models.svc.cluster.local/v1/chat/completions", True),
        ("http://phi.models.svc/v1/chat/completions", False), ("http://chat-2.models/v1", False), ("a chat of two", False),
        ("--template=chat", False), ("chat.models-2.svc", False), ("http://my.chat/v1", False), ("chat.completion", False),
    ],
)  # fmt: skip
def test_a_name_is_known_by_what_leads_to_it_and_by_no_word_of_a_path(text: str, named: bool) -> None:
    assert takeover.is_named(text, "chat", "models") is named


def test_outputs_are_few_camel_case_and_typed(program: Program) -> None:
    made = program(infra={"entraAdmins": [ADMIN]})
    assert set(made.exports) == {
        "clusterName", "resourceGroupName", "oidcIssuerUrl", "registryLoginServer", "identities", "chartValues",
        "kubeconfig", "releases", "models", "namespaces", "needs", "reached",
    }  # fmt: skip
    assert made.exports["releases"] == {"workspace": KAITO}
    assert made.exports["models"]["models.phi"]["kind"] == "Workspace"


@pytest.mark.e2e
def test_settings_of_the_machines_reach_kaitos_chart_and_the_fleets_values_win(program: Program) -> None:
    infra = {"entraAdmins": [ADMIN], "nodeClass": {"osDiskGb": 512}, "tags": {"team": "ml"}}
    values = program(infra=infra).one("kubernetes:helm.sh/v4:Chart").inputs["values"]
    specs = [one["spec"] for one in values["karpenterProviders"]["azure"]["nodeClasses"]]
    assert [(spec["osDiskSizeGB"], spec["tags"]) for spec in specs] == [(512, {"team": "ml"})] * 2
    assert values["nodeProvisioner"] == "karpenter" and values["tolerations"]
    declared = {**FLEET["clusters"]["prod"], "operator": {"values": {"clusterName": "mine"}}}
    chosen = program(declared, infra=infra).one("kubernetes:helm.sh/v4:Chart").inputs["values"]
    assert chosen["clusterName"] == "mine"


@pytest.mark.e2e
def test_argo_cd_by_azure_knows_the_health_of_kaitos_kinds(program: Program) -> None:
    declared = {**FLEET["clusters"]["prod"], "gitops": "argocd"}
    engine = {"engine": "argocd", "version": "0.0.18"}
    made = program(declared, infra={"entraAdmins": [ADMIN], "gitops": engine}, parts=["infra"])
    told = made.one("kubernetesconfiguration:Extension").inputs["configurationSettings"]
    key = "configs.cm.resource\\.customizations\\.health\\.kaito\\.sh_Workspace"
    assert told[key] == customizations(KAITO)["resource.customizations.health.kaito.sh_Workspace"]
    assert len(told) == len(customizations(KAITO))


def test_another_stack_hands_over_its_cluster_and_what_charts_need(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = {
        "kubeconfig": KUBECONFIG,
        "chartValues": {"gpu-provisioner": {"workloadIdentity": {"clientId": "from-infra"}}},
    }
    real = recorder.computed

    def computed(type_: str, name: str, inputs: Any, id_: str | None) -> Any:
        if type_ == "pulumi:pulumi:StackReference":
            return name, {"name": name, "outputs": handed, "secretOutputNames": ["kubeconfig"]}
        return real(type_, name, inputs, id_)

    monkeypatch.setattr(recorder, "computed", computed)
    legacy = {"region": "westeurope", "provisioner": "azure-gpu-provisioner"}
    made = program(legacy, parts=["platform"], infraStack="org/kaitops/infra")
    provider = made.one("pulumi:providers:kubernetes", "prod-objects")
    assert provider.inputs["kubeconfig"] == KUBECONFIG and "kubeconfig" in provider.secrets
    provisioner, workspace = made.of("kubernetes:helm.sh/v4:Chart")
    assert provisioner.inputs["values"]["workloadIdentity"] == {"clientId": "from-infra"}
    assert workspace.inputs["values"]["nodeProvisioner"] == "azure-gpu-provisioner"


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({"parts": "infra"}, "kaitops:parts: is the text 'infra' and not a list"),
        ({"parts": ["infra", "network"]}, r"kaitops:parts\[1\]"),
        ({"parts": []}, "is empty"),
        ({"parts": ["infra", "infra"]}, "names a part twice"),
        ({"infra": "yes"}, "kaitops:infra: is the text 'yes' and not a mapping"),
        ({"infra": []}, "kaitops:infra"),
        (
            {"infra": {"teir": "Standard"}},
            r"infra\.teir: no such key, so it would change nothing; did you mean 'tier'\?",
        ),
        (
            {"infra": {"gpuPools": {"a": {"sise": "x"}}}},
            r"infra\.gpuPools\.a\.sise: no such key.*did you mean 'size'\?",
        ),
        ({"infra": {"systemPool": {"zzz": 1}}}, r"infra\.systemPool\.zzz: no such key.*it knows .*size.*"),
        ({"platform": {"timeoutMinuts": 1}}, "no such key.*did you mean 'timeoutMinutes'"),
        ({"workloads": {"silenceSecond": 1}}, "no such key.*did you mean 'silenceSeconds'"),
        ({"zzz": {}}, "kaitops:zzz: no such key.*it knows .*platform.* and the secret kubeconfig"),
        ({"infra": {"tier": 1}}, r"infra\.tier"),
        ({"platfrom": {}}, "kaitops:platfrom: no such key.*did you mean 'platform'"),
        ({"platform": {"timeoutMinutes": "long"}}, r"kaitops:platform\.timeoutMinutes"),
        ({"platform": {"charts": "nowhere"}}, r"kaitops:platform\.charts: nowhere is no folder"),
        ({"cluster": "test"}, "has no 'test'.*it has prod"),
        ({"cluster": ""}, "kaitops:cluster: is not set"),
        ({"fleet": "nowhere.yaml"}, "no such file"),
        ({"parts": ["workloads"]}, "kaitops:kubeconfig: missing"),
        ({"parts": ["platform"], "infra": {"existing": {}}}, r"infra\.existing\.kubeconfig: missing"),
    ],
)
def test_bad_configuration_is_refused_before_anything_is_registered(
    program: Program, monkeypatch: pytest.MonkeyPatch, config: dict[str, Any], text: str
) -> None:
    def no_resource(*_: object, **__: object) -> None:
        raise AssertionError("a resource was registered")

    monkeypatch.setattr("pulumi.runtime.mocks.MockMonitor.RegisterResource", _only_the_stack(no_resource))
    with pytest.raises(KaitopsError, match=text) as refused:
        program(**config)
    # The engine prints such an error as it stands, and any other with the program's stack.
    assert isinstance(refused.value, pulumi.RunError)


def _only_the_stack(refuse: Callable[..., None]) -> Callable[..., Any]:
    from pulumi.runtime.mocks import MockMonitor

    real = MockMonitor.RegisterResource

    def register(self: MockMonitor, request: Any) -> Any:
        if request.type != "pulumi:pulumi:Stack":
            refuse(request.type)
        return real(self, request)

    return register


@pytest.mark.parametrize(
    ("cluster", "text"),
    [
        ({"region": "westeurope", "provisioner": "magic"}, "provisioner"),
        ({**BROUGHT, "featureGates": {"disableNodeAutoProvisioning": False}}, "disableNodeAutoProvisioning"),
        (
            {"region": "westeurope", "provisioner": "aks-addon", "operator": {"values": {"replicaCount": 1}}},
            "the AKS add-on installs KAITO",
        ),
    ],
)
def test_a_cluster_that_does_not_hold_together_is_refused(program: Program, cluster: dict[str, Any], text: str) -> None:
    with pytest.raises(KaitopsError, match=text):
        program(cluster, parts=["platform"], kubeconfig=KUBECONFIG)


def test_the_project_file_declares_every_key_and_no_other() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    known = {field.alias or name for name, field in ProgramSettings.model_fields.items()}
    # The engine wants the default of a declared secret encrypted, and one without a default set in every stack.
    assert set(declared) == known
    for key, one in declared.items():
        # A key without a default is one that every stack must set.
        assert ("default" in one) is (key != "cluster")
        assert one["type"] in {"string", "array", "object"} and one["description"]


def test_credentials_in_clear_are_refused(record: Record) -> None:
    config = {"kaitops:cluster": "prod-weu", "kaitops:kubeconfig": KUBECONFIG}
    with pytest.raises(KaitopsError, match="in clear"):
        record(lambda: runpy.run_path(str(ROOT / "__main__.py")), config=config)


def test_the_program_is_short() -> None:
    assert len((ROOT / "__main__.py").read_text().splitlines()) <= 60
