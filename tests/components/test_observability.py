"""Logs, metrics and alerts: one definition, told to each system in its own words."""

import json
import re
from typing import Any

import pytest

from kaitops.components.model_monitoring import ModelMonitoring
from kaitops.errors import BadInput
from kaitops.kaito import facts
from kaitops.observability import dashboard, definition, records, rules, scraping
from tests.components import stacks
from tests.components.azure_answers import SUBSCRIPTION
from tests.components.conftest import Record
from tests.components.stacks import GROUP, stack

DEFINITION = definition.load()


def test_metrics_go_from_the_cluster_to_the_workspace() -> None:
    found = stack("karpenter")
    cluster, store = found.one(":ManagedCluster"), found.one(":AzureMonitorWorkspace")
    rule = found.one(":DataCollectionRule", "infra-watching-metrics-rule")
    assert rule.inputs["destinations"]["monitoringAccounts"] == [{"name": "store", "accountResourceId": store.id}]
    assert rule.inputs["dataFlows"] == [{"streams": ["Microsoft-PrometheusMetrics"], "destinations": ["store"]}]
    tie = found.one(":DataCollectionRuleAssociation", "infra-watching-metrics-association")
    assert (tie.inputs["resourceUri"], tie.inputs["dataCollectionRuleId"]) == (cluster.id, rule.id)


def test_logs_go_from_the_cluster_to_the_workspace() -> None:
    found = stack("karpenter")
    store = found.one(":DataCollectionRule", "infra-watching-logs-rule").inputs["destinations"]["logAnalytics"]
    logs = found.one("azure-native:operationalinsights:Workspace")
    assert store == [{"name": "store", "workspaceResourceId": logs.id}]
    setting = found.one(":DiagnosticSetting", "infra-watching-control-plane").inputs
    assert setting["workspaceId"] == logs.id
    assert "kube-audit-admin" in {one["category"] for one in setting["logs"] if one["enabled"]}


def test_grafana_reads_the_metrics_and_its_admins_are_named() -> None:
    found = stack("karpenter")
    grafana = found.one(":Grafana")
    reads = found.one(":RoleAssignment", "infra-observability-grafana-reads").inputs
    assert reads["principalId"] == grafana.outputs["identity"]["principalId"]
    assert reads["scope"] == found.one(":AzureMonitorWorkspace").id
    admin = found.one(":RoleAssignment", f"infra-observability-grafana-admin-{GROUP}").inputs
    assert (admin["principalId"], admin["principalType"], admin["scope"]) == (GROUP, "Group", grafana.id)
    assert grafana.inputs["properties"]["apiKey"] == "Disabled"


@pytest.mark.e2e
def test_registry_and_vault_tell_who_used_them_where_they_are_the_stacks_own() -> None:
    found = stack("karpenter")
    logs = found.one("azure-native:operationalinsights:Workspace")
    for name, end, category in (
        ("registry", "containerregistry:Registry", "ContainerRegistryLoginEvents"),
        ("vault", ":Vault", "AuditEvent"),
    ):
        audit = found.one(":DiagnosticSetting", f"infra-services-{name}-audit")
        assert audit.inputs["resourceUri"] == found.one(end).id
        assert audit.inputs["workspaceId"] == logs.id
        assert category in {one["category"] for one in audit.inputs["logs"] if one["enabled"]}
        assert not audit.protect
    known = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv"
    assert {one.name for one in stacks.run({"secrets": {"existing": known}}).of(":DiagnosticSetting")} == {
        "infra-services-registry-audit",
        "infra-watching-control-plane",
    }


@pytest.mark.e2e
def test_alerts_are_told_to_those_who_are_named() -> None:
    known = "/subscriptions/s/resourceGroups/ops/providers/Microsoft.Insights/actionGroups/on-call"
    found = stacks.run({"monitoring": {"actionGroups": [known], "alertEmails": ["ml@example.com"]}})
    own = found.one(":ActionGroup")
    assert own.inputs["emailReceivers"] == [
        {"name": "ml@example.com", "emailAddress": "ml@example.com", "useCommonAlertSchema": True}
    ]
    assert len(own.inputs["groupShortName"]) <= 12
    for rule in found.one(":PrometheusRuleGroup", "infra-watching-alerts").inputs["rules"]:
        assert [one["actionGroupId"] for one in rule["actions"]] == [known, own.id]
    assert stack("karpenter").of(":ActionGroup") == []


def test_nothing_is_made_where_all_is_off() -> None:
    found = stack("aks-addon")
    for end in (
        ":DataCollectionRule",
        ":DiagnosticSetting",
        ":AzureMonitorWorkspace",
        ":Grafana",
        ":PrometheusRuleGroup",
    ):
        assert found.of(end) == []


def test_azure_gets_every_alert_for_the_cluster_and_its_workspace() -> None:
    found = stack("karpenter")
    group = found.one(":PrometheusRuleGroup", "infra-watching-alerts").inputs
    assert group["scopes"] == [found.one(":AzureMonitorWorkspace").id, found.one(":ManagedCluster").id]
    assert group["rules"] == rules.azure_rules(DEFINITION)


@pytest.mark.e2e
def test_azures_dashboards_get_the_records_that_they_read() -> None:
    found = stack("karpenter")
    for group in ("nodes", "pods"):
        made = found.one(":PrometheusRuleGroup", f"infra-watching-{group}-records")
        assert made.inputs["rules"] == records.azure_records(group)
        assert made.inputs["scopes"] == [found.one(":AzureMonitorWorkspace").id, found.one(":ManagedCluster").id]
        assert not made.protect
    off = stacks.run({"monitoring": {"recordingRules": False}})
    assert [one.name for one in off.of(":PrometheusRuleGroup")] == ["infra-watching-alerts"]


def test_records_are_whole_queries_of_known_series_in_order() -> None:
    known: set[str] = set()
    for group in records.load().values():
        # Azure takes 20 rules a group.
        assert len(group) <= 20
        for one in group:
            assert one.query.count("(") == one.query.count(")") and one.query.count("{") == one.query.count("}")
            assert not re.search(r"\{\w*\}|\{\{|\}\}", one.name + one.query), one.query
            assert set(re.findall(r"instance:node_\w+:sum", one.query)) <= known
            known.add(one.name)
    kinds = [one.labels["workload_type"] for one in records.load()["pods"] if one.labels]
    assert sorted(kinds) == ["daemonset", "deployment", "job", "statefulset"]


def test_both_forms_of_the_alerts_say_the_same() -> None:
    ours = rules.prometheus_rule(DEFINITION, "monitoring")["spec"]["groups"][0]["rules"]
    azures = rules.azure_rules(DEFINITION)
    assert len(ours) == len(azures) == len(DEFINITION.alerts) >= 5
    for one, other in zip(ours, azures, strict=True):
        assert (one["alert"], one["expr"], one["annotations"]) == (
            other["alert"],
            other["expression"],
            other["annotations"],
        )
        assert rules.iso_duration(one["for"]) == other["for"]
        assert other["severity"] == {"warning": 2, "info": 3}[one["labels"]["severity"]]


@pytest.mark.parametrize(("text", "told"), [("10m", "PT10M"), ("90s", "PT90S"), ("6h", "PT6H")])
def test_durations_are_iso_in_azure(text: str, told: str) -> None:
    assert rules.iso_duration(text) == told


def test_a_duration_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no duration"):
        rules.iso_duration("1d")


def test_every_metric_is_used_and_none_is_left_unnamed() -> None:
    given: dict[str, Any] = facts.load(".", "observability.json")
    queries = [one.query for one in (*DEFINITION.panels, *DEFINITION.alerts)]
    for names in given["metrics"].values():
        for name in names:
            assert any(name in query for query in queries), name
    # Braces are left only where PromQL has them, and there are none here.
    assert not any("{" in query for query in queries)


def test_a_renamed_metric_is_looked_for_under_each_name() -> None:
    metrics = {"a": ["new", "old"], "b": ["same"]}
    assert definition.expand("max({a}) > {b}", metrics) == "(max(new) > same) or (max(old) > same)"
    assert definition.expand("sum({b})", metrics) == "sum(same)"
    assert definition.expand('rate(x{{job="a"}}[5m])', metrics) == 'rate(x{{job="a"}}[5m])'
    with pytest.raises(BadInput, match="nothing"):
        definition.expand("sum({nothing})", metrics)


def test_the_dashboard_has_a_panel_for_each_query_and_none_overlap() -> None:
    shown = dashboard.dashboard(DEFINITION)
    assert [one["targets"][0]["expr"] for one in shown["panels"]] == [one.query for one in DEFINITION.panels]
    places = {(one["gridPos"]["x"], one["gridPos"]["y"]) for one in shown["panels"]}
    assert len(places) == len(shown["panels"]) == len({one["id"] for one in shown["panels"]})
    (document,) = dashboard.config_map(DEFINITION, "monitoring")["data"].values()
    assert json.loads(document) == shown


def test_every_pod_that_kaito_makes_is_scraped() -> None:
    monitor = scraping.pod_monitor(DEFINITION, "monitoring", "operator")
    assert monitor["spec"]["selector"]["matchExpressions"] == [{"key": "kaito.sh/workspace", "operator": "Exists"}]
    assert monitor["spec"]["podMetricsEndpoints"][0]["port"] == "http"


@pytest.mark.parametrize(
    ("azure", "wanted"),
    [
        (True, {"azmonitoring.coreos.com/v1:PodMonitor"}),
        (
            False,
            {"monitoring.coreos.com/v1:PodMonitor", "monitoring.coreos.com/v1:PrometheusRule", "core/v1:ConfigMap"},
        ),
    ],
)
def test_inside_of_the_cluster_each_prometheus_gets_its_own_kinds(
    record: Record, azure: bool, wanted: set[str]
) -> None:
    found = record(
        lambda: ModelMonitoring("watch", {"namespace": "monitoring", "azure": azure, "dashboard": not azure})
    )
    assert {one.type.removeprefix("kubernetes:") for one in found if one.custom} == wanted
    assert all(one.inputs["metadata"]["namespace"] == "monitoring" for one in found if one.custom)
