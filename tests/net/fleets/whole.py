"""A whole fleet: clusters, defaults, workloads, what one cluster has otherwise, and now and then a mistake."""

import copy
from typing import Any

from tests.net.fleets import workloads
from tests.net.fleets.dice import Dice
from tests.net.fleets.installation import operator
from tests.version import KAITO

COUNT = 300
_SEED = 20261121
_GIT: dict[str, Any] = {"repository": "https://git.example.com/contoso/fleet.git"}
_NODES: dict[str, Any] = {
    "a100": {"product": "NVIDIA-A100-SXM4-80GB", "gpus": 8, "memoryMiB": 81920, "labels": {"pool": "a100"}, "count": 3},
    "h100": {"product": "NVIDIA-H100-80GB-HBM3", "gpus": 4, "memoryMiB": 81559, "labels": {"pool": "h100"}},
}
_PROVISIONERS = ("karpenter", "karpenter", "byo", "azure-gpu-provisioner", "aks-addon")
Data = dict[str, Any]


def fleet(number: int) -> Data:
    """The fleet of that number, 0 to ``COUNT`` - 1."""
    dice = Dice(_SEED + number)
    clusters = {f"{name}-{region[:2]}": (name, region) for name, region in _places(dice)}
    # All clusters of a fleet have the same kind of nodes but for the last of some: sizes are said once for all.
    kind = dice.one(_PROVISIONERS)
    made: Data = {"kaito": KAITO, **dice.some({"defaults": lambda: _defaults(dice)}, 0.6)}
    made["clusters"] = {name: _cluster(dice, kind, *place) for name, place in clusters.items()}
    if dice.chance(0.9):
        made["gitops"] = _gitops(dice, any(one["gitops"] == "flux" for one in made["clusters"].values()))
    brought = kind == "byo"
    pooled = all(one.get("featureGates", {}).get(_POOLS) for one in made["clusters"].values())
    made["models"] = {f"m{number}": workloads.model(dice, brought, pooled) for number in range(dice.number(1, 3))}
    if not brought:
        made |= dice.some({"tuning": lambda: {"tune": workloads.tuning(dice)}}, 0.3)
    made |= dice.some({"rag": lambda: {"handbook": workloads.rag(dice, _answering(made["models"]))}}, 0.3)
    made |= dice.some({"mirrors": lambda: {"weights": workloads.mirror(dice)}}, 0.25)
    if any("isolation" in one for one in made["clusters"].values()) and dice.chance(0.95):
        made["defaults"] = made.get("defaults", {}) | {"namespace": "models"}
    names = [*clusters]
    for group in ("models", "tuning", "rag", "mirrors"):
        for entry in made.get(group, {}).values():
            if dice.chance(0.15):
                entry["clusters"] = [dice.one(names)]
    _differences(dice, made)
    if kind == "karpenter" and dice.chance(0.12):
        _elsewhere(dice, made)
    if dice.chance(0.15):
        _mistake(dice, made)
    _layer(Dice(_SEED + 2 * COUNT + number), made)
    return made


def _layer(dice: Dice, made: Data) -> None:
    """Now and then a cluster says nothing itself, and its environment all of it."""
    for name, cluster in made["clusters"].items():
        if dice.chance(0.3):
            environment = cluster.get("environment") or name.partition("-")[0]
            layer = {"environment": environment, **cluster}
            made["clusters"][name] = {"environment": environment}
            made.setdefault("environments", {})[environment] = layer


def changed(number: int) -> Data:
    """The same fleet after an edit: what a difference is shown of."""
    dice = Dice(_SEED + COUNT + number)
    made = copy.deepcopy(fleet(number))
    entry = dice.one([*made["models"].values()])
    entry["labels"] = {"changed": "yes"}
    if "preset" in entry and dice.chance(0.5):
        entry["preset"] = dice.one(workloads.PRESETS)
    if len(made["models"]) > 1 and dice.chance(0.4):
        made["models"].pop([*made["models"]][-1])
    return made


def _answering(models: Data) -> list[str]:
    """Models with a Service of their own, which an engine can ask."""
    several = ("replicas", "autoscale", "prefill", "custom")
    return [name for name, entry in models.items() if not any(key in entry for key in several)]


_POOLS = "gatewayAPIInferenceExtension"
_GATES = (_POOLS, "enableMIG", "ModelStreaming", "enableBaseImageAutoUpgrade", "enableAccelerator")


def _places(dice: Dice) -> list[tuple[str, str]]:
    places = [("prod", "westeurope"), ("dev", "swedencentral"), ("stage", "eastus")]
    return places[: dice.one((1, 1, 1, 2, 2, 3))]


def _defaults(dice: Dice) -> Data:
    return dice.some(
        {
            "namespace": "models", "mode": lambda: dice.one(("operator", "plain")), "gpu": workloads.A100, "benchmark": False,
            "monitor": True, "nodeLabels": {"gpu": "yes"}, "maxNodes": 9, "secret": "hf-token",
        },
        0.25,
    )  # fmt: skip


def _gitops(dice: Dice, flux: bool) -> Data:
    if dice.chance(0.2):
        artifact = {"artifact": "oci://r.example.com/fleet", "revision": "v1.2.0"}
        return artifact | dice.some({"cosign": "cosign-keys", "secret": "oci-login"}, 0.5 if flux else 0.02)
    made = _GIT | dice.some(
        {"revision": "main", "path": "deploy/fleet", "namespace": "delivery", "interval": "5m"}, 0.25
    )
    return made | dice.some({"secret": "git-login"}, 0.25 if flux else 0.02)


def _cluster(dice: Dice, kind: str, name: str, region: str) -> Data:
    made: Data = {"region": region, "provisioner": kind, "gitops": dice.one(("argocd", "flux", "none"))}
    brought = kind == "byo"
    if brought:
        made["nodes"] = copy.deepcopy(_NODES)
        if dice.chance(0.1):
            made["nodes"].pop("h100")
    if kind != "aks-addon" and dice.chance(0.4):
        made["operator"] = operator(dice, brought)
    gates = dice.some(dict.fromkeys(_GATES, True), 0.25)
    return made | dice.some(
        {
            "featureGates": gates, "environment": name, "revision": "v1.3.0", "nvmeStorageClass": False,
            "registry": "r.example.com/kaito", "monitoring": lambda: dice.one(("azure", "operator")),
            "isolation": lambda: dice.some({"allowFrom": ["chat", "team-a"], "metricsFrom": ["monitoring"]}, 0.8),
            "secrets": lambda: {"store": "vault"} | dice.some(
                {"kind": "SecretStore", "names": {"hf-token": "models/hf"}, "refresh": "30m"}, 0.5),
            "nodeClasses": ["image-family-ubuntu", "image-family-azurelinux"], "cloud": "azure",
            "members": lambda: dice.one(({"names": ["member-1", "member-2"]}, {"labels": {"env": "prod"}})),
            "server": f"https://{name}.example.com:6443",
        },
        0.16,
    )  # fmt: skip


def _differences(dice: Dice, made: Data) -> None:
    """What single clusters have otherwise."""
    for cluster in made["clusters"].values():
        if dice.chance(0.2):
            patches: list[Data] = [{"labels": {"here": "yes"}}, {"maxNodes": 6}]
            name, entry = dice.one([*made["models"].items()])
            patches += [{"context": 4096}] if "preset" in entry and entry.get("runtime") != "transformers" else []
            cluster["models"] = {name: dice.one(patches)}
        for group, patch in (("tuning", {"labels": {"here": "yes"}}), ("rag", {"annotations": {"here": "yes"}})):
            if group in made and dice.chance(0.3):
                cluster[group] = {next(iter(made[group])): patch}


def _elsewhere(dice: Dice, made: Data) -> None:
    """The same on another cloud, with its machines."""
    made.get("defaults", {}).pop("gpu", None)
    for cluster in made["clusters"].values():
        cluster |= {"cloud": "aws", "region": "us-east-1"}
    for group in ("models", "tuning", "rag"):
        for entry in made.get(group, {}).values():
            for part in (entry, entry.get("prefill", {}), entry.get("decode", {})):
                if "gpu" in part:
                    part["gpu"] = dice.one(("g6.12xlarge", "p4d.24xlarge", "p5.48xlarge"))


def _mistake(dice: Dice, made: Data) -> None:
    """One thing that is wrong."""
    name, entry = dice.one([*made["models"].items()])
    cluster = dice.one([*made["clusters"].values()])
    match dice.number(0, 13):
        case 0:
            entry["presett"] = "phi-4"
        case 1:
            entry["preset"] = "phi-5"
        case 2:
            entry["gpu"] = "Standard_NC24ads_A100_v5"
        case 3:
            entry["gpu"] = "Standard_NC6s_v3"
        case 4:
            entry["context"] = 10_000_000
        case 5:
            made["models"][f"{name}-{'x' * 60}"] = entry
        case 6:
            entry["clusters"] = ["nowhere"]
        case 7:
            cluster["provisioner"] = "magic"
        case 8:
            cluster["featureGates"] = {"noSuchGate": True}
        case 9:
            entry["secret"] = "Not A Name"
        case 10:
            made["kaito"] = dice.one(("0.11.0", "0.99.0"))
        case 11:
            cluster["gitops"] = "argocd"
            made.pop("gitops", None)
        case 12:
            entry["disruption"] = {"maxUnavailable": 0}
        case _:
            cluster["cloud"] = "aws"
