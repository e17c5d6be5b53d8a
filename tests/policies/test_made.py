"""Which workloads count as KAITO's own: all that is rendered in its stead, and nothing that only says so."""

import json
from pathlib import Path

import pytest

from kaitops.policies import facts, made
from kaitops.policies.registry import judge, load
from tests.conftest import ROOT
from tests.policies.cases import PLAIN, patched
from tests.policies.engine import TODAY
from tests.version import KAITO

RULES = [rule for rule in load() if rule.id in {"KAITO018", "KAITO019", "KAITO029", "KAITO037", "KAITO102"}]
MIRROR = "r.example.com/kaito"


def test_the_mirror_of_a_cluster_counts_as_the_registry_does() -> None:
    box = {**PLAIN["spec"]["template"]["spec"]["containers"][0], "image": f"{MIRROR}/kaito-base:0.5.0"}
    document = patched(PLAIN, {"spec": {"template": {"spec": {"containers": [box]}}}})
    found = {
        registry: {one.rule.id for one in judge(RULES, document, facts.context(KAITO, TODAY, settings=settings))}
        for registry, settings in (("", {}), (MIRROR, {"registry": MIRROR}), ("other", {"registry": "r.example.com/k"}))
    }
    assert found == {"": {one.id for one in RULES} - {"KAITO102"}, MIRROR: set(), "other": found[""]}


@pytest.mark.parametrize("version", sorted(file.parent.name for file in (ROOT / "presets").glob("*/images.json")))
def test_every_image_that_a_release_puts_beside_its_own_is_known(version: str) -> None:
    held = json.loads((Path(ROOT) / "presets" / version / "images.json").read_text())
    names = [value for key, value in held.items() if isinstance(value, str) and key != "runtime"]
    names += held.get("pinned", {}).values()
    context = facts.context(version, TODAY)
    unknown = [name for name in names if not (made.is_helper(name) or made.is_kaitos(name, context))]
    assert unknown == []
