"""What a rule tells people to write is written into the first bad example of it, and the finding is gone."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from kaitops.policies.registry import load
from kaitops.policies.rule import Path
from tests.policies.cases import DIGEST, Case, all_cases
from tests.policies.engine import verdict

RULES = {rule.id: rule for rule in load()}
GONE = object()
BAD = {case.rule: case for case in reversed(list(all_cases())) if case.at}
SIZE, IMAGE = "Standard_NC24ads_A100_v4", f"contoso.azurecr.io/serve:1.4{DIGEST}"
Edit = Callable[[dict[str, Any], Case], None]


def put(document: Any, path: Path, value: object) -> None:
    """Write a value at a path, with the mappings that lead to it; or take it away."""
    for step in path[:-1]:
        document = document[step] if isinstance(step, int) else document.setdefault(step, {})
    if value is not GONE:
        document[path[-1]] = value
    else:
        del document[path[-1]]


def there(*values: object) -> Edit:
    """Each place that the finding names gets its value; the last for all that are left."""

    def edit(document: dict[str, Any], case: Case) -> None:
        places = list(enumerate(case.at))
        for number, path in reversed(places):
            put(document, path, values[min(number, len(values) - 1)])

    return edit


def at(path: str, value: object) -> Edit:
    """A field gets a value."""
    return lambda document, _: put(document, tuple(path.split(".")), value)


def limit(document: dict[str, Any], _: Case) -> None:
    """As many GPUs as the machine has."""
    container = document["inference"]["template"]["spec"]["containers"][0]
    container["resources"]["limits"]["nvidia.com/gpu"] = "1"


def volume(document: dict[str, Any], case: Case) -> None:
    """A claim in place of the source that the pod names itself."""
    (path,) = case.at
    put(document, path, GONE)
    put(document, (*path[:-1], "persistentVolumeClaim"), {"claimName": "weights"})


EDITS: dict[str, Edit] = {
    "KAITO001": there(GONE),
    "KAITO002": there(SIZE),
    "KAITO003": there(SIZE),
    "KAITO004": there("phi-4-mini-instruct"),
    "KAITO006": at("inference.preset.presetOptions", {"modelAccessSecret": "hf"}),
    "KAITO007": there(GONE),
    "KAITO009": there(IMAGE),
    "KAITO013": at("tuning.output.imagePushSecret", "push"),
    "KAITO014": there("https://data.contoso.com/a.parquet"),
    "KAITO016": there(GONE),
    "KAITO018": there(True),
    "KAITO019": there("4", "16Gi"),
    "KAITO020": there("team"),
    "KAITO023": there({"persistentVolume": {"persistentVolumeClaim": "index", "mountPath": "/mnt/index"}}),
    "KAITO024": there(2),
    "KAITO025": there("kaito.sh/v1beta1"),
    "KAITO026": there(SIZE),
    "KAITO029": there(IMAGE),
    "KAITO033": there(GONE),
    "KAITO036": there(GONE),
    "KAITO037": there(False, ["ALL"], "RuntimeDefault"),
    "KAITO039": there("models"),
    "KAITO041": there(GONE),
    "KAITO042": at("spec.embedding", {"local": {"modelID": "BAAI/bge-small-en-v1.5"}}),
    "KAITO045": there("Surge", {"schedule": "0 2 * * 6", "duration": "4h"}),
    "KAITO046": there("ClusterIP"),
    "KAITO053": there("baseline"),
    "KAITO054": there(GONE),
    "KAITO061": there(GONE),
    "KAITO062": there(GONE),
    "KAITO065": there("support"),
    "KAITO102": there({"sizeLimit": "8Gi"}),
    "KAITO008": there("see Secret weights"),
    "KAITO012": at("inference.adapters", [{"strength": "0.5"}, {"strength": "0.5"}]),
    "KAITO021": there("https://api.example.com/v1"),
    "KAITO022": at("spec.embedding.remote.accessSecret", "embedding"),
    "KAITO027": there("phi-4"),
    "KAITO030": there("b"),
    "KAITO031": there("contoso.azurecr.io/out:run-8"),
    "KAITO038": limit,
    "KAITO040": there(GONE),
    "KAITO043": there(GONE),
    "KAITO048": there(["apps"]),
    "KAITO049": there("reader"),
    "KAITO050": volume,
    "KAITO051": there(GONE),
    "KAITO052": there(GONE),
    "KAITO055": there(GONE),
    "KAITO057": lambda document, _: document["data"].update({"inference_config.yaml": "vllm: {}\n"}),
    "KAITO059": there("echo parked"),
    "KAITO103": there(GONE),
    "KAITO111": there({"enablePrivateCluster": True}),
    "KAITO115": there(["CriticalAddonsOnly=true:NoSchedule"]),
    "KAITO112": there(True),
    "KAITO113": there({"enabled": True}),
    "KAITO114": there({"azurepolicy": {"enabled": True}}),
    "KAITO116": there("Premium"),
    "KAITO118": there("Standard"),
    "KAITO119": there("ReadOnly"),
    "KAITO120": there(1),
    "KAITO121": there(300),
    "KAITO122": there(["sku=gpu:NoSchedule"]),
}
# The edit is one of another object: what that has to be is written beside the example.
BESIDE: dict[str, tuple[str, dict[str, Any]]] = {
    "KAITO017": ("ConfigMap", {"data": {"inference_config.yaml": "vllm: {}\n"}, "metadata": {"name": "conf"}}),
    "KAITO034": (
        "ConfigMap",
        {"data": {"inference_config.yaml": "vllm: {max-model-len: 8192}\n"}, "metadata": {"name": "conf"}},
    ),
    "KAITO058": ("ConfigMap", {"data": {"inference_config.yaml": "vllm: {}\n"}, "metadata": {"name": "conf"}}),
    "KAITO035": ("ExternalSecret", {"metadata": {"name": "hf"}}),
}
KINDS = {"ConfigMap": "v1", "ExternalSecret": "external-secrets.io/v1"}
# What helps is a choice of machines or models, a word of the policy, a declaration in the fleet, another kind in place
# of the object, or a command; commands and options are parsed in ``test_remedies``.
CHOSEN = {
    "KAITO005", "KAITO010", "KAITO011", "KAITO015", "KAITO028", "KAITO032", "KAITO044", "KAITO047", "KAITO056",
    "KAITO060", "KAITO063", "KAITO064", "KAITO066", "KAITO101", "KAITO104", "KAITO105", "KAITO106", "KAITO107", "KAITO108",
    "KAITO117",
}  # fmt: skip


def test_every_rule_has_its_remedy_applied_or_chosen() -> None:
    assert not (EDITS.keys() | BESIDE.keys()) & CHOSEN
    assert EDITS.keys() | BESIDE.keys() | CHOSEN == RULES.keys()


@pytest.mark.parametrize("rule", BESIDE)
def test_what_the_remedy_says_of_another_object_helps(rule: str) -> None:
    kind, held = BESIDE[rule]
    case = BAD[rule]
    other = {"apiVersion": KINDS[kind], "kind": kind, **held, "metadata": {"namespace": "models", **held["metadata"]}}
    left = [one for one in case.others if one["kind"] != kind]
    fields = {key: getattr(case, key) for key in Case.__dataclass_fields__}
    assert verdict(RULES[rule], case) != []
    assert verdict(RULES[rule], Case(**{**fields, "others": (*left, other)})) == []


@pytest.mark.parametrize("rule", EDITS)
def test_what_the_remedy_says_helps(rule: str) -> None:
    case = BAD[rule]
    document = copy.deepcopy(case.document)
    EDITS[rule](document, case)
    fields = {key: getattr(case, key) for key in Case.__dataclass_fields__}
    assert verdict(RULES[rule], case) != []
    assert verdict(RULES[rule], Case(**{**fields, "document": document})) == []
