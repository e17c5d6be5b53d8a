"""Bindings of roles and accounts that are not the ones of the tree, and mirrors that are too small for their model."""

from tests.gate.mended import Case, edited
from tests.gate.objects import MIRROR

_RBAC = "rbac.authorization.k8s.io"
_BOUND = f"""\
apiVersion: v1
kind: Namespace
metadata: {{name: team}}
---
apiVersion: v1
kind: Namespace
metadata: {{name: tools}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: reader, namespace: team}}
automountServiceAccountToken: false
---
apiVersion: {_RBAC}/v1
kind: Role
metadata: {{name: models, namespace: team}}
rules: [{{apiGroups: [kaito.sh], resources: [workspaces], verbs: [get]}}]
---
apiVersion: {_RBAC}/v1
kind: ClusterRole
metadata: {{name: sizes}}
rules: [{{apiGroups: [karpenter.sh], resources: [nodepools], verbs: [get]}}]
---
apiVersion: {_RBAC}/v1
kind: RoleBinding
metadata: {{name: models, namespace: team}}
roleRef: {{apiGroup: {_RBAC}, kind: Role, name: models}}
subjects: [{{kind: ServiceAccount, name: reader, namespace: team}}]
---
apiVersion: {_RBAC}/v1
kind: ClusterRoleBinding
metadata: {{name: sizes}}
roleRef: {{apiGroup: {_RBAC}, kind: ClusterRole, name: sizes}}
subjects: [{{kind: ServiceAccount, name: reader, namespace: team}}]
"""
_OWN = "kind: Role, name: models}"
_ACCOUNT = "subjects: [{kind: ServiceAccount, name: reader, namespace: team}]\n---"
_LARGE = MIRROR.replace("microsoft/Phi-4-mini-instruct", "microsoft/phi-4")


def _accounted(before: str, *words: str) -> Case:
    return edited(_BOUND, f"subjects: [{{kind: ServiceAccount, {before}}}]\n---", _ACCOUNT, *words)


_HELD = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: sizes}
spec: {policyName: sizes, validationActions: [Deny]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: sizes}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [kaito.sh], apiVersions: [v1beta1], operations: [CREATE], resources: [workspaces]}]}
  validations: [{expression: "true"}]
"""
CASES: dict[str, Case] = {
    "policy by a slip": edited(_HELD, "policyName: size,", "policyName: sizes,", "so nothing is held to it", "meant is sizes?"),
    "role by a slip": edited(_BOUND, "kind: Role, name: model}", _OWN, "names Role team/model", "meant is models?"),
    "role of the other kind": edited(
        _BOUND, "kind: ClusterRole, name: models}", _OWN, "Role models is there, so write kind: Role"
    ),
    "usual role of the other kind": edited(
        _BOUND.replace(_OWN, "kind: ClusterRole, name: view}"), "kind: Role, name: view}", "kind: ClusterRole, name: view}",
        "names Role team/view", "ClusterRole view is there, so write kind: ClusterRole",
    ),
    "role of another namespace": edited(
        _BOUND, "metadata: {name: models, namespace: tools}\nrules", "metadata: {name: models, namespace: team}\nrules",
        "it is in tools, and a binding takes roles of its own namespace",
    ),
    "usual role by a slip": edited(
        _BOUND.replace(_OWN, "kind: ClusterRole, name: view}"), "name: veiw}", "name: view}", "meant is view?"
    ),
    "account by a slip": _accounted("name: raeder, namespace: team", "ServiceAccount team/raeder", "meant is reader?"),
    "account of another namespace": _accounted("name: reader, namespace: tools", "write namespace: team"),
    "account of the usual namespace": _accounted("name: reader, namespace: default", "write namespace: team"),
    "a mirror that is too small": edited(
        _LARGE, "size: 20Gi", "size: 100Gi", "less than the weights of microsoft/phi-4, 27.31Gi", "ends without space"
    ),
}  # fmt: skip
FINE: dict[str, str] = {
    "a policy that is bound": _HELD,
    "a policy of the cluster's": _HELD.replace("policyName: sizes", "policyName: regions"),
    "bound": _BOUND,
    "account of the binding's own namespace": _BOUND.replace("reader, namespace: team}]\n---", "reader}]\n---"),
    "role of a chart": _BOUND.replace(_OWN, "kind: ClusterRole, name: keda-operator}"),
    "account of a chart": _BOUND.replace("{kind: ServiceAccount, name: reader, namespace: team}]\n---",
        "{kind: ServiceAccount, name: keda-operator, namespace: keda}]\n---"),
    "account of the same name elsewhere": _BOUND.replace("name: reader, namespace: team}]\n---", "name: reader, namespace: flux-system}]\n---"),
    "people": _BOUND.replace("{kind: ServiceAccount, name: reader, namespace: team}]\n---",
        "{kind: Group, name: 6f1c0a52-0000-4000-8000-000000000000, apiGroup: rbac.authorization.k8s.io}]\n---"),
    "a mirror of a model that nobody knows": _LARGE.replace("microsoft/phi-4", "contoso/phi-4").replace("100Gi", "1Gi"),
    "a mirror that is just large enough": _LARGE.replace("100Gi", "28Gi"),
}  # fmt: skip
