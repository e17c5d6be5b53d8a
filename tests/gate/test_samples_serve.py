"""Every workload of the sample fleet goes the whole way, step by step, and none is passed over.

A workload is served where KAITO admits it, its controllers make pods of it, the API server takes these, its machines
have room for them, vLLM knows their flags and holds their context, and an address leads to the port that they open.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kaitops import fit
from kaitops.documents import reader
from kaitops.documents.plain import at, mapping
from kaitops.gate import native
from kaitops.gate.effects import pools, scheduling
from kaitops.gate.effects.made import Pod, Service, pods, services
from kaitops.gate.judging.admission import Judge
from kaitops.gate.objects import Group, Item
from kaitops.gate.reading.collecting import collect
from kaitops.kaito.expansion import Expansion
from kaitops.kaito.release import Release
from kaitops.kaito.vllm.flags import table
from kaitops.kaito.vllm.handing import read
from kaitops.kaito.vllm.judging import problems
from kaitops.report.findings import Report
from tests.conftest import ROOT, Run

FLEETS = {"sample": (ROOT / "fleet.yaml").read_text("utf-8")}
FLEETS |= {
    page.stem: found[1]
    for page in sorted((ROOT / "docs" / "how-to").glob("*.md"))
    if (found := re.search(r"```yaml\n(# fleet\.yaml\n.*?)```", page.read_text("utf-8"), re.DOTALL))
}
_GROUPS = ("models", "rag", "tuning", "mirrors")
Steps = dict[str, list[str]]


class Walk(NamedTuple):
    """One cluster of a rendered fleet, as its steps are asked of it."""

    group: Group
    judge: Judge
    expansions: Mapping[int, Expansion]
    release: Release
    pods: list[Pod]
    services: list[Service]


def walks(folder: Path, *, clean: bool = True) -> Iterator[Walk]:
    """The clusters of a tree, admitted and expanded."""
    report = Report()
    tree = collect([str(folder)], report, {})
    assert not report.findings
    for group in tree.groups:
        if not group.context:
            continue
        release = Release.load(group.context["kaito"])
        judge = Judge(release, group, {}, frozenset())
        found = Report()
        judge.judge(found)
        assert not clean or [one.message for one in found.findings] == []
        nodes = list(pools.declared(group.items))
        expansions = judge.expansions
        made = [pod._replace(size=next(iter(pools.sizes(pod, nodes)), "")) for pod in pods(group.items, expansions)]
        yield Walk(group, judge, expansions, release, made, list(services(group.items, expansions)))


def steps(walk: Walk, items: list[Item], entry: Mapping[str, Any]) -> Steps:
    """What is wrong at each step with the objects of one workload; a step that was not taken is not among them.

    Args:
        entry: what the fleet declares of it.
    """
    found: Steps = {"admission": [str(one.subject) for one in items if id(one.data) in walk.judge.refused]}
    objects = [item.data for item in items]
    for item in items:
        if (expansion := walk.expansions.get(id(item.data))) is not None:
            found["expansion"] = list(expansion.errors)
            objects += expansion.objects
    for one in objects:
        if native.is_held(one):
            found.setdefault("pods", []).extend(f"{one['kind']} {path}: {text}" for path, text in native.problems(one))
    for pod in walk.pods:
        if not any(pod.item is item for item in items):
            continue
        cloud = walk.group.context["settings"]["cloud"]
        found.setdefault("placing", []).extend(text for _, text in scheduling.problems(pod, walk.release, cloud))
        container = mapping(pod.spec["containers"][0])
        line = " ".join(map(str, (*(container.get("command") or ()), *(container.get("args") or ()))))
        if "inference_api.py" in line:
            known = table(walk.release.version)
            assert known is not None
            found.setdefault("flags", []).extend(
                name for name in _flags(line) if not name.startswith("kaito-") and known.get(name) is None
            )
            found.setdefault("context", []).extend(_context(walk, pod, entry, cloud))
        reached = [one for one in walk.services if one.namespace == pod.namespace and _selects(one, pod)]
        if reached:
            ports = [port for each in pod.spec["containers"] for port in each.get("ports") or ()]
            opened = {port.get(key) for port in ports for key in ("containerPort", "name")}
            # KAITO's Services send to more than its servers open; who asks a model takes the port of HTTP.
            wanted = {
                port.get("targetPort")
                for one in reached
                for port in one.spec.get("ports") or ()
                if port["port"] in (80, 443)
            }
            found["address"] = [f"{port} is opened by nobody" for port in wanted - opened]
    for text in _configured(walk, items):
        found.setdefault("flags", []).append(text)
    return found


def _flags(line: str) -> dict[str, str]:
    words = [word for word in shlex.split(line.split("inference_api.py", 1)[1]) if word.startswith("--")]
    parts = (word[2:].partition("=") for word in words)
    # vLLM takes either dash, and a field of a mapping behind a dot.
    return {name.partition(".")[0].replace("_", "-"): value for name, _, value in parts}


def _configured(walk: Walk, items: list[Item]) -> list[str]:
    """What is wrong with the flags of a configuration."""
    known = table(walk.release.version)
    found: list[str] = []
    for item in items:
        text = at(item.data, "data", "inference_config.yaml") if item.data["kind"] == "ConfigMap" else None
        if isinstance(text, str) and known is not None:
            (document,) = reader.read_bytes(text.encode(), "inference_config.yaml")
            section = mapping(mapping(document.data).get("vllm"))
            assert read(section, known)
            found += [str(one) for one in problems(section, known)]
    return found


def _context(walk: Walk, pod: Pod, entry: Mapping[str, Any], cloud: str) -> list[str]:
    """Whether vLLM holds what is declared, on the machine that the pod is declared for."""
    preset, sku = walk.release.catalogue.find(entry["preset"]), walk.release.skus(cloud).find(pod.size)
    assert preset is not None
    if sku is None:
        return [] if not pod.size else [f"nothing is known of {pod.size}"]
    wanted = entry.get("context", 0)
    served = fit.serving(walk.release, preset, sku.gpu_config(), pod.replicas)
    held = served.largest() if served is not None else 0
    return [] if held >= max(wanted, 1) else [f"{wanted} tokens are not held: {held}"]


def _selects(service: Service, pod: Pod) -> bool:
    # The server itself labels the pods of a StatefulSet by their name.
    own = "statefulset.kubernetes.io/pod-name"
    selector = {key: value for key, value in mapping(service.spec.get("selector")).items() if key != own}
    return bool(selector) and selector.items() <= dict(pod.labels).items()


def workloads(walk: Walk) -> dict[str, list[Item]]:
    """The objects of each workload, by what their file says that they are of."""
    found: dict[str, list[Item]] = {}
    for item in walk.group.items:
        lines = Path(item.document.file).read_text("utf-8").splitlines()
        source = next((line.removeprefix("# Source: ") for line in lines[:5] if line.startswith("# Source: ")), "")
        for one in source.split(", "):
            if one.partition(".")[0] in _GROUPS:
                found.setdefault(one, []).append(item)
    return found


def declared(folder: Path) -> dict[str, Mapping[str, Any]]:
    """The workloads of a fleet by the name that their files give as their source."""
    (document,) = reader.read_file(str(folder / "fleet.yaml"))
    return {f"{group}.{name}": entry for group in _GROUPS for name, entry in mapping(document.data.get(group)).items()}


def wanted(source: str, entry: Mapping[str, Any], mode: str) -> set[str]:
    """The steps that a workload must have been taken through."""
    if source.startswith("mirrors."):
        return {"admission"} if mode == "plain" else {"admission", "expansion", "pods", "placing"}
    found = {"admission", "pods", "placing"}
    if mode != "plain" and entry.get("mode") != "plain":
        found.add("expansion")
    if not source.startswith("tuning."):
        found.add("address")
    return found | ({"flags", "context"} if "preset" in entry and not source.startswith("tuning.") else set())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("mode", ["as declared", "plain"])
@pytest.mark.parametrize("name", FLEETS)
def test_every_workload_goes_the_whole_way(name: str, mode: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEETS[name])
    done = run("render", "--out", "m", *(() if mode == "as declared" else ("--mode", mode)))
    if done.returncode and mode == "plain":
        assert "plain" in done.stderr  # what there is in operator mode alone
        return
    assert done.returncode == 0, done.stderr
    entries = declared(tmp_path)
    seen: dict[str, set[str]] = {}
    for walk in walks(tmp_path / "m"):
        for source, items in workloads(walk).items():
            found = steps(walk, items, entries[source])
            assert {step: wrong for step, wrong in found.items() if wrong} == {}, source
            seen.setdefault(source, set()).update(found)
    missing = {source: wanted(source, entry, mode) - seen.get(source, set()) for source, entry in entries.items()}
    assert {source: left for source, left in missing.items() if left} == {}


_ONE = """\
kaito: 0.12.0
defaults: {namespace: team, benchmark: false}
clusters: {a: {region: westeurope, provisioner: karpenter}}
models:
  phi: {preset: phi-4-mini-instruct, gpu: Standard_NV36ads_A10_v5, context: 8192}
"""


@pytest.mark.parametrize(
    ("step", "old", "new"),
    [
        ("pods", r"mountPath: /dev/shm\n( +)name: dshm", r"mountPath: /dev/shm\n\1name: other"),
        ("placing", 'nvidia.com/gpu: "?1"?', 'nvidia.com/gpu: "4"'),
        ("flags", "--dtype=", "--dtipe="),
        ("address", "containerPort: 5000", "containerPort: 5001"),
        ("context", "max-model-len: 8192", "max-model-len: 100000"),
    ],
)
def test_what_does_not_serve_is_stopped_at_its_step(step: str, old: str, new: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(_ONE)
    run("render", "--out", "m", "--mode", "plain", code=0)
    changed = 0
    for file in (tmp_path / "m").rglob("*.yaml"):
        text, count = re.subn(old, new, file.read_text())
        file.write_text(text)
        changed += count
    (entry,) = declared(tmp_path).values()
    if step == "context":
        entry = {**entry, "context": 100000}
    (walk,) = walks(tmp_path / "m", clean=False)
    found = steps(walk, workloads(walk)["models.phi"], entry)
    assert changed and [one for one, wrong in found.items() if wrong and one != "admission"] == [step]
