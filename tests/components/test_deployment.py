"""What ``pulumi up`` would create is what ``kaitops render`` writes, object by object."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from kaitops.components.deployment import ModelDeployment, ModelDeploymentArgs, declare_cluster
from kaitops.components.refusals import Refused
from kaitops.errors import KaitopsError
from kaitops.fleet import files
from kaitops.fleet.objects import Objects
from kaitops.fleet.plan import Planner
from kaitops.kaito import facts
from kaitops.operator import pods
from kaitops.references import references
from kaitops.render import Rendering, render
from tests.components.conftest import Record
from tests.components.recorder import Recording, Registered
from tests.conftest import FLEET, ROOT
from tests.version import KAITO

FILE = ROOT / "fleet.yaml"
CLUSTERS = ("prod-weu", "edge-lab")


def _rendering(mode: str | None = None) -> Rendering:
    return render(files.read(str(FILE)), mode=mode)


def _entries() -> list[tuple[str, str, str, str]]:
    """Cluster, group, name and mode of every workload of the sample fleet, in each mode that it has."""
    found = []
    for mode in ("operator", "plain"):
        for plan in _rendering(mode).plan.clusters:
            found += [(plan.name, each.group, each.name, mode) for each in plan.workloads]
    return found


def normalised(document: Any) -> dict[str, Any]:
    """An object without what is of use to Pulumi only."""
    about = dict(document["metadata"])
    notes = {key: value for key, value in about.pop("annotations", {}).items() if not key.startswith("pulumi.com/")}
    return {**document, "metadata": {**about, **({"annotations": notes} if notes else {})}}


def _key(document: Any) -> tuple[str, str, str]:
    about = document["metadata"]
    return document["kind"], about.get("namespace", ""), about["name"]


def _objects(run: Recording) -> list[dict[str, Any]]:
    return sorted((normalised(each.inputs) for each in run if each.custom), key=_key)


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_cluster_holds_what_is_rendered_for_it(record: Record, cluster: str) -> None:
    run = record(lambda: declare_cluster("workloads", fleet=FILE, cluster=cluster))
    expected = sorted(_rendering().objects[cluster], key=_key)
    assert _objects(run) == expected
    assert len(expected) > 2
    assert run.one("kaitops:model:ClusterWorkloads").outputs["needs"] == _rendering().needs[cluster]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("cluster", "group", "name", "mode"), _entries())
def test_an_entry_becomes_what_is_rendered_for_it(
    record: Record, cluster: str, group: str, name: str, mode: str
) -> None:
    args: ModelDeploymentArgs = {
        "fleet": str(FILE),
        "cluster": cluster,
        "group": group,
        "model": name,
        "mode": mode,
        "create_namespace": True,
    }
    run = record(lambda: ModelDeployment("one", args))
    fleet = files.read(str(FILE))
    plans = Planner(fleet.source, fleet.release, fleet.sizes, mode).plan().clusters
    plan = next(each for each in plans if each.name == cluster)
    workload = next(each for each in plan.workloads if (each.group, each.name) == (group, name))
    made = (
        Objects(fleet.release, plan.cluster, frozenset(each.kind for each in plan.workloads)).render(workload).objects
    )
    expected = [pods.pinned(each, fleet.images) for each in made]
    rendered = {_key(each): each for each in _rendering(mode).objects[cluster]}
    assert [each for each in _objects(run) if each["kind"] != "Namespace"] == sorted(expected, key=_key)
    assert all(rendered[_key(each)] == each for each in _objects(run))


def test_each_object_waits_for_what_it_refers_to(record: Record) -> None:
    run = record(lambda: declare_cluster("workloads", fleet=FILE, cluster="prod-weu"))
    found = {_key(each.inputs): each for each in run if each.custom}
    edges = 0
    for each in found.values():
        space = each.inputs["metadata"].get("namespace")
        if space:
            assert found["Namespace", "", space].urn in each.depends_on
        for one in references(each.inputs):
            target = found.get((one.kind, one.namespace, one.name))
            if target is not None:
                assert target.urn in each.depends_on
                edges += 1
    assert edges >= 3
    served = found["StatefulSet", "models", "gpt-oss"]
    assert found["NodePool", "", "models-gpt-oss"].urn in served.depends_on
    assert found["Service", "models", "gpt-oss"].urn in served.depends_on


def test_everything_waits_for_what_the_cluster_waits_for(record: Record) -> None:
    def program() -> None:
        first = pulumi.CustomResource("kubernetes:core/v1:Namespace", "operator", {"metadata": {"name": "kaito"}})
        declare_cluster("workloads", fleet=FILE, cluster="edge-lab", depends_on=[first])

    run = record(program)
    operator = run.one(":Namespace", "operator")
    others = [each for each in run if each.custom and each is not operator]
    assert len(others) == 3
    assert all(operator.urn in each.depends_on for each in others)


def test_objects_wait_for_what_their_component_waits_for(record: Record) -> None:
    def program() -> None:
        first = pulumi.CustomResource("kubernetes:core/v1:Namespace", "operator", {"metadata": {"name": "kaito"}})
        ModelDeployment("phi", ENTRY, opts=pulumi.ResourceOptions(depends_on=[first]))
        ModelDeployment("phi-too", ENTRY, opts=pulumi.ResourceOptions(depends_on=first))

    run = record(program)
    operator = run.one(":Namespace", "operator")
    others = [each for each in run if each.custom and each is not operator]
    assert len(others) == 4
    assert all(operator.urn in each.depends_on for each in others)


def test_recorded_digests_are_pinned_as_in_the_rendered_tree(record: Record, tmp_path: Path) -> None:
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(FLEET)
    args: ModelDeploymentArgs = {"fleet": str(fleet), "cluster": "prod-weu", "mode": "plain"}

    def image() -> str:
        served = record(lambda: ModelDeployment("phi-4-mini", args)).one(":StatefulSet")
        return served.inputs["spec"]["template"]["spec"]["containers"][0]["image"]

    digest = "sha256:" + "a" * 64
    before = image()
    (tmp_path / "images.lock").write_text(json.dumps({"images": {before: {"digest": digest}}, "charts": {}}))
    assert image() == f"{before}@{digest}"


def test_the_provider_reaches_every_object(record: Record) -> None:
    def program() -> None:
        import pulumi_kubernetes

        provider = pulumi_kubernetes.Provider("cluster", kubeconfig="{}")
        declare_cluster("workloads", fleet=FILE, cluster="edge-lab", provider=provider)

    run = record(program)
    provider = run.one("pulumi:providers:kubernetes")
    objects = [each for each in run if each.type.startswith("kubernetes:")]
    assert len(objects) == 3
    assert all(each.provider.startswith(provider.urn) for each in objects)


def test_children_belong_to_the_component_and_names_are_unique(record: Record) -> None:
    def program() -> None:
        for cluster in CLUSTERS:
            declare_cluster(cluster, fleet=FILE, cluster=cluster)

    run = record(program)
    urns = [each.urn for each in run]
    assert len(urns) == len(set(urns))
    components = {each.urn for each in run.of("kaitops:model:ClusterWorkloads")}
    assert len(components) == 2
    assert {each.parent for each in run if each.custom} == components


def test_an_autoscaled_count_is_left_to_the_autoscaler(record: Record) -> None:
    run = record(lambda: declare_cluster("workloads", fleet=FILE, cluster="prod-weu"))
    assert run.one(":InferenceSet").ignore_changes == ("spec.replicas",)
    assert all(not each.ignore_changes for each in run if not each.type.endswith(":InferenceSet"))


def _notes(one: Registered) -> dict[str, str]:
    notes = one.inputs["metadata"].get("annotations", {})
    return {key: value for key, value in notes.items() if key.startswith("pulumi.com/")}


def test_nothing_is_waited_for_unless_it_is_asked_for(record: Record) -> None:
    run = record(lambda: declare_cluster("workloads", fleet=FILE, cluster="prod-weu"))
    skipped = {each.inputs["kind"] for each in run if each.custom and _notes(each)}
    assert skipped == {"StatefulSet", "Service"}
    # Of what goes slowly the name is free at once, or a successor of the same name would meet what is still going.
    slow = {"pulumi.com/skipAwait": "true", "pulumi.com/deletionPropagationPolicy": "background"}
    assert {json.dumps(_notes(each)) for each in run.of(":StatefulSet")} == {json.dumps(slow)}
    others = [each for each in run if each.custom and not each.type.endswith(":StatefulSet")]
    assert all(_notes(each) in ({}, {"pulumi.com/skipAwait": "true"}) for each in others)


def test_readiness_is_waited_for_in_either_mode(record: Record) -> None:
    run = record(lambda: declare_cluster("workloads", fleet=FILE, cluster="prod-weu", await_ready=True))
    rows = facts.load(KAITO, "lifecycle.json")["kinds"]
    kaito = [each for each in run if each.inputs.get("kind") in rows]
    assert len(kaito) >= 7
    for each in kaito:
        assert _notes(each)["pulumi.com/waitFor"] == f"condition={rows[each.inputs['kind']]['ready']}"
    assert run.one(":StatefulSet").timeouts == {"create": "3600s", "update": "3600s"}
    assert not _notes(run.one(":StatefulSet"))


def test_models_tell_what_serves_them(record: Record) -> None:
    models = record(lambda: declare_cluster("w", fleet=FILE, cluster="prod-weu")).one(":ClusterWorkloads").outputs
    assert models["models"]["models.phi-4-mini"] == {
        "kind": "Workspace",
        "namespace": "models",
        "name": "phi-4-mini",
        "mode": "operator",
    }
    assert models["models"]["models.gpt-oss"]["kind"] == "StatefulSet"


ENTRY: ModelDeploymentArgs = {
    "kaito": KAITO,
    "cluster": {"region": "westeurope", "provisioner": "karpenter"},
    "entry": {"preset": "phi-4-mini-instruct", "gpu": "Standard_NC24ads_A100_v4", "context": 16384},
}


def test_an_entry_can_be_given_in_the_program(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(FLEET)
    told = record(lambda: ModelDeployment("phi-4-mini", {"fleet": str(path), "cluster": "prod-weu"}))
    entry: Any = {**ENTRY, "entry": {**ENTRY["entry"], "namespace": "models"}}
    given = record(lambda: ModelDeployment("phi-4-mini", entry))
    assert _objects(given) == _objects(told)
    assert [each["kind"] for each in _objects(given)] == ["ConfigMap", "Workspace"]
    assert set(given.one("kaitops:model:ModelDeployment").outputs["objects"]) == {
        f"{kind}/models/{name}" for kind, _, name in map(_key, _objects(given))
    }


def test_the_engine_is_told_the_line_of_the_program(record: Record) -> None:
    uri, line = record(lambda: ModelDeployment("phi-4-mini", ENTRY)).one("kaitops:model:ModelDeployment").line
    assert uri == Path(__file__).as_uri()
    assert 'ModelDeployment("phi-4-mini", ENTRY)' in Path(__file__).read_text().splitlines()[line - 1]


def test_blue_green_reaches_the_resources(record: Record) -> None:
    found = record(lambda: ModelDeployment("phi", {**ENTRY, "blue_green": True})).one(":Workspace")
    assert found.inputs["metadata"]["name"].startswith("phi-")
    assert found.delete_before_replace is None


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ({"cluster": "prod-weu"}, "not said in full"),
        ({**ENTRY, "cluster": "prod-weu"}, "not said in full"),
        ({**ENTRY, "mode": "operators"}, "mode: is 'operators'.*one of operator, plain"),
        ({**ENTRY, "entri": {}}, "no argument 'entri'.*did you mean 'entry'"),
        (None, "args: is None"),
        ({**ENTRY, "entry": {"preset": pulumi.Output.from_input("phi-4")}}, r"entry\.preset: not known before"),
        ({**ENTRY, "group": "modles"}, "group: 'modles' is no part of a fleet"),
        ({**ENTRY, "entry": {"preset": "phi-4", "gppu": "x"}}, "unknown key; did you mean 'gpu'"),
        ({**ENTRY, "kaito": "9.9.9"}, "9.9.9"),
        ({**ENTRY, "kaito": "0.11.0"}, "of version 0.11.0 only the facts"),
        ({**ENTRY, "entry": {"preset": "gpt-oss-120b", "gpu": "Standard_NC24ads_T4_v3"}}, "Standard_NC24ads_T4_v3"),
        ({"fleet": str(FILE), "cluster": "nowhere"}, "has no 'nowhere'.*prod-weu, edge-lab"),
        ({"fleet": str(FILE), "cluster": "edge-lab", "model": "phi-4-mini"}, "runs no models.phi-4-mini"),
        ({"fleet": "nowhere.yaml", "cluster": "prod-weu"}, "nowhere.yaml: no such file"),
    ],
)
def test_a_declaration_that_does_not_hold_is_refused(record: Record, args: Any, text: str) -> None:
    with pytest.raises(KaitopsError, match=text):
        record(lambda: ModelDeployment("one", args))


def test_a_size_that_no_lock_holds_is_refused(record: Record, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_bytes(FILE.read_bytes())
    with pytest.raises(Refused, match=r"fleet.lock.*kaitops render"):
        record(lambda: declare_cluster("workloads", fleet=tmp_path / "fleet.yaml", cluster="prod-weu"))


def test_a_size_that_only_a_lock_holds_is_told_as_that(record: Record, tmp_path: Path) -> None:
    pins = {"prod": {"models/gone": {"gpu": "Standard_NC24ads_A100_v4", "usdPerHour": 1.0, "priceDate": None}}}
    (tmp_path / "fleet.lock").write_text(json.dumps({"pins": pins}))
    path = tmp_path / "fleet.yaml"
    path.write_text(
        json.dumps(
            {
                "kaito": "0.12.0",
                "clusters": {"prod": {"region": "westeurope", "provisioner": "karpenter"}},
                "models": {},
            }
        )
    )
    with pytest.raises(Refused, match=r"still holds the sizes of prod/models/gone, which the fleet no longer"):
        record(lambda: declare_cluster("workloads", fleet=path, cluster="prod"))
