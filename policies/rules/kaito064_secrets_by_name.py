"""A workload that uses the API reads the Secrets that it needs, by name."""

from kaitops.policies import rights
from kaitops.policies.anatomy import BINDINGS
from kaitops.policies.reading import items
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity


def _check(document: Document, context: Context) -> Found:
    subjects = items(document.get("subjects"))
    accounts = [one for one in subjects if rights.is_account(one) and not rights.is_crowd(one)]
    if document.get("kind") == "RoleBinding" and accounts:
        verb = rights.over_secrets(document, context, own=True)
        if verb:
            yield ("roleRef", "name"), f"gives {verb} on all Secrets of the namespace to what runs in it"


# Without a twin: what the role gives is in another object, which core CEL does not see.
RULE = Rule(
    id="KAITO064",
    severity=Severity.MEDIUM,
    title="workloads read Secrets by name",
    why="A server that is taken over then hands out the tokens of everything beside it.",
    source="CIS Kubernetes 5.1.2; Kubernetes RBAC good practices: least privilege",
    remedy="name the Secrets in resourceNames of the rule, or mount them",
    kinds=BINDINGS,
    check=_check,
    scope=Scope.AIDED,
)
