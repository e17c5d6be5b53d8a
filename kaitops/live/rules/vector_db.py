"""The vector database of a RAGEngine."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_WAYS = (
    (
        r"qdrant\S*.*(40[13]|Unauthorized|Forbidden)|Must provide an API key",
        "it refuses the key, or wants one",
        "fleet.yaml: {entry}.storage.vectorDB.secret: a Secret with the key under VECTOR_DB_ACCESS_SECRET",
    ),
    (
        r"qdrant\S*.*(refused|timed out|Timeout|resolution|not known|unreachable|No route)",
        "it is not reached",
        "fleet.yaml: {entry}.storage.vectorDB.url: the address of its Service (Qdrant answers HTTP at 6333), which "
        "must run",
    ),
    (
        r"qdrant\S*.*(Vector dimension error|expected dim)|Wrong input: Vector",
        "its index was made with another embedding model",
        "kaitops rag NAME delete INDEX, then index the documents again",
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(view, _WAYS, "the vector database does not take the engine")


RULE = Rule(
    "vector-db",
    "engine",
    "degraded",
    "the vector database of a RAGEngine is not reached, refuses its key, or holds other vectors",
    "the engine indexes and finds nothing",
    _find,
)
