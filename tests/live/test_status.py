"""`kaitops status`: rows, exit codes, the fleet beside them, waiting and watching."""

import json
from pathlib import Path
from typing import Any

import pytest

from kaitops.live.kinds import KINDS, QUEUED
from tests.conftest import FLEET, Run
from tests.live import held_back, world
from tests.live.standin import Kubectl, serving, without_quota, workspace


def rows(text: str) -> list[dict[str, Any]]:
    return json.loads(text)


def test_a_line_a_workload(run: Run, kubectl: Kubectl) -> None:
    kubectl.give([*serving(), *without_quota("big")])
    done = run("status", env=kubectl.env, code=1)
    heading, first, second = done.stdout.splitlines()
    assert heading.split() == ["NAME", "KIND", "STATE", "SINCE", "NODES", "USD", "PER", "HOUR", "REVISION", "CAUSE"]
    assert first.split()[:3] == ["models/phi-4-mini", "Workspace", "ready"]
    assert "1/1" in first
    assert second.split()[:3] == ["models/big", "Workspace", "failed"]
    assert "quota is used up" in second
    (one, two) = rows(run("status", "-o", "json", env=kubectl.env, code=1).stdout)
    assert one["endpoint"] == "http://phi-4-mini.models.svc/v1"
    assert one["usdPerHour"] == 4.78
    assert two["rule"] == "quota"
    assert two["remedy"]
    assert two["notRead"] == []
    assert run("status", "-o", "name", env=kubectl.env).stdout == "models/phi-4-mini\nmodels/big\n"


def test_names_choose(run: Run, kubectl: Kubectl) -> None:
    kubectl.give([*serving(), *without_quota("big")])
    for name in ("phi-4-mini", "models/phi-4-mini", "workspace/phi-4-mini"):
        assert len(rows(run("status", name, "-o", "json", env=kubectl.env, code=0).stdout)) == 1
    done = run("status", "nobody", env=kubectl.env, code=2)
    assert "no workload of that name" in done.stderr


def test_what_may_not_be_read_is_said(run: Run, kubectl: Kubectl) -> None:
    kubectl.give(serving())
    kubectl.refuse("Node", 'Error from server (Forbidden): nodes is forbidden: User "dev" cannot list resource "nodes"')
    done = run("status", env=kubectl.env, code=0)
    assert "ready" in done.stdout
    assert "not looked at, so a state may be worse than it seems" in done.stderr
    assert "nodes is forbidden" in done.stderr


def test_workloads_that_may_not_be_read_are_not_absent(run: Run, kubectl: Kubectl) -> None:
    kubectl.give([])
    kubectl.refuse(
        "Workspace", 'Error from server (Forbidden): workspaces.kaito.sh is forbidden: User "dev" cannot list'
    )
    done = run("status", env=kubectl.env, code=3)
    assert "there may be more workloads than are shown" in done.stderr
    assert "workspaces.kaito.sh is forbidden" in done.stderr
    for verb in ("status", "why", "connect"):
        done = run(verb, "phi", env=kubectl.env, code=3)
        assert "workspaces.kaito.sh is forbidden" in done.stderr


def test_kinds_that_a_cluster_lacks_are_no_trouble(run: Run, kubectl: Kubectl) -> None:
    kubectl.give(serving())
    for kind in ("NodeClaim", "NodePool", "HTTPRoute", "ModelMirror"):
        (kubectl.folder / "raw" / KINDS[kind].path(None).replace("/", ".")).unlink()
    done = run("status", env=kubectl.env, code=0)
    assert done.stderr == ""


def test_kueue_is_asked_where_it_holds_a_pod_and_nowhere_else(run: Run, kubectl: Kubectl) -> None:
    kubectl.give(serving())
    run("status", env=kubectl.env, code=0)
    assert not [one for one in kubectl.calls() if "kueue" in one]
    obj = workspace(ready=False)
    kubectl.give([obj, *held_back.refused("LocalQueue gpu doesn't exist")(obj)])
    (row,) = rows(run("status", "-o", "json", env=kubectl.env, code=1).stdout)
    assert (row["rule"], row["notRead"]) == ("queue-refused", [])
    assert [one.rpartition("/")[2] for one in kubectl.calls() if "kueue" in one] == ["workloads"]


def test_a_kueue_of_an_older_version_is_asked_as_well(run: Run, kubectl: Kubectl) -> None:
    obj = workspace(ready=False)
    kubectl.give([obj, *held_back.refused("LocalQueue gpu doesn't exist")(obj)])
    (kubectl.folder / "raw" / QUEUED[0].path(None).replace("/", ".")).unlink()
    (row,) = rows(run("status", "-o", "json", env=kubectl.env, code=1).stdout)
    assert row["rule"] == "queue-refused"
    said = 'Error from server (Forbidden): workloads.kueue.x-k8s.io is forbidden: User "dev" cannot list'
    for kind in QUEUED:
        (kubectl.folder / "refused" / kind.path(None).replace("/", ".")).write_text(said)
    done = run("status", env=kubectl.env, code=0)
    assert "Kueue holds its pods back in queue gpu" in done.stdout
    assert "workloads.kueue.x-k8s.io is forbidden" in done.stderr


def test_the_fleet_says_what_should_be_there(run: Run, kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    run("render", "-q", code=0)
    kubectl.give([])
    done = run("status", "-o", "json", env=kubectl.env, code=1)
    (row,) = rows(done.stdout)
    assert (row["cluster"], row["name"], row["state"], row["declared"]) == (
        "prod-weu",
        "phi-4-mini",
        "absent",
        "declared",
    )
    declared = json.loads(
        run("status", "-o", "json", "--from", "-", "--cluster", "prod-weu", stdin=_as_rendered(tmp_path)).stdout
    )
    assert declared[0]["declared"] == "as declared"
    changed = _as_rendered(tmp_path).replace("phi-4-mini-instruct", "phi-4")
    (row,) = rows(run("status", "-o", "json", "--from", "-", "--cluster", "prod-weu", stdin=changed).stdout)
    assert row["declared"] == "differs: inference.preset.name"
    kubectl.give(serving("strange"))
    found = {row["name"]: row["declared"] for row in rows(run("status", "-o", "json", env=kubectl.env, code=1).stdout)}
    assert found == {"strange": "not in the fleet", "phi-4-mini": "declared"}


def _as_rendered(folder: Path) -> str:
    import yaml

    path = next((folder / "manifests").rglob("workspace-phi-4-mini.yaml"))
    return json.dumps(yaml.safe_load(path.read_text()))


def test_over_clusters_that_cannot_all_be_reached(run: Run, kubectl: Kubectl, tmp_path: Path) -> None:
    two = FLEET.replace(
        "models:\n", "  lab:\n    region: westeurope\n    provisioner: karpenter\n    gitops: none\nmodels:\n", 1
    )
    (tmp_path / "fleet.yaml").write_text(two)
    run("render", "-q", code=0)
    (kubectl.folder / "contexts").write_text("prod-weu\n")
    kubectl.give(serving())
    done = run("status", env=kubectl.env, code=3)
    assert "CLUSTER" in done.stdout
    assert [line.split()[:4] for line in done.stdout.splitlines()[1:]] == [
        ["prod-weu", "models/phi-4-mini", "Workspace", "ready"],
        ["lab", "models/phi-4-mini", "Workspace", "unknown"],
    ]
    assert "the kubeconfig has no context lab" in done.stderr
    assert all(line.split()[0] == "prod-weu" for line in kubectl.calls() if "--raw" in line)
    assert run("status", "--context", "other", env=kubectl.env, code=2).stderr.count("lab") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "x.json", "--context", "a"), "--from: reads no cluster"),
        (("--from", "x.json", "--wait"), "nothing to wait for"),
        (("--timeout", "3m"), "add --wait"),
        (("--wait", "--timeout", "soon"), "is no time"),
        (("--cluster", "x"), "no fleet.yaml"),
        (("--from", "x.json"), "x.json"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run("status", *arguments, code=2)
    assert said in done.stderr


def test_a_file_without_objects_is_refused(run: Run) -> None:
    assert "no object" in run("status", "--from", "-", stdin='{"kind": "List", "items": []}', code=2).stderr
    assert "without a kind" in run("status", "--from", "-", stdin="a: 1", code=2).stderr


@pytest.mark.e2e
def test_waiting_ends_with_what_is_the_case(run: Run, kubectl: Kubectl) -> None:
    kubectl.give(serving())
    assert run("status", "phi-4-mini", "--wait", env=kubectl.env, code=0).stdout.count("ready") == 1
    kubectl.give([workspace(ready=False)])
    done = run("status", "phi-4-mini", "--wait", "--timeout", "1s", env=kubectl.env, code=4)
    assert "not ready after 1 s" in done.stderr
    kubectl.give(without_quota())
    run("status", "phi-4-mini", "--wait", "--timeout", "1s", env=kubectl.env, code=1)


SECRETS = ("s3cret-of-a-variable", "secret-of-an-argument", "secret-before-the-server")


@pytest.mark.parametrize("value", [*SECRETS, "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz" + "012345"])
@pytest.mark.parametrize("form", ["table", "json", "yaml"])
def test_a_cause_holds_no_secret_of_the_cluster(run: Run, kubectl: Kubectl, value: str, form: str) -> None:
    """What the kubelet says of a container may quote what its variables and arguments hold."""
    obj = workspace(ready=False)
    pod = world.pod(obj, world.waiting("CreateContainerError", f"cannot start it with {value}"))
    pod["spec"]["containers"][0] |= {
        "env": [{"name": "DB_PASSWORD", "value": SECRETS[0]}], "args": ["--api-key", SECRETS[1]]
    }  # fmt: skip
    pod["spec"]["initContainers"] = [{"name": "fetch", "env": [{"name": "STORAGE_TOKEN", "value": SECRETS[2]}]}]
    kubectl.give([obj, world.controller(obj), pod, world.node(), world.service(obj)])
    told = run("status", "-o", form, env=kubectl.env, code=1)
    assert "cannot start it with" in told.stdout
    assert value not in told.stdout + told.stderr
