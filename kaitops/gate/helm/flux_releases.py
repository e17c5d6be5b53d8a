"""The releases of charts in this repository that Flux makes: objects of its kind HelmRelease.

Owns which of their fields are values, in Flux's order: files of the chart, what ``valuesFrom`` names, ``values``.
Source: Flux's documentation of HelmRelease and HelmChart.
"""

import base64
import binascii
import os
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kaitops.documents.plain import Object, at, items, mapping, nested
from kaitops.documents.ref import namespace_of
from kaitops.gate.files.sniffing import CHART
from kaitops.gate.files.walking import home_of, lies_in, rooted
from kaitops.gate.helm.release import Release, Unknown, file_of, parsed
from kaitops.gate.objects import Group, Item
from kaitops.gate.overlays import argo

GROUP = "helm.toolkit.fluxcd.io"
_Items = Sequence[Sequence[Item]]
_PLAIN = r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*"
_WORDS: Object = {"true": True, "false": False, "null": None}


class Deployed(NamedTuple):
    """A release, the object that makes it, and the chart's folder by real path; empty where it is not there."""

    item: Item
    folder: str
    release: Release


def is_release(data: Object) -> bool:
    """Whether it is Flux's object of a release."""
    return data.get("kind") == "HelmRelease" and str(data.get("apiVersion")).startswith(f"{GROUP}/")


def deployed(groups: Sequence[Group], tops: Sequence[str]) -> Iterator[Deployed]:
    """The releases whose charts Flux takes from this repository, by its source of git.

    Args:
        tops: real paths of the repositories that are under judgement.
    """
    for group in groups:
        # What stands in its own cluster first; a name may be taken in others as well.
        every = [group.items, [item for one in groups if one is not group for item in one.items]]
        for item in group.items:
            chart = chart_of(item.data, every) if is_release(item.data) else None
            if chart is None or at(chart, "sourceRef", "kind") != "GitRepository":
                continue
            own = os.path.realpath(item.document.file)
            top = home_of(own, tops)
            if top is None or not _is_here(chart, item, every, top):
                continue
            folder = rooted(str(chart.get("chart")), top)
            there = lies_in(folder, top) and os.path.isfile(os.path.join(folder, CHART))
            yield Deployed(item, folder if there else "", _release(item, chart, every, group, folder, top))


def chart_of(data: Object, every: _Items) -> Object | None:
    """What it says of its chart, itself or by an object of that kind."""
    reference = mapping(at(data, "spec", "chartRef"))
    if reference.get("kind") == "HelmChart":
        place = reference.get("namespace") or at(data, "metadata", "namespace")
        found = _find(every, "HelmChart", str(reference.get("name")), place)
        return mapping(found.get("spec")) if found is not None else None
    return mapping(at(data, "spec", "chart", "spec")) or None


def oci_chart(data: Object, every: _Items) -> Object | None:
    """The chart that a release takes from a registry, in the form of the others."""
    reference = mapping(at(data, "spec", "chartRef"))
    place = reference.get("namespace") or at(data, "metadata", "namespace")
    found = _find(every, "OCIRepository", str(reference.get("name")), place)
    url = at(found, "spec", "url")
    if not isinstance(url, str):
        return None
    version = at(found, "spec", "ref", "tag") or at(found, "spec", "ref", "semver")
    return {"chart": url.rpartition("/")[2], "version": version, "sourceRef": {"name": url}}


def _all(every: _Items, kind: str, name: str, place: object) -> Sequence[Object]:
    """The objects of a name, those of the own cluster alone where it has one."""
    for held in every:
        found = [
            item.data
            for item in held
            if item.data["kind"] == kind
            and item.data["metadata"]["name"] == name
            and item.data["metadata"].get("namespace") == place
        ]
        if found:
            return found
    return []


def _find(every: _Items, kind: str, name: str, place: object) -> Object | None:
    """The object of a name; None where there is none, or where others of that name differ from it."""
    found = _all(every, kind, name, place)
    return found[0] if found and all(one == found[0] for one in found) else None


def _is_here(chart: Object, item: Item, every: _Items, top: str) -> bool:
    """Its source is this repository, as far as the tree says; the object of the source may be elsewhere."""
    reference = mapping(chart.get("sourceRef"))
    place = reference.get("namespace") or item.data["metadata"].get("namespace")
    found = _all(every, "GitRepository", str(reference.get("name")), place)
    return not found or any(argo.is_here(at(one, "spec", "url"), top) for one in found)


def _release(item: Item, chart: Object, every: _Items, group: Group, folder: str, top: str) -> Release:
    spec, metadata = mapping(item.data.get("spec")), item.data["metadata"]
    target = str(spec.get("targetNamespace") or "")
    name = str(spec.get("releaseName") or (f"{target}-{metadata['name']}" if target else metadata["name"]))
    place = target or namespace_of(item.data)
    crds = at(spec, "install", "crds") != "Skip"
    if spec.get("commonMetadata"):
        return Release(name, place, problem="commonMetadata is not followed here", group=group)
    told: dict[str, str] = {}
    try:
        values: list[Object | str] = [*_files(chart, folder, top)]
        givers = map(mapping, items(spec.get("valuesFrom")))
        for giver, one in zip(givers, drawn(spec, metadata.get("namespace"), every), strict=True):
            if isinstance(one, Unknown):
                raise one
            told[str(len(values))] = f"{giver.get('kind')} {giver.get('name')}, which {item.subject} takes"
            values.append(one)
    except Unknown as unknown:
        return Release(name, place, problem=str(unknown), group=group)
    tested = bool(at(spec, "test", "enable"))
    told[str(len(values))] = f"spec.values of {item.subject}"
    values.append(mapping(spec.get("values")))
    return Release(name, place, values, group=group, crds=crds, tested=tested, told=told)


def _files(chart: Object, folder: str, top: str) -> list[str]:
    names = [str(one) for one in (*items(chart.get("valuesFiles")), *items([chart.get("valuesFile")])) if one]
    own = os.path.realpath(os.path.join(folder, "values.yaml"))
    found: list[str] = []
    for name in names:
        file = file_of(name, top, top)
        if file is not None:
            found.append(file)
        elif not chart.get("ignoreMissingValuesFiles"):
            raise Unknown(f"{name[:120]} is not there")
    if found and own not in found and os.path.isfile(own):
        # helm has no way to leave it out, and Flux puts the files in its place.
        raise Unknown("valuesFiles leaves the chart's own values.yaml out; list it first")
    return found


def drawn(spec: Object, place: object, every: _Items) -> Iterator[Object | Unknown]:
    """What ``valuesFrom`` brings, each entry in its order, or why that is not known.

    Args:
        place: the namespace of the release.
        every: the objects of the tree, those of its own cluster first.
    """
    for one in map(mapping, items(spec.get("valuesFrom"))):
        try:
            yield _drawn(one, place, every)
        except Unknown as unknown:
            yield unknown


def _drawn(one: Object, place: object, every: _Items) -> Object:
    kind, name, key = str(one.get("kind")), str(one.get("name")), str(one.get("valuesKey") or "values.yaml")
    found = _find(every, kind, name, place)
    text = None if found is None else _text(found, key)
    if text is None:
        # One that is optional may be in the cluster all the same.
        raise Unknown(f"{kind} {name[:80]}, of which values come, is not in the tree with the key {key[:80]}")
    target = one.get("targetPath")
    if target is None:
        return parsed(text, f"{kind} {name[:80]}")
    found = set_of(str(target), text) if isinstance(target, str) else None
    if found is None:
        raise Unknown(f"targetPath {str(target)[:80]} is not followed here")
    return found


def set_of(name: str, text: str, *, as_text: bool = False) -> Object | None:
    """What helm makes of ``name=text``; None where the name is no plain path of keys."""
    if not re.fullmatch(_PLAIN, name):
        return None
    return nested(name.split("."), text if as_text else _scalar(text))


def _text(found: Object, key: str) -> str | None:
    text = mapping(found.get("stringData")).get(key)
    text = mapping(found.get("data")).get(key) if text is None else text
    if not isinstance(text, str) or found["kind"] == "ConfigMap" or key in mapping(found.get("stringData")):
        return text if isinstance(text, str) else None
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def _scalar(text: str) -> Any:
    """A value as helm reads it after an equals sign: some words and whole numbers are no text."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text) else text
