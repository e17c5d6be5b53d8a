"""The schema of a retrieval-augmented generation engine."""

from pydantic import Field

from kaitops.documents.plain import MutableObject
from kaitops.fleet.serving import Placement
from kaitops.fleet.values import Declared, Name, ObjectName, SecretName, Tokens, Url


class Embedding(Declared):
    """How documents become vectors: exactly one of model and url."""

    model: str | None = None
    """Hugging Face id of a local embedding model."""
    url: Url | None = None
    """Remote embedding service."""
    secret: SecretName | None = None
    """Secret of the model or service."""


class Llm(Declared):
    """The model that answers: exactly one of a model of this fleet and a url."""

    model: Name | None = None
    """A model of this fleet on the same cluster."""
    url: Url | None = None
    """Completions endpoint."""
    contextWindow: Tokens
    """Tokens that the model takes."""
    secret: SecretName | None = None
    """Secret with the key LLM_ACCESS_SECRET."""


class VectorDB(Declared):
    """An external vector database."""

    engine: str = "qdrant"
    """Kind of database; KAITO supports qdrant."""
    url: Url
    """Address of the database."""
    secret: SecretName | None = None
    """Secret with the key VECTOR_DB_ACCESS_SECRET."""


class Storage(Declared):
    """Where the index is kept."""

    claim: ObjectName | None = None
    """PersistentVolumeClaim for the index."""
    mountPath: str | None = Field(default=None, pattern=r"^/")
    """Where the claim is mounted."""
    vectorDB: VectorDB | None = None
    """Keep the index in a database."""


class Guardrails(Declared):
    """Checks of the answers; KAITO's default policy where no policy is given."""

    policy: MutableObject | None = None
    """Content of guardrails.yaml."""


class Rag(Placement):
    """A retrieval-augmented generation engine."""

    embedding: Embedding
    """How documents become vectors."""
    llm: Llm | None = None
    """The model that answers; none retrieves only."""
    storage: Storage | None = None
    """Where the index is kept; in the pod where absent."""
    guardrails: Guardrails | None = None
    """Checks of the answers."""
    loadBalancer: bool | None = None
    """Expose the engine on a public address without authentication."""
