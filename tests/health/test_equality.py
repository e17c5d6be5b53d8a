"""Whatever a status holds, the three forms say the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaitops.health import judge
from kaitops.health.definition import Definition
from kaitops.health.expression import Condition, Every, Expression, Some
from kaitops.health.kinds import definitions
from kaitops.kaito import facts
from tests.generated import inputs
from tests.health.cases import API
from tests.health.engines import ARGOCD, FLUX, VERSION, Cel, script
from tests.sampling import share

KNOWN: Any = facts.load(VERSION, "health.json")
DEFINITIONS = definitions(VERSION)


def conditions_of(test: Expression) -> list[Condition]:
    if isinstance(test, Condition):
        return [test]
    return [one for part in test.parts for one in conditions_of(part)] if isinstance(test, Every | Some) else []


def documents(definition: Definition) -> st.SearchStrategy[dict[str, Any]]:
    asked = [one for rule in definition.rules for test in (rule.when, *rule.cites) for one in conditions_of(test)]
    types = sorted({one.type for one in asked})
    reasons = sorted({text for one in asked for text in (*one.reasons, *one.apart)} | {"Other"})
    texts = [f"not ready ({KNOWN['error']}{one} and more)" for one in (*KNOWN["waiting"]["errors"], "other", "a) (b")]
    condition = st.fixed_dictionaries(
        {
            "type": st.sampled_from(types),
            "status": st.sampled_from(["True", "False", "Unknown"]),
            "reason": st.sampled_from(reasons),
            "message": st.sampled_from(["", "plain", "ok; warning: pressure", *texts, *KNOWN["waiting"]["errors"]]),
        },
        optional={"observedGeneration": st.integers(1, 4)},
    )
    status = st.fixed_dictionaries(
        {},
        optional={
            "conditions": st.lists(condition, max_size=6),
            "state": st.sampled_from(["Pending", "Ready", "NotReady", "Running", "Succeeded", "Failed"]),
            "targetNodeCount": st.integers(1, 4),
            # The other kinds have no such field, and the API server would drop it.
            **(
                {"observedGeneration": st.integers(1, 4)}
                if "status" in KNOWN["kinds"][definition.kind]["observed"]
                else {}
            ),
        },
    )
    metadata = st.fixed_dictionaries(
        {"name": st.just("a"), "generation": st.integers(1, 4)},
        optional={"deletionTimestamp": st.just("2026-11-21T08:00:01Z")},
    )
    return st.builds(
        lambda metadata, status: {
            "apiVersion": API[definition.kind], "kind": definition.kind, "metadata": metadata, "status": status,
        },
        metadata, status,
    )  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("kind", API)
def test_three_forms_of_one_definition_agree(kind: str) -> None:
    run, ask = script(DEFINITIONS[kind]), Cel(DEFINITIONS[kind])

    @inputs(share(50))
    @given(documents(DEFINITIONS[kind]))
    def check(document: dict[str, Any]) -> None:
        verdict = judge(document, VERSION)
        assert run(document) == (ARGOCD[verdict.phase], verdict.message)
        assert ask(document) == FLUX[verdict.phase]

    check()


def test_every_kind_with_facts_is_covered() -> None:
    assert {kind: one.api_version for kind, one in DEFINITIONS.items()} == API
