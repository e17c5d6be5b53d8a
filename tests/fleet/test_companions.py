"""What stands around a model: one object for each declaration, in either mode, or a clear refusal."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaitops.cost import Cluster, machines
from kaitops.errors import BadInput, Findings, KaitopsError
from kaitops.kaito.autoscaling import floor
from tests.conftest import FLEET, ROOT
from tests.fleet.ingress import pods
from tests.fleet.test_kinds import A100, KARPENTER, RELEASE, made, only

POOLED: dict[str, Any] = {**KARPENTER, "featureGates": {"gatewayAPIInferenceExtension": True}}
PROMETHEUS = "http://prometheus.monitoring.svc:9090"
ROUTE: dict[str, Any] = {"gateway": "public", "namespace": "gateway-system"}
ONE: dict[str, Any] = {"preset": "phi-4", "gpu": A100}
SET: dict[str, Any] = {**ONE, "replicas": 3}
WIDE: dict[str, Any] = {"preset": "gpt-oss-120b", "gpu": A100}
SPLIT: dict[str, Any] = {
    "preset": "phi-4", "prefill": {"gpu": A100, "replicas": 2}, "decode": {"gpu": A100, "replicas": 3},
}  # fmt: skip
CUSTOM: dict[str, Any] = {
    "gpu": A100,
    "custom": {"huggingFace": {"image": "r.example.com/s:1", "model": "a/b", "secret": "hf"}},
}
AROUND = {"ScaledObject", "HTTPRoute", "PodDisruptionBudget", "PodMonitor", "NetworkPolicy"}


def kinds(model: dict[str, Any], cluster: dict[str, Any] = KARPENTER, mode: str | None = None) -> set[str]:
    return {each["kind"] for each in made(cluster, mode, models={"m": model}).objects["c"]} & AROUND


def around(kind: str, model: dict[str, Any], cluster: dict[str, Any] = KARPENTER, mode: str | None = None) -> Any:
    return only(kind, made(cluster, mode, models={"m": model}))


@pytest.mark.parametrize("mode", ["operator", "plain"])
@pytest.mark.parametrize("model", [ONE, SET, WIDE, SPLIT, CUSTOM])
def test_a_model_that_asks_for_nothing_gets_nothing(model: dict[str, Any], mode: str) -> None:
    assert kinds(model, mode=mode) == set()
    assert kinds({**model, "monitor": False}, mode=mode) == set()


def test_the_main_object_stays_the_last() -> None:
    model = {
        **SET,
        "disruption": {"maxUnavailable": 1},
        "monitor": True,
        "autoscale": {"max": 4, "prometheus": PROMETHEUS},
    }
    objects = made({**KARPENTER, "isolation": {"allowFrom": ["a"]}}, models={"m": {**model, "namespace": "x"}}).objects[
        "c"
    ]
    assert objects[-1]["kind"] == "InferenceSet"
    assert {each["kind"] for each in objects} >= AROUND - {"HTTPRoute"}


def test_what_others_must_make_is_named() -> None:
    scale = {"max": 2, "prometheus": PROMETHEUS, "authentication": "prom"}
    models = {"a": {**ONE, "route": {"gateway": "own"}}, "b": {**ONE, "route": ROUTE}, "c": {**ONE, "autoscale": scale}}
    assert made(defaults={"namespace": "x"}, models=models).needs["c"] == [
        "CustomResourceDefinition httproutes.gateway.networking.k8s.io",
        "CustomResourceDefinition scaledobjects.keda.sh",
        "Gateway gateway-system/public",
        "Gateway x/own",
        "TriggerAuthentication x/prom",
    ]


DEFINED = "CustomResourceDefinition "
ROUTES, POOLS = "httproutes.gateway.networking.k8s.io", "inferencepools.inference.networking.k8s.io"
GATEWAY = {"gatewayApi": {"version": "1.2.0", "repository": "https://charts.example.com", "chart": "gateway"}}


@pytest.mark.parametrize(
    ("model", "cluster", "mode", "defined"),
    [
        ({**ONE, "monitor": True}, KARPENTER, None, ["podmonitors.monitoring.coreos.com"]),
        ({**ONE, "monitor": True}, {**KARPENTER, "monitoring": "azure"}, None, ["podmonitors.azmonitoring.coreos.com"]),
        ({**ONE, "route": ROUTE}, KARPENTER, None, [ROUTES]),
        ({**SET, "route": ROUTE}, POOLED, None, [ROUTES, POOLS]),
        ({**SET, "route": ROUTE}, POOLED, "plain", [ROUTES, POOLS]),
        # A chart of the Gateway API brings its definitions, and not those of the extension.
        ({**ONE, "route": ROUTE}, {**KARPENTER, "operator": GATEWAY}, None, []),
        ({**SET, "route": ROUTE}, {**POOLED, "operator": GATEWAY}, None, [POOLS]),
        # Kubernetes defines these itself.
        ({**ONE, "disruption": {"maxUnavailable": 1}}, KARPENTER, None, []),
        (ONE, KARPENTER, None, []),
    ],
)  # fmt: skip
def test_the_definitions_of_what_stands_around_a_model_are_needed(
    model: dict[str, Any], cluster: dict[str, Any], mode: str | None, defined: list[str]
) -> None:
    needs = made(cluster, mode, models={"m": model}).needs["c"]
    assert [one.removeprefix(DEFINED) for one in needs if one.startswith(DEFINED)] == defined


def test_all_carry_the_labels_of_the_fleet_and_of_the_model() -> None:
    model = {
        **ONE, "namespace": "x", "labels": {"team": "a"}, "annotations": {"kaito.sh/x": "y"}, "route": ROUTE, "monitor": True,
        "disruption": {"maxUnavailable": 1},
    }  # fmt: skip
    found = made({**KARPENTER, "isolation": {"metricsFrom": ["m"]}}, models={"m": model}).objects["c"]
    named = [each["metadata"] for each in found if each["kind"] in AROUND]
    assert len(named) == 5
    for metadata in named:
        assert metadata["labels"]["app.kubernetes.io/managed-by"] == "kaitops"
        assert metadata["namespace"] == "x"
        assert "annotations" not in metadata
        assert metadata["name"] == "default-deny" or (metadata["name"], metadata["labels"]["team"]) == ("m", "a")


def test_a_prometheus_makes_keda_scale_and_kaitos_scaler_rest() -> None:
    scale = {"min": 2, "max": 6, "up": 8, "prometheus": PROMETHEUS, "authentication": "prom"}
    rendering = made(models={"m": {**ONE, "namespace": "x", "autoscale": scale}})
    scaled, found = only("ScaledObject", rendering), only("InferenceSet", rendering)
    spec = scaled["spec"]
    assert spec["scaleTargetRef"] == {"apiVersion": "kaito.sh/v1beta1", "kind": "InferenceSet", "name": "m"}
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 6)
    assert "fallback" not in spec
    [trigger] = spec["triggers"]
    assert trigger["type"] == "prometheus"
    assert trigger["metadata"]["serverAddress"] == PROMETHEUS
    assert trigger["metadata"]["threshold"] == "8"
    assert trigger["authenticationRef"] == {"name": "prom"}
    assert not any(key.startswith("scaledobject.kaito.sh/") for key in found["metadata"].get("annotations", {}))
    assert "replicas" not in found["spec"]


@pytest.mark.parametrize(
    ("pod", "counted"),
    [
        ("m-x7k2p-0", True), ("m-bcdfg-11", True), ("m-0", False), ("m-two-x7k2p-0", False), ("other-m-x7k2p-0", False),
        ("m-x7k2p-0-extra", False), ("m-x7k2-0", False),
    ],
)  # fmt: skip
def test_only_the_pods_of_the_set_count(pod: str, counted: bool) -> None:
    spec = around("ScaledObject", {**ONE, "namespace": "x", "autoscale": {"max": 2, "prometheus": PROMETHEUS}})["spec"]
    query = spec["triggers"][0]["metadata"]["query"]
    found = re.fullmatch(r'sum\(vllm:num_requests_waiting\{namespace="x",pod=~"([^"]+)"\}\)', query)
    assert found, query
    # Prometheus anchors the expression at both ends.
    assert bool(re.fullmatch(found[1], pod)) is counted


HOURS = {"start": "0 7 * * 1-5", "end": "0 19 * * 1-5", "timezone": "Europe/Berlin"}


def test_in_hours_there_are_the_fewest_replicas_and_outside_of_them_none() -> None:
    rendering = made(models={"m": {**ONE, "namespace": "x", "autoscale": {"min": 2, "max": 2, "hours": HOURS}}})
    spec, found = only("ScaledObject", rendering)["spec"], only("InferenceSet", rendering)
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (0, 2)
    assert spec["triggers"] == [{"type": "cron", "metadata": {**HOURS, "desiredReplicas": "2"}}]
    # A second scaler would bring back at night what the first gave away.
    assert not any(key.startswith("scaledobject.kaito.sh/") for key in found["metadata"].get("annotations", {}))
    assert "replicas" not in found["spec"]
    assert "Deployment keda/keda-kaito-scaler" not in rendering.needs["c"]
    # What is paid for by day counts.
    assert floor(found, rendering.objects["c"]) == 2


def test_hours_and_a_prometheus_are_two_triggers_of_one_scaler() -> None:
    scale = {"min": 1, "max": 4, "prometheus": PROMETHEUS, "hours": {**HOURS, "outside": 0}}
    spec = around("ScaledObject", {**ONE, "namespace": "x", "autoscale": scale})["spec"]
    assert [one["type"] for one in spec["triggers"]] == ["cron", "prometheus"]
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (0, 4)


def test_without_a_prometheus_kaitos_scaler_has_the_number() -> None:
    model = {**ONE, "autoscale": {"min": 2, "max": 6, "down": 3}}
    assert kinds(model) == set()
    annotations = around("InferenceSet", model)["metadata"]["annotations"]
    assert annotations["scaledobject.kaito.sh/min-replicas"] == "2"
    assert "downthreshold: 3" in annotations["scaledobject.kaito.sh/metrics"]


def test_in_plain_mode_nobody_scales_and_the_fewest_are_there() -> None:
    model = {**ONE, "autoscale": {"min": 2, "max": 6, "prometheus": PROMETHEUS}}
    rendering = made(mode="plain", models={"m": model})
    assert sum(each["kind"] == "StatefulSet" for each in rendering.objects["c"]) == 2
    assert kinds(model, mode="plain") == set()
    assert any("has no effect in plain mode" in warning for warning in rendering.warnings)


def test_upgrades_that_no_gate_lets_in_are_told_and_rendered() -> None:
    model = {**ONE, "replicas": 2, "autoUpgrade": {"schedule": "0 3 * * 0"}}
    (warning,) = made(models={"m": model}).warnings
    assert "models.m.autoUpgrade: nothing reads it on cluster c while KAITO's feature gate" in warning
    assert "write featureGates: {enableBaseImageAutoUpgrade: true} there, or drop it" in warning
    opened = {**KARPENTER, "featureGates": {"enableBaseImageAutoUpgrade": True}}
    assert not made(opened, models={"m": model}).warnings


def test_what_a_scaler_starts_from_is_counted_as_cost() -> None:
    scale: dict[str, Any] = {"min": 3, "max": 6}
    bare = made(models={"m": {**ONE, "autoscale": scale}}).objects["c"]
    assert floor(bare[-1], bare) == 3
    objects = made(models={"m": {**ONE, "autoscale": {**scale, "prometheus": PROMETHEUS}}}).objects["c"]
    found = objects[-1]
    assert floor(found) == 1
    assert floor(found, objects) == 3
    elsewhere = [{**each, "metadata": {**each["metadata"], "namespace": "y"}} for each in objects]
    assert floor(found, elsewhere) == 1
    assert floor({**found, "metadata": {**found["metadata"], "name": "other"}}, objects) == 1
    assert floor({**found, "spec": {"replicas": 5}}, objects) == 5


@pytest.mark.parametrize("prometheus", [None, PROMETHEUS])
def test_the_machines_of_the_fewest_replicas_are_priced(prometheus: str | None) -> None:
    scale = {"min": 3, "max": 6, "prometheus": prometheus}
    objects = made(models={"m": {**ONE, "autoscale": scale}}).objects["c"]
    cluster = Cluster("c", objects, {"cloud": "azure", "nodeProvisioner": "karpenter"}, "westeurope")
    assert sum(each.nodes for each in machines(cluster, RELEASE)) == 3


@pytest.mark.parametrize("mode", ["operator", "plain"])
def test_a_route_leads_to_the_service_of_a_workspace(mode: str) -> None:
    route = {
        **ROUTE,
        "listener": "https",
        "hosts": ["phi.example.com", "*.a.example.com"],
        "path": "/phi",
        "strip": True,
    }
    rendering = made(mode=mode, models={"m": {**ONE, "route": route}})
    found = only("HTTPRoute", rendering)
    spec = found["spec"]
    [parent], [rule] = spec["parentRefs"], spec["rules"]
    assert (parent["name"], parent["namespace"], parent["sectionName"]) == ("public", "gateway-system", "https")
    assert spec["hostnames"] == ["phi.example.com", "*.a.example.com"]
    assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/phi"}}]
    assert rule["filters"][0]["urlRewrite"]["path"] == {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}
    assert rule["backendRefs"] == [{"group": "", "kind": "Service", "name": "m", "port": 80, "weight": 1}]
    if mode == "plain":
        services = [each for each in rendering.objects["c"] if each["kind"] == "Service"]
        assert ("m", 80) in [
            (each["metadata"]["name"], port["port"]) for each in services for port in each["spec"].get("ports", [])
        ]


def test_a_route_leads_to_the_pool_that_kaito_makes() -> None:
    for model in (SET, SPLIT):
        for mode in ("operator", "plain"):
            rendering = made(POOLED, mode, models={"m": {**model, "route": ROUTE}})
            [backend] = only("HTTPRoute", rendering)["spec"]["rules"][0]["backendRefs"]
            assert backend == {
                "group": "inference.networking.k8s.io",
                "kind": "InferencePool",
                "name": "m-inferencepool",
                "weight": 1,
            }
            if mode == "plain":
                assert only("HelmRelease", rendering)["metadata"]["name"] == backend["name"]


def test_a_route_leads_to_every_replica_of_a_plain_set() -> None:
    rendering = made(mode="plain", models={"m": {**SET, "route": ROUTE}})
    backends = only("HTTPRoute", rendering)["spec"]["rules"][0]["backendRefs"]
    assert [each["name"] for each in backends] == ["m-0", "m-1", "m-2"]
    services = {each["metadata"]["name"]: each["spec"] for each in rendering.objects["c"] if each["kind"] == "Service"}
    for each in backends:
        assert each["port"] in [port["port"] for port in services[each["name"]]["ports"]]


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        ({}, True),
        ({"hosts": ["b.example.com", "a.example.com"]}, True),
        ({"hosts": ["b.example.com"]}, False),
        ({"path": "/v1/chat"}, False),
        ({"namespace": "elsewhere"}, False),
        ({"listener": "internal"}, False),
    ],
)
def test_two_models_do_not_answer_to_one_address(other: dict[str, Any], clash: bool) -> None:
    route = {**ROUTE, "hosts": ["a.example.com"], "path": "/v1"}
    models = {"a": {**ONE, "route": route}, "b": {**ONE, "route": {**route, **other}}}
    if clash:
        with pytest.raises(KaitopsError, match=r"models\.b\.route: models\.a answers to a\.example\.com/v1 at Gateway"):
            made(models=models)
    else:
        assert [each["kind"] for each in made(models=models).objects["c"]].count("HTTPRoute") == 2


def test_the_page_shows_what_works() -> None:
    text = (ROOT / "docs" / "gitops.md").read_text("utf-8").partition("## Around a model")[2]
    shown = yaml.safe_load(text.partition("```yaml")[2].partition("```")[0])
    cluster = {**KARPENTER, **shown["clusters"]["prod-weu"]}
    model = {**ONE, **shown["models"]["coder"], "namespace": "models"}
    assert kinds(model, cluster) == AROUND


def test_a_budget_keeps_replicas() -> None:
    assert around("PodDisruptionBudget", {**SET, "disruption": {"minAvailable": 2}})["spec"]["minAvailable"] == 2
    assert around("PodDisruptionBudget", {**ONE, "disruption": {"maxUnavailable": 1}})["spec"]["maxUnavailable"] == 1


def test_a_budget_counts_replicas_where_each_has_several_pods() -> None:
    model = {**WIDE, "replicas": 3}
    sets = [each for each in made(mode="plain", models={"m": model}).objects["c"] if each["kind"] == "StatefulSet"]
    assert all(each["spec"]["replicas"] > 1 for each in sets)
    spec = around("PodDisruptionBudget", {**model, "disruption": {"minAvailable": 2}})["spec"]
    assert spec["maxUnavailable"] == 1
    assert "minAvailable" not in spec


def test_each_role_has_a_budget() -> None:
    found = made(models={"m": {**SPLIT, "disruption": {"minAvailable": 1}}}).objects["c"]
    budgets = {each["metadata"]["name"]: each["spec"] for each in found if each["kind"] == "PodDisruptionBudget"}
    assert budgets.keys() == {"m-prefill", "m-decode"}
    assert all(spec["minAvailable"] == 1 for spec in budgets.values())


@pytest.mark.parametrize("mode", ["operator", "plain"])
@pytest.mark.parametrize("model", [ONE, SET, WIDE, SPLIT, CUSTOM])
def test_budgets_and_monitors_find_the_pods_and_no_others(model: dict[str, Any], mode: str) -> None:
    asked = {**model, "disruption": {"maxUnavailable": 1}, "monitor": True}
    objects = made(mode=mode, models={"m": asked}).objects["c"]
    there = pods(made(mode="plain", models={"m": model, "other": ONE, "others": SET}).objects["c"])
    for kind in ("PodDisruptionBudget", "PodMonitor"):
        chosen = [each["spec"]["selector"]["matchLabels"].items() for each in objects if each["kind"] == kind]
        assert chosen
        for name, pod in there.items():
            found = sum(labels <= pod.labels.items() for labels in chosen)
            assert found == (not name.startswith("other")), (kind, pod)


@pytest.mark.parametrize(
    ("monitoring", "group"), [("operator", "monitoring.coreos.com"), ("azure", "azmonitoring.coreos.com")]
)
def test_metrics_are_read_as_the_one_definition_says(monitoring: str, group: str) -> None:
    rendering = made({**KARPENTER, "monitoring": monitoring}, "plain", models={"m": {**ONE, "monitor": True}})
    found = only("PodMonitor", rendering)
    assert found["apiVersion"] == f"{group}/v1"
    [endpoint] = found["spec"]["podMetricsEndpoints"]
    assert endpoint["path"] == "/metrics"
    containers = only("StatefulSet", rendering)["spec"]["template"]["spec"]["containers"]
    assert endpoint["port"] in [port["name"] for port in containers[0]["ports"]]


def test_monitoring_can_be_said_once() -> None:
    found = made(defaults={"monitor": True}, models={"a": ONE, "b": {**ONE, "monitor": False}}).objects["c"]
    assert [each["metadata"]["name"] for each in found if each["kind"] == "PodMonitor"] == ["a"]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "max below min": ({**ONE, "autoscale": {"min": 3, "max": 2}}, r"autoscale\.max: is below min \(3\)"),
    "max below replicas": ({**SET, "autoscale": {"max": 2}}, r"autoscale\.max: is below replicas \(3\)"),
    "two numbers to start from": ({**SET, "autoscale": {"min": 2, "max": 4}}, r"autoscale\.min: differs from replicas \(3\)"),
    "none to start from": ({**ONE, "autoscale": {"min": 0, "max": 4}}, r"autoscale\.min: 0"),
    "a threshold that KEDA has not": (
        {**ONE, "autoscale": {"max": 4, "down": 2, "prometheus": PROMETHEUS}}, r"autoscale\.down: KEDA scales",
    ),
    "nothing to scale": ({**ONE, "autoscale": {"max": 1}}, r"autoscale\.max: 1 leaves KAITO's scaler nothing to do"),
    "a lower threshold above the upper one": (
        {**ONE, "autoscale": {"max": 4, "up": 10, "down": 20}}, r"autoscale\.down: is scaled down below 20 and up above 10",
    ),
    "an upper threshold below the usual lower one": (
        {**ONE, "autoscale": {"max": 4, "up": 0}}, r"autoscale\.up: is scaled down below 1 and up above 0",
    ),
    "endless replicas": ({**ONE, "autoscale": {"max": 4, "up": 0, "prometheus": PROMETHEUS}}, r"autoscale\.up: 0 a replica"),
    "credentials for nobody": ({**ONE, "autoscale": {"max": 4, "authentication": "a"}}, r"autoscale\.authentication: only"),
    "a metric by a slip": (
        {**ONE, "autoscale": {"max": 4, "metric": "vllm:num_request_waiting"}},
        r"autoscale\.metric: vllm:num_request_waiting: vLLM counts nothing .* the number of replicas stays; meant is vllm:num_requests_waiting\?",
    ),
    "a metric by a slip, asked of a Prometheus": (
        {**ONE, "autoscale": {"max": 4, "prometheus": PROMETHEUS, "metric": "vllm:e2e_request_latency_second_sum"}},
        r"autoscale\.metric: .* meant is vllm:e2e_request_latency_seconds_sum\?",
    ),
    "a metric by a slip, of a model of one's own": (
        {**CUSTOM, "autoscale": {"max": 4, "metric": "vllm:num_request_waiting"}}, r"autoscale\.metric: .* meant is vllm:num_requests_waiting",
    ),
    "a metric without what all begin with": (
        {**ONE, "autoscale": {"max": 4, "metric": "num_requests_waiting"}}, r"autoscale\.metric: .* meant is vllm:num_requests_waiting\?",
    ),
    "a metric of an older vLLM": (
        {**ONE, "autoscale": {"max": 4, "metric": "vllm:gpu_cache_usage_perc"}}, r"autoscale\.metric: .* take vllm:kv_cache_usage_perc",
    ),
    "no address": ({**ONE, "autoscale": {"max": 4, "prometheus": "prometheus:9090"}}, r"autoscale\.prometheus"),
    "hours without length": (
        {**ONE, "autoscale": {"max": 1, "hours": {**HOURS, "end": HOURS["start"]}}}, r"autoscale\.hours\.end: is the start",
    ),
    "an hour that is none": (
        {**ONE, "autoscale": {"max": 1, "hours": {**HOURS, "start": "0 25 * * *"}}}, r"autoscale\.hours\.start: is no time",
    ),
    "a word for an hour": ({**ONE, "autoscale": {"max": 1, "hours": {**HOURS, "start": "@daily"}}}, r"autoscale\.hours\.start"),
    "a zone that is none": (
        {**ONE, "autoscale": {"max": 1, "hours": {**HOURS, "timezone": "Europe/Berln"}}}, r"autoscale\.hours\.timezone: Europe/Berln is no name .* write Europe/Berlin",
    ),
    "a city for a zone": (
        {**ONE, "autoscale": {"max": 1, "hours": {**HOURS, "timezone": "zurich"}}}, r"autoscale\.hours\.timezone: zurich .* write Europe/Zurich",
    ),
    "a zone of the machine": (
        {**ONE, "autoscale": {"max": 1, "hours": {**HOURS, "timezone": "Local"}}}, r"autoscale\.hours\.timezone: Local",
    ),
    "as many at night": (
        {**ONE, "autoscale": {"max": 1, "hours": {**HOURS, "outside": 1}}}, r"autoscale\.hours\.outside: 1 is no fewer",
    ),
    "more than the clock asks for": ({**ONE, "autoscale": {"max": 3, "hours": HOURS}}, r"autoscale\.max: beside hours only"),
    "a threshold for nobody": (
        {**ONE, "autoscale": {"max": 1, "down": 2, "hours": HOURS}}, r"autoscale\.down: beside hours",
    ),
    "no gateway": ({**ONE, "route": {"hosts": ["a.b"]}}, r"route\.gateway: is missing"),
    "no host name": ({**ONE, "route": {**ROUTE, "hosts": ["https://a.b"]}}, r"route\.hosts"),
    "a star within": ({**ONE, "route": {**ROUTE, "hosts": ["a.*.b"]}}, r"route\.hosts"),
    "a path that leaves": ({**ONE, "route": {**ROUTE, "path": "/v1/../x"}}, r"route\.path"),
    "a relative path": ({**ONE, "route": {**ROUTE, "path": "v1"}}, r"route\.path"),
    "nothing to strip": ({**ONE, "route": {**ROUTE, "strip": True}}, r"route\.strip: there is no path"),
    "a path that no model serves": ({**ONE, "route": {**ROUTE, "path": "/phi"}}, r"route\.path: the model serves /v1.*strip: true"),
    "a path that only starts like one": ({**ONE, "route": {**ROUTE, "path": "/v10"}}, r"route\.path: the model serves /v1"),
    "a set without a pool": ({**SET, "route": ROUTE}, r"route: InferenceSet has no Service.*gatewayAPIInferenceExtension"),
    "a split model without a pool": ({**SPLIT, "route": ROUTE}, r"route: MultiRoleInference has no Service.*gatewayAPI"),
    "a port that the Service does not know": (
        {**CUSTOM, "custom": {"huggingFace": {**CUSTOM["custom"]["huggingFace"], "port": 8080}}, "route": ROUTE},
        r"custom\.huggingFace\.port: is 8080, and KAITO's Service sends to 5000",
    ),
    "two budgets": ({**SET, "disruption": {"minAvailable": 1, "maxUnavailable": 1}}, r"disruption: needs exactly one"),
    "no budget": ({**SET, "disruption": {}}, r"disruption: needs exactly one"),
    "no pod may go": ({**SET, "disruption": {"maxUnavailable": 0}}, r"disruption\.maxUnavailable: 0 lets no pod be evicted"),
    "every replica must stay": ({**SET, "disruption": {"minAvailable": 3}}, r"minAvailable: the model has 3 at least and 3 must stay"),
    "the only replica must stay": ({**ONE, "disruption": {"minAvailable": 1}}, r"the model has 1 at least and 1 must stay"),
    "the fewest must stay": (
        {**ONE, "autoscale": {"min": 2, "max": 9}, "disruption": {"minAvailable": 2}}, r"the model has 2 at least and 2 must stay",
    ),
    "a role must stay whole": ({**SPLIT, "disruption": {"minAvailable": 2}}, r"role prefill has 2 at least and 2 must stay"),
    "a share": ({**SET, "disruption": {"minAvailable": "50%"}}, r"disruption\.minAvailable: must be a whole number"),
    "pods of replicas that come and go": (
        {**WIDE, "autoscale": {"min": 2, "max": 4}, "disruption": {"minAvailable": 1}}, r"disruption\.minAvailable: each replica has several pods",
    ),
    "a scaler of one workspace's pods": ({**SPLIT, "autoscale": {"max": 4, "prometheus": PROMETHEUS}}, r"autoscale: a model split"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_not_work_is_refused_with_the_key_and_the_way_out(case: str) -> None:
    model, message = REFUSED[case]
    with pytest.raises((BadInput, Findings), match=message) as refused:
        made(models={"m": model})
    assert "fleet.yaml:" in str(refused.value)


@pytest.mark.parametrize(
    ("model", "scale"),
    [
        (ONE, {"metric": "vllm:num_requests_running"}),
        (ONE, {"metric": "vllm:time_to_first_token_seconds_sum"}),
        (ONE, {"metric": "vllm:queue_of_a_release_to_come"}),
        (ONE, {"metric": "http_requests_inflight"}),
        # A rule that somebody records, and a vLLM of one's own.
        (ONE, {"metric": "num_requests_waiting", "prometheus": PROMETHEUS}),
        (ONE, {"metric": "team:vllm:num_request_waiting", "prometheus": PROMETHEUS}),
        (CUSTOM, {"metric": "num_requests_waiting"}),
        (CUSTOM, {"metric": "vllm:gpu_cache_usage_perc"}),
    ],
)
def test_a_metric_that_may_be_there_is_taken(model: dict[str, Any], scale: dict[str, Any]) -> None:
    assert "InferenceSet" in {
        each["kind"] for each in made(models={"m": {**model, "autoscale": {"max": 4, **scale}}}).objects["c"]
    }


@pytest.mark.parametrize("runtime", [{"runtime": "transformers"}, {}])
def test_a_set_that_gets_no_pool_is_told_what_else_it_can_do(runtime: dict[str, str]) -> None:
    model = {**(CUSTOM if not runtime else ONE), **runtime, "replicas": 2, "route": ROUTE}
    with pytest.raises(KaitopsError, match="presets on vllm only; drop the replicas, or take mode: plain"):
        made(POOLED, models={"m": model})
    backends = around("HTTPRoute", model, POOLED, "plain")["spec"]["rules"][0]["backendRefs"]
    assert [each["name"] for each in backends] == ["m-0", "m-1"]


@pytest.mark.parametrize(
    ("more", "loaded"),
    [
        ("", set[str]()),
        ("    loadBalancer: false\n", set[str]()),
        ("    autoscale: {max: 2}\n", {"companion_rules", "kinds.companions", "kinds.inferenceset"}),
        ("    disruption: {maxUnavailable: 1}\n",
         {"companion_rules", "kinds.companions", "kinds.disruptionbudget", "kinds.pods"}),
    ],
)  # fmt: skip
def test_a_fleet_pays_for_what_it_declares_only(tmp_path: Path, more: str, loaded: set[str]) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET + more)
    script = "import sys; from kaitops.cli import main; main(['render', '-q']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    modules = {name.removeprefix("kaitops.fleet.") for name in done.stdout.split() if name.startswith("kaitops.fleet.")}
    usual = {"kinds", "kinds.metadata", "kinds.workspace", "kinds.configmap", "kinds.custom_pod", "kinds.multirole"}
    assert {name for name in modules if name.startswith(("kinds", "companion"))} - usual == loaded
