"""KAITO's charts as resources: order, sources, values known at run time only."""

import hashlib
from pathlib import Path
from typing import Any

import pulumi
import pytest

from kaitops.components.operator import KaitoOperator, OperatorArgs, held
from kaitops.components.refusals import Refused
from kaitops.operator.charts import Chart, charts
from tests.components.conftest import Record
from tests.components.recorder import Recording
from tests.operator.test_charts import cluster
from tests.version import KAITO

CHART = "kubernetes:helm.sh/v4:Chart"


def chart(key: str = "workspace", **more: Any) -> Chart:
    known: dict[str, Any] = {"repository": "https://charts.example.com", "chart": key, "version": "1.0.0", "values": {}}
    return Chart(key, f"kaito-{key}", f"ns-{key}", **{**known, **more})


def recorded(record: Record, args: OperatorArgs) -> Recording:
    return record(lambda: KaitoOperator("op", args))


def test_charts_come_one_after_the_other_each_in_its_namespace(record: Record) -> None:
    made = recorded(record, {"charts": [chart("first"), chart("second", privileged=True)]})
    first, second = made.of(CHART)
    assert [one.name for one in (first, second)] == ["op-first", "op-second"]
    assert made.depends(second, first) and not made.depends(first, second)
    spaces = {one.inputs["metadata"]["name"]: one for one in made.of("kubernetes:core/v1:Namespace")}
    assert made.depends(first, spaces["ns-first"])
    levels = {
        name: one.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] for name, one in spaces.items()
    }
    assert levels == {"ns-first": "baseline", "ns-second": "privileged"}
    assert first.inputs["namespace"] == "ns-first" and first.inputs["name"] == "kaito-first"
    assert made.one("kaitops:platform:KaitoOperator").outputs["releases"] == {"first": "1.0.0", "second": "1.0.0"}


def test_a_chart_comes_from_its_repository_or_its_registry(record: Record) -> None:
    made = recorded(record, {"charts": [chart(), chart("oci", repository="oci://example.com/charts", skip_crds=True)]})
    web, oci = made.of(CHART)
    assert (web.inputs["chart"], web.inputs["version"]) == ("workspace", "1.0.0")
    assert web.inputs["repositoryOpts"] == {"repo": "https://charts.example.com"}
    assert oci.inputs["chart"] == "oci://example.com/charts/oci"
    assert oci.inputs["skipCrds"] is True and not web.inputs["skipCrds"]


def test_values_known_at_run_time_lie_over_the_declared_ones(record: Record) -> None:
    def program() -> None:
        late = {"workspace": pulumi.Output.from_input({"a": {"c": 3}})}
        KaitoOperator("op", {"charts": [chart(values={"a": {"b": 1, "c": 2}})], "values": late})

    made = record(program)
    assert made.one(CHART).inputs["values"] == {"a": {"b": 1, "c": 3}}


def test_an_archive_is_what_was_recorded_or_nothing_is_registered(record: Record, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"workspace-1\.0\.0\.tgz: cannot be read .* fetch it from"):
        recorded(record, {"charts": [chart()], "archives": str(tmp_path)})
    archive = tmp_path / "workspace-1.0.0.tgz"
    archive.write_bytes(b"chart")
    right = f"sha256:{hashlib.sha256(b'chart').hexdigest()}"
    made = recorded(record, {"charts": [chart(digest=right)], "archives": str(tmp_path)})
    assert made.one(CHART).inputs["chart"] == str(archive)
    with pytest.raises(Refused, match=r"its checksum is .* was recorded in images\.lock"):
        recorded(record, {"charts": [chart(digest="sha256:" + "0" * 64)], "archives": str(tmp_path)})


@pytest.mark.parametrize(
    ("type_", "name", "protected"),
    [
        ("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "workspaces.kaito.sh", True),
        ("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "nodeclaims.karpenter.sh", False),
        ("kubernetes:apps/v1:Deployment", "workspaces.kaito.sh", False),
    ],
)
def test_definitions_of_kaito_are_held_and_nothing_else_of_a_chart(type_: str, name: str, protected: bool) -> None:
    given = pulumi.ResourceTransformArgs(
        custom=True, type_=type_, name=name, props={"metadata": {"name": name}}, opts=pulumi.ResourceOptions()
    )
    result = held(given)
    assert (result is not None and result.opts.protect is True) is protected


def test_who_is_asked_to_lets_definitions_go(record: Record) -> None:
    def transformed(**args: Any) -> int:
        operator = recorded(record, {"charts": [chart()], **args})
        return operator.one(CHART).transforms

    assert (transformed(), transformed(protect=False)) == (1, 0)


def test_headlamp_comes_after_kaito_with_its_reader(record: Record) -> None:
    declared = {"headlamp": {"digest": "sha256:" + "ab" * 32}}
    known = charts(KAITO, "prod", cluster(operator=declared))
    made = recorded(record, {"charts": known})
    kaito, headlamp = made.of(CHART)
    assert made.depends(headlamp, kaito)
    assert headlamp.inputs["repositoryOpts"] == {"repo": "https://kubernetes-sigs.github.io/headlamp"}
    assert headlamp.inputs["values"]["clusterRoleBinding"] == {"create": False}
    assert "headlamp-reader" in str(headlamp.inputs["values"]["extraManifests"])
