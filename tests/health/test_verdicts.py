"""Every recorded status, judged by the definitions in their three forms."""

import json
import re
from typing import Any

import pytest

from kaitops.documents import plain
from kaitops.errors import BadInput
from kaitops.health import ambiguities, judge, lua
from kaitops.health.definition import LONGEST, apply
from kaitops.health.kinds import definitions
from kaitops.kaito import facts
from tests.health.cases import CASES, CITED, made
from tests.health.engines import ARGOCD, FLUX, VERSION, Cel, Lua, script, without
from tests.recorded import cases, load
from tests.sampling import THOROUGH

RECORDED = load("status")
OBJECTS = [*(one["object"] for one in RECORDED), *(case[2] for case in CASES.values())]


def distinct() -> list[dict[str, Any]]:
    """The objects that differ in what is looked at."""
    found: dict[str, dict[str, Any]] = {}
    for one in OBJECTS:
        meta, status = one["metadata"], one.get("status", {})
        told = {key: value for key, value in status.items() if key not in ("performance", "workerNodes")}
        found[json.dumps([one["kind"], "deletionTimestamp" in meta, meta["generation"], told])] = one
    return list(found.values())


DEFINITIONS = definitions(VERSION)
KNOWN = {(one.kind, one.rule): {it.phase for it in one.situations} for one in ambiguities(VERSION)}


@pytest.mark.parametrize("name", CASES)
def test_named_case(name: str) -> None:
    phase, rule, document = CASES[name]
    verdict = judge(document, VERSION)
    assert (verdict.phase, verdict.reason) == (phase, rule)
    assert CITED.get(name, "") in verdict.message


@pytest.mark.parametrize("one", cases("status"))
def test_a_recording_is_judged_right_or_its_ambiguity_is_written_down(one: dict[str, Any]) -> None:
    verdict = judge(one["object"], VERSION)
    if verdict.phase != one["phase"]:
        assert one["phase"] in KNOWN[one["object"]["kind"], verdict.reason]


def test_few_recordings_are_ambiguous() -> None:
    right = [one for one in RECORDED if judge(one["object"], VERSION).phase == one["phase"]]
    assert (len(RECORDED), len(right)) == (127, 104)


def test_what_is_judged_wrong_has_the_status_of_something_judged_right() -> None:
    def shape(one: dict[str, Any]) -> Any:
        document = one["object"]
        conditions = plain.items(plain.at(document, "status", "conditions"))
        # The counts of replicas differ between recordings that mean the same.
        told = [
            (it["type"], it["status"], re.sub("[0-9]+", "#", f"{it['reason']} {it['message']}")) for it in conditions
        ]
        return document["kind"], plain.at(document, "status", "state"), str(sorted(told))

    right = {one["id"] for one in RECORDED if judge(one["object"], VERSION).phase == one["phase"]}
    alike = {shape(one) for one in RECORDED if one["id"] in right}
    alone = {one["id"] for one in RECORDED if one["id"] not in right and shape(one) not in alike}
    # Of these only the failure was recorded; the controller writes the same while it waits for the pod or the machine.
    assert alone == {"rag-crash-loop", "rag-nodeclaim-no-capacity"}


def test_an_ambiguity_begins_with_the_phase_that_its_rule_gives() -> None:
    for one in ambiguities(VERSION):
        rule = next(it for it in DEFINITIONS[one.kind].rules if it.id == one.rule)
        phases = [it.phase for it in one.situations]
        assert phases[0] == rule.phase
        assert set(phases) - {rule.phase}, f"{one.kind} {one.rule} leaves nothing open"
        assert one.look


@pytest.mark.thorough
def test_lua_and_cel_judge_as_python() -> None:
    scripts = {kind: script(one) for kind, one in DEFINITIONS.items()}
    expressions = {kind: Cel(one) for kind, one in DEFINITIONS.items()}
    # The evaluator of CEL takes most of the time: a share is one of each verdict.
    told: set[tuple[str, str]] = set()
    for document in distinct():
        verdict = judge(document, VERSION)
        if not THOROUGH and (document["kind"], verdict.reason) in told:
            continue
        told.add((document["kind"], verdict.reason))
        assert scripts[document["kind"]](document) == (ARGOCD[verdict.phase], verdict.message)
        assert expressions[document["kind"]](document) == FLUX[verdict.phase]


def test_without_its_library_lua_never_says_more_than_python() -> None:
    for kind, one in DEFINITIONS.items():
        bare = Lua(lua.script(one), libraries=False)
        for document in OBJECTS:
            if document["kind"] == kind:
                wanted = ARGOCD[judge(document, VERSION).phase]
                found = bare(document)[0]
                assert found == wanted or (wanted, found) in {("Degraded", "Progressing"), ("Progressing", "Degraded")}
                assert (found == "Healthy") == (wanted == "Healthy")


@pytest.mark.parametrize(
    ("kind", "rule"), [(kind, rule.id) for kind, one in DEFINITIONS.items() for rule in one.rules[:-1]]
)
def test_every_rule_is_missed_when_it_is_gone(kind: str, rule: str) -> None:
    less = without(DEFINITIONS[kind], rule)
    assert any(
        apply(less, case[2]) != judge(case[2], VERSION) for case in CASES.values() if case[2]["kind"] == kind
    ) or any(
        apply(less, one["object"]) != judge(one["object"], VERSION) for one in RECORDED if one["object"]["kind"] == kind
    )


@pytest.mark.parametrize(
    ("scenario", "cause"),
    [
        ("ws-karp-quota-exceeded", "vCPU quota for Standard NCADS_A100_v4 Family vCPUs has been reached"),
        ("ws-byo-unknown-preset", "model is not registered: phi-99-nope"),
        ("ws-byo-oom-killed", "was OOMKilled (exit code 137)"),
        ("ws-byo-image-pull-backoff", "image pull failed (ImagePullBackOff)"),
        ("ws-byo-node-not-ready", "no ready nodes found, unable to determine GPU configuration"),
        ("ws-byo-benchmark-failed", "TPM value -1"),
        ("mm-byo-job-evicted", "ephemeral-storage"),
        ("rag-failed", "has timed out progressing"),
        ("mri-byo-reconcile-failed", "is already owned by another ConfigMap"),
    ],
)
def test_messages_carry_the_cause(scenario: str, cause: str) -> None:
    record = next(one for one in RECORDED if one["id"] == scenario)
    message = judge(record["object"], VERSION).message
    assert cause in message
    assert "last reconcile error" not in message


def test_no_message_is_bare_or_endless() -> None:
    for document in OBJECTS:
        message = judge(document, VERSION).message
        assert len(message) <= LONGEST
        assert message not in {"", "Pending"}
    endless = made("NodeClaim", ("Launched", "Unknown", "LaunchFailed", "x" * 5000))
    assert len(judge(endless, VERSION).message) == LONGEST
    assert len(script(DEFINITIONS["NodeClaim"])(endless)[1]) == LONGEST


@pytest.mark.parametrize(
    "mangled", [{}, {"status": None}, {"status": {"conditions": {}}}, {"status": {"conditions": [3]}}]
)
def test_an_object_out_of_shape_is_progressing(mangled: dict[str, Any]) -> None:
    assert judge({"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", **mangled}, VERSION).phase == "progressing"


def test_kinds_of_other_groups_and_versions_without_facts_are_refused() -> None:
    with pytest.raises(BadInput, match=r"Workspace\.example\.com is no kind whose health is defined"):
        judge({"apiVersion": "example.com/v1", "kind": "Workspace"}, VERSION)
    older = [one for one in facts.versions() if not facts.is_complete(one)]
    assert older
    for version in older:
        with pytest.raises(BadInput, match=version):
            judge(made("Workspace"), version)


@pytest.mark.parametrize(
    ("kind", "condition", "facts_of"),
    [
        ("Workspace", "NodeClaimReady", "machine"),
        ("Workspace", "InferenceReady", "server"),
        ("Workspace", "ModelMirrorReady", "mirror"),
        ("ModelMirror", "StorageReady", "storage"),
        ("NodeClaim", "Registered", "machine"),
        ("NodePool", "NodeClassReady", "nodeClass"),
    ],
)
def test_what_is_known_as_waiting_waits_and_nothing_else_does(kind: str, condition: str, facts_of: str) -> None:
    reasons = facts.load(VERSION, "health.json")["waiting"][facts_of]
    for reason in reasons:
        assert judge(made(kind, (condition, "False", reason, "text")), VERSION).phase == "progressing"
    assert judge(made(kind, (condition, "False", f"{reasons[0]}Not", "text")), VERSION).phase == "degraded"


@pytest.mark.parametrize("text", facts.load(VERSION, "health.json")["waiting"]["errors"])
def test_an_error_known_as_waiting_waits(text: str) -> None:
    message = f"waiting (last reconcile error: failed: {text} and so on)"
    assert (
        judge(made("Workspace", ("WorkspaceSucceeded", "False", "workspacePending", message)), VERSION).phase
        == "progressing"
    )
    assert (
        judge(made("RAGEngine", ("RAGEngineSucceeded", "False", "ragengineFailed", text)), VERSION).phase
        == "progressing"
    )
