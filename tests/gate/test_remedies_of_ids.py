"""Of every id of the gate's own there is a message whose remedy was done and helped; an id without one is found here.

Ids of what is read in one tree are in ``test_own_remedies``; here are those of a change, its costs and what judges it.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess as Done
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from kaitops.gate import checks
from tests.conftest import ROOT
from tests.gate.objects import DEPLOYMENT, WORKSPACE
from tests.gate.test_base import commit
from tests.gate.test_own_remedies import REMEDIES
from tests.gate.test_true_green import CASES

Files = Mapping[str, str | None]
Run = Callable[..., Done[str]]


class Way(NamedTuple):
    """From a finding to where it is gone.

    Attributes:
        id: of the finding.
        says: words of its message.
        bad: files that bring it, beside what is committed; None takes one away.
        good: files that the message says to write.
        before: files that are committed.
        given: options with which it is found.
        options: those that the message says to give.
        command: words of kaitops that it says to run.
    """

    id: str
    says: str
    bad: Files
    good: Files = MappingProxyType({})
    before: Files = MappingProxyType({})
    given: Sequence[str] = ()
    options: Sequence[str] = ()
    command: Sequence[str] = ()


_TREE = "m/chat.yaml"
_BASE = ("--base", "HEAD", "--region", "westeurope")
_OTHER = WORKSPACE.replace("Standard_NC24ads_A100_v4", "Standard_NC48ads_A100_v4")
_GUARD = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n  labels: {pod-security.kubernetes.io/enforce: restricted}\n"
_NAMED = WORKSPACE.replace("name: phi\n", "name: phi-2\n")
_EXEMPT = """\
exemptions:
- id: KAITO029
  resource: Workspace team/phi
  reason: the image is pushed by a team that is known to us
  owner: maintainers
  until: "2027-03-01"
"""
_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: team}\ndata:\n  inference_config.yaml: |\n    vllm: {max-model-len: 8192}\n"
_CONFIGURED = WORKSPACE + "  config: conf\n---\n" + _CONFIG
_ENGINE = """\
apiVersion: kaito.sh/v1beta1
kind: RAGEngine
metadata: {name: rag, namespace: team}
spec:
  compute: {instanceType: Standard_D8s_v5, labelSelector: {matchLabels: {apps: rag}}}
  embedding: {local: {modelID: BAAI/bge-small-en-v1.5}}
  inferenceService: {url: "https://llm.contoso.com/v1", contextWindowSize: 4096}
"""
_PRICES = json.dumps({
    "cloud": "azure", "currency": "USD", "unit": "hour", "sources": [{"on_demand": "our contract", "date": "2026-05-30"}],
    "prices": {"Standard_NC24ads_A100_v4": {"brazilsoutheast": 4.1, "westeurope": 4.1}},
})  # fmt: skip
_FLEET = """\
kaito: 0.12.0
defaults: {namespace: team, benchmark: false}
clusters: {a: {region: westeurope, provisioner: karpenter}}
models: {phi: {preset: phi-4-mini-instruct, gpu: Standard_NC24ads_A100_v4}}
"""
_QUOTA = {
    "region": "westeurope", "date": "2026-05-30",
    "skus": [{"name": "Standard_NC24ads_A100_v4", "family": "StandardNCADSA100v4Family", "restrictions": [],
              "resourceType": "virtualMachines",
              "capabilities": [{"name": "vCPUs", "value": "24"}, {"name": "GPUs", "value": "1"}]}],
    "usage": [{"currentValue": 0, "limit": 260, "name": {"value": "cores", "localizedValue": "Total Regional vCPUs"}},
              {"currentValue": 0, "limit": 0, "name": {"value": "standardNCADSA100v4Family", "localizedValue": "Family"}}],
}  # fmt: skip
_ROOM = json.dumps(_QUOTA).replace('"limit": 0', '"limit": 96')

WAYS = {
    "a size that no model fits": Way(
        "KAITOPS-FIT", "then fails",
        {_TREE: WORKSPACE.replace("Standard_NC24ads_A100_v4", "Standard_NC4as_T4_v3").replace("phi-4-mini-instruct", "phi-4")},
        {_TREE: WORKSPACE.replace("phi-4-mini-instruct", "phi-4")},
    ),
    "an edit that KAITO refuses": Way(
        "KAITOPS-CHANGE-REFUSED", "a new name", {_TREE: _OTHER}, {_TREE: _OTHER.replace("name: phi\n", "name: phi-2\n"), "m/old.yaml": WORKSPACE},
        {_TREE: WORKSPACE}, _BASE,
    ),
    "an edit that restarts": Way(
        "KAITOPS-CHANGE-RESTART", "becomes contoso.azurecr.io/web:1.0.1", {_TREE: DEPLOYMENT.replace("1.0.0", "1.0.1")},
        {_TREE: DEPLOYMENT}, {_TREE: DEPLOYMENT}, _BASE,
    ),
    "an edit that nothing reads": Way(
        "KAITOPS-CHANGE-IGNORED", "new name", {_TREE: _CONFIGURED.replace("8192", "4096")},
        {_TREE: _CONFIGURED.replace("8192", "4096").replace("conf", "conf-2")}, {_TREE: _CONFIGURED}, _BASE,
    ),
    "a guard that is lowered": Way(
        "KAITOPS-CHANGE-GUARD", "leave it as it was", {_TREE: _GUARD.replace("restricted", "baseline")},
        {_TREE: _GUARD}, {_TREE: _GUARD}, _BASE,
    ),
    "a base that nobody can read": Way(
        "KAITOPS-CHANGE-UNKNOWN", "", {_TREE: WORKSPACE}, {_TREE: WORKSPACE + "a: [\n"},
        {_TREE: WORKSPACE + "a: [\n"}, _BASE,
    ),
    "a policy that the change brings": Way(
        "KAITOPS-AUTHORITY", "change of its own", {"kaitops-exemptions.yaml": _EXEMPT.replace("KAITO029", "KAITO028")},
        {"kaitops-exemptions.yaml": _EXEMPT}, {_TREE: WORKSPACE, "kaitops-exemptions.yaml": _EXEMPT}, _BASE,
    ),
    "a size that retires": Way(
        "KAITOPS-RETIREMENT", "move to a current D size", {_TREE: _ENGINE.replace("Standard_D8s_v5", "Standard_DS4_v2")},
        {_TREE: _ENGINE}, given=("--cost", "--region", "westeurope", "--today", "2027-12-01"),
    ),
    "an object that goes": Way(
        "KAITOPS-CHANGE-DELETE", "put it back", {_TREE: _NAMED}, {"m/old.yaml": WORKSPACE}, {_TREE: WORKSPACE}, _BASE
    ),
    "machines above the budget": Way(
        "KAITOPS-BUDGET", "have the budget raised", {_TREE: WORKSPACE, "budget.yaml": "total: 10\n"}, {"budget.yaml": "total: 10000\n"},
        given=("--cost", "--budget", "budget.yaml", "--region", "westeurope"),
    ),
    "machines without a region": Way(
        "KAITOPS-PRICE-MISSING", "with --region", {_TREE: WORKSPACE}, given=("--cost",), options=("--region", "westeurope")
    ),
    "machines without a price": Way(
        "KAITOPS-PRICE-MISSING", "--prices FILE takes it", {_TREE: WORKSPACE}, given=("--cost", "--region", "brazilsoutheast"),
        good={"own.json": _PRICES}, options=("--prices", "own.json"),
    ),
    "more than the quota": Way(
        "KAITOPS-QUOTA", "quota", {_TREE: WORKSPACE, "quota.json": json.dumps(_QUOTA)}, {"quota.json": _ROOM},
        given=("--quota", "quota.json", "--region", "westeurope"),
    ),
    "an exemption of nothing": Way(
        "KAITOPS-EXEMPTION", "remove it", {_TREE: WORKSPACE, "kaitops-exemptions.yaml": _EXEMPT},
        {"kaitops-exemptions.yaml": None},
    ),
    "a tree that was edited by hand": Way(
        "KAITOPS-DRIFT", "render", {"fleet.yaml": _FLEET.replace("NC24ads", "NC48ads")}, {}, {"fleet.yaml": _FLEET}, ("--check-render",),
        command=("render",),
    ),
}  # fmt: skip
# What is done where a server, a note or a fleet is at hand: the file that does it, and words of it.
ELSEWHERE = {
    "KAITOPS-SERVER": ("tests/e2e/test_gate_server.py", "--server"),
    "KAITOPS-PRICE-AGE": ("tests/cli/test_prices.py", "'kaitops prices record' asks for those of today"),
    "KAITOPS-CHANGE-CLUSTER": ("tests/gate/test_authority.py", "KAITOPS-CHANGE-CLUSTER"),
}


def ids() -> set[str]:
    """Every id that the sources name."""
    texts = "\n".join(path.read_text() for path in (ROOT / "kaitops").rglob("*.py"))
    return {one.rstrip("-") for one in re.findall(r"KAITOPS-[A-Z]+(?:-[A-Z]+)*(?=\")", texts)} | set(checks.notes())


def test_every_id_has_a_remedy_done() -> None:
    done = {one for name in REMEDIES for one, _ in CASES[name].found} | {way.id for way in WAYS.values()}
    assert {one for one in ids() if one not in done} == ELSEWHERE.keys()
    for file, words in ELSEWHERE.values():
        assert words in (ROOT / file).read_text()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", WAYS)
def test_what_the_message_says_helps(name: str, run: Run, tmp_path: Path) -> None:
    way = WAYS[name]

    def put(files: Files) -> None:
        for file, text in files.items():
            place = tmp_path / file
            place.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                place.unlink()
            else:
                place.write_text(text)

    def found(*options: str) -> list[str]:
        done = run("gate", "manifests" if "fleet.yaml" in way.before else "m", "--no-checkov", "-o", "json", *options)
        assert done.stdout.startswith("{"), done.stderr
        every: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
        return [f"{one['message']}; {one['remedy']}" for one in every if one["rule"] == way.id]

    put(way.before)
    if "fleet.yaml" in way.before:
        assert run("render").returncode == 0
    commit(tmp_path)
    put(way.bad)
    told = found(*way.given)
    assert any(way.says in message for message in told), told
    put(way.good)
    if way.command:
        assert run(*way.command).returncode == 0
    assert [one for one in found(*way.given, *way.options) if way.says in one] == []
