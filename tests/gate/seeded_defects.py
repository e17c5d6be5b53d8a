"""Changes that people make to good manifests, bad and harmless ones, from a seed.

Owns the good manifests, rendered by the product's own renderer, and the kinds of changes. What the gate says of them
is the test's business. The number of a change decides everything about it, so that a failure can be run again alone.
"""

import json
import random
import string
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import yaml

from kaitops.fleet import reading
from kaitops.fleet.files import Fleet
from kaitops.fleet.lock import Lock
from kaitops.kaito.release import Release
from kaitops.render import render
from tests.version import KAITO

TODAY = "2025-11-21"
A100, A100X2, H100 = "Standard_NC24ads_A100_v4", "Standard_NC48ads_A100_v4", "Standard_NC40ads_H100_v5"
_DIGEST = "@sha256:" + "a1" * 32
_FLEET = f"""\
kaito: 0.12.0
defaults: {{namespace: team, benchmark: false}}
clusters:
  prod: {{region: westeurope, provisioner: karpenter, gitops: flux}}
models:
  phi: {{preset: phi-4-mini-instruct, gpu: {A100}, context: 16384}}
  many: {{preset: qwen2.5-coder-7b-instruct, gpu: {A100}, context: 16384, replicas: 2}}
  llama: {{preset: llama-3.1-8b-instruct, gpu: {A100}, secret: hf-token}}
  split:
    preset: llama-3.1-8b-instruct
    secret: hf-token
    prefill: {{gpu: {H100}}}
    decode: {{gpu: {A100}, replicas: 2}}
  house:
    gpu: {A100}
    custom:
      blob:
        image: vllm/vllm-openai:v0.11.0{_DIGEST}
        args: [--model, /mnt/models, --port, "5000"]
        account: contosoweights
        container: llm
        prefix: house
        serviceAccount: loader
        cpu: "8"
        memory: 64Gi
tuning:
  tune:
    preset: phi-4
    method: qlora
    gpu: {A100}
    input: {{urls: ["https://example.com/data/support.parquet"]}}
    output: {{image: "contoso.azurecr.io/adapters/phi:v1", pushSecret: acr-push}}
    config:
      TrainingArguments: {{output_dir: results, num_train_epochs: 2}}
      QuantizationConfig: {{load_in_4bit: true}}
rag:
  handbook:
    gpu: {A100}
    embedding: {{model: BAAI/bge-small-en-v1.5}}
    llm: {{model: phi, contextWindow: 16384}}
    storage: {{claim: index, mountPath: /mnt/index}}
"""
_RAILS = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "rails", "namespace": "team"},
    "data": {"guardrails.yaml": "{}\n"},
}
_INIT = "Workspace house", "inference", "template", "spec"

Document = dict[str, Any]
Tree = dict[str, Document]


@dataclass
class Change:
    """What is judged: the manifests after the change, and how.

    Attributes:
        tree: documents by kind and name.
        expected: rules of which at least one has to say something; nobody may where empty.
        against_base: compare with the manifests before the change.
        texts: files that are not in the form of the others, by name.
        beside: files beside the manifests, by option of the command.
    """

    tree: Tree
    kind: str = ""
    expected: frozenset[str] = frozenset()
    fail_on: str = "MEDIUM"
    against_base: bool = False
    options: list[str] = field(default_factory=list[str])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    beside: dict[str, str] = field(default_factory=dict[str, str])


Make = Callable[[random.Random, Change], None]
DEFECTS: dict[str, tuple[Make, frozenset[str]]] = {}
HARMLESS: dict[str, Make] = {}


def good() -> Tree:
    """Manifests that no check has anything against."""
    files = render(Fleet(reading.read(_FLEET.encode(), "fleet.yaml"), Release.load(KAITO), Lock())).files
    tree: Tree = {}
    for name, text in files.items():
        document = yaml.safe_load(text)
        if str(name).endswith("kaitops-context.yaml"):
            tree["context"] = document
        elif "kustomization" not in str(name):
            tree[f"{document['kind']} {document['metadata']['name']}"] = document
    # The renderer names the image of its own download by tag, and leaves guardrails to those who have a policy.
    at(tree, *_INIT)["initContainers"][0]["image"] += _DIGEST
    tree["RAGEngine handbook"]["spec"]["guardrails"] = {"enabled": True, "configMapRef": {"name": "rails"}}
    tree["ConfigMap rails"] = deepcopy(_RAILS)
    return tree


def at(tree: Tree, *path: str) -> Any:
    """A part of a document."""
    node: Any = tree
    for step in path:
        node = node[step]
    return node


def defect(number: int, base: Tree) -> Change:
    """The bad change of a number."""
    kind = list(DEFECTS)[number % len(DEFECTS)]
    make, expected = DEFECTS[kind]
    change = Change(deepcopy(base), kind, expected)
    make(random.Random(f"{kind} {number}"), change)
    return change


def harmless(number: int, base: Tree) -> Change:
    """The harmless change of a number."""
    kind = list(HARMLESS)[number % len(HARMLESS)]
    change = Change(deepcopy(base), kind, fail_on="LOW")
    HARMLESS[kind](random.Random(f"{kind} {number}"), change)
    return change


def bad(*expected: str) -> Callable[[Make], Make]:
    """Registers a kind of bad change, and the rules that are to see it."""
    names = frozenset(name if name.startswith("KAITO") else f"KAITOPS-{name}" for name in expected)

    def register(make: Make) -> Make:
        DEFECTS[make.__name__.strip("_")] = make, names
        return make

    return register


def fine(make: Make) -> Make:
    """Registers a kind of harmless change."""
    HARMLESS[make.__name__.strip("_")] = make
    return make


def _machines(tree: Tree) -> list[tuple[dict[str, Any], str]]:
    """Where models of the catalogue name their machine."""
    named = [tree[f"Workspace {name}"]["resource"] for name in ("phi", "llama", "tune")]
    roles = tree["MultiRoleInference split"]["spec"]["roles"]
    return [(each, "instanceType") for each in (*named, _set(tree)["resource"], *roles)]


def _set(tree: Tree) -> dict[str, Any]:
    return tree["InferenceSet many"]["spec"]["template"]


def _presets(tree: Tree) -> list[dict[str, Any]]:
    spec = tree["MultiRoleInference split"]["spec"]
    return [
        *(tree[f"Workspace {name}"]["inference"]["preset"] for name in ("phi", "llama")),
        _set(tree)["inference"]["preset"],
        spec["model"],
        tree["Workspace tune"]["tuning"]["preset"],
    ]


def _resize(rng: random.Random, change: Change, size: str) -> None:
    holder, key = rng.choice(_machines(change.tree))
    holder[key] = size


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.ascii_letters + string.digits, k=count))


def _mistyped(rng: random.Random, text: str) -> str:
    place = rng.randrange(1, len(text) - 1)
    return text[:place] + rng.choice(["", "x", text[place] * 2]) + text[place + 1 :]


def _workload(rng: random.Random, tree: Tree, *kinds: str) -> Document:
    return tree[rng.choice([name for name in sorted(tree) if name.partition(" ")[0] in kinds])]


def _annotate(document: Document, key: str, value: str) -> None:
    document["metadata"].setdefault("annotations", {})[key] = value


def _container(rng: random.Random, tree: Tree) -> dict[str, Any]:
    pod = at(tree, *_INIT)
    return rng.choice([*pod["containers"], *pod["initContainers"]])


@bad("ADMISSION", "FIT", "KAITO003")
def _unknown_size(rng: random.Random, change: Change) -> None:
    _resize(rng, change, _mistyped(rng, A100[9:]) if rng.random() < 0.3 else f"Standard_N{_letters(rng, 5)}_v4")


@bad("KAITO002")
def _retired_size(rng: random.Random, change: Change) -> None:
    _resize(rng, change, f"Standard_NC{rng.choice(['6s', '12s', '24s', '24rs'])}_v3")


@bad("KAITO026", "KAITO003", "FIT")
def _old_gpu(rng: random.Random, change: Change) -> None:
    _resize(rng, change, f"Standard_NC{rng.choice([4, 8, 16, 64])}as_T4_v3")


@bad("KAITO005", "FIT")
def _small_size(rng: random.Random, change: Change) -> None:
    workspace = change.tree["Workspace phi"]
    workspace["resource"]["instanceType"] = "Standard_NV36ads_A10_v5"
    workspace["inference"]["preset"]["name"] = "phi-3-medium-128k-instruct"
    config = change.tree[f"ConfigMap {workspace['inference']['config']}"]
    length = rng.randrange(110_000, 131_073)
    config["data"]["inference_config.yaml"] = f"vllm:\n  max-model-len: {length}\n"


@bad("KAITO003", "FIT")
def _unsupported_size(rng: random.Random, change: Change) -> None:
    _resize(rng, change, f"Standard_NV{rng.choice([6, 12, 18])}ads_A10_v5")


@bad("KAITO006", "ADMISSION")
def _lost_secret(rng: random.Random, change: Change) -> None:
    if rng.random() < 0.5:
        del change.tree["Workspace llama"]["inference"]["preset"]["presetOptions"]
    else:
        del change.tree["MultiRoleInference split"]["spec"]["model"]["modelAccessSecret"]


@bad("KAITO001")
def _public_load_balancer(rng: random.Random, change: Change) -> None:
    _annotate(_workload(rng, change.tree, "Workspace", "RAGEngine"), "kaito.sh/enablelb", "True")


@bad("KAITO007")
def _bypass(rng: random.Random, change: Change) -> None:
    _annotate(_workload(rng, change.tree, "Workspace", "InferenceSet"), "kaito.sh/bypass-resource-checks", "true")


@bad("KAITO009")
def _floating_tag(rng: random.Random, change: Change) -> None:
    box = _container(rng, change.tree)
    box["image"] = box["image"].partition(":")[0] + rng.choice([":latest", ""])


@bad("KAITO029")
def _no_digest(rng: random.Random, change: Change) -> None:
    box = _container(rng, change.tree)
    box["image"] = box["image"].partition("@")[0]


@bad("KAITO008")
def _token(rng: random.Random, change: Change) -> None:
    token = rng.choice([f"hf_{_letters(rng, 34)}", f"ghp_{_letters(rng, 36)}"])
    where = rng.randrange(4)
    if where == 0:
        _container(rng, change.tree).setdefault("env", []).append({"name": "HF_TOKEN", "value": token})
    elif where == 1:
        _container(rng, change.tree).setdefault("args", []).append(f"--token={token}")
    elif where == 2:
        _workload(rng, change.tree, "ConfigMap")["data"]["note"] = f"use {token}"
    else:
        _annotate(_workload(rng, change.tree, "Workspace", "InferenceSet"), "example.com/token", token)


@bad("KAITO028")
def _secret_in_git(rng: random.Random, change: Change) -> None:
    content = {rng.choice(["data", "stringData"]): {"HF_TOKEN": _letters(rng, 12) + "AA=="}}
    meta = {"name": "hf-token", "namespace": "team"}
    change.tree["Secret"] = {"apiVersion": "v1", "kind": "Secret", "metadata": meta, **content}


@bad("ADMISSION")
def _unknown_field(rng: random.Random, change: Change) -> None:
    tree = change.tree
    holder = rng.choice([
        tree["Workspace phi"]["resource"], tree["Workspace phi"]["inference"], tree["Workspace tune"]["tuning"],
        tree["InferenceSet many"]["spec"], tree["RAGEngine handbook"]["spec"]["inferenceService"],
        tree["MultiRoleInference split"]["spec"],
    ])  # fmt: skip
    key = rng.choice(sorted(holder))
    wrong = next(name for name in iter(lambda: _mistyped(rng, key), "") if name not in holder)
    # Beside the right one, as after a merge, or instead of it.
    holder[wrong] = holder[key] if rng.random() < 0.5 else holder.pop(key)


@bad("ADMISSION")
def _wrong_type(rng: random.Random, change: Change) -> None:
    tree = change.tree
    rng.choice([
        lambda: tree["InferenceSet many"]["spec"].update(replicas="two"),
        lambda: tree["RAGEngine handbook"]["spec"]["inferenceService"].update(contextWindowSize="16k"),
        lambda: tree["Workspace phi"]["resource"].update(instanceType=[A100]),
        lambda: tree["MultiRoleInference split"]["spec"].update(roles={"type": "prefill"}),
        lambda: tree["Workspace tune"]["tuning"]["input"].update(urls="https://example.com/a"),
    ])()  # fmt: skip


@bad("ADMISSION", "KAITO004", "KAITO027", "REFERENCE")
def _wrong_preset(rng: random.Random, change: Change) -> None:
    preset = rng.choice(_presets(change.tree))
    preset["name"] = preset["name"] + rng.choice(["-v2", "s", "-preview", "x"])


@bad("KAITO015")
def _untrusted_owner(rng: random.Random, change: Change) -> None:
    rng.choice(_presets(change.tree)[:3])["name"] = f"{_letters(rng, 6).lower()}/model-7b"


@bad("ADMISSION", "KAITO034", "FIT")
def _long_context(rng: random.Random, change: Change) -> None:
    length = rng.randrange(200_000, 9_000_000)
    _config(rng, change.tree)["data"]["inference_config.yaml"] = f"vllm:\n  max-model-len: {length}\n"


@bad("KAITO033", "ADMISSION")
def _bad_configuration(rng: random.Random, change: Change) -> None:
    said = rng.choice(["vllm: [", "vllm:\n  api-key: abc\n", "vllm:\n  trust-remote-code: true\n", "vllm\n"])
    _config(rng, change.tree)["data"]["inference_config.yaml"] = said


def _config(rng: random.Random, tree: Tree) -> Document:
    return tree[rng.choice([name for name in sorted(tree) if "-inference-" in name])]


@bad("ADMISSION", "KAITO012")
def _strength(rng: random.Random, change: Change) -> None:
    source = {"name": "own", "image": f"contoso.azurecr.io/a:1{_DIGEST}"}
    holder = rng.choice([change.tree["Workspace phi"]["inference"], _set(change.tree)["inference"]])
    holder["adapters"] = [{"source": source, "strength": rng.choice(["0.5", "1.5", "0.7"])}]


@bad("REFERENCE", "ADMISSION")
def _missing_configuration(rng: random.Random, change: Change) -> None:
    names = [name for name in sorted(change.tree) if name.startswith("ConfigMap") and name != "ConfigMap rails"]
    name = rng.choice(names)
    document = change.tree[name]
    if rng.random() < 0.5:
        del change.tree[name]
    else:
        document["metadata"]["name"] += "x"


@bad("FORM")
def _twice(rng: random.Random, change: Change) -> None:
    name = rng.choice([name for name in sorted(change.tree) if name != "context"])
    change.tree[f"{name} again"] = deepcopy(change.tree[name])


@bad("FORM")
def _no_yaml(rng: random.Random, change: Change) -> None:
    text = rng.choice(["a:\n\tb: 1\n", "a: 1\na: 2\n", "a: [\n", "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n"])
    change.texts[f"{_letters(rng, 5)}.yaml"] = text


@bad("ADMISSION")
def _bad_name(rng: random.Random, change: Change) -> None:
    document = _workload(rng, change.tree, "Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference")
    document["metadata"]["name"] = rng.choice(["Phi", "a_b", "-a", "a" * 254])


@bad("BUDGET")
def _over_budget(rng: random.Random, change: Change) -> None:
    change.beside["--budget"] = rng.choice(["total: {}\n", "cluster: {}\n", "clusters: {{prod: {}}}\n"]).format(
        rng.randrange(1, 5000)
    )


@bad("QUOTA")
def _over_quota(rng: random.Random, change: Change) -> None:
    cores, family = rng.choice([(rng.randrange(24), 1000), (1000, rng.randrange(24))])
    usage = [
        {"currentValue": 0, "limit": limit, "name": {"localizedValue": name, "value": name}}
        for name, limit in (("cores", cores), ("standardNCADSA100v4Family", family), ("standardNCadsH100v5Family", 500))
    ]
    recording = {"region": "westeurope", "date": TODAY, "usage": usage}
    change.beside["--quota"] = json.dumps(recording)


@bad("KAITO107")
def _wrong_region(rng: random.Random, change: Change) -> None:
    change.tree["context"]["region"] = rng.choice(["westeurop", "germanywest", "uaenorth"])


@bad("PRICE-MISSING")
def _unknown_region(rng: random.Random, change: Change) -> None:
    change.tree["context"]["region"] = rng.choice(["atlantis", "mars"])
    change.options, change.fail_on = ["--cost"], "LOW"


@bad("KAITO014")
def _plain_dataset(rng: random.Random, change: Change) -> None:
    change.tree["Workspace tune"]["tuning"]["input"]["urls"] = [f"http://{_letters(rng, 5)}.example.com/a.parquet"]


@bad("KAITO013", "KAITO031", "KAITO027", "ADMISSION")
def _tuning(rng: random.Random, change: Change) -> None:
    tuning = change.tree["Workspace tune"]["tuning"]
    rng.choice([
        lambda: tuning["output"].pop("imagePushSecret"),
        lambda: tuning["output"].update(image="contoso.azurecr.io/adapters/phi:latest"),
        lambda: tuning["output"].update(image="contoso.azurecr.io/adapters/phi"),
        lambda: tuning.update(method="full"),
        lambda: tuning.pop("method"),
        lambda: tuning["preset"].update(name="gpt-oss-20b"),
        lambda: tuning.pop("output"),
    ])()  # fmt: skip


@bad("KAITO021")
def _plain_endpoint(rng: random.Random, change: Change) -> None:
    service = change.tree["RAGEngine handbook"]["spec"]["inferenceService"]
    service["url"] = f"http://{_letters(rng, 6)}.example.com/v1/chat/completions"


@bad("KAITO023", "KAITO044", "KAITO022", "ADMISSION")
def _retrieval(rng: random.Random, change: Change) -> None:
    spec = change.tree["RAGEngine handbook"]["spec"]
    rng.choice([
        lambda: spec.pop("storage"), lambda: spec.pop("guardrails"), lambda: spec.pop("embedding"),
        lambda: spec.update(embedding={"remote": {"url": "https://e.example.com/v1"}}),
        lambda: spec["guardrails"].update(enabled=False),
    ])()  # fmt: skip


@bad("KAITO016")
def _remote_code(rng: random.Random, change: Change) -> None:
    flag = rng.choice(["--trust-remote-code", "--trust_remote_code=true"])
    at(change.tree, *_INIT)["containers"][0]["args"].insert(rng.randrange(4), flag)


@bad("KAITO036")
def _host_access(rng: random.Random, change: Change) -> None:
    pod = at(change.tree, *_INIT)
    rng.choice([
        lambda: pod.update(hostNetwork=True), lambda: pod.update(hostPID=True), lambda: pod.update(hostIPC=True),
        lambda: pod["volumes"].append({"name": "h", "hostPath": {"path": "/"}}),
        lambda: pod["containers"][0]["securityContext"].update(privileged=True),
    ])()  # fmt: skip


@bad("KAITO018", "KAITO019", "KAITO037", "KAITO038")
def _pod(rng: random.Random, change: Change) -> None:
    pod = at(change.tree, *_INIT)
    box = pod["containers"][0]
    rng.choice([
        lambda: pod["securityContext"].pop("runAsNonRoot"),
        lambda: box["resources"]["limits"].pop("memory"),
        lambda: box["resources"]["requests"].pop("cpu"),
        lambda: box["securityContext"].pop("capabilities"),
        lambda: pod["securityContext"].pop("seccompProfile"),
        lambda: box["securityContext"].update(allowPrivilegeEscalation=True),
        lambda: [box["resources"][part].update({"nvidia.com/gpu": "2"}) for part in ("limits", "requests")],
    ])()  # fmt: skip


@bad("KAITO040", "KAITO041", "ADMISSION")
def _selector(rng: random.Random, change: Change) -> None:
    holder = rng.choice([
        change.tree["Workspace phi"]["resource"], change.tree["InferenceSet many"]["spec"],
        change.tree["RAGEngine handbook"]["spec"]["compute"],
    ])  # fmt: skip
    key, value = rng.choice([("karpenter.sh/capacity-type", "spot"), ("kaito.sh/workspace", "phi"), ("", "")])
    if holder is change.tree["RAGEngine handbook"]["spec"]["compute"] and value == "spot":
        key, value = "kaito.sh/ragengine", "x"
    if key:
        holder["labelSelector"]["matchLabels"][key] = value
    else:
        holder["labelSelector"] = {}


@bad("KAITO024", "ADMISSION")
def _node_limit(rng: random.Random, change: Change) -> None:
    spec = change.tree["InferenceSet many"]["spec"]
    spec["replicas"], spec["nodeCountLimit"] = rng.randrange(3, 9), rng.randrange(1, 3)


@bad("ADMISSION")
def _roles(rng: random.Random, change: Change) -> None:
    roles = change.tree["MultiRoleInference split"]["spec"]["roles"]
    rng.choice([
        lambda: roles.pop(rng.randrange(2)), lambda: roles[0].update(type="encode"), lambda: roles.clear(),
        lambda: roles[0].update(type=roles[1]["type"]), lambda: roles[0].update(replicas=0),
    ])()  # fmt: skip


@bad("KAITO046")
def _public_service(rng: random.Random, change: Change) -> None:
    spec = {
        "type": "LoadBalancer",
        "ports": [{"port": rng.choice([80, 443])}],
        "selector": {"kaito.sh/workspace": "phi"},
    }
    meta = {"name": "open", "namespace": "team"}
    change.tree["Service"] = {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}


@bad("CHANGE-REFUSED")
def _immutable(rng: random.Random, change: Change) -> None:
    tree, change.against_base = change.tree, True
    rng.choice([
        lambda: tree["Workspace phi"]["inference"]["preset"].update(name="phi-4"),
        lambda: tree["Workspace phi"]["resource"].update(instanceType=H100),
        lambda: tree["Workspace llama"]["resource"].update(instanceType=A100X2),
        lambda: tree["Workspace phi"]["resource"]["labelSelector"]["matchLabels"].update(pool=_letters(rng, 4)),
    ])()  # fmt: skip


@bad("CHANGE-DELETE", "CHANGE-IGNORED")
def _lost_or_ignored(rng: random.Random, change: Change) -> None:
    change.against_base = True
    if rng.random() < 0.5:
        del change.tree[rng.choice(["Workspace llama", "InferenceSet many", "RAGEngine handbook"])]
    else:
        length = rng.randrange(1024, 16000)
        _config(rng, change.tree)["data"]["inference_config.yaml"] = f"vllm:\n  max-model-len: {length}\n"


@fine
def _labels(rng: random.Random, change: Change) -> None:
    document = _workload(rng, change.tree, "Workspace", "InferenceSet", "RAGEngine", "ConfigMap")
    document["metadata"].setdefault("labels", {})[f"example.com/{_letters(rng, 5)}"] = _letters(rng, 8)


@fine
def _description(rng: random.Random, change: Change) -> None:
    text = "Serves the " + rng.choice(["support", "finance", "search"]) + " team; ask latest of them before a change."
    _annotate(_workload(rng, change.tree, "Workspace", "InferenceSet", "RAGEngine"), "example.com/description", text)


@fine
def _replicas(rng: random.Random, change: Change) -> None:
    spec = change.tree["InferenceSet many"]["spec"]
    spec["replicas"] = rng.randrange(1, 6)
    spec["nodeCountLimit"] = spec["replicas"] + rng.randrange(3, 6)


@fine
def _order(rng: random.Random, change: Change) -> None:
    name = rng.choice([name for name in sorted(change.tree) if name != "context"])
    keys = list(change.tree[name])
    rng.shuffle(keys)
    change.tree[name] = {key: change.tree[name][key] for key in keys}


@fine
def _comments(rng: random.Random, change: Change) -> None:
    name = rng.choice([name for name in sorted(change.tree) if name != "context"])
    body = yaml.safe_dump(change.tree.pop(name), sort_keys=False, indent=rng.choice([2, 4]))
    lines = [f"{line}  # note\n\n" if line.endswith(":") else f"{line}\n" for line in body.splitlines()]
    # A block of text holds no comments.
    change.texts["noted.yaml"] = f"# {_letters(rng, 12)}\n---\n" + (body if "|" in body else "".join(lines))


@fine
def _other_digest(rng: random.Random, change: Change) -> None:
    box = _container(rng, change.tree)
    box["image"] = box["image"].partition("@")[0] + "@sha256:" + "".join(rng.choices("0123456789abcdef", k=64))


@fine
def _shorter_context(rng: random.Random, change: Change) -> None:
    length = rng.randrange(1024, 16384)
    _config(rng, change.tree)["data"]["inference_config.yaml"] = f"vllm:\n  max-model-len: {length}\n"
    # The engine that asks one of them goes along, or it would send more than is served.
    change.tree["RAGEngine handbook"]["spec"]["inferenceService"]["contextWindowSize"] = length


@fine
def _second_model(rng: random.Random, change: Change) -> None:
    other = deepcopy(change.tree[rng.choice(["Workspace phi", "Workspace llama"])])
    other["inference"] = {"preset": {"name": rng.choice(["phi-4-mini-instruct", "qwen2.5-coder-7b-instruct"])}}
    other["metadata"]["namespace"] = f"team-{_letters(rng, 4).lower()}"
    change.tree["Workspace other"] = other


@fine
def _larger_machine(rng: random.Random, change: Change) -> None:
    change.tree["Workspace phi"]["resource"]["instanceType"] = rng.choice([H100, A100X2])


@fine
def _budget_that_holds(rng: random.Random, change: Change) -> None:
    change.beside["--budget"] = f"total: {rng.randrange(90_000, 900_000)}\n"


@fine
def _own_configuration(rng: random.Random, change: Change) -> None:
    meta = {"name": f"notes-{_letters(rng, 4).lower()}", "namespace": "team"}
    data = {"readme": f"revision {_letters(rng, 20)}", "level": str(rng.randrange(9))}
    change.tree["ConfigMap notes"] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": data}


@fine
def _added_against_base(rng: random.Random, change: Change) -> None:
    change.against_base = True
    _own_configuration(rng, change)
