"""Nobody reads or writes the Secrets of all namespaces, and not everybody those of one."""

from kaitops.policies import cel, rights
from kaitops.policies.anatomy import BINDINGS
from kaitops.policies.reading import at, items
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity


def _check(document: Document, context: Context) -> Found:
    everywhere = document.get("kind") == "ClusterRoleBinding"
    subjects = items(document.get("subjects"))
    crowds = [place for place, one in enumerate(subjects) if rights.is_crowd(one)]
    # Of the roles that every cluster has KAITO049 speaks where they hold everywhere.
    verb = rights.over_secrets(document, context, own=everywhere)
    if verb and everywhere:
        yield ("roleRef", "name"), f"gives {verb} on the Secrets of every namespace, tokens of every service among them"
    elif verb:
        for place in crowds:
            name = at(subjects[place], "name")
            yield ("subjects", place, "name"), f"{name} is what pods are unasked, and gets {verb} on Secrets"


def _cel() -> str:
    # What a role of the tree gives core CEL cannot tell, as it sees the binding alone.
    common = f"object.roleRef.kind == 'ClusterRole' && object.roleRef.name in {cel.listed(rights.COMMON)}"
    crowd = rights.crowd_in_cel("s")
    own = cel.unless("object.roleRef", f"!({common})")
    return f"{own} || {cel.each('object.subjects', 's', f'!({crowd})')}"


RULE = Rule(
    id="KAITO063",
    severity=Severity.HIGH,
    title="Secrets of all namespaces closed",
    why="Whoever reads them is everybody whose token is among them; whoever writes them decides what others trust.",
    source="CIS Kubernetes 5.1.2; Kubernetes RBAC good practices: Secrets",
    remedy="bind a Role in the namespace to an account of its own, with resourceNames",
    kinds=BINDINGS,
    check=_check,
    cel=cel.only(BINDINGS[:1], lambda _: _cel()),
    scope=Scope.AIDED,
)
