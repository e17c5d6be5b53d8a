"""The policy pack says of every case what the core says."""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kaitops.kaito import facts
from kaitops.policies.registry import load
from kaitops.policies.rule import Config, Scope
from tests.conftest import ROOT
from tests.policies.cases import Case, all_cases
from tests.policies.engine import TODAY, verdict
from tests.version import KAITO

RULES = {rule.id: rule for rule in load()}
_PACK = ROOT / "policies/pulumi_pack/__main__.py"


def _policy(config: Config) -> str:
    lists = {
        "registries": config.registries,
        "organisations": config.organisations,
        "datasetHosts": config.dataset_hosts,
        "requiredLabels": config.required_labels,
        "knownSecrets": config.known_secrets,
    }
    data = {key: list(value) for key, value in lists.items() if value}
    return json.dumps(data | ({"maxNodes": config.max_nodes} if config.max_nodes else {}), sort_keys=True)


_FIELD = re.compile(r"/\{\w+\}")


def sent(document: Any) -> dict[str, Any]:
    """An object as the engine tells of it: the type, and the inputs."""
    space = document["apiVersion"].partition("/")[0]
    if not space.startswith("Microsoft."):
        return {"type": f"kubernetes:{document['apiVersion']}:{document['kind']}", "properties": document}
    kind = f"{space}/{document['kind']}"
    types = facts.load(".", "arm.json")["types"]
    token, path = next((one, each["path"]) for one, each in types.items() if _FIELD.sub("", each["path"]) == kind)
    names = dict(zip(re.findall(r"\{(\w+)\}", path), document["metadata"]["name"].split("/"), strict=True))
    above = {
        key: value for key, value in document.items() if key not in ("apiVersion", "kind", "metadata", "properties")
    }
    return {"type": f"azure-native:{token}", "properties": {**above, **document.get("properties", {}), **names}}


@pytest.mark.e2e  # a quarter of a minute
def test_the_pack_agrees_with_the_core_on_every_case(tmp_path: Path) -> None:
    groups: dict[tuple[str, str, str, str], list[Case]] = defaultdict(list)
    for case in all_cases():
        if case.version == KAITO:
            cloud = case.settings.get("cloud", "azure")
            groups[case.environment, cloud, case.region, _policy(case.config)].append(case)
    compared = 0
    for (environment, cloud, region, policy), cases in groups.items():
        (tmp_path / "policy.yaml").write_text(policy)
        env = {
            **os.environ,
            "KAITOPS_TODAY": TODAY.isoformat(),
            "KAITOPS_ENVIRONMENT": environment,
            "KAITOPS_CLOUD": cloud,
            "KAITOPS_REGION": region,
            "KAITOPS_POLICY": str(tmp_path / "policy.yaml"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        script = Path(__file__).with_name("run_pulumi.py")
        pairs = json.dumps([[sent(case.document), [sent(one) for one in case.others]] for case in cases])
        done = subprocess.run(
            [sys.executable, str(script), str(_PACK)], input=pairs, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        for case, found in zip(cases, json.loads(done.stdout), strict=True):
            # A stack is always the whole bundle, and holds the object itself.
            whole = case
            if RULES[case.rule].scope is not Scope.OBJECT:
                whole = replace(case, complete=True, others=(case.document, *case.others))
            said = sum(1 for name, _ in found if name == case.rule.lower())
            assert said == len(verdict(RULES[case.rule], whole)), (case.rule, case.document, found)
            compared += 1
    assert compared > 400


WORKSPACE = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "phi", "namespace": "models"},
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "phi"}}},
    "inference": {"template": {"spec": {"containers": [{"name": "a", "image": "registry.example.com/phi:latest"}]}}},
}


LATER = (TODAY + timedelta(days=30)).isoformat()


def asked(documents: list[object], folder: Path, python: str = sys.executable, **more: str) -> list[set[str]]:
    """Policies that the pack finds broken, for each object, where a command is given in a folder."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("KAITOPS_")}
    env |= {"KAITOPS_TODAY": TODAY.isoformat(), "PWD": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **more}
    script = Path(__file__).with_name("run_pulumi.py")
    done = subprocess.run(
        [sys.executable, str(script), str(_PACK), python],
        input=json.dumps([[sent(each), []] for each in documents]), env=env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [{name for name, _ in found} for found in json.loads(done.stdout)]


def entry(**more: str) -> dict[str, str]:
    known = {"id": "KAITO029", "resource": "Workspace models/*", "reason": "a", "owner": "b", "until": LATER}
    return {**known, **more}


@pytest.mark.e2e
def test_the_pack_exempts_what_the_gate_exempts(tmp_path: Path) -> None:
    other = {**WORKSPACE, "metadata": {"name": "phi", "namespace": "other"}}
    note = {"kaitops.io/exempt.KAITO029": "known; maintainers; " + LATER}
    noted = {**WORKSPACE, "metadata": {"name": "phi", "namespace": "other", "annotations": note}}
    asked_for = [WORKSPACE, other, noted]
    found = asked(asked_for, tmp_path)
    assert all("kaito029" in one for one in found)
    file = tmp_path / "kaitops-exemptions.yaml"
    file.write_text(json.dumps({"exemptions": [entry()], "annotations": True}))
    spared = asked(asked_for, tmp_path)
    assert [found[place] - spared[place] for place in range(3)] == [{"kaito029"}, set(), {"kaito029"}]
    file.write_text(json.dumps({"exemptions": [entry(until=(TODAY - timedelta(days=1)).isoformat())]}))
    assert asked(asked_for, tmp_path) == found
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(json.dumps({"exemptions": [entry(resource="Workspace other/phi")]}))
    named = asked(asked_for, tmp_path, KAITOPS_EXEMPTIONS=str(elsewhere))
    assert ["kaito029" in one for one in named] == [True, False, False]


@pytest.mark.e2e
def test_the_pack_starts_by_whatever_python_comes_first(tmp_path: Path) -> None:
    bare = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    assert subprocess.run([bare, "-c", "import pulumi_policy"], capture_output=True).returncode != 0
    assert "kaito029" in asked([WORKSPACE], tmp_path, str(bare))[0]
