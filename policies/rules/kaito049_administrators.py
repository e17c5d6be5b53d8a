"""Nobody becomes an administrator by a manifest, and nobody unknown gets rights."""

from kaitops.policies import cel
from kaitops.policies.anatomy import BINDINGS
from kaitops.policies.reading import at, items
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_EVERYWHERE = ("cluster-admin", "admin", "edit")
_CROWDS = (
    "system:anonymous",
    "system:unauthenticated",
    "system:authenticated",
    "system:masters",
    "system:serviceaccounts",
)


def _check(document: Document, context: Context) -> Found:
    role = at(document, "roleRef", "name")
    everywhere = document.get("kind") == "ClusterRoleBinding"
    if at(document, "roleRef", "kind") == "ClusterRole" and role in (_EVERYWHERE if everywhere else _EVERYWHERE[:1]):
        yield ("roleRef", "name"), f"{role} may change everything that it reaches, Secrets and roles included"
    for place, subject in enumerate(items(document.get("subjects"))):
        if at(subject, "name") in _CROWDS:
            yield ("subjects", place, "name"), f"{at(subject, 'name')} holds people and pods that nobody has named"


def _cel(kind: str) -> str:
    roles = cel.listed(_EVERYWHERE if kind.endswith("/ClusterRoleBinding") else _EVERYWHERE[:1])
    role = f"!(object.roleRef.kind == 'ClusterRole' && object.roleRef.name in {roles})"
    crowd = f"!(s.name in {cel.listed(_CROWDS)})"
    return f"{cel.unless('object.roleRef', role)} && {cel.each('object.subjects', 's', crowd)}"


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
