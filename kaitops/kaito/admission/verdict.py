"""What admission answers: the verdict, and the objects that a refusal rests on."""

from typing import NamedTuple

from kaitops.kaito.kubernetes.field_errors import Refusal


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
        refusals: empty where the object is admitted; else line by line what is wrong.
        missing: refusals that rest on absent objects; a subset of what ``refusals`` says.
        code: HTTP status of the API server: 200, 400 (webhook, decoding), 404, 422 (schema) or 500.
        message: the API server's whole message; empty where admitted.
    """

    refusals: list[Refusal]
    missing: list[MissingReference]
    code: int = 200
    message: str = ""

    @property
    def errors(self) -> list[str]:
        """Empty where the object is admitted; else its refusals as one text."""
        return ["\n".join(one.text for one in self.refusals)] if self.refusals else []

    @property
    def admitted(self) -> bool:
        """The write goes through."""
        return not self.refusals
