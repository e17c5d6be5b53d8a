"""What admission answers: the verdict, and the objects that a refusal rests on."""

from typing import NamedTuple


class MissingReference(NamedTuple):
    """An object that the declaration refers to and the given documents do not hold.

    Attributes:
        namespace: empty for cluster-scoped kinds.
        message: the refusal that rests on it, in KAITO's words.
    """

    kind: str
    namespace: str
    name: str
    message: str


class Verdict(NamedTuple):
    """The answer to one write.

    Attributes:
        errors: empty where the object is admitted; else one text per refused object, one finding a line.
        missing: refusals that rest on absent objects; a subset of what ``errors`` says.
        code: HTTP status of the API server: 200, 400 (webhook, decoding), 404, 422 (schema) or 500.
        message: the API server's whole message; empty where admitted.
    """

    errors: list[str]
    missing: list[MissingReference]
    code: int = 200
    message: str = ""

    @property
    def admitted(self) -> bool:
        """The write goes through."""
        return not self.errors
