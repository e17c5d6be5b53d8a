"""Containers cannot gain rights."""

from kaitops.policies import cel
from kaitops.policies.anatomy import PODS
from kaitops.policies.made import cel_own, own_containers
from kaitops.policies.reading import at, items, pod
from kaitops.policies.rule import Config, Context, Document, Found, Rule, Severity

_PROFILES = ("RuntimeDefault", "Localhost")
_SERVES = "NET_BIND_SERVICE"
_SECCOMP = ("securityContext", "seccompProfile", "type")


def _check(document: Document, context: Context) -> Found:
    common = at(pod(document)[1], *_SECCOMP)
    for path, container in own_containers(document, context):
        if at(container, "securityContext", "allowPrivilegeEscalation") is not False:
            yield (
                (*path, "securityContext", "allowPrivilegeEscalation"),
                "a process may gain rights",
            )
        if "ALL" not in items(at(container, "securityContext", "capabilities", "drop")):
            yield (
                (*path, "securityContext", "capabilities", "drop"),
                "keeps capabilities that no server needs",
            )
        for place, capability in enumerate(items(at(container, "securityContext", "capabilities", "add"))):
            if capability != _SERVES:
                yield (*path, "securityContext", "capabilities", "add", place), "adds a right that no server needs"
        own = at(container, *_SECCOMP)
        if (common if own is None else own) not in _PROFILES:
            yield (*path, *_SECCOMP), "may call all of the kernel"


def _cel(kind: str, config: Config) -> str:
    escalation, drop = "c.securityContext.allowPrivilegeEscalation", "c.securityContext.capabilities.drop"
    own, common = "c.securityContext.seccompProfile.type", f"{cel.pod(kind)}.securityContext.seccompProfile.type"
    profiles = cel.listed(_PROFILES)
    inherited = cel.given(common, f"{common} in {profiles}")
    tests = (
        cel.given(escalation, f"{escalation} == false", "c"),
        cel.given(drop, f"'ALL' in {drop}", "c"),
        cel.each("c.securityContext.capabilities.add", "a", f"a == '{_SERVES}'", "c"),
        f"({cel.given(own, '', 'c')} ? {own} in {profiles} : {inherited})",
    )
    return cel_own(kind, config, " && ".join(tests))


RULE = Rule(
    id="KAITO037",
    severity=Severity.MEDIUM,
    title="no privilege escalation, no capabilities, seccomp on",
    why="The restricted pod security standard asks for all three.",
    source="CIS Kubernetes 5.2; pod security standards, restricted",
    remedy="set allowPrivilegeEscalation: false, capabilities.drop: [ALL] and seccompProfile.type: RuntimeDefault",
    kinds=PODS,
    pods=True,
    check=_check,
    cel=_cel,
)
