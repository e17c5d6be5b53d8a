"""RAGEngine."""

from tests.policies.cases import RAG, SVC, TUNE, WS, Data, case

_URL = "spec.inferenceService.url"


def _ask(url: str) -> dict:
    return {"spec": {"inferenceService": {"url": url}}}


def _remote(**more: object) -> dict:
    return {"spec": {"embedding": {"local": None, "remote": {"url": "https://e.example.com", **more}}}}


def _rails(**more: object) -> dict:
    return {"spec": {"guardrails": {"configMapRef": None, **more}}}


def _in_team(one: Data) -> Data:
    return {**one, "metadata": {**one["metadata"], "namespace": "team"}}


CASES = [
    *(
        case(21, RAG, _ask(url), _URL)
        for url in (
            "http://api.example.com/v1",
            "ftp://a.b",
            "http://phi.svc.evil.com",
            "http://user@x:80",
            "http://1.2.3.4",
            "http://phi.team/v1",
            "http://phi.models.com/v1",
            "http://phi.modelsx/v1",
            "http://phi.models@evil.example.com",
        )
    ),
    *(
        case(21, RAG, _ask(url))
        for url in (
            "https://api.example.com",
            "HTTPS://A.b",
            "http://phi",
            "http://phi:80/v1",
            "http://a.b.svc.cluster.local:8080/v1",
            "http://127.0.0.1:5000",
            "http://phi.models",
            "http://Phi.models:80/v1/chat/completions",
            "<inference-url>/v1",
            "",
        )
    ),
    # Of another namespace's Service nobody knows who sees the engine alone.
    *(
        case(21, RAG, _ask(url), *at, others=(one,))
        for url, one, at in (
            ("http://phi.team/v1", _in_team(WS), ()),
            ("http://phi.team:8080/v1", _in_team(SVC), ()),
            ("http://phi.models.com/v1", _in_team(SVC), (_URL,)),
            ("http://evil.com/v1", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "com"}}, (_URL,)),
            ("http://phi.team/v1", {**_in_team(TUNE), "metadata": {"name": "phi", "namespace": "team"}}, (_URL,)),
        )
    ),
    case(21, RAG, _remote(url="http://e.example.com"), "spec.embedding.remote.url"),
    case(
        21,
        RAG,
        {"spec": {"storage": {"vectorDB": {"engine": "qdrant", "url": "http://q.example.com"}}}},
        "spec.storage.vectorDB.url",
    ),
    case(22, RAG, _remote(), "spec.embedding.remote"),
    case(22, RAG, _remote(accessSecret=""), "spec.embedding.remote"),
    case(22, RAG, _remote(accessSecret="e")),
    case(22, RAG, {}),
    case(42, RAG, _remote(accessSecret="e"), "spec.embedding.remote"),
    case(42, RAG, {}),
    case(42, RAG, _remote(accessSecret="e"), version="0.11.0"),
    case(
        43,
        RAG,
        {"spec": {"embedding": {"local": {"modelAccessSecret": "hf"}}}},
        "spec.embedding.local.modelAccessSecret",
    ),
    case(43, RAG, {"spec": {"embedding": {"local": {"modelAccessSecret": "hf"}}}}, version="0.11.0"),
    case(43, RAG, {"spec": {"embedding": {"local": {"modelAccessSecret": ""}}}}),
    case(43, RAG, {}),
    case(23, RAG, {"spec": {"storage": None}}, "spec.storage"),
    case(23, RAG, {"spec": {"storage": {"persistentVolume": None}}}, "spec.storage"),
    case(23, RAG, {}),
    case(23, RAG, {"spec": {"storage": {"persistentVolume": None, "vectorDB": {"engine": "q", "url": "http://q"}}}}),
    case(44, RAG, _rails(enabled=False), "spec.guardrails.enabled"),
    case(44, RAG, {"spec": {"guardrails": None}}, "spec.guardrails.enabled"),
    case(44, RAG, _rails(enabled=True)),
    case(44, RAG, _rails(enabled=None, configMapRef={"name": "rails"}), "spec.guardrails.enabled"),
    case(44, RAG, {}),
    case(44, RAG, _rails(enabled=False), environment="dev"),
    case(44, RAG, {"spec": {"guardrails": None, "inferenceService": None}}),
]
