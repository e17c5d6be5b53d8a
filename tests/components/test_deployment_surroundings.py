"""What stands around a model reaches ``pulumi up`` as it reaches the rendered tree."""

from pathlib import Path

import pytest

from kaitops.components.deployment import declare_cluster
from kaitops.fleet import files
from kaitops.render import render
from tests.components.conftest import Record
from tests.components.test_deployment import normalised

FLEET = """\
kaito: 0.12.0
defaults: {namespace: models, monitor: true, gpu: Standard_NC24ads_A100_v4, mode: MODE}
clusters:
  c:
    region: westeurope
    provisioner: karpenter
    isolation: {allowFrom: [chat], metricsFrom: [monitoring]}
models:
  phi: {preset: phi-4, disruption: {maxUnavailable: 1}, route: {gateway: public}}
  coder: {preset: phi-4, autoscale: {max: 4, prometheus: "http://prometheus:9090"}}
"""


@pytest.mark.parametrize("mode", ["operator", "plain"])
def test_a_cluster_holds_what_stands_around_its_models(record: Record, tmp_path: Path, mode: str) -> None:
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(FLEET.replace("MODE", mode))
    objects = render(files.read(str(fleet))).objects["c"]
    run = record(lambda: declare_cluster("c", fleet=fleet, cluster="c"))
    made = [normalised(each.inputs) for each in run if each.custom]
    key = lambda each: (each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"])  # noqa: E731
    assert sorted(made, key=key) == sorted(objects, key=key)
    wanted = {"NetworkPolicy", "PodDisruptionBudget", "HTTPRoute", "PodMonitor"} | (
        {"ScaledObject"} if mode == "operator" else set()
    )
    assert wanted <= {each["kind"] for each in made}
