"""Roles name what they allow, and do not allow to take more."""

from kaitops.policies import cel
from kaitops.policies.anatomy import ROLES
from kaitops.policies.reading import at, items, mapping, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_PARTS = ("apiGroups", "resources", "verbs", "nonResourceURLs")
_VERBS = ("escalate", "bind", "impersonate", "approve", "sign")
# What runs commands in pods or on nodes, signs for somebody else, or changes what everybody writes.
_RESOURCES = (
    "nodes/proxy", "pods/exec", "pods/attach", "pods/ephemeralcontainers", "serviceaccounts/token",
    "certificatesigningrequests/approval", "mutatingwebhookconfigurations", "validatingwebhookconfigurations",
    "mutatingadmissionpolicies", "mutatingadmissionpolicybindings", "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
)  # fmt: skip
_SECRETS = "secrets"
_VIEW = "rbac.authorization.k8s.io/aggregate-to-view"
_SYSTEM = "system:"
_READING = ("get", "list", "watch")


def _check(document: Document, context: Context) -> Found:
    if document.get("aggregationRule") is not None:
        yield ("aggregationRule",), "allows whatever roles with such labels allow, those that come later too"
    if text(at(document, "metadata", "name")).startswith(_SYSTEM):
        yield ("metadata", "name"), "has the name of a role of the control plane, and takes its place"
    seen = mapping(at(document, "metadata", "labels")).get(_VIEW) == "true"
    for place, rule in enumerate(items(document.get("rules"))):
        acts = any(verb not in _READING for verb in items(at(rule, "verbs")))
        if seen and (acts or _SECRETS in items(at(rule, "resources"))):
            yield ("rules", place), "gives everybody who may look more than a look, as the role is added to view"
        path = ("rules", place)
        for part in _PARTS:
            if "*" in items(at(rule, part)):
                yield (*path, part), f"{part} hold *, so the role also allows what is added later"
        for verb in items(at(rule, "verbs")):
            if verb in _VERBS:
                yield (*path, "verbs"), f"{verb} gives rights that the holder does not have"
        for resource in items(at(rule, "resources")):
            if resource == _RESOURCES[0] or (resource in _RESOURCES and acts):
                yield (
                    (*path, "resources"),
                    f"{resource} runs commands, signs for somebody else, or changes what others write",
                )


def _cel(kind: str) -> str:
    wild = [cel.unless(f"r.{part}", f"!('*' in r.{part})", "r") for part in _PARTS]
    verbs = cel.each("r.verbs", "v", f"!(v in {cel.listed(_VERBS)})", "r")
    reads = cel.each("r.verbs", "v", f"v in {cel.listed(_READING)}", "r")
    acting = cel.each("r.resources", "s", f"!(s in {cel.listed(_RESOURCES)})", "r")
    proxy = cel.each("r.resources", "s", f"s != '{_RESOURCES[0]}'", "r")
    secret = cel.each("r.resources", "s", f"s != '{_SECRETS}'", "r")
    labels, key = "object.metadata.labels", cel.quoted(_VIEW)
    tests = [
        f"!object.metadata.name.startsWith('{_SYSTEM}')",
        cel.unless(labels, f"!({key} in {labels} && {labels}[{key}] == 'true') || {_all(f'{reads} && {secret}')}"),
        _all(" && ".join([*wild, verbs, f"({reads} || {acting})", proxy])),
    ]
    if kind.endswith("/ClusterRole"):
        tests.append("!has(object.aggregationRule)")
    return " && ".join(tests)


def _all(expression: str) -> str:
    # The server writes null for a role without rules.
    return cel.unless("object.rules", f"dyn(object.rules) == null || object.rules.all(r, {expression})")


RULE = Rule(
    id="KAITO048",
    severity=Severity.HIGH,
    title="roles without wildcards",
    why="A role that allows everything makes whoever holds it an administrator, of what is added later too.",
    source="CIS Kubernetes 5.1.3; Kubernetes RBAC good practices",
    remedy="name groups, resources and verbs that are needed",
    kinds=ROLES,
    check=_check,
    cel=lambda kind, _: _cel(kind),
)
