"""Which way of the traffic a network policy holds where it does not say so."""

from typing import Any

import pytest

from kaitops.documents.network_policies import directions

RULE = {"ports": [{"port": 443}]}
CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["Ingress"]),
    ({"policyTypes": []}, ["Ingress"]),
    ({"ingress": [RULE]}, ["Ingress"]),
    ({"egress": []}, ["Ingress"]),
    ({"egress": [RULE]}, ["Ingress", "Egress"]),
    ({"egress": [{}]}, ["Ingress", "Egress"]),
    ({"policyTypes": ["Egress"]}, ["Egress"]),
    ({"policyTypes": ["Egress"], "egress": []}, ["Egress"]),
    ({"policyTypes": ["Ingress"], "egress": [RULE]}, ["Ingress"]),
]
"""What the server makes of each is asked by the end-to-end tests."""


@pytest.mark.parametrize(("spec", "held"), CASES, ids=lambda one: str(one))
def test_what_a_policy_holds(spec: dict[str, Any], held: list[str]) -> None:
    assert list(directions(spec)) == held
