"""Histories: a change of the sample fleet against its base, its cost, quota and budget, and promotions."""

import json
from collections.abc import Iterator

from tests.cli.test_promote import TEXT as PROMOTED
from tests.cost.test_quota import SKU, usage
from tests.gate.objects import WORKSPACE
from tests.net.case import Batch, Case, Edits, Files, Step, kaitops
from tests.net.corpus import forms
from tests.net.corpus.trees import MANIFESTS, sample

_COMMIT = (("init", "-q"), ("add", "."), ("commit", "-qm", "base"))
_QUOTA = json.dumps({"region": "westeurope", "date": "2026-11-01", "usage": usage(cores=100, used=80), "skus": [SKU]})
_FOLDER = f"{MANIFESTS}/clusters/prod-weu"


def batches() -> Iterator[Batch]:
    """Cases in batches."""
    for case in (_sample(), _workspace(), _quota(), _promotions()):
        yield Batch((case,), 3)


def _sample() -> Case:
    """An edit of the fleet, rendered and held against the tree that is committed, by each engine."""
    files = sample()
    text = files["fleet.yaml"]
    before = text.decode() if isinstance(text, bytes) else text
    edited = before.replace(
        "gpu: Standard_NC24ads_A100_v4\n    context: 16384", "gpu: Standard_NC40ads_H100_v5\n    context: 8192", 1
    )
    edited = edited.replace("    replicas: 2\n", "    replicas: 3\n", 1)
    steps = [
        kaitops(*forms.gate(MANIFESTS, "--base", "HEAD").words, git=_COMMIT),
        kaitops("render", files={"fleet.yaml": edited}),
        *forms.all_of(MANIFESTS, "--base", "HEAD", "--cost"),
    ]
    steps += [
        forms.gate(MANIFESTS, "--base", "HEAD", "--write-plan", f"plans-{one}", "--gitops", one)
        for one in ("argocd", "flux", "none")
    ]
    steps.append(forms.gate(_FOLDER, "--base", "HEAD", "-o", "json"))
    return Case("history/sample", tuple(steps), files)


def _workspace() -> Case:
    files: Files = {"m/phi.yaml": WORKSPACE, "m/gone.yaml": WORKSPACE.replace("name: phi\n", "name: gone\n")}
    edits: Edits = {
        "m/phi.yaml": WORKSPACE.replace("NC24ads_A100_v4", "NC40ads_H100_v5"),
        "m/gone.yaml": None,
        "m/new.yaml": WORKSPACE.replace("name: phi\n", "name: new\n"),
        "high.yaml": "total: 1000000\n",
        "low.yaml": "total: 100\ncluster: 50\nclusters: {prod: 10}\n",
    }
    base = ("m", "--base", "HEAD", "--region", "westeurope")
    steps: list[Step] = [kaitops(*forms.gate(*base).words, git=_COMMIT), kaitops(*forms.gate(*base).words, files=edits)]
    steps += forms.all_of(*base, "--write-plan", "plans", "--budget", "low.yaml")
    steps += [
        forms.gate(*base, "--budget", "high.yaml"),
        forms.gate("m", "--budget", "low.yaml", "--region", "westeurope"),
    ]
    steps += [
        forms.gate("m", "--base", "nowhere"),
        forms.gate("m", "--base", "--x"),
        forms.gate("/etc/hostname", "--base", "HEAD"),
    ]
    steps.append(forms.gate(*base, "--write-plan", "plans", "--gitops", "flux"))
    return Case("history/workspace", tuple(steps), files)


def _quota() -> Case:
    files: Files = {
        "m/phi.yaml": WORKSPACE,
        "q.json": _QUOTA,
        "bad.json": '{"region": 3}',
        "other.json": _QUOTA.replace("westeurope", "eastus"),
    }
    base = ("m", "--region", "westeurope")
    new = {"m/new.yaml": WORKSPACE.replace("name: phi\n", "name: new\n")}
    return Case("history/quota", (
        kaitops("quota", "show", "q.json"), kaitops("quota", "show", "q.json", "-o", "json"), kaitops("quota", "show", "none.json"),
        kaitops("quota", "show", "bad.json"), kaitops("quota", "record", "--region", "west/europe"),
        kaitops(*forms.gate(*base, "--quota", "q.json", "-o", "json").words, git=_COMMIT),
        kaitops(*forms.gate(*base, "--quota", "q.json", "--base", "HEAD").words, files=new),
        *forms.all_of(*base, "--quota", "q.json"), forms.gate(*base, "--quota", "q.json", "--quota", "q.json"),
        forms.gate(*base, "--quota", "other.json"), forms.gate(*base, "--quota", "bad.json"),
    ), files)  # fmt: skip


def _promotions() -> Case:
    steps = [
        kaitops("promote", "dev", "staging", "--diff"),
        kaitops("promote", "dev", "staging"),
        kaitops("promote", "dev", "staging"),
    ]
    steps += [
        kaitops("promote", *pair)
        for pair in (("staging", "prod"), ("dev", "nowhere"), ("nowhere", "dev"), ("dev", "dev"))
    ]
    steps += [kaitops("promote", "dev", "prod", "--fleet", name) for name in ("-", "none.yaml")]
    return Case("history/promotions", tuple(steps), {"fleet.yaml": PROMOTED})
