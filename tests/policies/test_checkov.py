"""checkov with the adapter says of every case what the core says."""

import json
import os
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from kaitops.documents import writer
from kaitops.policies.registry import load
from kaitops.policies.rule import Config, Scope
from tests.conftest import ROOT
from tests.policies.cases import SECRET, WS, Case, all_cases, inner
from tests.policies.engine import TODAY, verdict
from tests.version import KAITO

RULES = {rule.id: rule for rule in load()}
_PYTHON = Path(os.environ.get("KAITOPS_CHECKOV_PYTHON", ROOT / ".venv-checkov/bin/python"))
_ADAPTER = ROOT / "policies/checkov_adapter"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not _PYTHON.exists(), reason=f"no checkov: {_PYTHON} is not there (KAITOPS_CHECKOV_PYTHON)"),
]


def _run(
    folder: Path, environment: str = "prod", cloud: str = "azure", region: str = "", policy: Path | None = None
) -> dict[str, list[list[str]]]:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "KAITOPS_TODAY": TODAY.isoformat(),
        "KAITOPS_ENVIRONMENT": environment,
        "KAITOPS_CLOUD": cloud,
        "KAITOPS_REGION": region,
        "BC_SKIP_MAPPING": "TRUE",
        "PYTHONDONTWRITEBYTECODE": "1",
        **({"KAITOPS_POLICY": str(policy)} if policy else {}),
    }
    script = Path(__file__).with_name("run_checkov.py")
    done = subprocess.run(
        [str(_PYTHON), str(script), str(_ADAPTER), str(folder)], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def _policy(config: Config) -> dict:
    lists = {
        "registries": config.registries,
        "organisations": config.organisations,
        "datasetHosts": config.dataset_hosts,
        "requiredLabels": config.required_labels,
    }
    data = {key: list(value) for key, value in lists.items() if value}
    return data | ({"maxNodes": config.max_nodes} if config.max_nodes else {})


@pytest.mark.timeout(600)
def test_checkov_agrees_with_the_core_on_every_case_of_one_object(tmp_path: Path) -> None:
    groups: dict[tuple, list[Case]] = defaultdict(list)
    for case in all_cases():
        if case.document["apiVersion"].startswith("Microsoft."):
            continue  # checkov reads these from templates; tests/gate asks it there
        alone = not case.others and not case.complete and case.version == KAITO
        # checkov drops documents without a kind's usual names; all of ours have one.
        if alone and RULES[case.rule].scope is not Scope.BUNDLE:
            policy = json.dumps(_policy(case.config), sort_keys=True)
            groups[case.environment, case.settings.get("cloud", "azure"), case.region, policy].append(case)
    compared = 0
    for number, ((environment, cloud, region, policy), cases) in enumerate(groups.items()):
        folder, config = tmp_path / str(number), tmp_path / f"{number}.yaml"
        folder.mkdir()
        config.write_text(policy)
        for place, case in enumerate(cases):
            (folder / f"{place:04d}.yaml").write_text(writer.dump(case.document))
        report = _run(folder, environment, cloud, region, config)
        failed = {(row[0], row[1]) for row in report["failed"]}
        for place, case in enumerate(cases):
            key = (f"CKV_KAITO_{case.rule[-3:]}", f"{place:04d}.yaml")
            assert (key in failed) == bool(verdict(RULES[case.rule], case)), (case.rule, case.document)
            compared += 1
    assert compared > 300


def test_a_workspace_of_another_group_is_not_ours_and_messages_hold_no_secret(tmp_path: Path) -> None:
    token = "hf_" + "Ab3dEf6hIj9lMn2pQr5tUv8x"
    foreign = {
        **inner(WS, {"preset": {"name": "nope"}}),
        "apiVersion": "app.terraform.io/v1alpha2",
        "kind": "Workspace",
    }
    foreign["metadata"] = {"name": "tf", "namespace": "default", "annotations": {"kaito.sh/enablelb": "True"}}
    leaking = {**WS, "metadata": {"name": "leak", "namespace": "models", "annotations": {"note": token}}}
    for name, document in (("foreign", foreign), ("leaking", leaking), ("secret", SECRET)):
        (tmp_path / f"{name}.yaml").write_text(writer.dump(document))
    report = _run(tmp_path)
    assert [row[:2] for row in report["failed"]] == [["CKV_KAITO_008", "leaking.yaml"]]
    assert token not in json.dumps(report)
    assert "a Hugging Face token (27 characters)" in report["failed"][0][2]
