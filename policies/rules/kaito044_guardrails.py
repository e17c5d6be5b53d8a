"""Answers of a RAGEngine pass guardrails."""

from kaitops.policies import cel
from kaitops.policies.anatomy import RAGENGINE
from kaitops.policies.reading import at, mapping
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if not mapping(at(document, "spec", "inferenceService")):
        return  # it retrieves only, so no model answers
    # Where they are on and name no policy, KAITO takes the one that its chart brings.
    if at(document, "spec", "guardrails", "enabled") is not True:
        yield ("spec", "guardrails", "enabled"), "answers go out unchecked"


_ON = "object.spec.guardrails.enabled"

RULE = Rule(
    id="KAITO044",
    severity=Severity.MEDIUM,
    title="guardrails are on",
    why="What the model repeats from documents reaches the user as it is.",
    source="KAITO docs, rag output guardrails; OWASP LLM05",
    remedy="set guardrails.enabled to true, in a fleet guardrails: {}; KAITO's own policy holds where none is named",
    kinds=(RAGENGINE,),
    check=_check,
    environments={"dev": None, "staging": Severity.LOW},
    cel=cel.same(cel.unless("object.spec.inferenceService", cel.given(_ON, f"{_ON} == true"))),
)
