"""The policy pack under the real engine: of each object, what the gate says of the same object in a tree.

Kubernetes' provider writes files here and asks no server, so objects that a server would refuse are judged too.
"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any

import pytest

from kaitops.policies.registry import load
from tests.e2e.engine.changes import ADMIN
from tests.e2e.engine.project import ROOT, Project, engine, project
from tests.policies.cases import all_cases
from tests.policies.engine import TODAY
from tests.version import KAITO

__all__ = ["engine", "project"]
pytestmark = pytest.mark.timeout(900)
PACK = str(ROOT / "policies/pulumi_pack")
PROGRAM = """
import json
from pathlib import Path
import pulumi
import pulumi_kubernetes as k8s

files = k8s.Provider("files", render_yaml_to_directory=str(Path("made").resolve()))
for number, held in enumerate(json.loads(Path("objects.json").read_text())):
    group = held["apiVersion"] if "/" in held["apiVersion"] else f"core/{held['apiVersion']}"
    pulumi.CustomResource(
        f"kubernetes:{group}:{held['kind']}", f"o{number}", held, pulumi.ResourceOptions(provider=files)
    )
"""
LATER = (TODAY + timedelta(days=30)).isoformat()
RULES = {rule.id for rule in load()}
# A model or a size that KAITO does not know: the gate tells it in the words of KAITO.
UNKNOWN = ("KAITO003", "KAITO004")
# A namespace without a policy: told once.
SPACE = "KAITO047"


def objects() -> list[dict[str, Any]]:
    """An object that each rule finds something at, and one at which it does not, each under a name of its own."""
    found: list[dict[str, Any]] = []
    seen: Counter[tuple[str, bool]] = Counter()
    for case in all_cases():
        key = (case.rule, bool(case.at))
        usual = case.version == KAITO and case.environment == "prod" and not case.others and not case.region
        if not usual or seen[key] or case.document["apiVersion"].startswith("Microsoft."):
            continue
        seen[key] += 1
        one = json.loads(json.dumps(case.document))
        if isinstance(one.get("metadata"), dict) and isinstance(one["metadata"].get("name"), str):
            one["metadata"]["name"] = f"{one['metadata']['name'][:40]}-{len(found)}"
            found.append(one)
    return found


def by_the_pack(project: Project, *more: str) -> set[tuple[str, str]]:
    """Rule and name in the program of each finding of the pack in a preview."""
    log = project.folder.parent / "policies.json"
    project.tried("preview", "--policy-pack", PACK, *more)
    shutil.copy(project.folder.parent / "events.json", log)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    found = [one["policyEvent"] for one in events if "policyEvent" in one]
    return {(one["policyName"].upper(), one["resourceUrn"].rpartition("::")[2]) for one in found}


def by_the_gate(given: list[dict[str, Any]], project: Project) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The same of the gate, over a tree of the same objects; and what it tells in the words of KAITO, if at all."""
    tree = project.folder / "tree"
    tree.mkdir(exist_ok=True)
    for number, one in enumerate(given):
        (tree / f"o{number}.json").write_text(json.dumps(one))
    command = [sys.executable, "-m", "kaitops", "gate", "tree", "--no-checkov", "--complete", "-o", "json"]
    done = subprocess.run(
        command, cwd=project.folder, env=project.environment, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    findings = json.loads(done.stdout)["findings"]
    found = [(one["check"], one["rule"], PurePath(one["file"]).stem, one["message"]) for one in findings]
    refused = {
        (rule, place)
        for check, _, place, message in found
        if check in ("admission", "fit") or "; so also " in message
        for rule in UNKNOWN
    }
    return {(rule, place) for _, rule, place, _ in found if rule in RULES}, refused


def same(pack: set[tuple[str, str]], gate: tuple[set[tuple[str, str]], set[tuple[str, str]]]) -> None:
    """Both say the same; a rule of a namespace stands at whichever of its objects came first."""
    found, refused = gate
    apart = sorted(pack ^ found)
    assert [one for one in apart if one not in refused and one[0] != SPACE] == []
    assert [one for one in apart if one in refused and one in found] == []
    assert any(rule == SPACE for rule, _ in pack) == any(rule == SPACE for rule, _ in found)


def test_the_pack_and_the_gate_say_the_same_of_each_object(project: Project) -> None:
    given = objects()
    assert len(given) >= 60
    project.environment |= {"KAITOPS_TODAY": TODAY.isoformat(), "PWD": str(project.folder)}
    project.write(PROGRAM)
    (project.folder / "objects.json").write_text(json.dumps(given))
    found = by_the_gate(given, project)
    assert len({rule for rule, _ in found[0]}) > 50
    same(by_the_pack(project), found)
    # What is exempted, switched off and asked for by the files of the folder is so to both.
    spared = [{"id": "KAITO029", "resource": "Workspace models/*", "reason": "a", "owner": "b", "until": LATER}]
    (project.folder / "kaitops-exemptions.yaml").write_text(json.dumps({"exemptions": spared}))
    off = {"KAITO001": {"level": "off", "reason": "a"}}
    (project.folder / "kaitops-policy.yaml").write_text(json.dumps({"severity": off, "requiredLabels": ["team"]}))
    other = by_the_gate(given, project)
    rules = [{rule for rule, _ in one} for one in (found[0], other[0])]
    assert "KAITO001" in rules[0] and "KAITO001" not in rules[1] and rules[1] - rules[0]
    assert {one for one in found[0] - other[0] if one[0] == "KAITO029"}
    same(by_the_pack(project), other)


def test_resources_of_azure_are_judged_too(engine: None, tmp_path: Path) -> None:
    azure = Project(tmp_path, azure=True, environment={"PWD": str(tmp_path / "project")})
    fleet = tmp_path / "fleet.yaml"
    cluster = {"region": "westeurope", "provisioner": "karpenter"}
    fleet.write_text(json.dumps({"kaito": KAITO, "clusters": {"prod": cluster}, "models": {}}))

    def found(**infra: Any) -> set[tuple[str, str]]:
        access = {"entraAdmins": [ADMIN]}
        azure.adopt(fleet=str(fleet), cluster="prod", parts=["infra"], infra={**access, **infra})
        return by_the_pack(azure)

    assert found() == set()
    loose = {"policy": False, "nodeResourceGroupLockdown": "Unrestricted"}
    assert found(security=loose) == {("KAITO114", "prod-aks-cluster"), ("KAITO119", "prod-aks-cluster")}
