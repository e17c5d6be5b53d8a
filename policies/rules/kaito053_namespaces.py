"""A namespace does not take itself out of what holds its pods to a standard."""

from collections.abc import Mapping

from kaitops.documents.applications import GROUP, SPECS
from kaitops.documents.plain import Path
from kaitops.documents.pods import ENFORCED
from kaitops.documents.ref import namespace_of
from kaitops.policies.anatomy import KAITO, MULTIROLE, WORKLOADS
from kaitops.policies.reading import at, group_kind, mapping, pod_metadata, text
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity

_IGNORED = ("admission.gatekeeper.sh/ignore", "openpolicyagent.org/webhook")
_MADE = "kaito.sh/"


_SPECS: Mapping[str, Path] = {f"{GROUP}/{kind}": path for kind, path in SPECS.items()}
# The labels that Argo CD gives to the namespace that it deploys to.
_MANAGED = ("syncPolicy", "managedNamespaceMetadata", "labels")


def _check(document: Document, context: Context) -> Found:
    path, name = ("metadata", "labels"), text(at(document, "metadata", "name"))
    if spec := _SPECS.get(group_kind(document)):
        path, name = (*spec, *_MANAGED), text(at(document, *spec, "destination", "namespace"))
    labels = mapping(at(document, *path))
    # Operators have pods that need it, in a namespace of their own.
    if labels.get(ENFORCED) == "privileged" and _holds_models(name, context):
        yield (*path, ENFORCED), "models are in it, and its pods may do on their nodes what they like"
    for key in _IGNORED:
        if key in labels:
            yield (*path, key), "policies of the cluster do not look at what is in it"


def _holds_models(name: str, context: Context) -> bool:
    return any(namespace_of(each) == name and _is_model(each) for each in context.objects)


def _is_model(document: Document) -> bool:
    kind = group_kind(document)
    if kind in (*KAITO, MULTIROLE):
        return True
    return kind in WORKLOADS and any(key.startswith(_MADE) for key in mapping(pod_metadata(document)[1].get("labels")))


RULE = Rule(
    id="KAITO053",
    severity=Severity.HIGH,
    title="namespaces held to a standard",
    why="A label lifts every check of pods in the namespace, for whatever comes into it later.",
    source="Kubernetes: pod security admission labels; Gatekeeper: exempting namespaces",
    remedy="enforce baseline or restricted, or leave the label to the cluster's default",
    kinds=("Namespace", *_SPECS),
    check=_check,
    scope=Scope.AIDED,
)
