"""Which object a document is: what no two objects of a cluster share.

The only identity of objects in the house. What is missing, or no text, reads as empty; a namespace that is not written
is ``default``, as it is for whoever applies the object. Of kinds that stand in no namespace the word says nothing, and
it is the same for all of them.
"""

from typing import NamedTuple

from kaitops.documents.plain import Object, mapping

DEFAULT = "default"


class Ref(NamedTuple):
    """An object by API group (empty for the core one), kind, namespace and name."""

    group: str
    kind: str
    namespace: str
    name: str

    @classmethod
    def of(cls, document: Object) -> "Ref":
        """That of a document of any shape."""
        # Several times an object of a tree: written out, as calls would cost more than the look.
        held = mapping(document.get("metadata"))
        version, kind = document.get("apiVersion"), document.get("kind")
        namespace, name = held.get("namespace"), held.get("name")
        return cls(
            version.rpartition("/")[0] if isinstance(version, str) else "",
            kind if isinstance(kind, str) else "",
            namespace if namespace and isinstance(namespace, str) else DEFAULT,
            name if isinstance(name, str) else "",
        )

    @property
    def local(self) -> "Local":
        """What another object names it by: a reference within a cluster gives no group."""
        return self.kind, self.namespace, self.name


Local = tuple[str, str, str]
"""Kind, namespace and name."""


def namespace_of(document: Object) -> str:
    """The namespace of a document."""
    return _text(mapping(document.get("metadata")).get("namespace")) or DEFAULT


def subject_of(document: Object) -> str:
    """How a document is named to people: ``Kind namespace/name``, and no namespace where none is written."""
    held = mapping(document.get("metadata"))
    kind, namespace, name = _text(document.get("kind")), _text(held.get("namespace")), _text(held.get("name"))
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
