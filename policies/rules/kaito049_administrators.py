"""Nobody becomes an administrator by a manifest, and nobody unknown gets rights."""

from kaitops.policies import cel
from kaitops.policies.anatomy import BINDINGS
from kaitops.policies.reading import at, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_EVERYWHERE = ("cluster-admin", "admin", "edit")
_CROWDS = (
    "system:anonymous",
    "system:unauthenticated",
    "system:authenticated",
    "system:masters",
    "system:serviceaccounts",
)
# Roles of the control plane's own parts, and those of them that give no more than a look.
_SYSTEM = "system:"
_HARMLESS = (
    "system:auth-delegator",
    "system:basic-user",
    "system:discovery",
    "system:monitoring",
    "system:public-info-viewer",
    "system:service-account-issuer-discovery",
)


def _check(document: Document, context: Context) -> Found:
    role = at(document, "roleRef", "name")
    everywhere = document.get("kind") == "ClusterRoleBinding"
    if at(document, "roleRef", "kind") == "ClusterRole" and role in (_EVERYWHERE if everywhere else _EVERYWHERE[:1]):
        yield ("roleRef", "name"), f"{role} may change everything that it reaches, Secrets and roles included"
    if at(document, "roleRef", "kind") == "ClusterRole" and text(role).startswith(_SYSTEM) and role not in _HARMLESS:
        yield ("roleRef", "name"), f"{role} is what a part of the control plane may do"
    for place, subject in enumerate(items(document.get("subjects"))):
        if at(subject, "name") in _CROWDS:
            yield ("subjects", place, "name"), f"{at(subject, 'name')} holds people and pods that nobody has named"


def _cel(kind: str) -> str:
    roles = cel.listed(_EVERYWHERE if kind.endswith("/ClusterRoleBinding") else _EVERYWHERE[:1])
    role = f"!(object.roleRef.kind == 'ClusterRole' && object.roleRef.name in {roles})"
    system = f"!(object.roleRef.name.startsWith('{_SYSTEM}') && !(object.roleRef.name in {cel.listed(_HARMLESS)}))"
    own = f"(object.roleRef.kind != 'ClusterRole' || {system})"
    crowd = f"!(s.name in {cel.listed(_CROWDS)})"
    return f"{cel.unless('object.roleRef', f'{role} && {own}')} && {cel.each('object.subjects', 's', crowd)}"


RULE = Rule(
    id="KAITO049",
    severity=Severity.HIGH,
    title="no administrators by binding",
    why="Whoever is bound to cluster-admin owns the cluster, its Secrets and the identities of its nodes.",
    source="CIS Kubernetes 5.1.1; Kubernetes RBAC good practices",
    remedy="bind a role of the namespace that names what is needed, to a service account or a group of its own",
    kinds=BINDINGS,
    check=_check,
    cel=lambda kind, _: _cel(kind),
)
