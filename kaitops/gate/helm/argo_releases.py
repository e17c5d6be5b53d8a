"""The releases of a chart that Argo CD makes: of Applications, and of ApplicationSets whose generators are followed.

Owns which field of ``helm`` is which value, in Argo CD's order: files, then values, then parameters.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kaitops.documents import applications
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.files.walking import rooted
from kaitops.gate.helm.release import Release, Unknown, file_of, parsed
from kaitops.gate.overlays import argo

_OPEN = "{{"
_FOLLOWED = frozenset(
    {"valueFiles", "ignoreMissingValueFiles", "values", "valuesObject", "parameters", "releaseName", "skipCrds",
     "skipTests", "skipSchemaValidation", "namespace", "version", "passCredentials"}
)  # fmt: skip


def releases(data: Object, folder: str, top: str) -> Iterator[Release]:
    """Each release of the chart in a folder that an Application, or a set of them, makes.

    Args:
        folder: real path of the chart.
        top: real path of the repository.
    """
    is_set = data.get("kind") == "ApplicationSet"
    sources = [source for _, source in applications.sources(data)]
    if not any(_OPEN in str(one.get("path")) or _is_of(one, folder, top) for one in sources if one.get("path")):
        return
    name = str(at(data, "spec", "template", "metadata", "name") if is_set else at(data, "metadata", "name"))
    place = str(at(data, *applications.SPECS[data["kind"]], "destination", "namespace") or "default")
    ways: list[dict[str, str]] | None = argo.parameters(mapping(data.get("spec")), top) if is_set else [{}]
    for values in ways if ways is not None else [{}]:
        filled = argo.filled({"name": name, "place": place, "sources": sources}, values)
        for source in items(filled["sources"]):
            if _is_of(mapping(source), folder, top):
                given = mapping(source), items(filled["sources"]), filled["name"], filled["place"]
                yield _release(*given, folder, top, f"{data['kind']} {at(data, 'metadata', 'name')}")
            elif ways is None and _OPEN in str(source.get("path")) and source.get("helm"):
                yield Release(
                    name, place, problem=f"{data['kind']} {name} may deploy it, by generators not followed here"
                )


def _is_of(source: Object, folder: str, top: str) -> bool:
    path = source.get("path")
    if not isinstance(path, str) or _OPEN in path or "\0" in path or source.get("chart"):
        return False
    real = rooted(path, top)
    return real == folder and argo.is_here(source.get("repoURL"), top)


def _release(source: Object, sources: list[Any], name: str, place: str, folder: str, top: str, by: str) -> Release:
    helm = mapping(source.get("helm"))
    name, place = str(helm.get("releaseName") or name), str(helm.get("namespace") or place)
    try:
        values, words, told = _values(helm, sources, folder, top)
    except Unknown as unknown:
        return Release(name, place, problem=str(unknown))
    told = {number: f"{key} of {by}" for number, key in told.items()}
    return Release(name, place, values, words, crds=not helm.get("skipCrds"), offline=True, told=told)


class Laid(NamedTuple):
    """One layer of a source's values.

    Attributes:
        path: of it below ``helm``.
        held: a mapping, the name of a file, a further argument of helm with the value of one, or why it is not known.
    """

    path: Path
    held: Object | str | tuple[str, str] | Unknown


def _values(
    helm: Object, sources: list[Any], folder: str, top: str
) -> tuple[list[Object | str], list[str], dict[str, str]]:
    values: list[Object | str] = []
    words: list[str] = []
    told: dict[str, str] = {}
    for path, held in laid(helm, sources, folder, top):
        if isinstance(held, Unknown):
            raise held
        if isinstance(held, tuple):
            words += held
        else:
            told[str(len(values))] = str(path[0])
            values.append(held)
    return values, words, {**told, "words": "parameters"}


def laid(helm: Object, sources: Sequence[Any], folder: str, top: str) -> Iterator[Laid]:
    """The values of a source, the last wins.

    Args:
        sources: all of the Application, among which files may lie.
        folder: real path of the chart; empty where it is not in the repository.
    """
    if _OPEN in str(dict(helm)):
        yield Laid((), Unknown("its values come from generators that are not followed here"))
        return
    if other := sorted(key for key in helm if key not in _FOLLOWED and helm[key]):
        yield Laid((other[0],), Unknown(f"helm.{other[0]} is not followed here"))
    for number, name in enumerate(map(str, items(helm.get("valueFiles")))):
        place = ("valueFiles", number)
        try:
            found = _file(name, sources, folder, top)
        except Unknown as unknown:
            yield Laid(place, unknown)
            continue
        if found is not None:
            yield Laid(place, found)
        elif not helm.get("ignoreMissingValueFiles"):
            yield Laid(place, Unknown(f"{name[:120]} is not there"))
    if helm.get("valuesObject"):  # which Argo CD takes in place of the text
        yield Laid(("valuesObject",), mapping(helm["valuesObject"]))
    elif isinstance(helm.get("values"), str):
        try:
            yield Laid(("values",), parsed(helm["values"], "helm.values"))
        except Unknown as unknown:
            yield Laid(("values",), unknown)
    for number, one in enumerate(map(mapping, items(helm.get("parameters")))):
        flag = "--set-string" if one.get("forceString") else "--set"
        # Argo CD escapes a comma, which would end the value, except in a list.
        text = str(one.get("value", ""))
        if "$" in text:  # even a name that Argo CD does not know is taken out of the value
            yield Laid(("parameters", number), Unknown(f"Argo CD fills in variables in parameter {one.get('name')}"))
            continue
        text = text if text.startswith("{") else re.sub(r"(?<!\\),", r"\\,", text)
        yield Laid(("parameters", number), (flag, f"{one.get('name')}={text}"))


def _file(name: str, sources: Sequence[Any], folder: str, top: str) -> str | None:
    """A file of values: from the chart, from the top of the repository, or from another source by its name."""
    if not name.startswith("$"):
        if not folder:
            raise Unknown(f"{name[:120]} is a file of the chart, which is not in the repository")
        return file_of(name, top if name.startswith("/") else folder, top)
    reference, _, rest = name[1:].partition("/")
    for source in map(mapping, sources):
        if source.get("ref") == reference and argo.is_here(source.get("repoURL"), top):
            return file_of(rest, top, top)
    raise Unknown(f"{name[:120]} is of a source that is not this repository")
