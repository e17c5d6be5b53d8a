"""Answers of a RAGEngine pass guardrails."""

from kaitops.policies import cel
from kaitops.policies.anatomy import RAGENGINE
from kaitops.policies.reading import at, mapping, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if not mapping(at(document, "spec", "inferenceService")):
        return  # it retrieves only, so no model answers
    rails = at(document, "spec", "guardrails")
    if at(rails, "enabled") is not True:
        yield ("spec", "guardrails", "enabled"), "answers go out unchecked"
    elif not text(at(rails, "configMapRef", "name")):
        yield ("spec", "guardrails", "configMapRef"), "guardrails are on and have no rules"


_ON, _NAME = "object.spec.guardrails.enabled", "object.spec.guardrails.configMapRef.name"

RULE = Rule(
    id="KAITO044",
    severity=Severity.MEDIUM,
    title="guardrails are on and have rules",
    why="What the model repeats from documents reaches the user as it is.",
    source="KAITO docs, rag output guardrails; OWASP LLM05",
    remedy="set guardrails.enabled and configMapRef with a guardrails.yaml",
    kinds=(RAGENGINE,),
    check=_check,
    environments={"dev": None, "staging": Severity.LOW},
    cel=cel.same(
        cel.unless(
            "object.spec.inferenceService",
            " && ".join((cel.given(_ON, f"{_ON} == true"), cel.given(_NAME, f"{_NAME} != ''"))),
        )
    ),
)
