"""What keeps a declared workload from serving that only its machines, its cluster or its neighbours tell.

The gate refuses the same of what was rendered, minutes or a review later.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kaitops import fit
from kaitops.documents.plain import Object, at, mapping
from kaitops.errors import nearest
from kaitops.fleet.clusters import kind_of
from kaitops.fleet.machines import Machines, Wanted
from kaitops.fleet.workload import Workload
from kaitops.kaito import facts, room
from kaitops.kaito.autoscaling import SCALER_NAMESPACE, by_keda
from kaitops.kaito.kubernetes import image_reference, object_names, quantity
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release
from kaitops.kaito.vllm import parallel, started

if TYPE_CHECKING:
    from kaitops.fleet.entries import Autoscale, Cluster

_LORA_RANK = 16
"""What vLLM takes of an adapter where nothing else is said."""
Problem = tuple[list[str | int], str]


def custom(entry: Object, size: str | None, version: str, gpus: int | None = None) -> Iterator[Problem]:
    """What is wrong with a custom server on a machine size.

    Args:
        gpus: that the size has, where that is known.
    """
    for pattern, server in entry["custom"].items():
        path: list[str | int] = ["custom", pattern]
        for key in ("cpu", "memory"):
            if size and key in server and (text := room.lacking(size, key, quantity.parse(str(server[key])))):
                yield [*path, key], text
        if gpus is not None and server["gpus"] > gpus:
            text = f"is {server['gpus']}, and {size} has {gpus}, so the pod is never placed; write gpus: {gpus}, or "
            yield [*path, "gpus"], f"{text}take a larger size"
        number = facts.load(version, "controller.json")["ports"]["inference"]
        if server["port"] != number:
            text = f"is {server['port']}, and KAITO's Service sends to {number}, so nobody reaches the server; have it "
            yield [*path, "port"], f"{text}listen on {number}"
        elif (listens := started.port(server)) not in (None, number):
            text = f"start vLLM on port {listens}, and KAITO's Service sends to {number}, so nobody reaches it; add "
            yield [*path, "args"], f"{text}--port {number}"
        if server.get("gpus") and (text := started.overspread(server, server["gpus"])):
            yield [*path, "args"], text
        if ".." in server.get("prefix", "").split("/"):
            text = "leads out of the container's folders, and the API server refuses such a mount"
            yield [*path, "prefix"], f"{text}; write a folder below it"


def spread(entry: Object, machines: Iterable[Machines]) -> Iterator[Problem]:
    """More GPUs than the machines have, which flags have the server of a preset spread over."""
    flags = {key: value for key in parallel.SPREADING if isinstance(value := entry["vllm"].get(key), int)}
    wanted, words = parallel.said(flags)
    for one in machines if words else ():
        if one.sku is None or not one.nodes:
            continue
        if text := parallel.overspread(wanted, str(one.size), one.sku.gpus, one.nodes):
            more = f"as {words} " if " with " in words else ""
            yield ["vllm", words.partition(" ")[0]], f"{more}{text}; drop it, KAITO sets it itself"


def named(name: str, entry: Object, preset: Preset | None) -> Iterator[Problem]:
    """Images that no machine pulls by their name, adapters that no request can name, labels that no machine bears."""
    # Replicas of vLLM are served under the name of their set.
    replicas = kind_of("models", entry) == "InferenceSet" and entry.get("runtime") != "transformers"
    own = name if replicas else preset and preset.name
    if mapping(entry.get("vllm")).get("served-model-name", own) in mapping(entry.get("adapters")):
        served = str(mapping(entry.get("vllm")).get("served-model-name", own))
        text = "is what the model itself is served as, so a request cannot say which of the two it means, and one of "
        yield ["adapters", served], f"{text}them never answers; give the adapter another name"
    places = [("adapters", name, "image") for name in mapping(entry.get("adapters"))]
    places += [("custom", pattern, key) for pattern in mapping(entry.get("custom")) for key in ("image", "fetchImage")]
    for path in [*places, ("smokeImage",)]:
        image = at(entry, *path)
        if isinstance(image, str) and (wrong := image_reference.problem(image)):
            yield [*path], f"is no image's name ({wrong}), so no machine pulls it; correct it"
    for reason in object_names.reasons({"labels": mapping(entry.get("nodeLabels"))}):
        yield ["nodeLabels"], f"are labels that a machine bears, which these cannot be: {reason}; correct them"


def tuned(models: Sequence[Workload], jobs: Sequence[Workload]) -> Iterator[tuple[Workload, list[str | int], str]]:
    """What is odd of an adapter beside the jobs of its cluster that make some."""
    results = {str(job.entry["output"].get("image", "")): job for job in jobs if "image" in job.entry["output"]}
    known = {image_reference.parts(image).name for image in results}
    for model in models:
        for name, adapter in mapping(model.entry.get("adapters")).items():
            image = str(adapter.get("image", ""))
            if not image:
                continue
            job, place = results.get(image), image_reference.parts(image).name
            if job is not None and not adapter.get("pullSecrets"):
                secret = job.entry["output"].get("pushSecret")
                text = (
                    f"{job.name} pushes it with the Secret {secret}, and the pod that fetches it has no login; name a "
                    "Secret under pullSecrets, unless anybody may pull"
                )
                yield model, ["adapters", name, "image"], text
            if job is not None and (text := _ranked(job.entry, model.entry)):
                yield model, ["adapters", name, "image"], text
            if job is None and place not in known and (near := nearest(place, known, cutoff=0.9)):
                text = f"no job of the fleet makes {place}; if {near[0]} is meant, write that"
                yield model, ["adapters", name, "image"], text


def _ranked(job: Object, model: Object) -> str | None:
    """Why vLLM does not load what a job makes; None where it does."""
    rank, most = at(job, "config", "LoraConfig", "r"), mapping(model.get("vllm")).get("max-lora-rank", _LORA_RANK)
    if model.get("runtime") == "transformers" or not isinstance(rank, int) or not isinstance(most, int) or rank <= most:
        return None
    return (
        f"is made with rank {rank}, and the server takes {most} at most, so it refuses the adapter; raise max-lora-rank"
    )


def window(engine: Workload, target: Workload, release: Release) -> str | None:
    """Why an engine sends its model more than that serves; None where it does not."""
    wanted, preset = engine.entry["llm"].get("contextWindow"), target.preset
    if not isinstance(wanted, int) or preset is None:
        return None
    flags, sku = Wanted.of(target.entry, {}), target.place.sku
    served, more = flags.context or preset.token_limit, ""
    if not flags.context and sku is not None and target.entry.get("runtime") != "transformers":
        held = fit.longest(release, preset, sku.gpu_config(), flags.flags)
        if held is not None and held < served:
            served, more = held, f", which is what vLLM holds on {sku.name}"
    if wanted <= served:
        return None
    return f"is {wanted}, and {target.name} serves {served} tokens{more}, so it refuses more; write at most {served}"


def scalers(cluster: "Cluster", scale: "Autoscale") -> Iterator[tuple[str, str]]:
    """What a scaled model needs on its cluster that the cluster's ``operator`` does not install.

    Yields:
        what the cluster must hold, and the key that installs it.
    """
    operator = mapping(cluster.get("operator"))
    if not operator.get("keda"):
        yield "CustomResourceDefinition scaledobjects.keda.sh", "operator.keda"
    if not by_keda(scale) and not at(operator, "values", "productionstack", "enabled"):
        yield f"Deployment {SCALER_NAMESPACE}/keda-kaito-scaler", "operator.values.productionstack.enabled"
