"""What is told of findings: the change's own first, what is known not at all, each cause once, each rule by its id."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.objects import PUBLIC, WORKSPACE, put
from tests.gate.test_base import commit
from tests.version import KAITO

A100, RETIRED = "Standard_NC24ads_A100_v4", "Standard_NC6s_v3"
OTHER = WORKSPACE.replace("name: phi\n", "name: psi\n")
REFUSED = WORKSPACE.replace("phi-4-mini-instruct", "phi-5")


def gate(run: Run, *more: str, code: int):
    return run("gate", "m", "--no-checkov", "--region", "westeurope", *more, code=code)


def states(text: str) -> dict[str, str]:
    return {one["rule"]: one["state"] for one in json.loads(text)["findings"]}


def test_what_the_change_did_not_bring_is_one_line_and_counts(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=PUBLIC)
    commit(tmp_path)
    put(tmp_path, m__phi=f"# moved\n\n{PUBLIC}", m__psi=OTHER)
    done = gate(run, "--base", "HEAD", code=1)
    assert "KAITO001" not in done.stdout
    assert "1 finding (1 CRITICAL): not brought by the change, counted as before; --all shows them" in done.stdout
    assert "KAITO001 CRITICAL" in gate(run, "--base", "HEAD", "--all", code=1).stdout
    found = gate(run, "--base", "HEAD", "-o", "json", code=1).stdout
    assert states(found)["KAITO001"] == "unchanged"
    results = json.loads(gate(run, "--base", "HEAD", "-o", "sarif", code=1).stdout)["runs"][0]["results"]
    assert {one["ruleId"]: one["baselineState"] for one in results}["KAITO001"] == "unchanged"
    for form in ("markdown", "github"):
        page = gate(run, "--base", "HEAD", "-o", form, code=1).stdout
        assert "not brought by the change" in page.replace("`", "") and "KAITO001" not in page


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (WORKSPACE, PUBLIC),
        (PUBLIC.replace("phi-4-mini-instruct", "phi-5"), PUBLIC.replace("phi-4-mini-instruct", "phi-6")),
        (PUBLIC.replace("namespace: team", "namespace: other"), PUBLIC),
    ],
    ids=["a new fault", "another fault in the same place", "the same fault of another object"],
)
def test_what_the_change_brings_is_shown(run: Run, tmp_path: Path, old: str, new: str) -> None:
    put(tmp_path, m__phi=old)
    commit(tmp_path)
    put(tmp_path, m__phi=new)
    found = json.loads(gate(run, "--base", "HEAD", "-o", "json", code=1).stdout)["findings"]
    assert "new" in {one["state"] for one in found}
    assert [one for one in found if one["state"] == "new" and one["check"] != "change"]


def test_a_fault_that_the_change_brings_by_another_object_is_new(run: Run, tmp_path: Path) -> None:
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: team}\ndata: {inference_config.yaml: 'vllm: {max-model-len: 4096}'}\n"
    put(tmp_path, m__phi=WORKSPACE + "  config: c\n", m__c=config)
    commit(tmp_path)
    gate(run, "--base", "HEAD", code=0)
    (tmp_path / "m/c.yaml").unlink()
    assert states(gate(run, "--base", "HEAD", "-o", "json", code=1).stdout)["KAITOPS-REFERENCE"] == "new"


def test_what_was_not_judged_is_always_shown(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=WORKSPACE.replace("kind: Workspace", "kind: Workspaze"))
    commit(tmp_path)
    assert "KAITOPS-COVERAGE CRITICAL" in gate(run, "--base", "HEAD", code=2).stdout


def test_a_repository_starts_with_a_baseline(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=PUBLIC)
    done = gate(run, "--write-baseline", "known.json", code=0)
    assert "1 finding (1 CRITICAL): known to the baseline, not counted" in done.stdout
    text = (tmp_path / "known.json").read_text()
    assert "KAITO001" in text and "line" not in text
    put(tmp_path, m__phi=f"# moved\n{PUBLIC}")
    assert "; 0 findings" in gate(run, "--baseline", "known.json", code=0).stdout
    assert run("gate", "m", "--no-checkov", "--write-baseline", "again.json", code=0)
    assert (tmp_path / "again.json").read_text() == text
    put(tmp_path, m__psi=PUBLIC.replace("name: phi\n", "name: psi\n"))
    done = gate(run, "--baseline", "known.json", code=1)
    assert "Workspace team/psi" in done.stdout and "Workspace team/phi" not in done.stdout
    put(tmp_path, m__phi=WORKSPACE)
    (tmp_path / "m/psi.yaml").unlink()
    assert "1 of its 1 finding not found here" in gate(run, "--baseline", "known.json", code=0).stderr


def test_what_is_known_counts_again_where_the_change_makes_more_of_it(run: Run, tmp_path: Path) -> None:
    api = "apiVersion: rbac.authorization.k8s.io/v1\n"
    role = f"{api}kind: ClusterRole\nmetadata: {{name: r}}\nrules: [{{apiGroups: [''], resources: [secrets], verbs: [get]}}]\n"
    bound = (
        f"{api}kind: ClusterRoleBinding\nmetadata: {{name: b}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, "
        "name: r}\nsubjects: [{kind: ServiceAccount, name: a, namespace: team}]\n"
    )
    put(tmp_path, m__r=role, m__b=bound)
    gate(run, "--write-baseline", "known.json", code=0)
    commit(tmp_path)
    put(tmp_path, m__b=f"# moved\n{bound}")
    gate(run, "--base", "HEAD", "--baseline", "known.json", code=0)
    put(tmp_path, m__r=role.replace("[get]", "[get, delete]"))
    done = gate(run, "--base", "HEAD", "--baseline", "known.json", code=1)
    assert "gives get, delete on the Secrets of every namespace" in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (f"{WORKSPACE}# hf_{'aB' * 17}\n", f"{WORKSPACE}# hf_{'Ba' * 17}\n", 1),
        (f"{WORKSPACE}# hf_{'aB' * 17}\n", f"{WORKSPACE}# hf_{'aB' * 17}\n", 0),
    ],
)
def test_what_is_beside_all_objects_is_known_by_the_file(
    run: Run, tmp_path: Path, before: str, after: str, code: int
) -> None:
    put(tmp_path, m__phi=before)
    gate(run, "--write-baseline", "known.json", code=0)
    put(tmp_path, m__phi=after)
    gate(run, "--baseline", "known.json", code=code)


def test_what_is_about_an_object_as_a_whole_is_known_by_all_of_it(run: Run, tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: coredns, namespace: kube-system}\ndata: {Corefile: a}\n"
    put(tmp_path, m__c=text)
    gate(run, "--write-baseline", "known.json", code=0)
    gate(run, "--baseline", "known.json", code=0)
    put(tmp_path, m__c=text.replace("Corefile: a", "Corefile: b"))
    assert "KAITO060 HIGH" in gate(run, "--baseline", "known.json", code=1).stdout


def test_a_baseline_excuses_nothing_that_the_cluster_refuses(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=REFUSED, m__x=WORKSPACE.replace("kind: Workspace", "kind: Workspaze"))
    gate(run, "--write-baseline", "known.json", code=2)
    (tmp_path / "m/x.yaml").unlink()
    assert "KAITOPS-ADMISSION CRITICAL" in gate(run, "--baseline", "known.json", code=1).stdout
    assert "KAITOPS-" not in (tmp_path / "known.json").read_text()


def test_the_change_writes_no_baseline_for_itself(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=WORKSPACE)
    gate(run, "--write-baseline", "known.json", code=0)
    commit(tmp_path)
    put(tmp_path, m__phi=PUBLIC)
    gate(run, "--write-baseline", "known.json", code=0)
    done = gate(run, "--base", "HEAD", "--baseline", "known.json", code=1)
    assert "known.json:1:1: KAITOPS-AUTHORITY HIGH" in done.stdout and "KAITO001 CRITICAL" in done.stdout
    commit(tmp_path)
    gate(run, "--base", "HEAD", "--baseline", "known.json", code=0)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{}]}'])
def test_what_is_no_baseline_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    put(tmp_path, m__phi=WORKSPACE)
    (tmp_path / "known.json").write_text(text)
    assert "nothing was taken from it" in gate(run, "--baseline", "known.json", code=2).stderr
    gate(run, "--baseline", "known.json", "--write-baseline", "x.json", code=2)


def test_rules_are_chosen_by_id(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=PUBLIC.replace(A100, RETIRED))
    assert {"KAITO001", "KAITO002"} <= {
        one["rule"] for one in json.loads(gate(run, "-o", "json", code=1).stdout)["findings"]
    }
    done = gate(run, "--ignore", "KAITO001", code=1)
    assert "KAITO001" not in done.stdout and "--ignore KAITO001: 1 finding of other rules left out" in done.stderr
    done = gate(run, "--select", "KAITO001", code=1)
    assert "KAITO001" in done.stdout and "KAITO002" not in done.stdout
    assert "nearest: KAITO001" in gate(run, "--ignore", "KAITO_001", code=2).stderr
    assert "nobody judged it" in gate(run, "--ignore", "KAITOPS-ADMISSION", code=2).stderr
    gate(run, "--ignore", "KAITOPS", code=2)


def test_no_choice_leaves_out_what_is_refused_or_unjudged(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=REFUSED)
    assert "KAITOPS-ADMISSION CRITICAL" in gate(run, "--select", "KAITO001", code=1).stdout
    put(tmp_path, m__phi=WORKSPACE.replace("kind: Workspace", "kind: Workspaze"))
    gate(run, "--select", "KAITO001", code=2)


def test_rules_are_summed_up(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=PUBLIC, m__psi=PUBLIC.replace("name: phi\n", "name: psi\n"))
    done = gate(run, "--summary", code=1)
    assert done.stdout.splitlines()[0].split()[:3] == ["2", "CRITICAL", "KAITO001"]
    rows = json.loads(gate(run, "-o", "json", code=1).stdout)["byRule"]
    assert [(row["rule"], row["findings"]) for row in rows] == [("KAITO001", 2)]
    gate(run, "--summary", "-o", "json", code=2)


def test_a_retired_size_is_told_once_with_what_follows(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=WORKSPACE.replace(A100, RETIRED))
    (found,) = json.loads(gate(run, "-o", "json", code=1).stdout)["findings"]
    assert (found["rule"], found["severity"]) == ("KAITO002", "CRITICAL")
    assert set(found["also"]) == {"KAITO003", "KAITOPS-FIT"}
    assert "KAITOPS-FIT: KAITO admits it and then fails" in found["message"]
    gate(run, "--fail-on", "CRITICAL", code=1)


def test_a_cause_that_is_excused_excuses_nothing_else(run: Run, tmp_path: Path) -> None:
    entry = (
        "exemptions:\n- {id: KAITO002, resource: Workspace team/phi, reason: a test, owner: us, until: 2026-12-31}\n"
    )
    put(tmp_path, m__phi=WORKSPACE.replace(A100, RETIRED), x=entry)
    assert "KAITOPS-FIT CRITICAL" in gate(run, "--exemptions", "x.yaml", code=1).stdout


def test_a_variable_without_a_value_is_told_once(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=WORKSPACE.replace(A100, "${SIZE}"))
    (found,) = json.loads(gate(run, "-o", "json", code=2).stdout)["findings"]
    assert found["rule"] == "KAITOPS-COVERAGE"


def test_every_finding_has_an_id_and_a_severity_in_every_form(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=REFUSED, m__a=f"{WORKSPACE}a: 1\na: 2\n", m__psi=OTHER + "  config: gone\n")
    ids = ("KAITOPS-ADMISSION", "KAITOPS-FORM")
    for form in ("table", "json", "yaml", "sarif", "junit", "github", "markdown"):
        page = gate(run, "-o", form, code=2).stdout
        for one in ids:
            assert one in page, form
        assert "CRITICAL" in page, form


def test_files_that_no_kustomization_lists_are_told(run: Run, tmp_path: Path) -> None:
    index = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [phi.yaml]\n"
    put(tmp_path, m__phi=WORKSPACE, m__psi=OTHER, m__kustomization=index)
    done = gate(run, code=0)
    assert "note: m/psi.yaml: no kustomization lists it" in done.stderr and "m/phi.yaml" not in done.stderr
    put(tmp_path, m__kustomization=index.replace("phi.yaml", "phi.yaml, psi.yaml"))
    assert "no kustomization" not in gate(run, code=0).stderr


def test_a_change_reads_like_a_plan(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=WORKSPACE, m__gone=WORKSPACE.replace("name: phi\n", "name: gone\n"))
    commit(tmp_path)
    (tmp_path / "m/gone.yaml").unlink()
    put(tmp_path, m__phi=PUBLIC, m__psi=OTHER, m__chi=WORKSPACE.replace("name: phi\n", "name: chi\n"))
    lines = gate(run, "--base", "HEAD", code=1).stdout.splitlines()
    assert lines[0].startswith("Plan: 2 created, ") and lines[0].endswith("1 deleted")
    assert [line.split()[:2] for line in lines[1:3]] == [["+", "created"], ["+", "created"]]
    cost = next(number for number, line in enumerate(lines) if line.startswith("Cost: "))
    assert lines[cost - 1].split()[:2] == ["-", "deleted"]
    assert " -> " in lines[cost] and "USD per month, 2 -> 3 nodes" in lines[cost]
    assert "KAITO001 CRITICAL" in lines[cost + 1], "the worst first"
    assert "KAITOPS-CHANGE-DELETE MEDIUM" in "\n".join(lines[cost + 2 :])


def test_the_cost_is_told_without_a_change_as_well(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=WORKSPACE)
    done = gate(run, "--cost", code=0).stdout
    assert done.startswith("Cost: 3,485.75 USD per month, 1 node\n")
    total = json.loads(gate(run, "--cost", "-o", "json", code=0).stdout)["cost"][-1]
    assert (total["object"], total["usd_per_month_before"], total["usd_per_month_after"]) == ("total", 3485.75, 3485.75)
    assert "Cost" not in gate(run, code=0).stdout


def test_what_is_about_a_cluster_stands_at_its_context(run: Run, tmp_path: Path) -> None:
    """A finding of one cluster does not point into a file of another."""
    for name in ("a", "b"):
        put(tmp_path, **{f"m__{name}__kaitops-context": f"kaito: {KAITO}\ncluster: {name}\nregion: westeurope\n"})
        put(tmp_path, **{f"m__{name}__phi": WORKSPACE, f"m__{name}__psi": OTHER})
    commit(tmp_path)
    (tmp_path / "m/b/psi.yaml").unlink()
    done = gate(run, "--base", "HEAD", "--trust-context", code=0).stdout
    assert "m/b/kaitops-context.yaml:1:1: KAITOPS-CHANGE-DELETE" in done


def test_deleting_a_namespace_with_models_is_high(run: Run, tmp_path: Path) -> None:
    space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n"
    put(tmp_path, m__phi=WORKSPACE, m__ns=space, m__other=space.replace("team", "empty"))
    commit(tmp_path)
    (tmp_path / "m/ns.yaml").unlink()
    (tmp_path / "m/other.yaml").unlink()
    done = gate(run, "--base", "HEAD", code=1)
    (line,) = [line for line in done.stdout.splitlines() if "KAITOPS-CHANGE-DELETE HIGH" in line]
    assert "Namespace team" in line and "Workspace phi" in line
    assert "KAITOPS-CHANGE-DELETE MEDIUM: Namespace empty" in done.stdout


@pytest.mark.parametrize(("size", "code"), [("5Gi", 1), ("10240Mi", 0), ("20Gi", 0)])
def test_a_claim_never_shrinks(run: Run, tmp_path: Path, size: str, code: int) -> None:
    claim = (
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c, namespace: team}\nspec:\n"
        "  accessModes: [ReadWriteOnce]\n  resources: {requests: {storage: 10Gi}}\n"
    )
    put(tmp_path, m__c=claim, m__phi=WORKSPACE)
    commit(tmp_path)
    put(tmp_path, m__c=claim.replace("10Gi", size))
    done = gate(run, "--base", "HEAD", code=code)
    assert ("a claim never shrinks" in done.stdout) is bool(code)


def test_a_variable_in_an_object_of_kubernetes_is_unjudged_and_told_once(run: Run, tmp_path: Path) -> None:
    claim = (
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: '${APP}', labels: {app: '${APP}'}}\nspec:\n"
        "  accessModes: ['${MODE}']\n  resources: {requests: {storage: 10Gi}}\n"
    )
    put(tmp_path, m__c=claim)
    found = json.loads(gate(run, "-o", "json", code=2).stdout)["findings"]
    told = [one for one in found if one["rule"] == "KAITOPS-COVERAGE"]
    assert [one["message"].split()[0] for one in told] == ["${APP}", "${MODE}"]
    assert "KAITOPS-ADMISSION" not in {one["rule"] for one in found}
