"""Guard rails of a namespace that a workload does not pass."""

from tests.gate.mended import Case, edited
from tests.gate.objects import WORKSPACE

_NAMES, _OUT = "{ports: [{port: 53, protocol: UDP}]}", "{ports: [{port: 443}], to: [{ipBlock: {cidr: 0.0.0.0/0}}]}"
_POLICY = f"""\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: out, namespace: team}}
spec: {{podSelector: {{}}, policyTypes: [Egress], egress: [{_NAMES}, {_OUT}]}}
"""
_QUOTA = """\
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: few, namespace: team}
spec: {hard: {pods: "2"}, scopes: [BestEffort]}
"""
_RANGE = """\
---
apiVersion: v1
kind: LimitRange
metadata: {name: usual, namespace: team}
spec: {limits: [{type: Container, defaultRequest: {cpu: "8", memory: 64Gi}, default: {memory: 64Gi}, maxLimitRequestRatio: {memory: "2"}}]}
"""


def _railed(rail: str, before: str, after: str, *words: str) -> Case:
    return edited(WORKSPACE + rail, before, after, *words)


CASES = {
    "names by TCP alone": _railed(
        _POLICY, "{port: 53}", "{port: 53, protocol: UDP}", "names (port 53 of UDP; the rule is for TCP)"
    ),
    "weights by UDP": _railed(_POLICY, "{port: 443, protocol: UDP}", "{port: 443}", "the weights (port 443) cannot"),
    "no pod of best effort": _railed(
        _QUOTA, 'pods: "0"', 'pods: "2"', "gives namespace team 0 of pods, and its workloads ask for 1", "raise it"
    ),
    "a default that no machine has": _railed(
        _RANGE, 'cpu: "30"', 'cpu: "8"', "fills what its containers do not say: the pod asks for 30 processors",
        "lower its default",
    ),
    "a ratio without a limit": _railed(
        _RANGE, "", "default: {memory: 64Gi}, ", "and a container has no limit", "give the range a default"
    ),
    "a ratio that is passed": _railed(
        _RANGE, "defaultRequest: {cpu: \"8\", memory: 8Gi}", "defaultRequest: {cpu: \"8\", memory: 64Gi}",
        "holds the limit of memory to 2 times the request, and a container has more", "bring them together",
    ),
}  # fmt: skip
