"""Node estimates equal KAITO's, and the bulk matrix equals the single estimate."""

import pytest

from kaitops import fit
from kaitops.kaito import Release
from tests.golden_files import estimates, requires_shared

RELEASE = Release.load("0.12.0")
CLOUDS = ("azure", "aws", "arc")


@requires_shared
@pytest.mark.parametrize("cloud", CLOUDS)
def test_estimates_equal_kaitos(cloud: str) -> None:
    rows = [row for row in estimates() if row["cloud"] == cloud]
    assert rows
    wrong = []
    for row in rows:
        nodes = RELEASE.node_estimate(cloud=cloud, preset=row["preset"], sku=row["sku"], context=int(row["context"]))
        if nodes != int(row["nodes"]):
            wrong.append((row, nodes))
    assert not wrong


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
