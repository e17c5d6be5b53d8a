"""Namespaces with models deny traffic by default, and what is published has TLS."""

from kaitops.documents.network_policies import INGRESS as INCOMING
from kaitops.documents.network_policies import directions
from kaitops.documents.ref import Ref, namespace_of
from kaitops.policies.anatomy import INGRESS, KAITO, MULTIROLE, ROUTES
from kaitops.policies.reading import at, group_kind, items, mapping, text
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity

_HOLDERS = (*KAITO, MULTIROLE)


def _check(document: Document, context: Context) -> Found:
    if not context.complete:
        return
    kind = group_kind(document)
    if kind == INGRESS:
        if not items(at(document, "spec", "tls")):
            yield ("spec", "tls"), "the model is published without TLS"
    elif kind in ROUTES:
        for place, parent in enumerate(items(at(document, "spec", "parentRefs"))):
            where = text(at(parent, "namespace")) or namespace_of(document)
            gateway = context.find("Gateway", where, text(at(parent, "name")))
            listeners = items(at(gateway, "spec", "listeners"))
            if listeners and not any(at(each, "protocol") in ("HTTPS", "TLS") for each in listeners):
                yield ("spec", "parentRefs", place), "the gateway has no TLS listener"
    elif _is_first(document, context) and not _has_default_deny(context, namespace_of(document)):
        message = f"{namespace_of(document)} has no default-deny NetworkPolicy, so Ray's ports are open to all pods"
        yield ("metadata", "namespace"), message


def _is_first(document: Document, context: Context) -> bool:
    """One finding a namespace: at the first object that holds a model."""
    place = namespace_of(document)
    holders = (each for each in context.objects if group_kind(each) in _HOLDERS and namespace_of(each) == place)
    return Ref.of(next(holders, document)).local == Ref.of(document).local


def _has_default_deny(context: Context, place: str) -> bool:
    for each in context.objects:
        if group_kind(each) == "networking.k8s.io/NetworkPolicy" and namespace_of(each) == place:
            spec = mapping(each.get("spec"))
            if not mapping(spec.get("podSelector")) and INCOMING in directions(spec) and not items(spec.get("ingress")):
                return True
    return False


RULE = Rule(
    id="KAITO047",
    severity=Severity.HIGH,
    title="default-deny network policy; TLS where published",
    why="Ports 6379, 8265 and 5557 take commands without a login.",
    source="checkov CKV2_K8S_6; KAITO pkg/workspace/manifests",
    remedy="ship a NetworkPolicy that denies ingress, one that lets the gateway in, and TLS at the gateway",
    kinds=(*_HOLDERS, INGRESS, *ROUTES),
    check=_check,
    scope=Scope.BUNDLE,
)
