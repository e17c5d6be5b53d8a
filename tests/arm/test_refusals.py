"""What is wrong with an input is told at its path, whatever the type, and what is right is left alone."""

from typing import Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from tests.arm.rules import TYPES, refusals, replaces

RIGHT: dict[str, Any] = {
    "resourceGroupName": "rg",
    "natGatewayName": "nat-a",
    "sku": {"name": "Standard"},
    "idleTimeoutInMinutes": 10,
    "publicIpAddresses": [{"id": "/a"}],
    "tags": {"team": "ml"},
    "zones": None,
}


def told(kind: str, inputs: dict[str, Any]) -> dict[str, str]:
    return dict(refusals(kind, inputs))


def test_what_is_right_or_not_known_yet_is_left_alone() -> None:
    assert told("network:NatGateway", RIGHT) == {}
    assert told("network:NatGateway", dict.fromkeys(RIGHT, UNKNOWN)) == {}


@pytest.mark.parametrize(
    ("key", "value", "path", "reason"),
    [
        ("sku", {"name": "standard"}, "sku.name", "'standard' is none of Standard"),
        ("sku", {"nam": "Standard"}, "sku.nam", "is unknown to NatGatewaySkuArgs"),
        ("sku", "Standard", "sku", "'Standard' is no object"),
        ("skew", {}, "skew", "is unknown to NatGatewayInitArgs"),
        ("idleTimeoutInMinutes", "10", "idleTimeoutInMinutes", "'10' is no int"),
        ("idleTimeoutInMinutes", True, "idleTimeoutInMinutes", "True is no int"),
        ("publicIpAddresses", {"id": "/a"}, "publicIpAddresses", "{'id': '/a'} is no list"),
        ("publicIpAddresses", [{"id": "/a"}, {"id": 1}], "publicIpAddresses[1].id", "1 is no str"),
        ("tags", {"team": 1}, "tags.team", "1 is no str"),
        ("tags", ["team"], "tags", "['team'] is no object"),
        ("natGatewayName", "nat a", "natGatewayName", "'nat a' does not match [a-zA-Z0-9]([-\\w.]{0,78}\\w)?"),
    ],
)
def test_each_mistake_is_told_at_its_path(key: str, value: Any, path: str, reason: str) -> None:
    assert told("network:NatGateway", {**RIGHT, key: value}) == {path: reason}


def test_what_is_missing_is_told() -> None:
    assert told("network:NatGateway", {}) == {
        "resourceGroupName": "is required and missing",
        "natGatewayName": "is required and missing",
    }
    assert told("network:Nothing", {}) == {"": "network:Nothing: no such type is known here"}


def test_streams_of_extensions_are_taken_though_the_sdk_lists_them_not() -> None:
    flow = {"streams": ["Microsoft-PrometheusMetrics"], "destinations": ["here"]}
    rule = {"resourceGroupName": "rg", "dataCollectionRuleName": "rule", "dataFlows": [flow]}
    assert told("monitor:DataCollectionRule", rule) == {}


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_that_the_product_makes_is_known_to_the_sdk(kind: str) -> None:
    assert all(reason == "is required and missing" for reason in told(kind, {}).values())


def test_a_new_place_or_name_makes_it_anew_and_a_new_tag_does_not() -> None:
    kind = "network:NatGateway"
    changed = ("location", "natGatewayName", "resourceGroupName", "tags.team")
    assert [replaces(kind, path) for path in changed] == [True, True, True, False]
    assert replaces("containerservice:ManagedCluster", "networkProfile.podCidr")
