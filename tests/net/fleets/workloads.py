"""Models, tuning jobs, engines and mirrors, as they are declared."""

from typing import Any

from tests.net.fleets.dice import Dice

A100, H100, A10, A100X2 = (
    "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5", "Standard_NV36ads_A10_v5", "Standard_NC48ads_A100_v4",
)  # fmt: skip
SIZES = (A100, A100, H100, A100X2, "Standard_NC96ads_A100_v4", "Standard_ND96isr_H100_v5", "auto")
PRESETS = (
    "phi-4-mini-instruct", "phi-4", "qwen2.5-coder-7b-instruct", "mistral-7b-instruct", "gpt-oss-20b", "gpt-oss-120b",
    "ministral-3-8b-instruct", "Qwen/Qwen3.5-9B", "ibm-granite/granite-4.1-8b", "deepseek-r1-distill-qwen-14b",
    "phi-3.5-mini-instruct", "phi-3-mini-128k-instruct",
)  # fmt: skip
TRANSFORMERS = ("phi-4", "phi-3.5-mini-instruct", "mistral-7b-instruct")
GATED = ("llama-3.1-8b-instruct", "llama-3.3-70b-instruct")
PROMETHEUS = "http://prometheus.monitoring.svc:9090"
Data = dict[str, Any]


def placement(dice: Dice) -> Data:
    """What every workload may have beside its size."""
    return dice.some(
        {
            "namespace": lambda: dice.one(("models", "team-a", "chat")),
            "mode": lambda: dice.one(("operator", "plain")),
            "annotations": {"example.com/owner": "ml"},
            "labels": {"team": "search"},
            "nodeLabels": {"pool": "gpu"},
        },
        0.18,
    )


def model(dice: Dice, brought: bool, pooled: bool) -> Data:
    """A model of any form: alone, scaled, split, of one's own.

    Args:
        brought: nodes are brought, so a size is the name of a pool.
        pooled: the cluster has the extension that sets of replicas are routed by.
    """
    made = placement(dice)
    if not brought:
        made["gpu"] = dice.one(SIZES)
    elif dice.chance(0.97):
        made["gpu"] = dice.one(("a100", "a100", "h100"))
    form = dice.one(("one", "one", "one", "set", "set", "split", "custom", "custom", "transformers"))
    if form == "custom":
        return made | _custom(dice, brought)
    made |= _preset(dice)
    if form == "transformers":
        made |= {"preset": dice.one(TRANSFORMERS), "runtime": "transformers"}
        made |= dice.some({"nodes": 1, "adapters": lambda: _adapters(dice, strength=True)}, 0.5)
        made.pop("context", None)
    else:
        made |= dice.some(
            {"vllm": lambda: _flags(dice), "performance": lambda: dice.one(_WAYS), "runtime": "vllm"}, 0.2
        )
    if form == "set":
        made |= _set(dice)
    if form == "split":
        made |= {role: _role(dice, brought) for role in ("prefill", "decode")}
    elif form == "one":
        made |= dice.some({"adapters": lambda: _adapters(dice)}, 0.15)
        if brought and dice.chance(0.4):
            made["partition"] = dice.one(({"mig": "1g.10gb"}, {"accelerators": 2}, {"mig": "7g.80gb"}))
    return made | _around(dice, form, pooled) | _rest(dice)


_WAYS = ("balanced", "interactivity", "throughput")


def _preset(dice: Dice) -> Data:
    preset = dice.one(GATED) if dice.chance(0.12) else dice.one(PRESETS)
    made: Data = {"preset": preset}
    if (preset in GATED and dice.chance(0.9)) or dice.chance(0.1):
        made["secret"] = "hf-token"
    if dice.chance(0.5):
        made["context"] = dice.one((2048, 4096, 8192, 16384))
    return made


def _flags(dice: Dice) -> Data:
    return dice.some({"max-num-seqs": 8, "enforce-eager": True, "kv-cache-dtype": "fp8", "swap-space": 0.5}, 0.6)


def _adapters(dice: Dice, *, strength: bool = False) -> Data:
    found: Data = {"law": {"image": "r.example.com/adapters/law:1", "pullSecrets": ["pull"]}}
    if dice.chance(0.5):
        found["style"] = {"claim": "adapters"}
    if strength:
        found["law"]["strength"] = dice.one(("0.5", "1.0"))
    return found


def _set(dice: Dice) -> Data:
    made: Data = {"replicas": dice.number(1, 4)}
    if dice.chance(0.5):
        scale: Data = {"max": dice.number(made["replicas"], 6)}
        if dice.chance(0.4):
            scale |= {"prometheus": PROMETHEUS} | dice.some({"authentication": "prom", "up": 20}, 0.5)
            # By a number that was drawn already, so that all other fleets stay as they are.
            if made["replicas"] % 2:
                scale["hours"] = {"start": "0 7 * * 1-5", "end": "0 19 * * 1-5"}
                scale["hours"] |= {"timezone": "Europe/Berlin", "outside": 0} if made["replicas"] > 1 else {}
        else:
            scale |= dice.some({"down": 2, "up": 12, "metric": "vllm:num_requests_running"}, 0.4)
        made["autoscale"] = scale
        if dice.chance(0.4):
            scale["min"] = made.pop("replicas")
    if dice.chance(0.25):
        made["autoUpgrade"] = {"schedule": "0 3 * * 6"} | dice.some({"duration": "90m", "strategy": "Surge"}, 0.5)
    return made


def _role(dice: Dice, brought: bool) -> Data:
    made = dice.some({"replicas": lambda: dice.number(1, 3), "vllm": {"max-num-seqs": 16}}, 0.4)
    if dice.chance(0.6):
        made["gpu"] = dice.one(("a100", "h100")) if brought else dice.one((A100, H100))
    return made


def _around(dice: Dice, form: str, pooled: bool) -> Data:
    made = dice.some({"monitor": True, "disruption": {"maxUnavailable": 1}}, 0.15)
    if form == "set" and dice.chance(0.1):
        made["disruption"] = {"minAvailable": 1}
    if dice.chance(0.2 if form not in {"set", "split"} or pooled else 0.03):
        made["route"] = {"gateway": "public", "namespace": "gateway-system"} | dice.some(
            {"listener": "https", "hosts": ["*.example.com"]}, 0.5
        )
        if dice.chance(0.5):
            made["route"] |= {"path": "/phi", "strip": True}
    # Without a throw of its own, so that all other numbers give the fleets that they gave.
    if form in {"one", "transformers"} and "path" in made.get("route", {}):
        made["smoke"] = True
        if "listener" in made["route"]:
            made["smokeImage"] = "r.example.com/python:3.12"
    return made


def _rest(dice: Dice) -> Data:
    return dice.some(
        {
            "maxNodes": lambda: dice.number(2, 8), "loadBalancer": True, "benchmark": lambda: dice.chance(0.5),
            "localWeights": True, "streaming": False, "nodeClass": "image-family-ubuntu", "nodeImageFamily": "azurelinux",
            "bypassResourceChecks": True,
        },
        0.08,
    )  # fmt: skip


def _custom(dice: Dice, brought: bool) -> Data:
    server: Data = {"image": "r.example.com/serve:1.4.0"} | dice.some(
        {
            "command": ["/bin/serve"], "args": ["--port", "5000"], "env": {"LEVEL": "info"}, "secretEnv": {"API_TOKEN": "api-token"}, "port": 5000, "cpu": "8",
            "health": "/healthz", "memory": "64Gi", "sharedMemory": "16Gi", "runAsRoot": True, "pullSecrets": ["pull"],
        },
        0.3,
    )  # fmt: skip
    more = {
        "cpuImage": {"gpus": 0},
        "huggingFace": {"model": "contoso/private", "secret": "hf-token"},
        "volume": {"claim": "weights"},
        "blob": {"account": "contosoweights", "container": "llm", "serviceAccount": "loader"},
        "azureML": {"registry": "contoso", "model": "house", "version": "3", "serviceAccount": "loader"},
    }
    extra: dict[str, Data] = {
        "cpuImage": {},
        "huggingFace": {"revision": "0123abc", "gpus": 2},
        "volume": {"path": "/weights"},
        "blob": {"prefix": "house/2026", "path": "/weights", "size": "200Gi", "fetchImage": "r.example.com/az:2.77.0"},
        "azureML": {"path": "/weights", "size": "50Gi", "fetchImage": "r.example.com/az:2.77.0"},
    }
    pattern = dice.one(tuple(more))
    if pattern != "cpuImage" and dice.chance(0.2):
        server["gpus"] = 1
    made: Data = {"custom": {pattern: server | more[pattern] | dice.some(extra[pattern], 0.4)}}
    if pattern == "cpuImage" and not brought:
        made["gpu"] = "Standard_D16s_v5"
    elif not brought:
        made["gpu"] = dice.one((A100, H100))
    return made | dice.some({"nodes": 1, "replicas": 2, "monitor": False}, 0.15)


def tuning(dice: Dice) -> Data:
    """A tuning job."""
    source: Data = dice.one((
        {"urls": ["https://example.com/data/a.parquet"]}, {"claim": "data"},
        {"image": "r.example.com/data:1", "pullSecrets": ["pull"]},
    ))  # fmt: skip
    target: Data = dice.one((
        {"image": "r.example.com/out:1", "pushSecret": "push"}, {"claim": "out"}, {"image": "r.example.com/out:2", "pushSecret": "push"},
    ))  # fmt: skip
    made: Data = {"preset": dice.one(("phi-4", "phi-4-mini-instruct", "phi-3.5-mini-instruct")), "gpu": A100}
    made |= {"method": dice.one(("lora", "qlora")), "input": source, "output": target}
    if dice.chance(0.4):
        made["config"] = {"TrainingArguments": {"output_dir": "results", "num_train_epochs": dice.number(1, 4)}}
        if made["method"] == "qlora":
            made["config"]["QuantizationConfig"] = {"load_in_4bit": True}
    return made | placement(dice) | dice.some({"secret": "hf-token"}, 0.2)


def rag(dice: Dice, names: list[str]) -> Data:
    """An engine, which may ask a model of the fleet."""
    made: Data = {"embedding": dice.one((
        {"model": "BAAI/bge-small-en-v1.5"}, {"url": "https://embed.example.com/v1", "secret": "embed"},
        {"model": "BAAI/bge-small-en-v1.5", "secret": "hf-token"},
    ))}  # fmt: skip
    if names and dice.chance(0.6):
        made["llm"] = {"model": dice.one(names), "contextWindow": 8192}
    elif dice.chance(0.7):
        made["llm"] = {"url": "https://llm.example.com/v1/completions", "contextWindow": 4096, "secret": "llm"}
    database = {"vectorDB": {"engine": "qdrant", "url": "http://qdrant.db.svc:6333", "secret": "qdrant"}}
    made |= dice.some(
        {
            "storage": lambda: dice.one(({"claim": "index", "mountPath": "/mnt/index"}, {"claim": "index"}, database)),
            "guardrails": lambda: dice.one(({}, {"policy": {"scanners": [{"type": "Toxicity", "threshold": 0.5}]}})),
            "loadBalancer": True,
        },
        0.4,
    )
    return made | placement(dice) | dice.some({"gpu": A100}, 0.3)


def mirror(dice: Dice) -> Data:
    """A copy of weights."""
    preset = dice.one((*PRESETS[:6], *GATED))
    made: Data = {"model": preset} | dice.some({"namespace": "models", "serviceAccount": "loader"}, 0.3)
    if dice.chance(0.2):
        return made | {"mode": "Static"}
    if preset in GATED:
        made["secret"] = "hf-token"
    return made | {"storageClass": "blob-weights"} | dice.some({"size": "200Gi", "mode": "Managed"}, 0.3)
