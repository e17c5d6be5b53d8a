"""Who may reach what in an isolated cluster, worked out from the policies and from the pods that there would be."""

from pathlib import Path
from typing import Any

import pytest

from kaitops.errors import KaitopsError
from tests.conftest import FLEET as FILE
from tests.conftest import Run
from tests.fleet.ingress import Pod, allowed, pods, policies
from tests.fleet.test_kinds import A100, KARPENTER, made

RAY, DASHBOARD, EVENTS, SERVING, DECODING, SAMPLER = 6379, 8265, 5557, 5000, 5001, 9100
ISOLATED: dict[str, Any] = {**KARPENTER, "isolation": {"allowFrom": ["chat"], "metricsFrom": ["monitoring"]}}
POOLED: dict[str, Any] = {**ISOLATED, "featureGates": {"gatewayAPIInferenceExtension": True}}
CHAT, GATEWAY, PROMETHEUS = Pod("chat", {}), Pod("gateway-system", {}), Pod("monitoring", {})
NEIGHBOUR, STRANGER, PROXY = Pod("models", {"app": "notebook"}), Pod("default", {}), Pod("kube-system", {})
ROUTE = {"gateway": "public", "namespace": "gateway-system"}
FLEET: dict[str, Any] = {
    "defaults": {"namespace": "models"},
    "models": {
        "phi": {"preset": "phi-4-mini-instruct", "gpu": A100, "route": ROUTE},
        "set": {"preset": "phi-4", "gpu": A100, "replicas": 2},
        "wide": {"preset": "gpt-oss-120b", "gpu": A100},
        "split": {"preset": "phi-4", "prefill": {"gpu": A100}, "decode": {"gpu": A100, "replicas": 2}},
        "own": {"gpu": A100, "custom": {"huggingFace": {"image": "r.example.com/s:1", "model": "a/b", "secret": "hf",
                                                        "port": 5000}}},
        "public": {"preset": "phi-4", "gpu": A100, "loadBalancer": True},
    },
    "rag": {"engine": {"namespace": "rag", "embedding": {"model": "a/b"}, "llm": {"model": "phi", "contextWindow": 9}}},
    "tuning": {"tune": {"preset": "phi-4", "method": "lora", "gpu": A100, "input": {"urls": ["https://a.b/c"]},
                        "output": {"image": "a/b:1", "pushSecret": "p"}}},
    "mirrors": {"weights": {"model": "phi-4", "storageClass": "disk"}},
}  # fmt: skip
MODELS = {
    "phi": ["phi"],
    "set": ["set-0", "set-1"],
    "wide": ["wide"],
    "split": ["split-prefill-0", "split-decode-0", "split-decode-1"],
    "own": ["own"],
    "public": ["public"],
}


@pytest.fixture(scope="module", params=["operator", "plain"])
def rules(request: pytest.FixtureRequest) -> list[Any]:
    """The policies of either mode: the pods are the same."""
    return policies(made(ISOLATED, request.param, **FLEET).objects["c"])


@pytest.fixture(scope="module")
def there() -> dict[str, Pod]:
    return pods(made(ISOLATED, "plain", **FLEET).objects["c"])


def test_every_model_has_its_pods(there: dict[str, Pod]) -> None:
    assert {name for names in MODELS.values() for name in names} < set(there)


@pytest.mark.parametrize("port", [RAY, DASHBOARD, EVENTS, DECODING, 10001])
def test_what_knows_no_login_is_for_the_own_pods_alone(rules: list[Any], there: dict[str, Pod], port: int) -> None:
    outside = [CHAT, GATEWAY, NEIGHBOUR, STRANGER, PROXY]
    outside += [PROMETHEUS] if port != DECODING else []
    for model, names in MODELS.items():
        for name in names:
            assert all(allowed(rules, there[mate], there[name], port) for mate in names)
            others = [pod for other, pod in there.items() if other not in names]
            for source in [*outside, *others]:
                assert not allowed(rules, source, there[name], port), (model, source, port)


def test_models_answer_whom_the_cluster_names(rules: list[Any], there: dict[str, Pod]) -> None:
    for name in ("phi", "set-1", "wide", "split-decode-0"):
        assert allowed(rules, CHAT, there[name], SERVING)
        assert allowed(rules, PROMETHEUS, there[name], SERVING)
        assert not any(allowed(rules, each, there[name], SERVING) for each in (NEIGHBOUR, STRANGER, PROXY))
    assert allowed(rules, CHAT, there["own"], SERVING)


def test_a_gateway_reaches_what_is_routed_to_it_and_no_more(rules: list[Any], there: dict[str, Pod]) -> None:
    assert allowed(rules, GATEWAY, there["phi"], SERVING)
    assert not allowed(rules, GATEWAY, there["set-0"], SERVING)


def test_a_public_model_stays_public(rules: list[Any], there: dict[str, Pod]) -> None:
    assert allowed(rules, Pod("anywhere", {}), there["public"], SERVING)
    assert not allowed(rules, Pod("anywhere", {}), there["public"], RAY)


def test_prometheus_reaches_vllm_behind_the_sidecar(rules: list[Any], there: dict[str, Pod]) -> None:
    assert allowed(rules, PROMETHEUS, there["split-decode-0"], DECODING)
    assert not allowed(rules, PROMETHEUS, there["phi"], DECODING)


def test_an_engine_reaches_its_model_in_another_namespace(rules: list[Any], there: dict[str, Pod]) -> None:
    engine = there["engine"]
    assert engine.namespace == "rag"
    assert allowed(rules, engine, there["phi"], SERVING)
    assert not allowed(rules, engine, there["phi"], RAY)
    assert not allowed(rules, engine, there["set-0"], SERVING)
    assert not allowed(rules, Pod("rag", {}), there["phi"], SERVING)
    assert not allowed(rules, Pod("models", engine.labels), there["phi"], SERVING)
    assert allowed(rules, CHAT, engine, SERVING)
    assert not allowed(rules, there["phi"], engine, SERVING)


def test_nobody_asks_a_tuning_job_or_a_download(rules: list[Any], there: dict[str, Pod]) -> None:
    assert not allowed(rules, CHAT, there["tune"], SERVING)
    assert allowed(rules, PROMETHEUS, there["tune"], SERVING)
    download = next(pod for name, pod in there.items() if "-download-" in name)
    assert allowed(rules, PROXY, download, SAMPLER)
    assert not any(allowed(rules, each, download, SAMPLER) for each in (CHAT, NEIGHBOUR, STRANGER))
    assert not allowed(rules, PROXY, there["tune"], SAMPLER)


def test_other_pods_of_the_namespaces_are_closed(rules: list[Any]) -> None:
    for space in ("models", "rag"):
        assert not allowed(rules, CHAT, Pod(space, {"app": "notebook"}), 80)
    assert allowed(rules, CHAT, STRANGER, 80)


def test_the_endpoint_picker_reaches_its_models_and_the_gateway_the_picker() -> None:
    model = {"preset": "phi-4", "gpu": A100, "replicas": 2, "route": ROUTE}
    fleet = {"defaults": {"namespace": "models"}, "models": {"set": model, "other": {"preset": "phi-4", "gpu": A100}}}
    rules = policies(made(POOLED, **fleet).objects["c"])
    there = pods(made(POOLED, "plain", **fleet).objects["c"])
    picker = Pod("models", {"llm-d-router-gateway": "set-inferencepool-epp"})
    assert allowed(rules, picker, there["set-0"], SERVING)
    assert not allowed(rules, picker, there["set-0"], RAY)
    assert not allowed(rules, picker, there["other"], SERVING)
    assert allowed(rules, GATEWAY, picker, 9002)
    assert not allowed(rules, NEIGHBOUR, picker, 9002)
    assert allowed(rules, PROMETHEUS, picker, 9090)


def test_the_picker_of_a_long_name_is_found_by_the_name_that_its_chart_cuts() -> None:
    name = "m" * 40
    rules = policies(
        made(POOLED, defaults={"namespace": "x"}, models={name: {"preset": "phi-4", "gpu": A100, "replicas": 2}}).objects["c"]
    )  # fmt: skip
    cut = {"llm-d-router-gateway": f"{name}-epp"}
    assert cut in [rule["spec"]["podSelector"].get("matchLabels") for rule in rules]


def test_a_namespace_is_closed_once_and_a_change_to_a_model_touches_its_own_files() -> None:
    before = made(ISOLATED, **FLEET).files
    changed = {**FLEET, "models": {**FLEET["models"], "phi": {**FLEET["models"]["phi"], "loadBalancer": True}}}
    after = made(ISOLATED, **changed).files
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == {
        "c/configs/models/networkpolicy-phi.yaml",
        "c/workloads/models/workspace-phi.yaml",
    }
    without = {**FLEET, "models": {name: each for name, each in FLEET["models"].items() if name != "set"}}
    removed = made(ISOLATED, **without).files
    gone = {name for name in before if name not in removed}
    assert gone == {"c/configs/models/networkpolicy-set.yaml", "c/workloads/models/inferenceset-set.yaml"}
    kept = {name for name in removed if removed[name] != before[name]}
    assert kept == {"c/configs/models/kustomization.yaml", "c/workloads/models/kustomization.yaml"}
    names = [
        (each["metadata"]["namespace"], each["metadata"]["name"])
        for each in policies(made(ISOLATED, **FLEET).objects["c"])
    ]
    assert len(names) == len(set(names))
    assert names.count(("models", "default-deny")) == 1


def test_a_cluster_that_isolates_nothing_has_no_policies() -> None:
    assert policies(made(**FLEET).objects["c"]) == []


@pytest.mark.parametrize("isolation", ["", "    isolation: {allowFrom: [chat]}\n"])
def test_the_gate_asks_for_a_closed_namespace_until_it_is_closed(run: Run, fleet: Path, isolation: str) -> None:
    fleet.write_text(FILE.replace("    gitops: none\n", f"    gitops: none\n{isolation}"))
    run("render", code=0)
    done = run("gate", "manifests", "--no-checkov", "--complete")
    assert ("KAITO047" in done.stdout) is (not isolation)


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "the namespace that holds everything else": (
        {}, {"models": {"m": {"preset": "phi-4", "gpu": A100}}}, "isolation closes the whole namespace",
    ),
    "a scaler that could read nothing": (
        {},
        {"models": {"m": {"preset": "phi-4", "gpu": A100, "namespace": "x", "autoscale": {"max": 2}}}},
        "autoscale: KAITO's scaler runs in the namespace keda, and isolation does not let that read.*isolation.metricsFrom",
    ),
    "a scaler that is not among the readers": (
        {"allowFrom": ["chat"], "metricsFrom": ["monitoring"]},
        {"models": {"m": {"preset": "phi-4", "gpu": A100, "namespace": "x", "autoscale": {"max": 2}}}},
        "add keda to clusters.c.isolation.metricsFrom",
    ),
    "a monitor that could read nothing": (
        {},
        {"models": {"m": {"preset": "phi-4", "gpu": A100, "namespace": "x", "monitor": True}}},
        "monitor: isolation lets nobody read",
    ),
    "a name that is no namespace": ({"allowFrom": ["My_Chat"]}, {}, "isolation.allowFrom"),
    "an unknown key": ({"denyFrom": ["x"]}, {}, "denyFrom: unknown key"),
}  # fmt: skip


_READ = {"preset": "phi-4", "gpu": A100, "namespace": "x", "monitor": True}
_ASKED = {"max": 2, "prometheus": "http://prometheus.watch.svc.cluster.local:9090"}
_ELSEWHERE = "models.m.monitor: isolation lets chat read the metrics and no other namespace"
_SHUT = "models.m.autoscale.prometheus: asks a Prometheus in the namespace watch, which isolation does not let read"
_AZURE = "models.m.monitor: isolation does not let Azure's managed Prometheus, which runs in kube-system, read"


@pytest.mark.parametrize(
    ("isolation", "cluster", "model", "said"),
    [
        ({"allowFrom": ["chat"]}, {}, _READ, _ELSEWHERE),
        ({"allowFrom": ["chat"], "metricsFrom": ["monitoring"]}, {}, _READ, ""),
        ({"metricsFrom": ["monitoring"]}, {}, {**_READ, "autoscale": _ASKED}, _SHUT),
        ({"metricsFrom": ["monitoring"]}, {}, {**_READ, "monitor": False, "autoscale": _ASKED}, _SHUT),
        ({"metricsFrom": ["watch"]}, {}, {**_READ, "autoscale": _ASKED}, ""),
        ({"allowFrom": ["watch"]}, {}, {**_READ, "autoscale": _ASKED}, ""),
        ({"metricsFrom": ["monitoring"]}, {}, {**_READ, "autoscale": {**_ASKED, "prometheus": "https://prom.example.com"}}, ""),
        ({"metricsFrom": ["keda"]}, {}, {**_READ, "autoscale": {"max": 2}}, "isolation lets keda read the metrics"),
        ({"metricsFrom": ["monitoring"]}, {"monitoring": "azure"}, _READ, _AZURE),
        ({"metricsFrom": ["kube-system"]}, {"monitoring": "azure"}, _READ, ""),
        ({"allowFrom": ["chat"]}, {}, {**_READ, "monitor": False}, ""),
    ],
)  # fmt: skip
def test_a_prometheus_that_is_kept_out_is_told(
    isolation: dict[str, Any], cluster: dict[str, Any], model: dict[str, Any], said: str
) -> None:
    told = made({**KARPENTER, **cluster, "isolation": isolation}, models={"m": model}).warnings
    assert [said in one for one in told] == [True] * bool(said), told
    assert all("clusters.c.isolation.metricsFrom" in one for one in told)


def test_without_isolation_every_prometheus_reads() -> None:
    assert not made({**KARPENTER, "monitoring": "azure"}, models={"m": {**_READ, "autoscale": _ASKED}}).warnings


@pytest.mark.parametrize("case", REFUSED)
def test_isolation_that_would_break_what_is_declared_is_refused(case: str) -> None:
    isolation, groups, message = REFUSED[case]
    with pytest.raises(KaitopsError, match=message):
        made({**KARPENTER, "isolation": isolation}, **groups)
