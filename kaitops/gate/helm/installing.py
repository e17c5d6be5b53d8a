"""Which releases of KAITO's own charts a tree holds, and the layers of the values that they get.

Owns in which objects one is: a HelmRelease of Flux, an Application of Argo CD or a set of them, a chart that a
kustomization takes. What the values mean is in ``meaning``.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from kaitops.documents import applications
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.documents.source import read
from kaitops.errors import BadInput
from kaitops.gate import checks
from kaitops.gate.files.sniffing import CHART
from kaitops.gate.files.walking import home_of, lies_in, rooted
from kaitops.gate.helm import argo_releases
from kaitops.gate.helm.release import Unknown, parsed
from kaitops.gate.objects import Group, Item
from kaitops.gate.overlays import argo
from kaitops.gate.overlays.graph import Kustomization
from kaitops.gate.overlays.taking import KEY, chart_folder
from kaitops.report.findings import Finding

_CHARTS = {"workspace": "workspace", "kaito-workspace": "workspace",
           "ragengine": "ragengine", "kaito-ragengine": "ragengine"}  # fmt: skip
_WORD = "kaito"


class Layer(NamedTuple):
    """Values of a release, those of the next layer come over them.

    Attributes:
        path: where they stand in the object that makes the release.
        is_there: they stand there as they are, so that a value has its place below that.
        problem: why they are not known; empty where they are.
    """

    held: Object
    path: Path = ()
    is_there: bool = False
    problem: str = ""


class Installed(NamedTuple):
    """A release of one of KAITO's charts.

    Attributes:
        chart: as the facts call it.
        path: of its version in the object.
        namespace: that it is installed into.
        values: the lowest first.
    """

    where: Item | Kustomization
    chart: str
    version: str
    path: Path
    namespace: str
    values: list[Layer]

    @property
    def file(self) -> str:
        """The file of the object."""
        return self.where.document.file

    def finding(self, check: str, path: Path, text: str, *, unjudged: bool = False) -> Finding:
        """A finding at a path of the object."""
        if isinstance(self.where, Item):
            return self.where.finding(check, path, text, unjudged=unjudged)
        document = self.where.document
        place = document.locate(path)
        return checks.finding(check, document.file, place, "Kustomization", text, path=path, unjudged=unjudged)


def releases(group: Group, groups: Sequence[Group], tops: Sequence[str]) -> Iterator[Installed]:
    """The releases of a cluster.

    Args:
        groups: all clusters, among whose objects sources and values are looked for.
        tops: real paths of the repositories that are under judgement.
    """
    every = [group.items, [item for one in groups if one is not group for item in one.items]]
    for item in group.items:
        if item.data["kind"] == "HelmRelease":
            yield from _of_flux(item, every, tops)
        elif item.data["kind"] in applications.SPECS and item.data["apiVersion"].startswith(f"{applications.GROUP}/"):
            yield from _of_argo(item, tops)
    for one in group.inflating:
        yield from _of_kustomize(one)


def _of_flux(item: Item, every: Sequence[Sequence[Item]], tops: Sequence[str]) -> Iterator[Installed]:
    from kaitops.gate.helm import flux_releases  # a tree is Argo CD's or Flux's

    spec, name = mapping(item.data.get("spec")), item.data["metadata"]["name"]
    if not flux_releases.is_release(item.data) or spec.get("suspend"):
        return
    chart, path = flux_releases.chart_of(item.data, every), ("spec", "chart", "spec", "version")
    if chart is None and at(spec, "chartRef", "kind") == "OCIRepository":
        chart, path = flux_releases.oci_chart(item.data, every), ("spec", "chartRef")
    if chart is None:
        return
    if not at(spec, "chart"):
        path = ("spec", "chartRef")
    folder, top = "", home_of(os.path.realpath(item.document.file), tops)
    if at(chart, "sourceRef", "kind") in ("GitRepository", "Bucket") and top is not None:
        folder = rooted(str(chart.get("chart")), top)
        folder = folder if lies_in(folder, top) else ""
    about = (name, spec.get("releaseName"), spec.get("targetNamespace"), at(chart, "sourceRef", "name"))
    known = _known(chart.get("chart"), chart.get("version"), about, folder)
    if known is None:
        return
    key, version, values = known
    files = [str(one) for one in (*items(chart.get("valuesFiles")), chart.get("valuesFile")) if one]
    if files:
        values.append(Layer({}, path, problem=f"{files[0][:120]} is a file of the chart, which is not read here"))
    drawn = flux_releases.drawn(spec, item.data["metadata"].get("namespace"), every)
    values += [_layer(one, ("spec", "valuesFrom", number)) for number, one in enumerate(drawn)]
    values.append(Layer(mapping(spec.get("values")), ("spec", "values"), is_there=True))
    yield Installed(item, key, version, path, str(spec.get("targetNamespace") or namespace_of(item.data)), values)


def _of_argo(item: Item, tops: Sequence[str]) -> Iterator[Installed]:
    data, is_set = item.data, item.data["kind"] == "ApplicationSet"
    base = applications.SPECS[data["kind"]]
    top = home_of(os.path.realpath(item.document.file), tops) or ""
    held = mapping(at(data, *base))
    ways = argo.parameters(mapping(data.get("spec")), top) if is_set else None
    for values in ways or [{}]:
        spec = mapping(argo.filled(held, values))
        for path, source in applications.sources_of(spec, base):
            found = _of_source(item, spec, source, path, top)
            if found is not None:
                yield found


def _of_source(item: Item, spec: Object, source: Object, path: Path, top: str) -> Installed | None:
    chart, folder = source.get("chart"), ""
    version, place = source.get("targetRevision"), (*path, "targetRevision")
    if not chart and isinstance(source.get("path"), str) and argo.is_here(source.get("repoURL"), top):
        chart, place = source["path"], (*path, "path")
        folder = rooted(chart, top)
        folder = folder if lies_in(folder, top) else ""
    known = _known(chart, version, (source.get("repoURL"), item.data["metadata"]["name"]), folder)
    if known is None:
        return None
    key, said, values = known
    sources = [mapping(one) for one in (spec.get("source"), *items(spec.get("sources")))]
    for own, one in argo_releases.laid(mapping(source.get("helm")), sources, folder, top):
        values.append(_layer(one, (*path, "helm", *own), is_there=own == ("valuesObject",)))
    helm = mapping(source.get("helm"))
    namespace = str(helm.get("namespace") or at(spec, "destination", "namespace") or "default")
    return Installed(item, key, said, place, namespace, values)


def _of_kustomize(one: Kustomization) -> Iterator[Installed]:
    for number, entry in enumerate(items(one.held.get(KEY))):
        held, path = mapping(entry), (KEY, number)
        folder = os.path.realpath(chart_folder(one, held) or os.devnull)
        known = _known(held.get("name"), held.get("version"), (held.get("repo"), held.get("releaseName")), folder)
        if known is None:
            continue
        key, version, values = known
        inline = Layer(mapping(held.get("valuesInline")), (*path, "valuesInline"), is_there=True)
        files = [name for name in (held.get("valuesFile"), *items(held.get("additionalValuesFiles"))) if name]
        from_files = [_of_file(os.path.join(one.folder, str(name)), (*path, "valuesFile")) for name in files]
        # What is written in the kustomization comes over the files, unless it says otherwise.
        merge = held.get("valuesMerge")
        if merge == "merge":
            from_files = [inline, *from_files]
        elif merge != "replace" or not inline.held:
            from_files = [*from_files, inline]
        else:
            from_files = [inline]
        namespace = str(held.get("namespace") or one.held.get("namespace") or "default")
        yield Installed(one, key, version, (*path, "version") if "version" in held else path, namespace,
                        [*values, *from_files])  # fmt: skip


def _known(chart: object, version: object, about: Sequence[Any], folder: str) -> tuple[str, str, list[Layer]] | None:
    """The chart as the facts call it, its version and its own values, where it is one of KAITO's.

    Args:
        about: what else may say that it is KAITO's.
        folder: that it lies in; empty where it is fetched.
    """
    if not folder or not os.path.isfile(os.path.join(folder, CHART)):
        key = _key(chart)
        is_kaito = any(isinstance(one, str) and _WORD in one for one in (chart, *about))
        return (key, _plain(version), []) if key and is_kaito else None
    own = _of_file(os.path.join(folder, CHART), ()).held
    key = _key(own.get("name"))
    if key is None or _WORD not in f"{own}":
        return None
    values = os.path.join(folder, "values.yaml")
    layers = [_of_file(values, ())] if os.path.isfile(values) else []
    return key, _plain(own.get("version")), layers


def _layer(found: object, path: Path, *, is_there: bool = False) -> Layer:
    if isinstance(found, Unknown):
        return Layer({}, path, problem=str(found))
    if isinstance(found, str):
        return _of_file(found, path)
    if isinstance(found, tuple):
        flag, text = cast("tuple[str, str]", found)
        return _of_word(flag, text, path)
    return Layer(mapping(found), path, is_there=is_there)


def _of_word(flag: str, text: str, path: Path) -> Layer:
    """What a parameter of Argo CD sets, as helm's argument does."""
    from kaitops.gate.helm import flux_releases

    name, _, value = text.partition("=")
    held = flux_releases.set_of(name, value, as_text=flag == "--set-string") if not set(value) & set("{\\") else None
    return Layer({}, path, problem=f"parameter {name[:80]} is not followed here") if held is None else Layer(held, path)


def _of_file(name: str, path: Path) -> Layer:
    try:
        return Layer(parsed(read(name).decode("utf-8", "replace"), os.path.basename(name)), path)
    except (BadInput, Unknown) as error:
        return Layer({}, path, problem=f"{os.path.basename(name)[:120]} cannot be read ({str(error)[:200]})")


def _key(chart: Any) -> str | None:
    """What the facts call a chart of KAITO's; None for any other value."""
    return _CHARTS.get(chart) if isinstance(chart, str) else None


def _plain(version: object) -> str:
    return version.removeprefix("v") if isinstance(version, str) else ""
