"""Rendering: every fleet of the repository and the generated ones, in each mode, under each engine, checked and edited."""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.bench.fleets import fleet as measured
from tests.cli.test_promote import TEXT as PROMOTED
from tests.conftest import FLEET, ROOT
from tests.fleet import test_companions, test_isolation, test_kinds
from tests.fleet.test_bad_input import BYO, CASES, HEAD
from tests.gate.seeded_defects import _FLEET as SEEDED
from tests.net import fleets
from tests.net.case import Batch, Case, Files, Step, Text, kaitops
from tests.net.case import batches as parts
from tests.operator.test_images import FLEET as PINNED
from tests.version import KAITO

ENGINES = ("argocd", "flux", "none")
_PLACE = {"repository": "https://git.example.com/contoso/fleet.git"}
_GATE = ("gate", "manifests", "--no-checkov", "--today", "2026-11-21", "-o", "json")


def batches() -> Iterator[Batch]:
    """Cases in batches."""
    whole = [*_repository(), *_generated()]
    yield from parts(whole, 12, 0.5)
    yield from parts([*_bad(), *_refused()], 40, 0.02)


def repository() -> dict[str, Text]:
    """The fleets that lie in the repository, in files and in tests, by name."""
    found: dict[str, Text] = {"sample": (ROOT / "fleet.yaml").read_bytes(), "first": FLEET, "promoted": PROMOTED}
    found |= {"seeded": SEEDED, "pinned": PINNED.replace("IMAGE", "r.example.com/models/mine:1")}
    found |= {"measured": measured(2, 8, gitops=True), "isolated": _text(test_isolation.FLEET, test_isolation.ISOLATED)}
    found["pooled"] = _text(test_isolation.FLEET, test_isolation.POOLED)
    for pattern, custom in test_kinds.CUSTOM.items():
        size = "Standard_D16s_v5" if pattern == "cpuImage" else test_kinds.A100
        model = {"gpu": size, "nodes": 1, "custom": {pattern: custom}}
        found[f"custom-{pattern}"] = _text({"models": {"m": model}}, test_kinds.KARPENTER)
    return found


def beside() -> Files:
    """What lies beside the sample fleet: its lock and the models that were recorded for it."""
    paths = [ROOT / "fleet.lock", ROOT / "images.lock", *sorted((ROOT / "presets" / "huggingface").glob("*.json"))]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in paths if path.is_file()}


def _repository() -> Iterator[Case]:
    for name, text in repository().items():
        files = {"fleet.yaml": text, **(beside() if name == "sample" else {})}
        declared = yaml.safe_load(text)
        edited = copy.deepcopy(declared)
        next(iter(edited["models"].values()))["labels"] = {"changed": "yes"}
        yield Case(
            f"render/repository/{name}",
            (*_steps(declared, edited), kaitops("render", "--update-lock", "--diff")),
            files,
        )


def _generated() -> Iterator[Case]:
    for number in range(fleets.COUNT):
        declared = fleets.fleet(number)
        steps = _steps(declared, fleets.changed(number))
        yield Case(f"render/generated/{number:03d}", steps, {"fleet.yaml": _json(declared)})


def _steps(declared: Mapping[str, Any], edited: Mapping[str, Any]) -> tuple[Step, ...]:
    steps = [
        kaitops("render"),
        kaitops("render", "--check"),
        kaitops(*_GATE),
        kaitops("render", "--mode", "operator", "--out", "operator", "-q"),
        kaitops("render", "--mode", "plain", "--out", "plain", "-q"),
        kaitops("render", "--mode", "plain", "--parity", "--out", "parity", "-q"),
    ]
    for engine in ENGINES:
        other = copy.deepcopy(dict(declared))
        other.setdefault("gitops", _PLACE)
        for cluster in other["clusters"].values():
            cluster["gitops"] = engine
        if other != declared:
            name = f"{engine}.json"
            steps.append(kaitops("render", "--fleet", name, "--out", engine, files={name: _json(other)}))
    steps.append(kaitops("render", "--diff", files={"fleet.yaml": _json(edited)}))
    if len(declared["clusters"]) == 1:
        steps.append(kaitops("render", "--out", "-", "--fleet", "-", stdin=_json(edited)))
    return tuple(steps)


def _bad() -> Iterator[Case]:
    """What is refused, each with the command that is refused first."""
    for name, (text, _code, _message) in CASES.items():
        yield Case(f"render/bad/{_slug(name)}", (kaitops("render"),), {"fleet.yaml": text})
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]" for n in range(12)]
    more: dict[str, dict[str, Text]] = {
        "two problems": {"fleet.yaml": HEAD + "models:\n  a: {preset: nope-1, gpu: auto}\n  b: {preset: phi-4, gpu: Standard_Nope}\n"},
        "no utf-8": {"fleet.yaml": b"kaito: 0.12.0\n\xff\n"},
        "aliases": {"fleet.yaml": "\n".join(lines)},
        "no fleet": {},
        "in the way": {"fleet.yaml": FLEET, "manifests/clusters/prod-weu/kustomization.yaml": "resources: []\n"},
        "a file for a folder": {"fleet.yaml": FLEET, "manifests": "x"},
        "recording of nothing": {"fleet.yaml": FLEET, "presets/huggingface/x.json": "[]"},
        "byo without nodes": {"fleet.yaml": BYO + "models: {m: {preset: phi-4}}\n"},
    }  # fmt: skip
    more |= {
        f"lock {number}": {"fleet.yaml": FLEET, "fleet.lock": text}
        for number, text in enumerate(("{", '{"pins": 3}', "x: 1"))
    }
    locks = ("{", "[]", '{"images": []}', '{"images": {"a:1": {"digest": "sha256:12"}}}')
    more |= {f"image lock {number}": {"fleet.yaml": FLEET, "images.lock": text} for number, text in enumerate(locks)}
    for name, files in more.items():
        yield Case(f"render/bad/{_slug(name)}", (kaitops("render"), kaitops("render", "--check")), files)
    two = FLEET.replace("models:\n", "  dev: {region: westeurope, provisioner: karpenter}\nmodels:\n", 1)
    yield Case("render/bad/two-clusters-one-stream", (kaitops("render", "--out", "-"),), {"fleet.yaml": two})


def _refused() -> Iterator[Case]:
    for name, (isolation, groups, _message) in test_isolation.REFUSED.items():
        text = _text(groups, {**test_kinds.KARPENTER, "isolation": isolation})
        yield Case(f"render/bad/isolation-{_slug(name)}", (kaitops("render"),), {"fleet.yaml": text})
    for name, (model, _message) in test_companions.REFUSED.items():
        text = _text({"models": {"m": model}}, test_kinds.KARPENTER)
        yield Case(f"render/bad/companions-{_slug(name)}", (kaitops("render"),), {"fleet.yaml": text})


def _text(groups: Mapping[str, Any], cluster: Mapping[str, Any]) -> str:
    return yaml.safe_dump({"kaito": KAITO, "clusters": {"c": dict(cluster)}, **groups}, sort_keys=False)


def _json(value: Any) -> str:
    return json.dumps(value, indent=1) + "\n"


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)
