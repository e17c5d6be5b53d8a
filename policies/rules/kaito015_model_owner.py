"""Models come from owners that are trusted to run code."""

from policies.anatomy import SERVED
from policies.reading import models
from policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    catalogue = context.release.catalogue
    for path, name, _ in models(document):
        owner, slash, _ = catalogue.resolve(name).partition("/")
        given = context.config.organisations
        trusted = {each.lower() for each in given} if given else catalogue.owners
        if slash and owner not in trusted:
            yield (*path, "name"), f"{owner} is not among the trusted owners, and its repository's code runs in the pod"


RULE = Rule(
    id="KAITO015",
    severity=Severity.HIGH,
    title="model of a trusted owner",
    why="Every preset runs with trust-remote-code, which a configuration cannot switch off.",
    source="KAITO presets/workspace/models/vllm_model.go; OWASP LLM03",
    remedy="take a model of the catalogue, or add the owner to organisations in kaitops-policy.yaml",
    kinds=SERVED,
    check=_check,
)
