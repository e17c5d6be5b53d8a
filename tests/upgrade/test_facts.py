"""The facts of the versions that steps lead from and to."""

import json

import pytest
import yaml

from kaitops.errors import BadInput
from kaitops.kaito import Release, facts
from kaitops.kaito.kubernetes.schema_facts import facts_from_definition
from tests import upstream
from tests.version import KAITO

VERSIONS = ("0.6.0", "0.9.4", "0.10.0", "0.11.0", KAITO)
REFERENCE = upstream.FOLDER / "kaito-versions"


def test_the_newest_version_stays_the_default() -> None:
    assert facts.versions() == VERSIONS
    assert [version for version in VERSIONS if facts.is_complete(version)] == [KAITO]


@pytest.mark.upstream
@pytest.mark.parametrize("version", VERSIONS)
def test_figures_equal_those_of_the_tag(version: str) -> None:
    folder, release = REFERENCE / f"v{version}", Release.load(version)
    told = json.loads((folder / "release.json").read_text())
    assert release.facts["gates"] == told["feature_gates"]
    assert {kind: about["served"] for kind, about in release.facts["kinds"].items()} == {
        kind: about["served"] for kind, about in told["kinds"].items()
    }
    sizes = json.loads((folder / "skus.json").read_text())["skus"]
    for cloud, rows in sizes.items():
        assert {(sku.name, sku.gpus, sku.memory_gib) for sku in release.skus(cloud)} == {
            (row["sku"], row["gpuCount"], row["gpuMemTotalGiB"]) for row in rows
        }
    presets = json.loads((folder / "presets.json").read_text())
    assert set(release.catalogue.aliases) == set(presets["acceptedShortNames"])
    if version != KAITO:
        kinds: dict[str, object] = {}
        for path in sorted((folder / "crds").glob("*.yaml")):
            kinds |= facts_from_definition(yaml.safe_load(path.read_text()))
        assert facts.load(version, "schema.json")["kinds"] == kinds


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_an_older_version_does_not_pretend_to_admit(version: str) -> None:
    release = Release.load(version)
    document = {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": "a"}}
    for call in (release.admit, release.expand):
        with pytest.raises(BadInput, match=f"of version {version} only the facts"):
            call([document], {})
    with pytest.raises(BadInput, match="kaitops upgrade"):
        release.catalogue.find("phi-4")


@pytest.mark.parametrize("version", VERSIONS)
def test_rule_changes_are_well_formed(version: str) -> None:
    ids: list[str] = []
    for change in facts.load(version, "rule-changes.json")["changes"]:
        ids.append(change["id"])
        assert change["when"]
        assert set(change["kinds"]) <= {"Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference", "ModelMirror"}
        told = [change[key] for key in ("up", "down") if key in change]
        assert told
        assert all(one["severity"] in {"refused", "changed", "note"} and one["message"] and one["fix"] for one in told)
    assert len(ids) == len(set(ids))
