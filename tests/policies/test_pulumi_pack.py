"""The policy pack says of every case what the core says."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from policies.registry import load
from policies.rule import Config, Scope
from tests.conftest import ROOT
from tests.policies.cases import Case, all_cases
from tests.policies.engine import TODAY, verdict

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


@pytest.mark.e2e  # a quarter of a minute
def test_the_pack_agrees_with_the_core_on_every_case(tmp_path: Path) -> None:
    groups: dict[tuple[str, str, str, str], list[Case]] = defaultdict(list)
    for case in all_cases():
        if case.version == "0.12.0" and not case.document["apiVersion"].startswith("Microsoft."):
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
        pairs = json.dumps([[case.document, case.others] for case in cases])
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
