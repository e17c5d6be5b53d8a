"""What a tree must go through in the hands of any GitOps tool, said once for all of them.

Owns the questions about objects on the server: order of creation and deletion, what a reconcile writes, drift, pruning.
How a tool is made to look, and what it says, is the tests' of that tool.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.client import Client, Object, label
from tests.e2e.fleet import Objects
from tests.e2e.gitops import charts
from tests.e2e.gitops.recorder import Recorder
from tests.e2e.gitops.stand import Stand
from tests.e2e.gitops.tree import Tree
from tests.e2e.players.kaito import KINDS
from tests.e2e.waiting import wait

SECONDS = 120.0
STAGES = ("namespaces", "operator", "configs", "weights", "workloads")
"""Folders of a tree in the order in which they are applied; a cluster has those that it has objects for."""
FAILING = {"operator": "Workspace models/phi-4-mini", "plain": "StatefulSet models/gpt-oss"}
"""The object that goes wrong in a mode."""
LEAVING = ("gpt-oss", "qwen-coder")
SCALED = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "InferenceSet",
    "metadata": {"name": "qwen-coder", "namespace": "models"},
}


def stages(tree: Path) -> list[str]:
    """The stages that the tree of a cluster has."""
    return [stage for stage in STAGES if (tree / stage).is_dir()]


def break_model(stand: Stand, mode: str) -> None:
    """Lets one model fail: no quota for its machine, or a server that crashes."""
    if mode == "operator":
        stand.kaito.scenario["Workspace", "models", "phi-4-mini"] = "ws-karp-quota-exceeded"
    else:
        stand.kwok.play("models/gpt-oss-*", "crash-loop")


def mend_model(stand: Stand) -> None:
    """Everything gets ready again; a pod that crashed is made anew, as its kubelet would start it anew."""
    stand.kaito.scenario.clear()
    stand.kwok.forget()


@contextlib.contextmanager
def clean(stand: Stand, deletion: str, left: Callable[[], object]) -> Iterator[None]:
    """A cluster where nothing goes wrong by itself; what is in it at the end is deleted.

    Args:
        stand: the cluster.
        deletion: name of the page's block that deletes a tree.
        left: whether there is one.
    """
    mend_model(stand)
    stand.machines.plays.clear()
    try:
        yield
    finally:
        mend_model(stand)
        if left():
            with contextlib.suppress(AssertionError):
                stand.transcript.run(deletion)


def check_created_in_stages(recorder: Recorder, stand: Stand, tree: Path) -> None:
    """Namespaces, then controllers and their kinds, then configuration, then models."""
    came, installed = recorder.came, charts.of(tree)
    spaces = [came[label(obj)] for obj in stand.objects(tree, "namespaces") if obj["kind"] == "Namespace"]
    operator = [came[label(charts.deployment(chart))] for chart in installed]
    kinds = [came[label(one)] for chart in installed for one in charts.definitions(chart)]
    configs = [came[label(obj)] for obj in stand.objects(tree, "configs") if obj["kind"] == "ConfigMap"]
    models = [came[label(obj)] for obj in stand.objects(tree, "weights", "workloads") if label(obj) in came]
    assert models
    assert max(spaces) < min(operator)
    assert max(operator) < min(configs or models)
    assert max(configs, default=0) < min(models)
    assert max(kinds) < min(models)


def check_deleted_in_stages(recorder: Recorder) -> None:
    """Nothing of KAITO's was left when the first of its controllers began to go."""
    deployments = [label(charts.deployment(chart)) for chart in charts.CHARTS]
    controllers = min(recorder.going[name] for name in deployments if name in recorder.going)
    late = [name for name, look in recorder.gone.items() if name.split()[0] in KINDS and look > controllers]
    assert not late
    assert any(name.split()[0] in (*KINDS, "StatefulSet") for name in recorder.gone)


def versions(stand: Stand, objects: Objects) -> dict[str, str]:
    """The resourceVersion of each object."""
    return {label(obj): stand.there(obj)["metadata"]["resourceVersion"] for obj in objects}


def settled(stand: Stand, objects: Objects) -> dict[str, str]:
    """The versions, once nobody has written for two seconds."""

    def quiet() -> dict[str, str]:
        before = versions(stand, objects)
        time.sleep(2)
        return before if versions(stand, objects) == before else {}

    return wait(quiet, "nobody writes", SECONDS)


def check_still(stand: Stand, tree: Path, look: Callable[[], object]) -> None:
    """Two looks of the tool write nothing, to none of the tree's or the charts' objects."""
    objects = [*stand.objects(tree), *(obj for chart in charts.of(tree) for obj in charts.objects(chart))]
    before = settled(stand, objects)
    look()
    look()
    assert versions(stand, objects) == before


def change_by_hand(client: Client, obj: Mapping[str, Any], patch: Mapping[str, Any]) -> Object:
    """Somebody's hand."""
    return client.request("PATCH", client.path(obj), patch, content_type="application/merge-patch+json")


def check_drift(stand: Stand, tree: Path, mode: str, look: Callable[[], object]) -> None:
    """What the tree declares comes back; what others own stays."""
    client = stand.client
    config = next(obj for obj in stand.objects(tree, "configs") if obj["kind"] == "ConfigMap")
    key = next(iter(config["data"]))
    workloads = stand.objects(tree, "workloads")
    kind = "Workspace" if mode == "operator" else "StatefulSet"
    model = next(obj for obj in workloads if obj["kind"] == kind)
    foreign = {"app.kubernetes.io/managed-by": "somebody"}
    # KAITO's own sets bear no labels, and so do those of the plain form.
    by_hand = {"metadata": {"labels": foreign}} if mode == "operator" else {"spec": {"replicas": 0}}
    change_by_hand(client, config, {"data": {key: "by hand"}})
    change_by_hand(client, model, by_hand)
    deleted = next((obj for obj in workloads if obj["kind"] == "Service"), config)
    client.delete(deleted)
    if mode == "operator":
        path = f"{client.path(SCALED)}/scale"
        client.request("PATCH", path, {"spec": {"replicas": 3}}, content_type="application/merge-patch+json")
    look()
    wait(lambda: client.exists(deleted), f"{label(deleted)} is back", SECONDS)
    wait(lambda: stand.there(config)["data"] == config["data"], f"{label(config)} is as declared", SECONDS)

    def as_declared() -> bool:
        there = stand.there(model)
        if mode == "plain":
            return there["spec"]["replicas"] == model["spec"]["replicas"]
        return model["metadata"]["labels"].items() <= there["metadata"]["labels"].items()

    wait(as_declared, f"{label(model)} is as declared", SECONDS)
    look()
    if mode == "operator":
        assert stand.there(SCALED)["spec"]["replicas"] == 3
    for chart in charts.CHARTS:
        (hook,) = stand.there(charts.webhook(chart))["webhooks"]
        assert hook["rules"][0]["apiGroups"] == ["written.example.com"]
        assert stand.there(charts.certificate(chart))["data"]


def check_pruned(stand: Stand, before: Path, after: Path) -> None:
    """What left the tree is gone, but weights; all else is the very object that it was before."""
    stays = {label(obj) for obj in stand.objects(after)}
    leaves = [obj for obj in stand.objects(before, "configs", "workloads") if label(obj) not in stays]
    kept = [obj for obj in stand.objects(before, "weights") if label(obj) not in stays]
    assert {obj["kind"] for obj in leaves} >= {"ConfigMap"}
    assert len(leaves) > 1
    for obj in leaves:
        wait(lambda obj=obj: not stand.client.exists(obj), f"{label(obj)} is pruned", SECONDS)
    for obj in kept:
        assert stand.client.exists(obj), label(obj)


def check_comes_and_goes(stand: Stand, tree: Tree) -> None:
    """A tree that was just taken over comes up in stages, stays still, and is deleted without a rest.

    Args:
        stand: the cluster.
        tree: the tree.
    """
    try:
        tree.await_healthy()
        check_created_in_stages(stand.recorder, stand, tree.folder)
        check_still(stand, tree.folder, tree.look)
    finally:
        tree.delete()
    assert stand.left() == []
    check_deleted_in_stages(stand.recorder)


def uids(stand: Stand, objects: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Which very objects are there."""
    return {label(obj): stand.there(obj)["metadata"]["uid"] for obj in objects}


def guard() -> Objects:
    """Stands in for KAITO's webhook where it refuses to change a machine size."""
    name = {"name": "size-is-immutable"}
    rule = {
        "apiGroups": ["kaito.sh"],
        "apiVersions": ["*"],
        "operations": ["UPDATE"],
        "resources": ["workspaces"],
    }
    same = "object.resource.instanceType == oldObject.resource.instanceType"
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [rule]},
        "validations": [{"expression": same, "message": "instanceType is immutable"}],
    }
    api = "admissionregistration.k8s.io/v1"
    binding = {"policyName": name["name"], "validationActions": ["Deny"]}
    return [
        {"apiVersion": api, "kind": "ValidatingAdmissionPolicy", "metadata": name, "spec": spec},
        {"apiVersion": api, "kind": "ValidatingAdmissionPolicyBinding", "metadata": name, "spec": binding},
    ]


def edit_refused(tree: Path, mode: str) -> tuple[Object, Object]:
    """Changes two models in a rendered tree: one in a field that nobody may change, one in a label.

    Returns:
        The object that is refused and the one that is not, as they are in the tree now.
    """
    kind = "workspace" if mode == "operator" else "statefulset"
    first, second = sorted((tree / "workloads").rglob(f"{kind}-*.yaml"))[:2]
    refused, taken = yaml.safe_load(first.read_text()), yaml.safe_load(second.read_text())
    if mode == "operator":
        refused["resource"]["instanceType"] = "Standard_NC48ads_A100_v4"
    else:
        refused["spec"]["serviceName"] = "another"
    taken["metadata"].setdefault("labels", {})["changed"] = "yes"
    for path, obj in ((first, refused), (second, taken)):
        path.write_text(yaml.safe_dump(obj, sort_keys=False))
    return refused, taken


def is_changed(stand: Stand, taken: Mapping[str, Any]) -> bool:
    """Whether the second of them has arrived."""
    return stand.there(taken)["metadata"].get("labels", {}).get("changed") == "yes"
