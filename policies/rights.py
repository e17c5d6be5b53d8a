"""What a binding gives to whom: the rules of the role that it names, as far as the tree shows it."""

from collections.abc import Iterator

from kaitops.documents.ref import namespace_of
from kaitops.policies import cel
from kaitops.policies.reading import at, group_kind, items, text
from kaitops.policies.rule import Context, Document

_SECRETS = "secrets"
_VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")
# Roles that every cluster comes with and that reach Secrets where they are bound.
COMMON = ("admin", "edit")
_PODS, _ACCOUNT = "system:serviceaccounts:", "system:serviceaccount:"


def is_crowd(subject: object) -> bool:
    """A subject that pods are without having been named: the account that they get, or all of a namespace."""
    kind, name = at(subject, "kind"), text(at(subject, "name"))
    return (kind == "Group" and name.startswith(_PODS)) or (
        is_account(subject) and name.rpartition(":")[2] == "default"
    )


def crowd_in_cel(subject: str) -> str:
    """The same in CEL over the path of a subject."""
    of_pods = f"{subject}.kind == 'Group' && {subject}.name.startsWith({cel.quoted(_PODS)})"
    by_user = f"{subject}.kind == 'User' && {subject}.name.startsWith({cel.quoted(_ACCOUNT)})"
    unnamed = f"({subject}.name == 'default' || {subject}.name.endsWith(':default'))"
    return f"({of_pods}) || (({subject}.kind == 'ServiceAccount' || ({by_user})) && {unnamed})"


def is_account(subject: object) -> bool:
    """A subject that is the account of pods, under its name or under the one that the API server knows it by."""
    kind = at(subject, "kind")
    return kind == "ServiceAccount" or (kind == "User" and text(at(subject, "name")).startswith(_ACCOUNT))


def over_secrets(binding: Document, context: Context, *, own: bool = False) -> str:
    """The verbs that a binding gives on Secrets that it does not name; empty where it gives none, as far as is known.

    Args:
        own: only by a role of the tree.
    """
    kind, name = text(at(binding, "roleRef", "kind")), text(at(binding, "roleRef", "name"))
    place = namespace_of(binding) if kind == "Role" else ""
    role = next((one for one in context.objects if _is(one, kind, place, name)), None)
    if role is None:
        return "update" if kind == "ClusterRole" and name in COMMON and not own else ""
    given = set(_given(role))
    return ", ".join(verb for verb in _VERBS if verb in given)


def _is(one: Document, kind: str, place: str, name: str) -> bool:
    named = group_kind(one) == f"rbac.authorization.k8s.io/{kind}" and at(one, "metadata", "name") == name
    return named and (not place or namespace_of(one) == place)


def _given(role: Document) -> Iterator[str]:
    for rule in items(role.get("rules")):
        core = any(group in ("", "*") for group in items(at(rule, "apiGroups")))
        if core and _SECRETS in items(at(rule, "resources")) and not items(at(rule, "resourceNames")):
            yield from (verb for verb in _VERBS if verb in items(at(rule, "verbs")))
