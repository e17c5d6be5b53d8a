"""Whether an object may take over from another under a new name: nothing else may know it by its old one.

Owns the search. Services follow the names of KAITO's objects, so whatever names one, as a host, a label or a target,
would still lead to the old one, which goes. A word of an address's path, of a flag or of prose names nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from kaitops.api import is_kaito
from kaitops.components.resources.declaration import Declared
from kaitops.documents.plain import Object
from kaitops.documents.ref import namespace_of
from kaitops.fleet.workload import Workload

# Words of programs, where a name alone is a value as any other.
_WORDS = ("args", "command")
_HOST = re.compile(r"(//(?:[^/@\s]*@)?)?(?<![\w.-])([a-z0-9][a-z0-9.-]*)")


def problems(declared: Declared, workloads: Sequence[Workload]) -> Iterator[str]:
    """A line for each object of KAITO's that something else of the cluster goes by the name of."""
    rendered = {f"{each.group}.{each.name}": declared.build.objects(each) for each in workloads}
    content = [
        (where, document, list(_texts({key: value for key, value in document.items() if key != "metadata"})))
        for where, documents in rendered.items()
        for document in documents
    ]
    for where, documents in rendered.items():
        main = documents[-1]
        if not is_kaito(main["apiVersion"], main["kind"]):
            continue
        name = main["metadata"]["name"]
        for other, document, texts in content:
            if document is not main and any(is_named(text, name, namespace_of(main)) for text in texts):
                yield (
                    f"kaitops:workloads.blueGreen: {_said(document)} of {other} goes by the name {name} of {where}, "
                    "and a successor has another one, so it would lead to nothing; leave blueGreen out, or take what "
                    "names it out of the fleet"
                )
                break


def _texts(value: object, key: str = "") -> Iterator[str]:
    """Every value of an object that is text, those of programs' words with a mark that no name has."""
    if isinstance(value, Mapping):
        for inner, entry in cast("Object", value).items():
            if inner != "preset":  # whose name is no object's
                yield from _texts(entry, inner)
    elif isinstance(value, list | tuple):
        for entry in cast("Sequence[object]", value):
            yield from _texts(entry, key)
    elif isinstance(value, str):
        yield f"{value} " if key in _WORDS else value


def is_named(text: str, name: str, space: str) -> bool:
    """The text is the name, or has its host in it: that of an address, or one with the namespace behind it."""
    if text == name:
        return True
    whole = f"{name}.{space}"
    return any(
        (host == name and mark) or host == whole or host.startswith(f"{whole}.") for mark, host in _HOST.findall(text)
    )


def _said(document: Object) -> str:
    return f"{document['kind']} {document['metadata']['name']}"
