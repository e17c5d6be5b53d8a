"""Models come from owners that are trusted to run code."""

from kaitops.policies import made
from kaitops.policies.anatomy import SERVED
from kaitops.policies.reading import models
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    catalogue = context.release.catalogue
    given = context.config.organisations
    trusted = {each.lower() for each in given} if given else catalogue.owners
    named = [((*path, "name"), catalogue.resolve(name)) for path, name, _ in models(document)]
    named += [(path, name.lower()) for path, name in made.served(document, context)]
    for path, name in named:
        owner, slash, _ = name.partition("/")
        if slash and owner not in trusted:
            yield path, f"{owner} is not among the trusted owners, and its repository's code runs in the pod"


RULE = Rule(
    id="KAITO015",
    severity=Severity.HIGH,
    title="model of a trusted owner",
    why="Every preset runs with trust-remote-code, which a configuration cannot switch off.",
    source="KAITO presets/workspace/models/vllm_model.go; OWASP LLM03",
    remedy="take a model of the catalogue, or add the owner to organisations in kaitops-policy.yaml",
    kinds=(*SERVED, *made.KINDS),
    check=_check,
)
