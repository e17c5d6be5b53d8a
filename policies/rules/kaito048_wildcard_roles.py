"""Roles name what they allow, and do not allow to take more."""

from kaitops.policies import cel
from kaitops.policies.anatomy import ROLES
from kaitops.policies.reading import at, items
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_PARTS = ("apiGroups", "resources", "verbs", "nonResourceURLs")
_VERBS = ("escalate", "bind", "impersonate")
# What runs commands in pods or on nodes, or signs for somebody else.
_RESOURCES = ("nodes/proxy", "pods/exec", "pods/attach", "pods/ephemeralcontainers", "serviceaccounts/token")
_READING = ("get", "list", "watch")


def _check(document: Document, context: Context) -> Found:
    for place, rule in enumerate(items(document.get("rules"))):
        path = ("rules", place)
        for part in _PARTS:
            if "*" in items(at(rule, part)):
                yield (*path, part), f"{part} hold *, so the role also allows what is added later"
        for verb in items(at(rule, "verbs")):
            if verb in _VERBS:
                yield (*path, "verbs"), f"{verb} gives rights that the holder does not have"
        acts = any(verb not in _READING for verb in items(at(rule, "verbs")))
        for resource in items(at(rule, "resources")):
            if resource == _RESOURCES[0] or (resource in _RESOURCES and acts):
                yield (*path, "resources"), f"{resource} runs commands or signs in as somebody else"


def _cel() -> str:
    wild = [cel.unless(f"r.{part}", f"!('*' in r.{part})", "r") for part in _PARTS]
    verbs = cel.each("r.verbs", "v", f"!(v in {cel.listed(_VERBS)})", "r")
    reads = cel.each("r.verbs", "v", f"v in {cel.listed(_READING)}", "r")
    acting = cel.each("r.resources", "s", f"!(s in {cel.listed(_RESOURCES)})", "r")
    proxy = cel.each("r.resources", "s", f"s != '{_RESOURCES[0]}'", "r")
    one = f"({' && '.join([*wild, verbs, f'({reads} || {acting})', proxy])})"
    # The server writes null for a role without rules.
    return cel.unless("object.rules", f"dyn(object.rules) == null || object.rules.all(r, {one})")


RULE = Rule(
    id="KAITO048",
    severity=Severity.HIGH,
    title="roles without wildcards",
    why="A role that allows everything makes whoever holds it an administrator, of what is added later too.",
    source="CIS Kubernetes 5.1.3; Kubernetes RBAC good practices",
    remedy="name groups, resources and verbs that are needed",
    kinds=ROLES,
    check=_check,
    cel=cel.same(_cel()),
)
