"""An image that cannot be pulled."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_REASONS = (
    "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError",
    "SignatureValidationFailed", "RegistryUnavailable",
)  # fmt: skip

_WAYS = (
    (
        r"no match(ing manifest)? for (platform|linux)|no matching manifest",
        "the registry has it for other processors than the node's",
        "an image that is made for the node's processor too: kubectl get nodes -L kubernetes.io/arch",
    ),
    (
        r"signature validation failed",
        "the node's policy wants a signature, and the image has none that is valid",
        "sign the image, or have the owner of the nodes' policy for images except it",
    ),
    (
        r"aka\.ms/acr/firewall|client with IP \S+ is not allowed",
        "the registry's firewall does not let the nodes in",
        "a private endpoint of the registry in the nodes' network, or the nodes' address among those that it allows",
    ),
    (
        r"unexpected EOF|connection reset|context canceled",
        "the pull was cut",
        "wait: it is tried again; where it lasts, look at the way to the registry, or mirror the image",
    ),
    (r"not found|manifest unknown|NotFound", "the registry does not have it", "correct the image's name or tag"),
    (
        r"pull QPS exceeded",
        "the node's own limit of pulls at a time is reached",
        "wait: it is tried again; where it lasts, raise registryPullQPS of the kubelet",
    ),
    (
        r"too ?many ?requests|\b429\b|rate limit|(rate|data limit) exceeded",
        "the registry's limit is reached",
        "wait until the limit is over, or mirror it: kaitops images --format acr-import",
    ),
    (
        r"unauthorized|\b401\b|\b403\b|denied|authentication required",
        "the registry refuses it",
        "give the cluster's identity AcrPull on the registry, or name a pull secret",
    ),
    (
        r"x509|certificate|HTTP response to HTTPS",
        "the node does not trust the registry's certificate",
        "a certificate that the nodes know, or the registry's own among those that they trust",
    ),
    (
        r"no such host|timeout|refused|unreachable|deadline exceeded",
        "the registry is not reached",
        "open the way, or mirror the image",
    ),
    (r"no space left|disk", "the node's disk is full", "choose a size with a larger disk"),
)


def _find(view: View) -> Said | None:
    for one in signs.waiting(view, _REASONS):
        events = [signs.reported(event) for event in signs.pod_events(view, ("Failed",), "pull|image")][:2]
        return _said(view, " ".join([signs.short(one.detail.get("message")), *events]), (signs.shown(one), *events))
    for found in signs.conditions(view, ("ImagePullError",)):
        return _said(view, signs.short(found.get("message")), (signs.cited(found),))
    return None


def _said(view: View, text: str, evidence: tuple[str, ...]) -> Said:
    cause, remedy = signs.way(_WAYS, text, re.IGNORECASE) or ("", "")
    return Said(
        f"an image cannot be pulled{': ' + cause if cause else ''}",
        evidence,
        tuple(one for one in (remedy, *signs.commands(view, "describe pod")) if one),
        signs.first_since(view),
    )


RULE = Rule(
    "image-pull",
    "image",
    "degraded",
    "the image cannot be pulled: not there, not allowed, not reached, limited",
    "the kubelet tries again, ever less often",
    _find,
)
