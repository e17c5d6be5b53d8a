"""Node estimates equal KAITO's, and the bulk matrix equals the single estimate."""

import pytest

from kaitops import fit
from kaitops.kaito import Release, estimator
from kaitops.kaito.sku import GpuConfig
from tests.recorded import estimates
from tests.version import KAITO

RELEASE = Release.load(KAITO)
CLOUDS = ("azure", "aws", "arc")


@pytest.mark.parametrize("row", estimates(), ids=lambda row: "-".join([*row.values()][:-1]))
def test_estimate_equals_kaitos(row: dict[str, str]) -> None:
    nodes = RELEASE.node_estimate(cloud=row["cloud"], preset=row["preset"], sku=row["sku"], context=int(row["context"]))
    assert nodes == int(row["nodes"])


def test_estimates_of_every_cloud_are_recorded() -> None:
    assert {row["cloud"] for row in estimates()} == set(CLOUDS)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_matrix_equals_the_estimate_cell_by_cell(cloud: str) -> None:
    contexts = (0, 2048, 8192, 131072, 1048576)
    for preset, sku, cells in fit.matrix(RELEASE, list(RELEASE.catalogue), cloud, contexts):
        single = tuple(
            RELEASE.node_estimate(cloud=cloud, preset=preset.title, sku=sku.name, context=context)
            for context in contexts
        )
        assert cells == single, (preset.title, sku.name)


@pytest.mark.parametrize(
    ("preset", "sku", "context", "nodes"),
    [
        ("phi-4-mini-instruct", "Standard_NV36ads_A10_v5", 0, 1),
        ("phi-4-mini-instruct", "Standard_NV36ads_A10_v5", 131072, 5),
        ("llama-3.3-70b-instruct", "Standard_NC24ads_A100_v4", 131072, 6),
        ("llama-3.3-70b-instruct", "standard_nc48ads_a100_v4", 2048, 2),
        ("deepseek-r1-0528", "Standard_ND96isr_H200_v5", 0, 1),
        ("gpt-oss-120b", "Standard_NC80adis_H100_v5", 0, 1),
        ("nonsense", "Standard_NC24ads_A100_v4", 0, 0),
        ("phi-4", "Standard_NC6s_v3", 0, 0),
        ("google/gemma-4-31B-it", "Standard_NV36ads_A10_v5", 131072, 0),
    ],
)
def test_worked_examples(preset: str, sku: str, context: int, nodes: int) -> None:
    assert RELEASE.node_estimate(cloud="azure", preset=preset, sku=sku, context=context) == nodes


@pytest.mark.parametrize(("size", "token"), [(1 << 2000, 1), (1, 1 << 2000), (1 << 2000, 1 << 2000)])
def test_numbers_beyond_all_machines_break_nothing(size: int, token: int) -> None:
    found = estimator.arithmetic(size, token, GpuConfig("a", 1, 80 << 30, "A100"), 1 << 2000)
    assert found.nodes == 0
