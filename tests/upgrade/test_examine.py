"""What a step to another version finds, and the command."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaitops.kaito import Release
from kaitops.upgrade import Impact, examine
from tests.change.test_compare import WORKSPACE, edited
from tests.conftest import Run
from tests.version import KAITO

NAP = {"cloud": "azure", "nodeProvisioner": "azure-gpu-provisioner"}
PLAIN = edited(WORKSPACE, "inference", to={"preset": {"name": "phi-4"}})


def step(document: dict[str, Any], source: str, target: str, settings: dict[str, Any] | None = None) -> list[Impact]:
    return examine([document], Release.load(source), Release.load(target), settings or NAP).impacts


def checks(found: list[Impact], severity: str = "refused") -> set[str]:
    return {one.check for one in found if one.severity == severity}


def about(found: list[Impact], text: str) -> Impact:
    return next(one for one in found if text in one.message)


def test_a_dropped_size_names_its_successor() -> None:
    old = edited(PLAIN, "resource", "instanceType", to="Standard_NC16as_T4_v3")
    one = about(step(old, "0.11.0", KAITO), "Standard_NC16as_T4_v3")
    assert (one.severity, one.path) == ("refused", ("resource", "instanceType"))
    assert "use Standard_" in one.fix
    assert not [each for each in step(old, "0.10.0", "0.11.0") if each.check == "size"]


@pytest.mark.parametrize("name", ["falcon-7b", "phi-2"])
def test_a_dropped_model(name: str) -> None:
    found = step(edited(PLAIN, "inference", "preset", "name", to=name), "0.6.0", KAITO)
    assert "model" in checks(found)


def test_a_repository_id_on_the_way_down() -> None:
    found = step(edited(PLAIN, "inference", "preset", "name", to="microsoft/phi-4"), KAITO, "0.6.0")
    assert about(found, "short names only").fix.startswith("write phi-4")


def test_secrets_are_refused_by_older_versions() -> None:
    secret = edited(PLAIN, "inference", "preset", to={"name": "phi-4", "presetOptions": {"modelAccessSecret": "t"}})
    assert "refuses a modelAccessSecret" in about(step(secret, KAITO, "0.9.4"), "modelAccessSecret").message
    llama = edited(PLAIN, "inference", "preset", "name", to="llama-3.1-8b-instruct")
    assert "without a modelAccessSecret" in about(step(llama, KAITO, "0.10.0"), "downloads").message


def test_kinds_versions_and_gates() -> None:
    mirror = {"apiVersion": "kaito.sh/v1alpha1", "kind": "ModelMirror", "metadata": {"name": "m"}, "spec": {}}
    assert checks(step(mirror, KAITO, "0.10.0")) == {"api"}
    engine = {"apiVersion": "kaito.sh/v1alpha1", "kind": "RAGEngine", "metadata": {"name": "r"}, "spec": {}}
    moved = about(step(engine, "0.6.0", "0.9.4"), "stores RAGEngine as v1beta1")
    assert moved.fix == "write apiVersion: kaito.sh/v1beta1"
    found = step(PLAIN, "0.10.0", "0.11.0", {**NAP, "featureGates": {"ensureNodeClass": True}})
    assert about(found, "has no feature gate ensureNodeClass").severity == "refused"
    assert "is on by default" in about(found, "enableInferenceSetController").message


def test_unknown_fields_and_changed_rules() -> None:
    cut = edited(PLAIN, "resource", to={"labelSelector": {}, "partition": {"mode": "mig", "profile": "1g.10gb"}})
    found = step(cut, KAITO, "0.11.0", {**NAP, "nodeProvisioner": "byo"})
    assert ("field", ("resource", "partition")) in {(one.check, one.path) for one in found}
    slow = edited(PLAIN, "metadata", "annotations", to={"kaito.sh/performance-mode": "fast"})
    rule = about(step(slow, "0.9.4", "0.10.0"), "balanced")
    assert (rule.check, rule.since) == ("rule", "0.10.0")
    assert "balanced" not in {one.message for one in step(slow, "0.10.0", "0.11.0")}
    tfs = edited(
        edited(PLAIN, "inference", "preset", "name", to="phi-4-mini-instruct"),
        "metadata",
        "annotations",
        to={"kaito.sh/runtime": "transformers"},
    )
    assert about(step(tfs, "0.10.0", "0.11.0"), "no longer runs on the transformers").severity == "refused"
    assert not [
        one
        for one in step(edited(tfs, "inference", "preset", "name", to="phi-4"), "0.10.0", "0.11.0")
        if "no longer runs" in one.message
    ]


def test_a_set_without_a_size_and_spelling() -> None:
    spelled = edited(PLAIN, "resource", "instanceType", to="standard_nc24ads_a100_v4")
    assert about(step(spelled, KAITO, "0.9.4"), "exact spelling").fix == "write Standard_NC24ads_A100_v4"
    zero = {
        "apiVersion": "kaito.sh/v1alpha1", "kind": "InferenceSet", "metadata": {"name": "s"},
        "spec": {"replicas": 0, "labelSelector": {}, "template": {"inference": {"preset": {"name": "phi-4"}}}},
    }  # fmt: skip
    assert "replicas must be at least 1" in about(step(zero, KAITO, "0.10.0"), "replicas").message


def test_a_step_to_a_complete_version_admits_in_full_and_says_so() -> None:
    bad = edited(PLAIN, "resource", "labelSelector", "matchLabels", to={"apps": "x" * 70})
    report = examine([bad], Release.load("0.11.0"), Release.load(KAITO), NAP)
    assert any("admission" in text for text in report.judged)
    down = examine([bad], Release.load(KAITO), Release.load("0.11.0"), NAP)
    assert any("admission" in text for text in down.not_judged)


def test_a_sound_object_passes_and_nothing_is_changed() -> None:
    kept = json.dumps(PLAIN)
    assert checks(step(PLAIN, "0.11.0", KAITO)) == set()
    assert json.dumps(PLAIN) == kept


def test_the_command_tells_the_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "# comment\napiVersion: kaito.sh/v1beta1\nkind: Workspace\nmetadata:\n  name: a\nresource:\n"
        "  instanceType: Standard_NC6s_v3\n  labelSelector:\n    matchLabels: {apps: a}\ninference:\n"
        "  preset:\n    name: falcon-7b\n"
    )
    done = run("upgrade", "a.yaml", "--from", "0.6.0", "--to", KAITO, code=1)
    assert "a.yaml:7:3: refused: size: Workspace a: " in done.stdout
    assert "a.yaml:12:5: refused: model: " in done.stdout
    assert "judged: 1 object" in done.stderr
    result = json.loads(run("upgrade", "a.yaml", "--from", "0.6.0", "--to", KAITO, "-o", "json", code=1).stdout)
    assert {"size", "model"} <= {row["check"] for row in result["impacts"]}
    assert result["notJudged"]


def test_the_command_ends_as_it_should(run: Run, fleet: Path, tmp_path: Path) -> None:
    run("render", "-q", code=0)
    done = run("upgrade", "manifests", "--to", KAITO, "--from", "0.11.0", code=0)
    assert "0 refused" in done.stdout
    assert "known versions: 0.6.0" in run("upgrade", "manifests", "--to", "1.0.0", code=2).stderr
    assert "neither NAME=true" in run("upgrade", "manifests", "--to", "0.11.0", "--feature-gate", "x", code=2).stderr
    (tmp_path / "empty").mkdir()
    run("upgrade", "empty", "--to", "0.11.0", code=2)


def test_versions_are_taken_as_people_write_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(PLAIN))
    asked = run("upgrade", "a.yaml", "--from", "0.9", "--to", "v0.12", code=0)
    assert "KAITO 0.9.4 to 0.12.0" in asked.stdout
    assert "of 0.9 the facts of 0.9.4" in asked.stderr
    assert "KAITO 0.9.4 to" in run("upgrade", "a.yaml", "--from", "0.9.3", "--to", KAITO, code=0).stdout
    assert "KAITO 0.6.0 to" in run("upgrade", "a.yaml", "--from", "0.6.7", "--to", KAITO, code=0).stdout
    for other in ("0.8", "0.7.1", "0", "12", "0.12.0.1", "0.x", "../0.12"):
        told = run("upgrade", "a.yaml", "--from", other, "--to", KAITO, code=2).stderr
        assert "is not known" in told, other
        assert ("take 0.6.0, the nearest before it" in told) == (other in ("0.8", "0.7.1")), other


def test_a_step_from_nowhere_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(PLAIN))
    told = run("upgrade", "a.yaml", "--to", KAITO, code=2)
    assert "name it by --from" in told.stderr
    run("upgrade", "a.yaml", "--from", "0.11.0", "--to", KAITO, "--provisioner", "aks-addon", code=0)


def test_what_is_true_of_many_objects_is_said_once_and_in_order(run: Run, tmp_path: Path) -> None:
    objects = [edited(PLAIN, "metadata", "name", to=f"phi-{number}") for number in range(4)]
    (tmp_path / "a.yaml").write_text(yaml.safe_dump_all(objects))
    lines = run("upgrade", "a.yaml", "--from", "0.6.0", "--to", KAITO).stdout.splitlines()
    assert len([line for line in lines if "becomes a StatefulSet" in line]) == 1
    assert any("phi-0 and 3 others: the workload becomes a StatefulSet" in line for line in lines)
    assert lines.index("while it runs and from then on, these change:") < lines.index("to know:")


def _configuration(text: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "x"},
        "data": {"inference_config.yaml": f"vllm: {{{text}}}"},
    }  # fmt: skip


def test_flags_that_the_other_server_does_not_take() -> None:
    found = step(_configuration("swap-space: 4, max-num-seqs: 8"), "0.9.4", "0.12.0")
    one = about(found, "swap-space")
    assert (one.severity, one.check, one.path) == (
        "refused",
        "flag",
        ("data", "inference_config.yaml", "vllm", "swap-space"),
    )
    assert "is no flag of vLLM 0.25.1" in one.message and one.fix
    assert not [each for each in found if "max-num-seqs" in each.message]
    lost = about(step(_configuration("compilation-config: '{\"mode\": 3}'"), "0.10.0", "0.12.0"), "is lost")
    assert (lost.severity, lost.check) == ("changed", "flag")


def test_a_flag_that_is_refused_before_and_after_is_no_news() -> None:
    assert "flag" not in checks(step(_configuration("no-such: 1"), "0.11.0", "0.12.0"))


def test_what_was_compared_of_flags_is_told() -> None:
    report = examine([_configuration("max-num-seqs: 8")], Release.load("0.6.0"), Release.load("0.12.0"), NAP)
    assert "flags of vLLM in 1 inference configuration: those of KAITO 0.6.0 are not held" in report.not_judged
    report = examine([_configuration("max-num-seqs: 8")], Release.load("0.11.0"), Release.load("0.12.0"), NAP)
    assert "flags of vLLM in 1 inference configuration" in report.judged
