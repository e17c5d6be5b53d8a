"""One release of a chart that lies in a repository: its name, where it goes, and its values in their order."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import Object, mapping
from kaitops.documents.source import MAX_BYTES
from kaitops.errors import BadInput, KaitopsError
from kaitops.gate.files.walking import lies_in, rooted

if TYPE_CHECKING:
    from kaitops.gate.objects import Group


class Release(NamedTuple):
    """A chart as one object deploys it.

    Attributes:
        values: what helm lays over the chart's own, the last wins: mappings, and names of files.
        words: further arguments of helm, which win over all values.
        problem: why it cannot be rendered as it is deployed; empty where it can.
        group: the cluster that its objects are of, where the object that deploys it says so.
        crds: definitions of the chart's own folder are deployed as well.
        offline: it is rendered without asking the cluster.
        tested: whoever deploys it runs the tests of the chart.
        told: what people call the giver of values, by their number, and of ``words``.
    """

    name: str
    namespace: str
    values: Sequence[Object | str] = ()
    words: Sequence[str] = ()
    problem: str = ""
    group: "Group | None" = None
    crds: bool = True
    offline: bool = False
    tested: bool = False
    told: Mapping[str, str] = MappingProxyType({})


class Unknown(KaitopsError):
    """A value that the tree does not say, with the reason as people read it."""


def parsed(text: str, what: str) -> Object:
    """Values that stand in a text.

    Raises:
        Unknown: the text is no mapping.
    """
    try:
        documents = reader.read_bytes(text.encode("utf-8", "surrogatepass"), "values")
    except BadInput as error:
        raise Unknown(f"{what} cannot be read ({str(error)[:200]})") from error
    data: Any = documents[0].data if documents else None
    if len(documents) > 1 or not isinstance(data, dict | None):
        raise Unknown(f"{what} is no mapping of values")
    return mapping(data)


def file_of(name: str, start: str, top: str) -> str | None:
    """The real path of a file of values that is named from a folder; None where there is none.

    Raises:
        Unknown: it is elsewhere: fetched, outside of the repository, no file, or too large to be one of values.
    """
    if "://" in name or "\0" in name or "$" in name:
        raise Unknown(f"{name[:120]} is fetched or named by what is not known here")
    real = rooted(name, start)
    if not lies_in(real, top):
        raise Unknown(f"{name[:120]} lies outside of the repository")
    if not os.path.lexists(real):
        return None
    if not os.path.isfile(real) or Path(real).stat().st_size > MAX_BYTES:
        raise Unknown(f"{name[:120]} is no file of values")
    return real
