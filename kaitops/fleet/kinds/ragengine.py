"""A retrieval-augmented generation engine as a RAGEngine."""

from typing import Any

from kaitops.fleet.kinds.configmap import configmap
from kaitops.fleet.kinds.metadata import metadata, selector
from kaitops.fleet.workload import Workload


def ragengine(workload: Workload) -> list[dict[str, Any]]:
    """The objects of an engine: its guardrails policy, if any, then the RAGEngine."""
    entry = workload.entry
    objects: list[dict[str, Any]] = []
    spec: dict[str, Any] = {}
    if "gpu" in entry:
        spec["compute"] = {"instanceType": workload.place.size, "labelSelector": selector(workload)}
    if storage := _storage(entry.get("storage", {})):
        spec["storage"] = storage
    spec["embedding"] = _embedding(entry["embedding"])
    if llm := entry.get("llm"):
        spec["inferenceService"] = _llm(llm, workload.namespace)
    if (guardrails := entry.get("guardrails")) is not None:
        block: dict[str, Any] = {"enabled": True}
        if policy := guardrails.get("policy"):
            config = configmap(f"{workload.name}-guardrails", workload.namespace, "guardrails.yaml", policy)
            objects.append(config)
            block["configMapRef"] = {"name": config["metadata"]["name"]}
        spec["guardrails"] = block
    annotations = {"kaito.sh/enablelb": "True"} if entry.get("loadBalancer") else {}
    document = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "RAGEngine",
        "metadata": metadata(workload, annotations),
        "spec": spec,
    }
    return [*objects, document]


def _storage(storage: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if "claim" in storage:
        volume: dict[str, Any] = {"persistentVolumeClaim": storage["claim"]}
        if "mountPath" in storage:
            volume["mountPath"] = storage["mountPath"]
        document["persistentVolume"] = volume
    if database := storage.get("vectorDB"):
        document["vectorDB"] = _with_secret({"engine": database["engine"], "url": database["url"]}, database)
    return document


def _embedding(embedding: dict[str, Any]) -> dict[str, Any]:
    if "url" in embedding:
        return {"remote": _with_secret({"url": embedding["url"]}, embedding)}
    local: dict[str, Any] = {"modelID": embedding["model"]}
    if "secret" in embedding:
        local["modelAccessSecret"] = embedding["secret"]
    return {"local": local}


def _llm(llm: dict[str, Any], namespace: str) -> dict[str, Any]:
    target = llm.get("namespace", namespace)
    url = llm.get("url") or f"http://{llm['model']}.{target}.svc.cluster.local/v1/chat/completions"
    return _with_secret({"url": url, "contextWindowSize": llm["contextWindow"]}, llm)


def _with_secret(document: dict[str, Any], declared: dict[str, Any]) -> dict[str, Any]:
    if "secret" in declared:
        document["accessSecret"] = declared["secret"]
    return document
