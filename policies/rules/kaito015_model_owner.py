"""Models come from owners that are trusted to run code."""

from policies import made
from policies.anatomy import SERVED
from policies.reading import models
from policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    catalogue = context.release.catalogue
    named = [((*path, "name"), catalogue.resolve(name)) for path, name, _ in models(document)]
    named += [(path, name.lower()) for path, name in made.served(document, context)]
    for path, name in named:
        owner, slash, _ = name.partition("/")
        given = context.config.organisations or [each.partition("/")[0] for each in catalogue.names()]
        if slash and owner not in {each.lower() for each in given}:
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
