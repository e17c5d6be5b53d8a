"""What a cluster is made of is decided once, wherever the objects go."""

from collections.abc import Iterator
from typing import Any

import pytest

from kaitops.build import Build, namespaces
from kaitops.documents import writer
from kaitops.errors import Findings
from kaitops.fleet import reading
from kaitops.fleet.files import Fleet
from kaitops.fleet.image_lock import ImageLock
from kaitops.fleet.lock import Lock
from kaitops.fleet.objects import Objects, Rendered
from kaitops.fleet.plan import Planner
from kaitops.kaito.release import Release
from tests.version import KAITO

A100 = "Standard_NC24ads_A100_v4"
MODEL = {"preset": "phi-4-mini-instruct", "gpu": A100}


def build(
    models: dict[str, Any], images: ImageLock | None = None, *, parity: bool = False, mode: str = "plain"
) -> Build:
    clusters = {"c": {"region": "westeurope", "provisioner": "karpenter"}}
    text = writer.dump({"kaito": KAITO, "clusters": clusters, "models": models})
    fleet = Fleet(reading.read(text.encode(), "fleet.yaml"), Release.load(KAITO), Lock(), images or ImageLock.empty())
    (plan,) = Planner(fleet.source, fleet.release, fleet.sizes, mode).plan().clusters
    return Build(fleet, plan, parity=parity)


def test_a_workload_is_rendered_once_and_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    known = Objects.render

    def render(self: Objects, workload: Any) -> Rendered:
        asked.append(workload.name)
        return known(self, workload)

    monkeypatch.setattr(Objects, "render", render)
    found = build({"a": MODEL, "b": MODEL})
    first = found.plan.workloads[0]
    assert found.objects(first) is found.objects(first)
    assert asked == ["a"]
    assert found.refusals() == []
    assert asked == ["a", "b"]


def test_every_workload_that_cannot_be_is_told_with_its_place() -> None:
    routed = {**MODEL, "route": {"gateway": "public", "namespace": "gateways", "hosts": ["a.example.com"]}}
    found = build({"a": routed, "b": routed, "c": MODEL, "d": routed})
    refused = found.refusals()
    assert [line.split(": ")[1] for line in refused] == ["models.b.route", "models.d.route"]
    assert all(line.startswith("fleet.yaml:") for line in refused)
    with pytest.raises(Findings, match=r"fleet.yaml:\d+:\d+: models\.b\.route: models\.a answers"):
        found.objects(found.plan.workloads[1])


def test_two_workloads_that_make_one_object_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def render(self: Objects, workload: Any) -> Rendered:
        about = {"name": "shared", "namespace": "models"}
        same = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": about, "data": {}}
        own = {**same, "metadata": {**about, "name": "settings"}, "data": {"model": workload.name}}
        return Rendered([same, own], [], [same])

    monkeypatch.setattr(Objects, "render", render)
    found = build({"a": MODEL, "b": MODEL})
    (refused,) = found.refusals()
    assert "models.b: makes ConfigMap settings, which another workload of cluster c makes as well" in refused
    assert {name: one.origin for (_, _, name), one in found.made.items()} == {
        "shared": "clusters.c",
        "settings": "models.a",
    }


def images(found: Build) -> Iterator[str]:
    for one in found.made.values():
        if one.document["kind"] == "StatefulSet":
            yield from (str(each["image"]) for each in one.document["spec"]["template"]["spec"]["containers"])


def test_pods_run_the_recorded_digests_and_with_parity_what_kaito_names() -> None:
    plain = build({"a": MODEL})
    assert not plain.refusals()
    names = [*images(plain)]
    assert names
    recorded = {name: {"digest": f"sha256:{'a' * 64}"} for name in names}
    lock = ImageLock(recorded, {})
    pinned, parity = build({"a": MODEL}, lock), build({"a": MODEL}, lock, parity=True)
    assert not pinned.refusals() and not parity.refusals()
    assert all(name.endswith(f"@sha256:{'a' * 64}") for name in images(pinned))
    assert not any("@" in name for name in images(parity))


def test_namespaces_are_those_that_somebody_has_to_make() -> None:
    spaces = [{"metadata": {"namespace": name}} for name in ("b", "a", "default", "b")]
    assert [one["metadata"]["name"] for one in namespaces([*spaces, {"metadata": {}}])] == ["a", "b"]
