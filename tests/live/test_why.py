"""`kaitops why`: the steps, the cause, the logs, and nothing secret."""

import json

import pytest

from tests.conftest import FLEET, Run
from tests.live import world as w
from tests.live.situations import PLAYED, RECORDED
from tests.live.standin import Kubectl, serving, without_quota, workspace


def crashing() -> list[dict]:
    obj = workspace(ready=False)
    pod = w.pod(obj, w.waiting("CrashLoopBackOff"), restarts=4, last=w.ended(1))
    pod["spec"]["containers"][0]["env"] = [{"name": "DB_PASSWORD", "value": "correct-horse-battery"}]
    return [obj, w.controller(obj), pod, w.node(), w.service(obj), w.claim(obj, node_name="n1")]


def test_the_first_step_that_fails_with_its_cause(run: Run, kubectl: Kubectl) -> None:
    kubectl.give(without_quota())
    done = run("why", "phi-4-mini", env=kubectl.env, code=1)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Workspace models/phi-4-mini: failed for ")
    assert [line.split()[1] for line in lines if line.startswith("  FAIL")] == ["machine"]
    assert any(line.startswith("cause: no machine, the quota is used up") for line in lines)
    assert any(line.startswith("  seen: NodeClaim models-phi-4-mini-x7k2p") for line in lines)
    assert any(line.startswith("  do: kaitops quota record") for line in lines)
    assert lines[-1].startswith("looked at: the status of Workspace models/phi-4-mini, 1 NodeClaim")


def test_a_log_of_the_cluster_is_read_where_the_server_ends(run: Run, kubectl: Kubectl) -> None:
    kubectl.give(crashing())
    assert json.loads(run("why", "phi-4-mini", "-o", "json", env=kubectl.env, code=1).stdout)[0]["rule"] == "crash"
    kubectl.log("phi-4-mini-0", "boot\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\n")
    (told,) = json.loads(run("why", "phi-4-mini", "-o", "json", env=kubectl.env, code=1).stdout)
    assert (told["rule"], told["step"]) == ("gpu-memory", "engine")
    assert told["evidence"] == [
        "log of phi-4-mini-0: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB"
    ]
    (call,) = [line for line in kubectl.calls() if " logs " in f" {line} "][-1:]
    assert "--previous" in call
    assert "-c server" in call


def test_of_several_containers_the_log_of_the_one_that_failed_is_read(run: Run, kubectl: Kubectl) -> None:
    situation = PLAYED["container-beside-it-ends"]
    found = [one for each in situation.snapshot().objects.values() for one in each]
    kubectl.give(found)
    run("why", situation.obj()["metadata"]["name"], env=kubectl.env, code=1)
    (call,) = [line for line in kubectl.calls() if " logs " in f" {line} "]
    assert "-c istio-proxy" in call


def test_no_secret_value_gets_out(run: Run, kubectl: Kubectl) -> None:
    token = "hf_" + "aB3dE6gH9" * 4
    kubectl.give(crashing())
    kubectl.log("phi-4-mini-0", f"KeyError with correct-horse-battery\nKeyError token {token}\n")
    for form in ("table", "json", "yaml"):
        done = run("why", "phi-4-mini", "-o", form, env=kubectl.env, code=1)
        assert "KeyError" in done.stdout
        assert token not in done.stdout
        assert "correct-horse-battery" not in done.stdout


def test_a_cause_that_no_rule_knows_is_said_to_be_unknown(run: Run) -> None:
    silent = RECORDED["ws-byo-evicted-disk"]["object"]
    text = json.dumps(silent).replace("NodeDiskPressure", "SASTokenFetchFailed")
    done = run("why", silent["metadata"]["name"], "--from", "-", stdin=text, code=1)
    assert "no rule knows this cause" in done.stdout
    assert "SASTokenFetchFailed" in done.stdout
    assert "looked at: the status of Workspace" in done.stdout


def test_what_only_waits_is_not_said_to_have_an_unknown_cause(run: Run) -> None:
    waits = RECORDED["ws-karp-tuning-job-pending"]["object"]
    done = run("why", waits["metadata"]["name"], "--from", "-", stdin=json.dumps(waits), code=0)
    assert "nothing that was read shows a failure" in done.stdout
    assert "no rule knows" not in done.stdout


def test_a_namespace_is_kept_to_in_a_file_as_well(run: Run, tmp_path) -> None:
    (tmp_path / "c.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": crashing()}))
    assert json.loads(run("status", "--from", "c.json", "-n", "other", "-o", "json", code=0).stdout) == []
    assert len(json.loads(run("status", "--from", "c.json", "-n", "models", "-o", "json", code=1).stdout)) == 1
    assert "no workload of that name" in run("why", "phi-4-mini", "--from", "c.json", "-n", "other", code=2).stderr


def test_a_log_from_a_file(run: Run, tmp_path) -> None:
    objects = crashing()
    (tmp_path / "cluster.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    (tmp_path / "log").write_text("api_server.py: error: unrecognized arguments: --max-modle-len=1\n")
    (told,) = json.loads(
        run("why", "phi-4-mini", "--from", "cluster.json", "--log", "log", "-o", "json", code=1).stdout
    )
    assert told["rule"] == "wrong-flag"
    assert "--log: is read in place" in run("why", "x", "--log", "log", code=2).stderr


def test_a_log_in_colours_of_another_encoding_or_with_odd_bytes_is_read(run: Run, tmp_path) -> None:
    (tmp_path / "cluster.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": crashing()}))
    painted = "\x1b[1;36m(EngineCore pid=112)\x1b[0;0m\n\x1b[31mMemoryError\x1b[0m\n"
    for raw in (painted.encode(), painted.encode("utf-16"), b"\xff\n" + painted.encode()):
        (tmp_path / "log").write_bytes(raw)
        done = run("why", "phi-4-mini", "--from", "cluster.json", "--log", "log", code=1)
        assert "the machine's memory (not the GPU's)" in done.stdout
        assert "log of phi-4-mini-0: MemoryError" in done.stdout


def test_a_namesake_of_another_group_is_no_object_of_ours(run: Run, tmp_path) -> None:
    """Terraform has Workspaces, Istio Gateways, and events come of two groups with other names of their fields."""
    obj, *beside = without_quota()
    foreign = [
        {"apiVersion": "app.terraform.io/v1alpha2", "kind": "Workspace", "metadata": {"name": "tf", "namespace": "x"}},
        {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": {"name": "edge", "namespace": "x"}},
    ]
    told = {
        "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "e", "namespace": "default"},
        "reason": "InsufficientCapacityError", "note": "all requested instance types were unavailable",
        "regarding": {"kind": "NodeClaim", "name": "models-phi-4-mini-9zk4d"}, "eventTime": "2026-11-21T08:20:00.000000Z",
    }  # fmt: skip
    pool = next(one for one in beside if one["kind"] == "NodePool")
    (tmp_path / "c.json").write_text(
        json.dumps({"apiVersion": "v1", "kind": "List", "items": [obj, pool, told, *foreign]})
    )
    (row,) = json.loads(run("status", "--from", "c.json", "-o", "json", code=1).stdout)
    assert (row["name"], row["rule"]) == ("phi-4-mini", "capacity")
    (tmp_path / "f.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": foreign}))
    assert "holds no object" in run("status", "--from", "f.json", code=2).stderr


def test_a_file_without_any_kind_that_models_are_of_is_not_taken_for_an_empty_cluster(run: Run, tmp_path) -> None:
    pods = [one for one in serving() if one["kind"] == "Pod"]
    (tmp_path / "c.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": pods}))
    assert "no workload can be seen" in run("status", "--from", "c.json", code=2).stderr


def test_what_is_declared_and_not_there(run: Run, kubectl: Kubectl, tmp_path) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    run("render", "-q", code=0)
    done = run("why", "phi-4-mini", env=kubectl.env, code=1)
    assert "declared for prod-weu and not there" in done.stderr
    assert "no workload of that name is there" in run("why", "other", env=kubectl.env, code=2).stderr


FLUX = {
    "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
    "metadata": {"name": "workloads", "namespace": "flux-system"},
    "status": {"conditions": [w.condition(
        "Ready", "False", "ReconciliationFailed", "Workspace/models/phi-4-mini dry-run failed: admission webhook denied it")]},
}  # fmt: skip
ARGO = {
    "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "dev", "namespace": "argocd"},
    "status": {"operationState": {"phase": "Failed", "message": "one or more objects failed to apply", "syncResult": {
        "resources": [{"kind": "Workspace", "name": "phi-4-mini", "status": "SyncFailed", "message": "is forbidden"}]}}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (FLUX, "Kustomization flux-system/workloads: ReconciliationFailed: Workspace/models/phi-4-mini dry-run failed"),
        (ARGO, "Application argocd/dev: Workspace phi-4-mini SyncFailed: is forbidden"),
    ],
)
def test_what_is_not_there_for_its_tool_could_not_apply_it(run: Run, tmp_path, told: dict, said: str) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    other = workspace()
    other["metadata"]["name"] = "other"
    (tmp_path / "c.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [other, told]}))
    for more, declared in (("--fleet", "fleet.yaml"), "declared for prod-weu and "), ((), ""):
        done = run("why", "phi-4-mini", "--from", "c.json", *more, code=1)
        assert f"phi-4-mini: {declared}not there, for the tool that applies it fails:" in done.stderr
        assert f"  seen: {said}" in done.stderr
    assert "no workload of that name is there" in run("why", "phi-4", "--from", "c.json", code=2).stderr


def test_what_serves_is_all_done(run: Run, kubectl: Kubectl) -> None:
    kubectl.give(serving())
    done = run("why", "phi-4-mini", env=kubectl.env, code=0)
    assert "FAIL" not in done.stdout
    assert "wait" not in done.stdout
    assert "usually 4 min" in done.stdout


@pytest.mark.parametrize("name", ["is-byo-replica-crash-loop", "mri-byo-decode-crash-loop"])
def test_a_set_is_explained_by_the_replica_that_fails(run: Run, name: str) -> None:
    situation = PLAYED[name]
    found = [one for each in situation.snapshot().objects.values() for one in each]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": found})
    done = run("why", situation.obj()["metadata"]["name"], "--from", "-", stdin=text, code=1)
    assert "FAIL  engine" in done.stdout
    assert "cause: " in done.stdout
    assert "Workspace" in done.stdout.partition("cause: ")[2].partition("\n")[0] or "InferenceSet" in done.stdout
