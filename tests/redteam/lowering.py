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
            ("{from: [{podSelector", "{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}, {podSelector"),
            ("{from: [{podSelector", "{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [192.0.2.0/24]}}, {podSelector"),
            ("{from: [{podSelector", "{from: [{ipBlock: {cidr: '2000::/3'}}, {podSelector"),
            ("{from: [{podSelector", "{from: [{namespaceSelector: {}}, {podSelector"),
            ("{from: [{podSelector", "{from: [{namespaceSelector: {matchExpressions: [{key: x, operator: NotIn, values: [z]}]}}, {podSelector"),
            ("{from: [{podSelector", "{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: Exists}]}}, {podSelector"),
        ),
    ),
    "binding": (_BINDING, (("[Deny]", "[Audit]"), ("[Deny]", "[Warn, Audit]"), ("[Deny]", "[]"), ("policyName: held", "policyName: none"))),
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


# What has the cluster or its tools delete an object that is there.
_TAKEN: Mapping[str, object] = {
    "argocd.argoproj.io/hook": "PostDelete",
    "helm.sh/hook": "pre-install",
    "ownerReferences": {"ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "none", "uid": "6d1d1a3c-0000-4000-8000-000000000000"}]},
}  # fmt: skip
_OPENING: Mapping[str, str] = {
    "all": "{podSelector: {}, ingress: [{}]}",
    "halves": "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}]}",
    "namespaces": "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}",
    "an expression": "{podSelector: {matchExpressions: [{key: x, operator: DoesNotExist}]}, ingress: [{}]}",
}
_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: held, namespace: argocd}
spec:
  sourceRepos: ['https://git.example.com/own.git']
  destinations: [{server: 'https://kubernetes.default.svc', namespace: team}]
  clusterResourceWhitelist: [{group: '', kind: Namespace}]
  namespaceResourceBlacklist: [{group: '', kind: ResourceQuota}]
  signatureKeys: [{keyID: 4AEE18F83AFDEB23}]
"""
_ACCOUNT = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: held, namespace: flux-system}
spec: {interval: 1m, prune: true, path: ./m, serviceAccountName: team, sourceRef: {kind: GitRepository, name: own}}
"""
_SIGNED = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: own, namespace: flux-system}
spec: {interval: 1m, url: 'https://git.example.com/own.git', ref: {branch: main}, verify: {mode: HEAD, secretRef: {name: keys}}}
"""
_BOUND = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: held, namespace: argocd}
spec:
  project: held
  source: {repoURL: 'https://git.example.com/own.git', targetRevision: main, path: m}
  destination: {server: 'https://kubernetes.default.svc', namespace: team}
"""
_LABELS = f"  syncPolicy: {{managedNamespaceMetadata: {{labels: {{{_LEVEL}: baseline}}}}}}\n"
_STEERED: Mapping[str, tuple[str, str, str]] = {
    "any repository": (_PROJECT, "https://git.example.com/own.git", "https://**"),
    "any namespace": (_PROJECT, "namespace: team", "namespace: '*'"),
    "any kind": (_PROJECT, "group: '', kind: Namespace", "group: '*', kind: '*'"),
    "nothing refused": (_PROJECT, "  namespaceResourceBlacklist: [{group: '', kind: ResourceQuota}]\n", ""),
    "unsigned commits": (_PROJECT, "  signatureKeys: [{keyID: 4AEE18F83AFDEB23}]\n", ""),
    "rights of Flux": (_ACCOUNT, "serviceAccountName: team, ", ""),
    "unsigned source": (_SIGNED, ", verify: {mode: HEAD, secretRef: {name: keys}}", ""),
    "project": (_BOUND, "project: held", "project: default"),
    "level": (_BOUND + _LABELS, ": baseline", ": privileged"),
    "no level": (_BOUND + _LABELS, _LABELS, ""),
}


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
        for key, value in _TAKEN.items():
            away = json.loads(json.dumps(yaml.safe_load(text)))
            away["metadata"] |= value if key == "ownerReferences" else {"annotations": {key: value}}
            yield change(f"{name} taken away by {key}", before, _written(json.dumps(away)), *words)
    for name, more in _OPENING.items():
        opening = _NETWORK.replace("name: shut", "name: open").partition("spec:")[0] + f"spec: {more}\n"
        yield change(
            f"network opened by another: {name}", {**_HELD, _AT: _NETWORK},
            lambda folder, text=opening: put(folder, {"m/open.yaml": text}),
        )  # fmt: skip
    for name, (text, old, new) in _STEERED.items():
        assert old in text, name
        yield change(f"steered: {name}", {**_HELD, _AT: text}, _written(text.replace(old, new)))
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
