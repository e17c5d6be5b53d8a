"""A small tree with one of everything, and what is done to it."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kaitops.documents import reader
from tests.conftest import ROOT
from tests.version import KAITO

CONTEXT = {
    "kaito": KAITO, "cluster": "prod", "region": "westeurope",
    "settings": {"cloud": "azure", "nodeProvisioner": "azure-gpu-provisioner", "featureGates": {}, "nvmeStorageClass": True},
    "needs": ["Secret team/hf"],
    "nodes": [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": {"apps": "phi"}},
               "status": {"conditions": [{"type": "Ready", "status": "True"}], "capacity": {"nvidia.com/gpu": "8"}}}],
}  # fmt: skip
BUDGET: Any = {"total": 100000, "cluster": 50000, "clusters": {"prod": 10}}
QUOTA: Any = {
    "region": "westeurope", "date": "2026-11-01",
    "usage": [{"name": {"value": "cores", "localizedValue": "Total"}, "currentValue": 1, "limit": 10},
              {"name": {"value": "standardNCADSA100v4Family"}, "currentValue": "0", "limit": "48"}],
    "skus": [{"name": "Standard_NC24ads_A100_v4", "family": "standardNCADSA100v4Family", "resourceType": "virtualMachines",
              "capabilities": [{"name": "vCPUs", "value": "24"}, {"name": "RetirementDateUtc", "value": "2027-01-01"}],
              "restrictions": [{"type": "Location", "reasonCode": "x"}]}],
}  # fmt: skip
EXEMPTIONS: Any = {
    "annotations": True,
    "exemptions": [{"id": "KAITO020", "resource": "*", "reason": "r", "owner": "o", "until": "2099-01-01"}],
}
RECORDING: Any = {
    "repo": "team/own", "revision": "a" * 40, "gated": False, "license": "mit",
    "tree": [{"path": "model.safetensors", "size": 7_000_000_000, "type": "file"}],
    "config": {"architectures": ["LlamaForCausalLM"], "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32,
               "num_key_value_heads": 8, "max_position_embeddings": 8192, "torch_dtype": "bfloat16",
               "quantization_config": {"bits": 4, "quant_method": "awq"}, "text_config": {"hidden_size": 4096}},
}  # fmt: skip
_BESIDE = Path(__file__).parent / "seeds.yaml"
KUSTOMIZATION: Any = {
    "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "namespace": "team", "namePrefix": "a-",
    "resources": ["own.yaml", "../0.yaml"], "components": ["part"],
    "labels": [{"pairs": {"a": "b"}, "includeSelectors": False}], "commonAnnotations": {"a": "b"},
    "patches": [{"target": {"kind": "Workspace"}, "patch": "- {op: add, path: /metadata/labels, value: {a: b}}"}, {"path": "own.yaml"}],
    "images": [{"name": "x", "newTag": "1"}], "replicas": [{"name": "x", "count": 2}],
    "configMapGenerator": [{"name": "c", "literals": ["a=b"], "files": ["own.yaml"], "envs": ["x.env"]}],
    "secretGenerator": [{"name": "s", "literals": ["a=b"]}], "generatorOptions": {"disableNameSuffixHash": True},
    "replacements": [{"source": {"kind": "Workspace", "name": "own", "fieldPath": "metadata.name"},
                      "targets": [{"select": {"kind": "Workspace"}, "fieldPaths": ["metadata.labels.a"]}]}],
    "helmCharts": [{"name": "chart", "releaseName": "r", "valuesFile": "values.yaml", "valuesInline": {"a": 1}}],
    "helmGlobals": {"chartHome": ".."},
}  # fmt: skip
CHART: Any = {
    "apiVersion": "v2", "name": "chart", "version": "1.0.0", "type": "application", "kubeVersion": ">=1.28.0",
    "dependencies": [{"name": "workspace", "version": KAITO, "repository": "file://../other", "condition": "a.b", "alias": "x"}],
}  # fmt: skip
VALUES: Any = {
    "name": "phi",
    "nodes": {"size": "Standard_NC24ads_A100_v4"},
    "list": [1, {"a": None}],
    "featureGates": {"a": True},
}
_TEMPLATE = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: '{{ .Release.Namespace }}'}\n"
    "data: {a: '{{ .Values.name }}'}\n"
)
_OWN = {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": "own", "namespace": "team"},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "own"}}},
        "inference": {"preset": {"name": "team/own"}, "config": "own-config"}}  # fmt: skip
_JUNK: tuple[Callable[[random.Random], Any], ...] = (
    lambda _: None, lambda _: 5, lambda _: -1, lambda _: 2**70, lambda _: 1.5, lambda _: True, lambda _: "", lambda _: "x",
    lambda _: [], lambda _: {}, lambda _: ["x"], lambda _: [None], lambda _: {"x": None}, lambda _: {"name": 5},
    lambda _: [{"name": "x", "value": {"a": []}}], lambda _: "\u202e\x1b[31m##vso[x]", lambda _: "a" * 5000,
    lambda _: "1e999", lambda _: "0x10", lambda _: "12345678901234567890", lambda _: [[[]]], lambda _: {"a": {"b": {"c": 1}}},
    lambda rng: rng.randint(-5, 50), lambda _: "../../x", lambda _: "2026-13-45", lambda _: "::error::x", lambda _: "\ud800",
    lambda _: "a\0b", lambda _: [5, "x", None, {}], lambda _: 1e308, lambda _: "0o", lambda _: "*", lambda _: "{{x}}", lambda _: "Ki", lambda _: "1.5Gi", lambda _: "a/b/c",
)  # fmt: skip


def objects() -> list[dict[str, Any]]:
    """One of each kind that the sample repository renders, smallest first, and what stands beside models elsewhere."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for path in sorted((ROOT / "manifests" / "clusters").rglob("*.yaml")):
        if path.name in {"kustomization.yaml", "kaitops-context.yaml"}:
            continue
        for document in reader.read_file(str(path)):
            one = document.data
            key = (one["apiVersion"], one["kind"])
            if key not in found or len(json.dumps(one)) < len(json.dumps(found[key])):
                found[key] = one
    beside = reader.read_bytes(_BESIDE.read_bytes().replace(b"KAITO_VERSION", KAITO.encode()), str(_BESIDE))
    return [_OWN, *found.values(), *(one.data for one in beside)]


def broken(rng: random.Random, value: Any) -> Any:
    """A copy of a value with one to three of its parts put, taken or moved."""
    copy = json.loads(json.dumps(value))
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        holder = {"": copy}
        _break(rng, holder)
        copy = holder[""]
    return copy


def _break(rng: random.Random, holder: Any) -> None:
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [holder]
    while waiting:
        node = waiting.pop()
        pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        for key, one in pairs:
            places.append((node, key))
            if isinstance(one, dict | list):
                waiting.append(one)
    node, key = rng.choice(places)
    act = rng.random()
    if act < 0.55:
        node[key] = rng.choice(_JUNK)(rng)
    elif act < 0.7 and node is not holder:
        del node[key]
    elif act < 0.8:
        node[key] = [node[key]]
    elif act < 0.9:
        other, place = rng.choice(places)
        node[key] = json.loads(json.dumps(other[place]))
    elif isinstance(node[key], dict):
        node[key][rng.choice(("x", "name", "kind", "spec", "metadata", "annotations", "items", ""))] = rng.choice(
            _JUNK
        )(rng)


def text(rng: random.Random, value: Any) -> bytes:
    """A value as a file holds it, now and then with its bytes damaged."""
    raw = json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    if rng.random() < 0.04 and raw:
        at = rng.randrange(len(raw))
        raw = raw[:at] + bytes([rng.randrange(256)]) + raw[at + rng.randrange(3) :]
    return raw


def lay_folder(rng: random.Random, top: Path) -> None:
    """A folder that kustomize builds or helm renders, one of its files broken."""
    kind = rng.choice(("kustomization", "chart", "data"))
    if kind == "kustomization":
        held = {key: value for key, value in KUSTOMIZATION.items() if rng.random() < 0.5 or key == "resources"}
        put(top / "kustomization.yaml", text(rng, broken(rng, held)))
        put(top / "own.yaml", text(rng, _OWN))
        put(top / "part" / "kustomization.yaml", text(rng, {"kind": "Component"}))
    elif kind == "chart":
        hit = rng.randrange(2)
        for number, (name, value) in enumerate((("Chart.yaml", CHART), ("values.yaml", VALUES))):
            held = {key: one for key, one in value.items() if key != "dependencies" or rng.random() < 0.5}
            put(top / name, text(rng, broken(rng, held) if number == hit else held))
        put(top / "templates" / "a.yaml", _TEMPLATE.encode())
    else:
        put(top / "a.json", text(rng, broken(rng, {"cluster": "prod", "path": "head", "list": [{"a": "b"}]})))


def put(path: Path, raw: bytes) -> None:
    """Write a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
