"""Quota: both totals, names as Azure writes them, and the recording of az's answers."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaitops.cost import Cluster, findings
from kaitops.cost.quota import Quota
from kaitops.errors import BadInput
from kaitops.kaito import Release
from tests.change.test_compare import CONFIG, WORKSPACE
from tests.conftest import Run
from tests.version import KAITO

RELEASE = Release.load(KAITO)
TODAY = date(2025, 11, 1)
A100 = "Standard_NC24ads_A100_v4"


def usage(cores: Any = 260, family: Any = 96, spot: Any = 0, used: Any = 0) -> list[dict[str, Any]]:
    def entry(value: str, title: str, limit: Any, current: Any = 0) -> dict[str, Any]:
        return {"currentValue": current, "limit": limit, "name": {"localizedValue": title, "value": value}}

    return [
        entry("cores", "Total Regional vCPUs", cores, used),
        entry("standard NCADSA100v4family", "Standard NCADSA100v4 Family vCPUs", family, used),
        entry("lowPriorityCores", "Total Regional Spot vCPUs", spot),
        entry("virtualMachines", "Virtual Machines", 25000),
    ]


SKU: dict[str, Any] = {
    "name": A100, "family": "StandardNCADSA100v4Family", "resourceType": "virtualMachines", "restrictions": [],
    "capabilities": [{"name": "vCPUs", "value": "24"}, {"name": "GPUs", "value": "1"}],
}  # fmt: skip


def found(document: dict[str, Any], base: bool | None = None, spot: bool = False) -> list[tuple[str, str]]:
    recorded = Quota.from_document({"region": "westeurope", "date": "2025-10-30", "skus": [SKU], **document})
    here = Cluster("west", [WORKSPACE, CONFIG], {"nodeProvisioner": "karpenter"}, "West Europe", spot=spot)
    before = None if base is None else ([here] if base else [])
    many = findings([here], RELEASE, today=TODAY, quotas=[recorded], base=before)
    return [(one.severity, one.message) for one in many if one.check == "quota"]


def test_both_totals_must_fit() -> None:
    assert found({"usage": usage()}) == []
    ((severity, message),) = found({"usage": usage(cores=23)})
    assert severity == "error"
    assert "Total Regional vCPUs" in message
    ((_, message),) = found({"usage": usage(family="0")})
    assert "Standard NCADSA100v4 Family vCPUs" in message
    assert "limit of 24" in message


def test_what_is_added_is_held_against_what_is_left() -> None:
    tight = {"usage": usage(family="96", used="80")}
    assert found(tight) == []
    assert len(found(tight, base=False)) == 1
    assert found(tight, base=True) == []


def test_spot_has_a_quota_of_its_own() -> None:
    assert found({"usage": usage(family=0, spot="24")}, spot=True) == []
    ((_, message),) = found({"usage": usage(family=96, spot=0)}, spot=True)
    assert "Spot" in message


def test_a_size_that_is_restricted_or_not_offered() -> None:
    restricted = {**SKU, "restrictions": [{"type": "Location", "reasonCode": "NotAvailableForSubscription"}]}
    assert "NotAvailableForSubscription" in found({"usage": usage(), "skus": [restricted]})[0][1]
    zones = {**SKU, "restrictions": [{"type": "Zone", "reasonCode": "NotAvailableForSubscription"}]}
    assert found({"usage": usage(), "skus": [zones]}) == []
    assert "not offered" in found({"usage": usage(), "skus": [{**SKU, "name": "Standard_X"}]})[0][1]


def test_other_regions_and_old_recordings() -> None:
    assert found({"usage": usage(cores=0), "region": "eastus"}) == []
    assert [severity for severity, _ in found({"usage": usage(), "date": "2025-01-01"})] == ["warning"]


@pytest.mark.parametrize(
    "document", [{}, [], {"region": "x", "usage": []}, {"region": "x", "date": "soon", "usage": usage()},
                 {"region": "x", "usage": usage(cores="many")}],
)  # fmt: skip
def test_what_is_no_recording(document: Any) -> None:
    with pytest.raises(BadInput):
        Quota.from_document(document)


def fake_az(folder: Path, script: str) -> dict[str, str]:
    folder.mkdir()
    az = folder / "az"
    az.write_text(f"#!/bin/sh\n{script}\n")
    az.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_recording(run: Run, tmp_path: Path) -> None:
    (tmp_path / "usage.json").write_text(json.dumps(usage()))
    (tmp_path / "skus.json").write_text(json.dumps([SKU]))
    script = 'echo "$@" >> calls; case "$2" in list-usage) cat usage.json;; list-skus) cat skus.json;; esac'
    done = run(
        "quota", "record", "--region", "westeurope", "--out", "q.json", env=fake_az(tmp_path / "bin", script), code=0
    )
    assert "4 quotas and 1 sizes" in done.stderr
    document = json.loads((tmp_path / "q.json").read_text())
    assert (document["usage"], document["skus"]) == (usage(), [SKU])
    assert date.fromisoformat(document["date"])
    assert Quota.read(tmp_path / "q.json").vcpus(A100) == 24
    assert all("--location westeurope" in line for line in (tmp_path / "calls").read_text().splitlines())
    shown = run("quota", "show", "q.json", "-o", "json", code=0)
    assert json.loads(shown.stdout)[0] == {"name": "Total Regional vCPUs", "used": 0, "limit": 260, "left": 260}


@pytest.mark.parametrize(
    ("script", "said"), [("echo 'Please run az login' >&2; exit 1", "az login"), ("echo oops", "not JSON")]
)
def test_recording_fails_clearly(run: Run, tmp_path: Path, script: str, said: str) -> None:
    done = run("quota", "record", "--region", "westeurope", env=fake_az(tmp_path / "bin", script), code=3)
    assert said in done.stderr
    assert not list(tmp_path.glob("quota-*"))


def test_without_az_and_with_a_bad_region(run: Run, tmp_path: Path) -> None:
    env = {"PATH": str(tmp_path)}
    assert "az is not installed" in run("quota", "record", "--region", "westeurope", env=env, code=3).stderr
    assert "is no region" in run("quota", "record", "--region=a b", code=2).stderr
