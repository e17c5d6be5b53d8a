"""The environment of a RAGEngine's container.

Source: ``RAGSetEnv`` in ``pkg/ragengine/manifests/manifests.go`` of KAITO, in its order. The access secret of a local
embedding model is passed by name, as KAITO does; address and secret of a remote one are not passed at all.
"""

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.expansion.world import World

_NOTHING: Object = {}


def build(world: World, name: str, spec: Object) -> list[MutableObject]:
    """The variables, in order; one with an empty value has no value field, as Go writes it."""
    storage: Object = spec.get("storage") or _NOTHING
    env = [_field("POD_NAME", "metadata.name"), _field("POD_UID", "metadata.uid")]
    env += _embedding(spec["embedding"])
    env += _vector_db(world, name, storage)
    env += _inference(spec.get("inferenceService"))
    guardrails = spec.get("guardrails")
    if guardrails is not None:
        enabled = bool(guardrails.get("enabled"))
        env.append(_plain("OUTPUT_GUARDRAILS_ENABLED", "true" if enabled else "false"))
        if enabled:
            path = f"{world.controller['paths']['guardrails']}/{world.controller['rag']['guardrails_key']}"
            env.append(_plain("OUTPUT_GUARDRAILS_POLICY_PATH", path))
    return env


def _embedding(embedding: Object) -> list[MutableObject]:
    local = embedding.get("local")
    env: list[MutableObject] = []
    if local is None:
        return [_plain("EMBEDDING_TYPE", "remote" if embedding.get("remote") is not None else "")]
    if local.get("modelID"):
        env.append(_plain("MODEL_ID", local["modelID"]))
    if local.get("modelAccessSecret"):
        env.append(_plain("ACCESS_SECRET", local["modelAccessSecret"]))
    return [*env, _plain("EMBEDDING_TYPE", "local")]


def _vector_db(world: World, name: str, storage: Object) -> list[MutableObject]:
    database = storage.get("vectorDB")
    env = [_plain("VECTOR_DB_TYPE", (database or _NOTHING).get("engine") or "faiss")]
    if database is not None:
        env.append(_plain("VECTOR_DB_URL", database.get("url") or ""))
        if database.get("accessSecret"):
            env.append(_secret("VECTOR_DB_ACCESS_SECRET", database["accessSecret"]))
    volume = storage.get("persistentVolume")
    directory = "storage"
    if volume is not None:
        directory = f"{volume.get('mountPath') or world.controller['paths']['rag_data']}/{name}"
    return [*env, _plain("DEFAULT_VECTOR_DB_PERSIST_DIR", directory)]


def _inference(service: Object | None) -> list[MutableObject]:
    if service is None:
        return []
    env = [_plain("LLM_CONTEXT_WINDOW", str(service.get("contextWindowSize") or 0))]
    if service.get("url"):
        env.append(_plain("LLM_INFERENCE_URL", service["url"]))
        if service.get("accessSecret"):
            env.append(_secret("LLM_ACCESS_SECRET", service["accessSecret"]))
    return env


def _plain(name: str, value: str) -> MutableObject:
    return {"name": name, "value": value} if value else {"name": name}


def _field(name: str, path: str) -> MutableObject:
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}


def _secret(name: str, secret: str) -> MutableObject:
    return {"name": name, "valueFrom": {"secretKeyRef": {"key": name, "name": secret}}}
