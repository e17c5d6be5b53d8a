"""Every rule over every place: what is wrong is put wherever a kind can hold it, and is found there, in CEL as well.

The places are written here anew, from what Kubernetes and KAITO's controllers read, not taken from the product's table.
"""

from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from typing import Any

import pytest

from kaitops.policies import facts, vap
from kaitops.policies.reading import group_kind
from kaitops.policies.registry import judge, load
from kaitops.policies.rule import Config, Path
from tests.policies import cases
from tests.policies.cases import BOX, IS, MRI, RAG, WS, patched
from tests.policies.engine import TODAY
from tests.policies.test_vap import _evaluated
from tests.version import KAITO

RULES = {rule.id: rule for rule in load()}
CONFIG = Config(registries=("contoso.azurecr.io",), required_labels=("team",))
Object = dict[str, Any]

# The kinds that hold a pod, and where.
PODS: dict[str, tuple[str, Path]] = {
    "Deployment": ("apps/v1", ("spec", "template")),
    "StatefulSet": ("apps/v1", ("spec", "template")),
    "DaemonSet": ("apps/v1", ("spec", "template")),
    "ReplicaSet": ("apps/v1", ("spec", "template")),
    "Job": ("batch/v1", ("spec", "template")),
    "CronJob": ("batch/v1", ("spec", "jobTemplate", "spec", "template")),
    "Pod": ("v1", ()),
    "PodTemplate": ("v1", ("template",)),
    "ReplicationController": ("v1", ("spec", "template")),
    "Workspace": ("kaito.sh/v1beta1", ("inference", "template")),
    "InferenceSet": ("kaito.sh/v1beta1", ("spec", "template", "inference", "template")),
}
LISTS = ("containers", "initContainers", "ephemeralContainers")
# Of a container: the rule, what is wrong, where it is found below the container, whether each list of containers counts.
CONTAINER: tuple[tuple[str, Object, Path, bool], ...] = (
    ("KAITO009", {"image": "contoso.azurecr.io/a:latest"}, ("image",), True),
    ("KAITO010", {"image": "evil.io/a:1"}, ("image",), True),
    ("KAITO029", {"image": "contoso.azurecr.io/a:1"}, ("image",), True),
    ("KAITO016", {"command": ["sh", "-c", "run --trust-remote"]}, ("command", 2), True),
    ("KAITO016", {"args": ["--trust_remote_code"]}, ("args", 0), True),
    ("KAITO016", {"env": [{"name": "A", "value": "--trust"}]}, ("env", 0, "value"), True),
    ("KAITO059", {"command": ["sh", "-c", "az aks stop -g a -n b"]}, ("command", 2), True),
    ("KAITO059", {"command": ["az"], "args": ["aks", "stop"]}, ("args", 1), True),
    ("KAITO018", {"securityContext": {"runAsNonRoot": False}}, ("securityContext", "runAsNonRoot"), True),
    ("KAITO019", {"resources": {"requests": None}}, ("resources", "requests", "cpu"), False),
    ("KAITO036", {"securityContext": {"privileged": True}}, ("securityContext", "privileged"), True),
    ("KAITO036", {"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}, ("securityContext", "capabilities", "add", 0), True),
    ("KAITO036", {"securityContext": {"procMount": "Unmasked"}}, ("securityContext", "procMount"), True),
    ("KAITO036", {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}, ("securityContext", "seccompProfile", "type"), True),
    ("KAITO036", {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}, ("securityContext", "appArmorProfile", "type"), True),
    ("KAITO036", {"securityContext": {"windowsOptions": {"hostProcess": True}}}, ("securityContext", "windowsOptions", "hostProcess"), True),
    ("KAITO036", {"ports": [{"containerPort": 1, "hostPort": 1}]}, ("ports", 0, "hostPort"), True),
    ("KAITO036", {"livenessProbe": {"httpGet": {"host": "a", "port": 1}}}, ("livenessProbe", "httpGet", "host"), True),
    ("KAITO036", {"lifecycle": {"preStop": {"tcpSocket": {"host": "a", "port": 1}}}}, ("lifecycle", "preStop", "tcpSocket", "host"), True),
    ("KAITO037", {"securityContext": {"allowPrivilegeEscalation": None}}, ("securityContext", "allowPrivilegeEscalation"), True),
    ("KAITO037", {"securityContext": {"capabilities": {"drop": None}}}, ("securityContext", "capabilities", "drop"), True),
    ("KAITO037", {"securityContext": {"capabilities": {"add": ["CHOWN"]}}}, ("securityContext", "capabilities", "add", 0), True),
)  # fmt: skip
# Of a pod's spec.
POD: tuple[tuple[str, Object, Path], ...] = (
    *(("KAITO036", {flag: True}, (flag,)) for flag in ("hostNetwork", "hostPID", "hostIPC")),
    ("KAITO036", {"volumes": [{"name": "a", "hostPath": {"path": "/"}}]}, ("volumes", 0, "hostPath")),
    ("KAITO036", {"securityContext": {"sysctls": [{"name": "a", "value": "1"}]}}, ("securityContext", "sysctls", 0)),
    ("KAITO036", {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}, ("securityContext", "seccompProfile", "type")),
    ("KAITO036", {"securityContext": {"windowsOptions": {"hostProcess": True}}}, ("securityContext", "windowsOptions", "hostProcess")),
    *(
        (rule, {"volumes": [{"name": "a", "image": {"reference": image}}]}, ("volumes", 0, "image", "reference"))
        for rule, image in (("KAITO009", "contoso.azurecr.io/a"), ("KAITO010", "evil.io/a:1"), ("KAITO029", "contoso.azurecr.io/a:1"))
    ),
    ("KAITO050", {"volumes": [{"name": "a", "nfs": {"server": "a", "path": "/"}}]}, ("volumes", 0, "nfs")),
    ("KAITO050", {"volumes": [{"name": "a", "csi": {"driver": "evil.io"}}]}, ("volumes", 0, "csi", "driver")),
    ("KAITO051", {"nodeName": "a"}, ("nodeName",)),
    ("KAITO051", {"priorityClassName": "system-node-critical"}, ("priorityClassName",)),
    ("KAITO052", {"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["a"]}]}, ("hostAliases",)),
    ("KAITO052", {"dnsConfig": {"nameservers": ["10.0.0.1"]}}, ("dnsConfig", "nameservers")),
    ("KAITO102", {"volumes": [{"name": "a", "emptyDir": {"medium": "Memory"}}]}, ("volumes", 0, "emptyDir")),
)  # fmt: skip
_ARMOR = "container.apparmor.security.beta.kubernetes.io/main"
# The annotations that KAITO reads, and where each kind holds them: its own, or of the object that it makes.
NOTES = {"KAITO001": "kaito.sh/enablelb", "KAITO007": "kaito.sh/bypass-resource-checks"}
NOTED: tuple[tuple[Object, tuple[Path, ...]], ...] = (
    (WS, (("metadata",),)),
    (IS, (("metadata",), ("spec", "template", "metadata"))),
    (MRI, (("metadata",),)),
    (RAG, (("metadata",),)),
)
SIZES: tuple[tuple[Object, tuple[Path, ...]], ...] = (
    (WS, (("resource", "instanceType"),)),
    (IS, (("spec", "template", "resource", "instanceType"),)),
    (MRI, (("spec", "roles", 0, "instanceType"), ("spec", "roles", 1, "instanceType"))),
    (RAG, (("spec", "compute", "instanceType"),)),
)
PRESETS: tuple[tuple[Object, Path], ...] = (
    (WS, ("inference", "preset", "name")),
    (IS, ("spec", "template", "inference", "preset", "name")),
    (MRI, ("spec", "model", "name")),
    (cases.TUNE, ("tuning", "preset", "name")),
)
SELECTORS: tuple[tuple[Object, Path], ...] = (
    (WS, ("resource", "labelSelector")),
    (IS, ("spec", "labelSelector")),
    (MRI, ("spec", "labelSelector")),
    (RAG, ("spec", "compute", "labelSelector")),
)
_SPOT = "karpenter.sh/capacity-type"
Place = tuple[str, Object, Path]


def put(document: Object, path: Path, value: Any) -> Object:
    """The document with a value at a path."""
    made = deepcopy(document)
    node: Any = made
    for step, after in pairwise(path):
        node = node[step] if isinstance(node, list) else node.setdefault(step, [] if isinstance(after, int) else {})
    node[path[-1]] = value
    return made


def holding(kind: str, spec: Object, notes: Object | None = None) -> Object:
    """An object of a kind with a pod of a spec."""
    version, where = PODS[kind]
    metadata = {"name": "web", "namespace": "models", "labels": {"team": "a"}}
    base = {"apiVersion": version, "kind": kind, "metadata": metadata}
    template = {"metadata": {"labels": {"app": "web"}, "annotations": notes or {}}, "spec": spec}
    if not where:
        return patched(base, template)
    return put(base, where, template)


def places() -> Iterator[Place]:
    """Each rule with each object that has one thing wrong, and where."""
    for kind, (_, where) in PODS.items():
        for rule, patch, below, everywhere in CONTAINER:
            for part in LISTS if everywhere else LISTS[:1]:
                spec = {"containers": [BOX], part: [patched(BOX, patch)]}
                yield rule, holding(kind, spec), (*where, "spec", part, 0, *below)
        for rule, patch, below in POD:
            yield rule, holding(kind, {"containers": [BOX], **patch}), (*where, "spec", *below)
        armed = holding(kind, {"containers": [BOX]}, {_ARMOR: "unconfined"})
        yield "KAITO036", armed, (*where, "metadata", "annotations", _ARMOR)
        bare = holding(kind, {"containers": [BOX]})
        yield "KAITO020", {**bare, "metadata": {"name": "a", "namespace": "models"}}, ("metadata", "labels", "team")
        yield "KAITO039", put(bare, ("metadata", "namespace"), "default"), ("metadata", "namespace")
    for rule, key in NOTES.items():
        for document, holders in NOTED:
            for holder in holders if rule == "KAITO001" or document is not RAG else ():
                yield rule, put(document, (*holder, "annotations", key), "True"), (*holder, "annotations", key)
    for document, paths in SIZES:
        for path in paths:
            yield "KAITO002", put(document, path, "Standard_NC6s_v3"), path
    for document, path in SELECTORS:
        yield "KAITO040", put(document, (*path, "matchLabels", _SPOT), "spot"), (*path, "matchLabels", _SPOT)
        yield "KAITO041", put(document, (*path, "matchLabels", "kaito.sh/a"), "b"), (*path, "matchLabels", "kaito.sh/a")
    for document in (WS, IS, MRI, RAG):
        yield "KAITO020", document, ("metadata", "labels", "team")
    for document, path in PRESETS:
        yield "KAITO004", put(document, path, "phi-9"), path


ALL = list(places())


@pytest.mark.parametrize("rule", sorted({rule for rule, _, _ in ALL}))
def test_the_rule_finds_it_wherever_it_stands(rule: str) -> None:
    context = facts.context(KAITO, TODAY, config=CONFIG)
    missed = []
    for _, document, path in (one for one in ALL if one[0] == rule):
        if path not in [found.path for found in judge([RULES[rule]], document, context)]:
            missed.append((document["kind"], path))
    assert missed == []


@pytest.mark.e2e
@pytest.mark.timeout(600)
def test_its_twin_finds_it_as_well() -> None:
    pairs, named = [], []
    for rule, document, path in ALL:
        twin = dict(vap.expressions(RULES[rule], CONFIG)).get(group_kind(document))
        assert (twin is None) == (RULES[rule].cel is None), (rule, document["kind"])
        if twin is not None:
            pairs.append((twin, document))
            named.append((rule, document["kind"], path))
    missed = [one for one, said in zip(named, _evaluated(pairs), strict=True) if said is not False]
    assert missed == []


def test_no_rule_looks_at_a_part_that_is_not_walked() -> None:
    """A rule over a pod or an annotation has a place above, or its reason here."""
    walked = {rule for rule, _, _ in ALL}
    pods = {"apps/Deployment", "kaito.sh/Workspace"}
    others = {
        "KAITO101": "plain pods only, as KAITO makes them",
        "KAITO104": "plain objects only", "KAITO105": "plain pods only", "KAITO106": "plain pods only",
        "KAITO108": "plain pods only",
    }  # fmt: skip
    # Of pods it reads the model that KAITO's own line names, and of those alone.
    assert {rule.id for rule in RULES.values() if pods & set(rule.kinds) == pods} - walked == {"KAITO015"}
    assert {rule.id for rule in RULES.values() if "batch/CronJob" in rule.kinds} - walked == set(others)


def test_clean_pods_of_every_kind_pass() -> None:
    context = facts.context(KAITO, TODAY, config=CONFIG)
    for kind in PODS:
        document = holding(kind, {"containers": [BOX]})
        found = judge([RULES[rule] for rule, _, _ in ALL], document, context)
        assert {one.rule.id for one in found} <= {"KAITO002", "KAITO004"}, kind
