"""Presets exist."""

from kaitops.policies.anatomy import SERVED
from kaitops.policies.reading import models
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    catalogue = context.release.catalogue
    for path, name, _ in models(document):
        if catalogue.find(name) is None and name.count("/") != 1:
            near = ", ".join(catalogue.nearest(name))
            hint = f"; near: {near}" if near else ""
            yield (*path, "name"), f"no preset is called {name!r} in KAITO {context.release.version}{hint}"


RULE = Rule(
    id="KAITO004",
    severity=Severity.HIGH,
    title="preset exists",
    why="KAITO refuses a name that is neither a preset nor a repository as owner/model.",
    source="KAITO presets/workspace/models, IsValidPreset",
    remedy="name a preset of kaitops catalogue, or a Hugging Face repository as owner/model",
    kinds=SERVED,
    check=_check,
)
