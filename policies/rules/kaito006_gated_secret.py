"""Gated models name the Secret with the token for their download."""

from kaitops.policies.anatomy import SERVED
from kaitops.policies.reading import models
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    for path, name, secret in models(document):
        preset = context.release.catalogue.find(name)
        if preset is not None and preset.gated and not secret:
            yield path, f"{name} is gated by its owner, and no modelAccessSecret is named, so the download is refused"


RULE = Rule(
    id="KAITO006",
    severity=Severity.HIGH,
    title="gated model has an access secret",
    why="The owner asks for an accepted licence; without a token the pod learns it from a 401 on a paid node.",
    source="KAITO presets/workspace/models/supported_models.yaml, downloadAuthRequired",
    remedy="set modelAccessSecret to a Secret with the key HF_TOKEN",
    kinds=SERVED,
    check=_check,
)
