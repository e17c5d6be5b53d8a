"""What an endpoint is held to, as plain data that a Job can be given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Expected:
    """What was declared.

    Attributes:
        runtime: a key of the profiles; found out where empty.
        model: id that is served; any where empty.
        adapters: ids of adapters, which must have the model as their parent.
        context: tokens; 0 where nothing is declared.
        tools: a parser for tool calls is declared.
        rag: it is a RAGEngine.
        embedder: of a RAGEngine, as declared.
        llm: a RAGEngine has a model to answer with.
    """

    runtime: str = ""
    model: str = ""
    adapters: tuple[str, ...] = ()
    context: int = 0
    tools: bool = False
    rag: bool = False
    embedder: str = ""
    llm: bool = False

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Expected":
        """From plain data."""
        given: dict[str, Any] = {**data, "adapters": tuple(data.get("adapters", ()))}
        return cls(**given)


@dataclass(frozen=True)
class Facts:
    """What is known of runtimes.

    Attributes:
        known: the profile of each runtime, by name.
        embedder: which embedder RAG pods always use, and why.
    """

    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    embedder: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Facts":
        """From the data of ``runtimes.json``."""
        return cls(data["known"], data.get("embedder", {}))
