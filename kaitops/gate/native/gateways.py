"""Gateways and HTTPRoutes: what has to hold between their fields, as the Gateway API's own definitions say."""

import re
from collections.abc import Iterator, Mapping

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.kaito.golang.text import parse_duration

Found = Iterator[tuple[Path, str]]
_GROUP = "gateway.networking.k8s.io/"
_PLAIN, _NAMELESS = ("HTTP", "TCP", "UDP"), ("TCP", "UDP")
_PATH = re.compile(r"(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+")
_BEYOND = ("//", "/./", "/../", "%2f", "%2F")
_TIME = re.compile(r"(?:[0-9]{1,5}(?:ms|h|m|s)){1,4}")
_REDIRECT, _REWRITE = "RequestRedirect", "URLRewrite"
_FIELDS: Mapping[str, str] = {
    "RequestHeaderModifier": "requestHeaderModifier",
    "ResponseHeaderModifier": "responseHeaderModifier",
    "RequestMirror": "requestMirror",
    _REDIRECT: "requestRedirect",
    _REWRITE: "urlRewrite",
    "ExtensionRef": "extensionRef",
}


def problems(document: Object) -> Found:
    """What the definitions refuse: path, and fact with remedy."""
    if not document["apiVersion"].startswith(_GROUP):
        return
    if document["kind"] == "Gateway":
        yield from _listeners(items(at(document, "spec", "listeners")))
    elif document["kind"] == "HTTPRoute":
        for number, rule in enumerate(items(at(document, "spec", "rules"))):
            yield from _rule(mapping(rule), ("spec", "rules", number))


def _listeners(listeners: list[object]) -> Found:
    names: set[object] = set()
    places: set[tuple[object, ...]] = set()
    for number, each in enumerate(listeners):
        one, path = mapping(each), ("spec", "listeners", number)
        protocol, tls = one.get("protocol"), one.get("tls")
        mode = at(tls, "mode") or "Terminate"
        if protocol in _PLAIN and tls is not None:
            yield (*path, "tls"), f"must not be there for protocol {protocol}; drop it, or write HTTPS or TLS"
        elif protocol == "HTTPS" and mode != "Terminate":
            yield (*path, "tls", "mode"), "must be Terminate for protocol HTTPS; write that, or protocol TLS"
        elif protocol == "TLS" and tls is None:
            yield (*path, "tls"), "is missing, and protocol TLS needs its mode; add it"
        if tls is not None and mode == "Terminate" and not at(tls, "certificateRefs") and not at(tls, "options"):
            yield (*path, "tls"), "names no certificate for mode Terminate; add certificateRefs"
        if protocol in _NAMELESS and one.get("hostname"):
            yield (*path, "hostname"), f"must not be there for protocol {protocol}; drop it"
        if one.get("name") in names:
            yield (*path, "name"), "is the name of another listener as well; give each its own"
        place = (one.get("port"), protocol, one.get("hostname"))
        if place in places:
            yield (*path, "port"), "is taken by another listener of the same protocol and hostname; give each its own"
        names.add(one.get("name"))
        places.add(place)


def _rule(rule: Object, path: Path) -> Found:
    matches = [mapping(one) for one in items(rule.get("matches"))]
    for number, match in enumerate(matches):
        if wrong := _wrong_path(mapping(match.get("path"))):
            yield (*path, "matches", number, "path", "value"), wrong
    filters = [mapping(one) for one in items(rule.get("filters"))]
    kinds = {str(one.get("type")) for one in filters}
    whole, each = (_length(at(rule, "timeouts", key)) for key in ("request", "backendRequest"))
    if whole and each and each > whole:
        text = "must not be longer than timeouts.request, within which it lies; lower it, or raise that"
        yield (*path, "timeouts", "backendRequest"), text
    if _REDIRECT in kinds and items(rule.get("backendRefs")):
        yield (*path, "backendRefs"), f"must not be there beside a filter {_REDIRECT}; drop one of them"
    if {_REDIRECT, _REWRITE} <= kinds:
        yield (*path, "filters"), f"must not hold {_REDIRECT} and {_REWRITE} both; drop one of them"
    has_prefix = len(matches) < 2 and all(at(one, "path", "type") in (None, "PathPrefix") for one in matches)
    for number, one in enumerate(filters):
        kind, where = str(one.get("type")), (*path, "filters", number)
        for known, field in _FIELDS.items():
            if (field in one) is not (known == kind):
                what = f"is missing, and a filter {kind} needs it; add it"
                yield (*where, field), what if kind == known else f"must not be there in a filter {kind}; drop it"
        prefixed = any(at(one, field, "path", "replacePrefixMatch") is not None for field in _FIELDS.values())
        if prefixed and not has_prefix:
            yield where, "replaces a prefix, for which the rule must match exactly one PathPrefix; give it a rule"


def _length(time: object) -> int:
    """Nanoseconds; none for what is no length of time, which its form says."""
    return parse_duration(time) if isinstance(time, str) and _TIME.fullmatch(time) else 0


def _wrong_path(path: Object) -> str:
    value, kind = path.get("value"), path.get("type") or "PathPrefix"
    if not isinstance(value, str) or kind not in ("Exact", "PathPrefix") or "${" in value:
        return ""
    if not value.startswith("/"):
        return "must begin with /; write it so, or take type RegularExpression"
    if any(one in value for one in _BEYOND) or value.endswith(("/.", "/..")) or not _PATH.fullmatch(value):
        return f"is no path that {kind} takes; write one without empty steps, dots for steps and other signs"
    return ""
