"""The CEL twins judge as the rules do, and their policies have the form that the API server takes."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from kaitops.policies import vap
from kaitops.policies.reading import group_kind
from kaitops.policies.registry import load
from kaitops.policies.rule import Config, Override, Severity
from tests.policies.cases import CLEAN, Case, all_cases
from tests.policies.engine import found_alone
from tests.sampling import THOROUGH

RULES = {rule.id: rule for rule in load()}
_PYTHON = os.environ.get("KAITOPS_CEL_PYTHON") or (sys.executable if find_spec("celpy") else ".venv-cel/bin/python")
_SCRIPT = Path(__file__).with_name("run_cel.py")


def _evaluated(pairs: list[tuple[str, dict]]) -> list[object]:
    if not Path(_PYTHON).exists():
        pytest.skip(f"no CEL library: install cel-python, or set KAITOPS_CEL_PYTHON ({_PYTHON} is not there)")
    done = subprocess.run([_PYTHON, str(_SCRIPT)], input=json.dumps(pairs), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _twin(case: Case) -> str | None:
    rule = RULES[case.rule]
    if rule.severity_in(case.environment, case.config) is None:
        return None
    return dict(vap.expressions(rule, case.config)).get(group_kind(case.document))


@pytest.mark.thorough
def test_twins_agree_with_the_rules_on_every_case() -> None:
    cases = [(case, twin) for case in all_cases() if (twin := _twin(case))]
    if not THOROUGH:
        # Of each third rule one that it finds and one that it does not: compiling an expression takes long.
        cases = list({(case.rule, bool(case.at)): (case, twin) for case, twin in cases}.values())
        asked = sorted({case.rule for case, _ in cases})[::3]
        cases = [(case, twin) for case, twin in cases if case.rule in asked]
    assert len({case.rule for case, _ in cases}) >= (25 if THOROUGH else 9)
    verdicts = _evaluated([(twin, case.document) for case, twin in cases])
    wrong = [
        (case.rule, case.document["kind"], case.at, said)
        for (case, _), said in zip(cases, verdicts, strict=True)
        if said is not (case.alone or not found_alone(case))
    ]
    assert wrong == []


@pytest.mark.thorough
def test_clean_documents_pass_every_twin() -> None:
    pairs = [
        (text, document)
        for document in CLEAN
        for rule in list(RULES.values())[:: 1 if THOROUGH else 9]
        for kind, text in vap.expressions(rule, Config())
        if kind == group_kind(document)
    ]
    assert set(_evaluated(pairs)) == {True}


def test_each_policy_has_its_binding_and_high_ones_deny() -> None:
    made = vap.objects(list(RULES.values()), Config(), "prod")
    policies = {each["metadata"]["name"] for each in made if each["kind"] == "ValidatingAdmissionPolicy"}
    bindings = {each["metadata"]["name"]: each["spec"] for each in made if each["kind"].endswith("Binding")}
    assert policies == set(bindings)
    assert all(spec["policyName"] == name for name, spec in bindings.items())
    assert bindings["kaito007-workspace"]["validationActions"] == ["Deny"]
    assert bindings["kaito039-service"]["validationActions"] == ["Warn", "Audit"]


def test_environment_and_configuration_decide_what_is_made() -> None:
    def names(config: Config, environment: str) -> set[str]:
        return {each["metadata"]["name"] for each in vap.objects(list(RULES.values()), config, environment)}

    assert "kaito029-deployment" in names(Config(), "prod")
    assert "kaito029-deployment" not in names(Config(), "dev")
    assert "kaito010-deployment" not in names(Config(), "prod")
    assert "kaito010-deployment" in names(Config(registries=("contoso.azurecr.io",)), "prod")
    off = Config(overrides={"KAITO007": Override(None, "why"), "KAITO039": Override(Severity.HIGH, "why")})
    assert "kaito007-workspace" not in names(off, "prod")
    bound = {
        each["metadata"]["name"]: each for each in vap.objects(list(RULES.values()), off, "prod", skip_namespaces=())
    }
    assert bound["kaito039-service"]["spec"] == {"policyName": "kaito039-service", "validationActions": ["Deny"]}
