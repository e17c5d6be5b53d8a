"""A change that takes away what an object of it would be refused by."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import yaml

from tests.gate.objects import WORKSPACE
from tests.redteam.attack import Attack, change, put

_LEVEL = "pod-security.kubernetes.io/enforce"
_SPACE = f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n  labels:\n    {_LEVEL}: baseline\n"
_NETWORK = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: team}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {matchLabels: {app: gateway}}}]}]
  egress: [{}]
"""
_BINDING = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: held}
spec:
  policyName: held
  validationActions: [Deny]
"""
_POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: held}
spec:
  failurePolicy: Fail
  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}
  validations: [{expression: "object.spec.replicas < 5"}, {expression: "object.spec.replicas > 0"}]
"""
_WEBHOOK = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: held}
webhooks:
- name: held.example.com
  failurePolicy: Fail
  sideEffects: None
  admissionReviewVersions: [v1]
  clientConfig: {service: {name: held, namespace: team}}
  rules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
"""
_AT = "m/guard.yaml"
_HELD = {"m/ws.yaml": WORKSPACE}


def _written(text: str, at: str = _AT) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        (folder / _AT).unlink()
        put(folder, {at: text})

    return act


_EDITS: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "level": (
        _SPACE,
        (
            (": baseline", ": privileged"), (": baseline", ": Baseline"), (": baseline", ": ''"), (_LEVEL, f"{_LEVEL}-x"),
            (f"    {_LEVEL}: baseline\n", "    a: b\n"), (": baseline", f": baseline\n    {_LEVEL}-version: v1.19"),
            (f"  labels:\n    {_LEVEL}", f"  annotations:\n    {_LEVEL}"),
        ),
    ),
    "network": (
        _NETWORK,
        (
            ("ingress: [{from: [{podSelector: {matchLabels: {app: gateway}}}]}]", "ingress: [{}]"),
            ("ingress: [{from: [{podSelector: {matchLabels: {app: gateway}}}]}]", "ingress: [{from: []}]"),
            ("{from: [{podSelector", "{from: [{ipBlock: {cidr: 0.0.0.0/0}}, {podSelector"),
            ("{from: [{podSelector", "{from: [{ipBlock: {cidr: '::/0'}}, {podSelector"),
            ("policyTypes: [Ingress, Egress]", "policyTypes: [Egress]"),
            ("podSelector: {}\n", "podSelector: {matchLabels: {app: nobody}}\n"),
            ("namespace: team}", "namespace: other}"),
            ("}]}]\n  egress", "}]}, {ports: [{port: 22}]}]\n  egress"),
        ),
    ),
    "binding": (_BINDING, (("[Deny]", "[Audit]"), ("[Deny]", "[Warn, Audit]"), ("[Deny]", "[]"))),
    "policy": (
        _POLICY,
        (
            ("failurePolicy: Fail", "failurePolicy: Ignore"),
            (', {expression: "object.spec.replicas > 0"}]', "]"),
            ('[{expression: "object.spec.replicas < 5"}, {expression: "object.spec.replicas > 0"}]', "[]"),
        ),
    ),
    "webhook": (_WEBHOOK, (("failurePolicy: Fail", "failurePolicy: Ignore"), ("held.example.com", "other.example.com"))),
}  # fmt: skip


def lowered() -> Iterator[Attack]:
    """What holds the objects of a tree holds them less, is gone, or is written where it holds nothing."""
    for name, (text, edits) in _EDITS.items():
        before = {**_HELD, _AT: text}
        words = (
            ()
            if name != "webhook"
            else ("--accept-kind", "admissionregistration.k8s.io/ValidatingWebhookConfiguration")
        )
        yield change(f"{name} as it was", before, lambda folder: None, *words, codes={0}, why="nothing is lowered")
        yield change(f"{name} gone", before, lambda folder: (folder / _AT).unlink(), *words)
        yield change(f"{name} commented", before, _written("# " + text.replace("\n", "\n# ")), *words)
        yield change(f"{name} renamed and emptied", before, _written("{}\n", "m/other.yaml"), *words)
        for number, (old, new) in enumerate(edits):
            assert text.count(old) >= 1, (name, old)
            less = text.replace(old, new, 1)
            yield change(f"{name} {number}", before, _written(less), *words)
            yield change(
                f"{name} {number} as JSON elsewhere", before,
                _written(json.dumps(yaml.safe_load(less)), "m/a/guard.json"), *words,
            )  # fmt: skip
    less = f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n  labels:\n    {_LEVEL}: privileged\n"
    built = {**_HELD, _AT: _SPACE, "m/kustomization.yaml": "resources: [ws.yaml, guard.yaml]\n"}
    for name, more in {
        "patch": f"patches:\n- patch: |\n{''.join(f'    {line}' + chr(10) for line in less.splitlines())}",
        "removed by a patch": (
            "patches:\n- target: {kind: Namespace}\n  patch: '[{op: remove, path: /metadata/labels}]'\n"
        ),
        "labels": f"labels:\n- pairs: {{{_LEVEL}: privileged}}\n",
        "not listed": "",
    }.items():
        text = "resources: [ws.yaml]\n" if not more else f"resources: [ws.yaml, guard.yaml]\n{more}"
        yield change(
            f"kustomization, {name}", built, lambda folder, text=text: put(folder, {"m/kustomization.yaml": text})
        )
