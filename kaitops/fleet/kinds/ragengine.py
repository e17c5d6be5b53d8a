"""A retrieval-augmented generation engine as a RAGEngine."""

from kaitops.documents.plain import MutableObject
from kaitops.fleet.kinds.configmap import configmap
from kaitops.fleet.kinds.metadata import metadata, selector
from kaitops.fleet.workload import Workload


def ragengine(workload: Workload) -> list[MutableObject]:
    """The objects of an engine: its guardrails policy, if any, then the RAGEngine."""
    entry = workload.entry
    objects: list[MutableObject] = []
    spec: MutableObject = {}
    if "gpu" in entry:
        spec["compute"] = {"instanceType": workload.place.size, "labelSelector": selector(workload)}
    if storage := _storage(entry.get("storage", {})):
        spec["storage"] = storage
    spec["embedding"] = _embedding(entry["embedding"])
    if llm := entry.get("llm"):
        spec["inferenceService"] = _llm(llm, workload.namespace)
    if (guardrails := entry.get("guardrails")) is not None:
        block: MutableObject = {"enabled": True}
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


def _storage(storage: MutableObject) -> MutableObject:
    document: MutableObject = {}
    if "claim" in storage:
        volume: MutableObject = {"persistentVolumeClaim": storage["claim"]}
        if "mountPath" in storage:
            volume["mountPath"] = storage["mountPath"]
        document["persistentVolume"] = volume
    if database := storage.get("vectorDB"):
        document["vectorDB"] = _with_secret({"engine": database["engine"], "url": database["url"]}, database)
    return document


def _embedding(embedding: MutableObject) -> MutableObject:
    if "url" in embedding:
        return {"remote": _with_secret({"url": embedding["url"]}, embedding)}
    local: MutableObject = {"modelID": embedding["model"]}
    if "secret" in embedding:
        local["modelAccessSecret"] = embedding["secret"]
    return {"local": local}


def _llm(llm: MutableObject, namespace: str) -> MutableObject:
    target = llm.get("namespace", namespace)
    url = llm.get("url") or f"http://{llm['model']}.{target}.svc.cluster.local/v1/chat/completions"
    return _with_secret({"url": url, "contextWindowSize": llm["contextWindow"]}, llm)


def _with_secret(document: MutableObject, declared: MutableObject) -> MutableObject:
    if "secret" in declared:
        document["accessSecret"] = declared["secret"]
    return document
