"""An image that cannot be pulled."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_REASONS = ("ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError")


def _find(view: View) -> Said | None:
    for one in signs.waiting(view, _REASONS):
        events = [signs.reported(event) for event in signs.pod_events(view, ("Failed",), "pull|image")][:2]
        return _said(view, " ".join([signs.short(one.detail.get("message")), *events]), (signs.shown(one), *events))
    for found in signs.conditions(view, ("ImagePullError",)):
        return _said(view, signs.short(found.get("message")), (signs.cited(found),))
    return None


def _said(view: View, text: str, evidence: tuple[str, ...]) -> Said:
    ways = (
        (r"not found|manifest unknown|NotFound", "the registry does not have it", "correct the image's name or tag"),
        (
            r"unauthorized|401|403|denied|authentication required",
            "the registry refuses it",
            "give the cluster's identity AcrPull on the registry, or name a pull secret",
        ),
        (r"toomanyrequests|429", "the registry's limit is reached", "mirror it: kaitops images --format acr-import"),
        (
            r"no such host|timeout|refused|unreachable",
            "the registry is not reached",
            "open the way, or mirror the image",
        ),
        (r"no space left|disk", "the node's disk is full", "choose a size with a larger disk"),
    )
    found = next(((cause, remedy) for sign, cause, remedy in ways if re.search(sign, text)), ("", ""))
    cause, remedy = found
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
