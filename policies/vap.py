"""ValidatingAdmissionPolicies for the rules that CEL can express, as plain objects.

One policy and one binding for each rule and kind, so that the API server type-checks each expression against one
schema. HIGH and CRITICAL deny, the others warn and audit. Owns no expression: they are the rules' own.
"""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import MutableObject
from kaitops.policies.rule import Config, Rule, Severity

_PLURALS = {
    "kaito.sh/Workspace": ("v1beta1", "workspaces"),
    "kaito.sh/InferenceSet": ("v1beta1", "inferencesets"),
    "kaito.sh/RAGEngine": ("v1beta1", "ragengines"),
    "kaito.sh/MultiRoleInference": ("v1alpha1", "multiroleinferences"),
    "apps/DaemonSet": ("v1", "daemonsets"),
    "apps/Deployment": ("v1", "deployments"),
    "apps/ReplicaSet": ("v1", "replicasets"),
    "apps/StatefulSet": ("v1", "statefulsets"),
    "argoproj.io/AppProject": ("v1alpha1", "appprojects"),
    "batch/CronJob": ("v1", "cronjobs"),
    "batch/Job": ("v1", "jobs"),
    "networking.k8s.io/Ingress": ("v1", "ingresses"),
    "rbac.authorization.k8s.io/Role": ("v1", "roles"),
    "rbac.authorization.k8s.io/ClusterRole": ("v1", "clusterroles"),
    "rbac.authorization.k8s.io/RoleBinding": ("v1", "rolebindings"),
    "rbac.authorization.k8s.io/ClusterRoleBinding": ("v1", "clusterrolebindings"),
    "scheduling.k8s.io/PriorityClass": ("v1", "priorityclasses"),
    "ConfigMap": ("v1", "configmaps"),
    "PersistentVolume": ("v1", "persistentvolumes"),
    "Pod": ("v1", "pods"),
    "PodTemplate": ("v1", "podtemplates"),
    "ReplicationController": ("v1", "replicationcontrollers"),
    "Secret": ("v1", "secrets"),
    "Service": ("v1", "services"),
}
_CLUSTER = ("persistentvolumes", "priorityclasses", "clusterroles", "clusterrolebindings")
# The API server itself writes the roles that it comes with, wildcards included, each time that it starts.
_NOT_ITSELF = {"name": "not-the-server", "expression": "!('system:masters' in request.userInfo.groups)"}
_API = "admissionregistration.k8s.io/v1"
_NAME = "kubernetes.io/metadata.name"


def expressions(rule: Rule, config: Config) -> Iterator[tuple[str, str]]:
    """Kind and CEL expression of each twin of a rule."""
    for kind in rule.kinds if rule.cel else ():
        text = rule.cel(kind, config) if rule.cel else None
        if text and kind in _PLURALS:
            yield kind, text


def objects(
    rules: Sequence[Rule], config: Config, environment: str, *, skip_namespaces: Sequence[str] = ("kube-system",)
) -> list[MutableObject]:
    """Policies and their bindings for an environment; rules without a twin or switched off are left out."""
    made: list[MutableObject] = []
    for rule in rules:
        severity = rule.severity_in(environment, config)
        for kind, text in expressions(rule, config) if severity else ():
            name = f"{rule.id}-{kind.rpartition('/')[2]}".lower()
            made += [_policy(rule, kind, name, text), _binding(name, severity or rule.severity, skip_namespaces)]
    return made


def _policy(rule: Rule, kind: str, name: str, text: str) -> MutableObject:
    version, plural = _PLURALS[kind]
    resources = {
        "apiGroups": [kind.partition("/")[0] if "/" in kind else ""],
        "apiVersions": [version],
        "operations": ["CREATE", "UPDATE"],
        "resources": [plural],
        "scope": "Cluster" if plural in _CLUSTER else "Namespaced",
    }
    conditions = {"matchConditions": [_NOT_ITSELF]} if kind.startswith("rbac.") else {}
    return {
        "apiVersion": _API,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": name, "annotations": {"kaitops/title": rule.title, "kaitops/source": rule.source}},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"matchPolicy": "Equivalent", "resourceRules": [resources]},
            **conditions,
            "validations": [{"expression": text, "message": f"{rule.id} {rule.title}: {rule.why} {rule.remedy}"}],
        },
    }


def _binding(name: str, severity: Severity, skip: Sequence[str]) -> MutableObject:
    spec: MutableObject = {
        "policyName": name,
        "validationActions": ["Deny"] if severity >= Severity.HIGH else ["Warn", "Audit"],
    }
    if skip:
        expression = {"key": _NAME, "operator": "NotIn", "values": [*skip]}
        spec["matchResources"] = {"namespaceSelector": {"matchExpressions": [expression]}}
    return {"apiVersion": _API, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": name}, "spec": spec}
