"""Kubernetes' own kinds against the facts of its server; the server itself is asked in `tests/e2e/test_native_objects.py`."""

import json
import time
from pathlib import Path

import pytest
import yaml

from kaitops.gate import native
from kaitops.gate.forms import wellformed
from tests.conftest import Run
from tests.gate import native_objects
from tests.gate.native_objects import GOOD, Object
from tests.policies.cases import patched


def said(obj: Object) -> list[str]:
    wrong = wellformed.problems(obj) or list(native.problems(obj))
    return [f"{'.'.join(map(str, path))} {text}" for path, text in wrong]


def test_what_the_server_takes_is_taken() -> None:
    assert [(one["kind"], said(one)) for one in GOOD if said(one)] == []


@pytest.mark.parametrize("obj", list(native_objects.bad()), ids=lambda one: one["kind"])
def test_what_the_server_refuses_is_refused_with_a_remedy(obj: Object) -> None:
    assert said(obj)
    for text in said(obj):
        assert "; " in text


def test_a_field_that_is_misspelled_is_named_with_the_one_that_is_meant() -> None:
    typo = patched(native_objects.DEPLOYMENT, {"spec": {"replcas": 2}})
    assert said(typo) == [
        "spec.replcas is no field of DeploymentSpec, so kubectl and GitOps tools refuse it; meant is replicas?"
    ]


def test_the_gate_names_place_and_remedy(run: Run, tmp_path: Path) -> None:
    bad = patched(native_objects.SERVICE, {"spec": {"ports": None}})
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(bad, sort_keys=False))
    done = run("gate", "a.yaml", "--no-checkov", code=1).stdout
    assert done.startswith(
        "a.yaml:6:1: KAITOPS-ADMISSION CRITICAL: Service native/web: spec.ports is missing, and only a headless"
    )
    assert "1 object: 1 by Kubernetes' schema; 1 finding" in done


@pytest.mark.parametrize("part", ["data", "stringData"])
def test_no_value_of_a_secret_is_told(run: Run, tmp_path: Path, part: str) -> None:
    value = "aHVudGVyMg=="
    forms: tuple[object, ...] = (value[:-1], [value], {"a": value}, 98765432101, True)
    for number, form in enumerate(forms):
        secret = patched(native_objects.SECRET, {"type": None, part: {"a/b": form}})
        (tmp_path / f"{number}.json").write_text(json.dumps(secret))
    out = run("gate", ".", "--no-checkov").stdout
    assert out.count("KAITO028") + out.count("KAITOPS-FORM ") >= len(forms) - 1
    assert "aHVud" not in out and "98765432101" not in out


@pytest.mark.parametrize(
    ("expression", "closed"),
    [
        ("has(object.x) && [1, 2].all(i, {'a': i} != {})", True), ("'a(' + \"b)\" == 'x'", True), ("'(' + r'\\'", True),
        ("'a\\'(' == ''", True), ("'''a\n'b('''", True), ('"""a"("""', True), ("a // '(\n", True), ("''", True),
        ("object.foo(", False), ("a]", False), ("'abc", False), ("'a\nb'", False), ("(']'", False), ("'\\'", False),
    ],
)  # fmt: skip
def test_an_expression_that_is_not_closed_is_refused(expression: str, closed: bool) -> None:
    policy = patched(native_objects.POLICY, {"spec": {"validations": [{"expression": expression}]}})
    assert any("not closed" in text for text in said(policy)) is not closed


@pytest.mark.parametrize("part", ["'''", 'r""" ', "(", "'a\\", "'\n", "\"\"\" '''", "\\'", "'\\\\"])
def test_no_expression_takes_long(part: str) -> None:
    policy = patched(native_objects.POLICY, {"spec": {"validations": [{"expression": part * (400_000 // len(part))}]}})
    start = time.process_time()
    said(policy)
    assert time.process_time() - start < 2
