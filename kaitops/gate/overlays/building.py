"""Which kustomizations of a tree are built: those that somebody deploys, and what objects of theirs deploy in turn."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from kaitops.documents import reader
from kaitops.documents.plain import items, mapping
from kaitops.gate.files.sniffing import KUSTOMIZATIONS
from kaitops.gate.files.walking import lies_in_any, named
from kaitops.gate.overlays import argo, flux, making, taking, tool
from kaitops.gate.overlays.builders import is_building
from kaitops.gate.overlays.deployed import folders, name_of
from kaitops.gate.overlays.graph import Graph, Kustomization
from kaitops.gate.overlays.making import Build, Made
from kaitops.gate.overlays.namespaces import Namespaces
from kaitops.gate.overlays.values import Values
from kaitops.gate.overlays.view import Deploying, View
from kaitops.gate.rendering import offline

# A tree deploys by objects that others deploy: one level more than is ever met.
_DEEPEST = 4
_CIRCLE = (
    "the ConfigMap that its values come from is made with values that it gives, so what the cluster gets was not "
    "judged; write the values in spec.postBuild.substitute"
)


def builds(
    known: Mapping[str, Kustomization],
    documents: Sequence[reader.Document],
    within: Sequence[str],
    kept: Mapping[str, frozenset[str]],
    unlisted: Callable[[], Iterable[str]],
) -> tuple[list[Build], Graph, set[int]]:
    """Build what has to be built.

    Args:
        known: the kustomizations of a tree by their folder.
        documents: all that were read, among which Flux's objects and their variables are looked for.
        within: real folders that are under judgement.
        kept: folders that the base deploys by themselves, each with what does: they stay judged by themselves, unless
            that is what changes them now.
        unlisted: tells which files the kustomization beside them leaves out.

    Returns:
        The builds; which kustomizations use which; and the identities of the data of Flux's objects that were followed.
    """
    deploying: list[Deploying] = [document for document in documents if is_building(document.data)]
    deployed = [one for document in deploying for one in _deployed(document, within)]
    changed: dict[str, set[str]] = {}
    for one, document in deployed:
        changed.setdefault(os.path.realpath(one.folder or "."), set()).add(name_of(document.data))
    alone = {folder for folder, names in kept.items() if not names or not names <= changed.get(folder, set())}
    alone |= set(folders([one.data for one in documents], within))
    graph = Graph(known, [one for one, _ in deployed], alone)
    flows = {id(one): document for one, document in deployed}

    placed = Namespaces().of

    def values(builds: Sequence[Build]) -> Values:
        return Values(
            documents, builds, placed, graph.deployed_files(), graph.plain(), map(os.path.realpath, unlisted())
        )

    found = fresh = _built(graph.roots(), within, flows, [], values)
    twins: list[tuple[Made, Deploying]] = []
    for _ in range(_DEEPEST):
        # What a build makes may deploy folders in its turn, otherwise than it stands in its file.
        made = [one for build in fresh for one in build.made if is_building(one.data)]
        written = {_name(one): one for one in deploying}
        twins += [(one, twin) for one in made if (twin := written.get(_name(one))) and _is_same(one.data, twin.data)]
        left = {id(one) for one, _ in twins}
        again = [one for one in made if id(one) not in left]
        if not again:
            break
        gone = {id(written[name]) for one in again if (name := _name(one)) in written}
        found = [one for one in found if id(flows.get(id(one.root))) not in gone]
        more = [pair for one in again for pair in _deployed(one, within)]
        flows |= {id(one): document for one, document in more}
        # Those that are deployed stand before all others.
        roots = Graph(known, [one for one, _ in more]).roots()[: len(more)]
        fresh = _built(roots, within, flows, found, values)
        found = [*found, *fresh]
        deploying = [*(one for one in deploying if id(one) not in gone), *again]
    of_flows = [(id(flows[id(one.root)].data), one.problem is None) for one in found if id(one.root) in flows]
    # What deploys more than one folder is followed where all of them were built.
    followed = {number for number, _ in of_flows} - {number for number, is_built in of_flows if not is_built}
    return found, graph, followed | {id(one.data) for one, twin in twins if id(twin.data) in followed}


def _name(one: Deploying) -> tuple[str, str, str]:
    """What an object of a file is known by, wherever a build puts it."""
    held = mapping(one.data)
    return os.path.realpath(one.file), str(held.get("kind")), str(mapping(held.get("metadata")).get("name"))


def _is_same(one: object, other: object) -> bool:
    """It deploys the same into the same place."""
    places = [mapping(mapping(each).get("metadata")).get("namespace") for each in (one, other)]
    return places[0] == places[1] and mapping(one).get("spec") == mapping(other).get("spec")


def _built(
    roots: Sequence[tuple[Kustomization, list[Kustomization]]],
    within: Sequence[str],
    flows: Mapping[int, Deploying],
    before: Sequence[Build],
    values: Callable[[Sequence[Build]], Values],
) -> list[Build]:
    """Build each.

    Args:
        flows: what deploys a root, by the identity of the root.
        before: what is built already.
        values: the ConfigMaps of the tree as builds leave them, among which those of variables are looked for.
    """
    if not roots:
        return []

    @cache
    def real(path: str) -> str:
        # The files of a base are asked for by each overlay, so the way to their folder is followed once.
        folder, name = os.path.split(path)
        if folder in ("", "/") or name in ("", ".", ".."):
            return os.path.realpath(path)
        whole = os.path.join(real(folder), name)
        return os.path.realpath(whole) if os.path.islink(whole) else whole

    command = tool.find(within)
    helm = None
    if any(taking.takes_charts(taken) for _, taken in roots):
        helm = offline.find("helm", within)
    refused = [making.refused(root, taken, command, within, helm) for root, taken in roots]
    todo = [
        (root, taken, helm if taking.takes_charts(taken) else None)
        for (root, taken), problem in zip(roots, refused, strict=True)
        if problem is None
    ]
    raw: dict[int, tool.Built] = {}
    bare: dict[int, Build] = {}
    for (root, taken, _), told in zip(todo, making.run(command or [], todo), strict=True):
        raw[id(root)] = told
        bare[id(root)] = making.assembled(root, taken, told, None, real)
    built = [problem or bare[id(root)] for (root, _), problem in zip(roots, refused, strict=True)]
    filling = {
        number: flow
        for number, (root, _) in enumerate(roots)
        if id(root) in raw and flux.is_filling(flow := flows.get(id(root)))
    }
    used: dict[int, flux.Variables | None] = {}
    for _ in range(_DEEPEST if filling else 0):
        # What one is filled in with may be made by another.
        known = values([*before, *(one for number, one in enumerate(built) if number not in filling or used)])
        given = {number: flux.variables(flow, known.of) for number, flow in filling.items()}
        fresh = [number for number in filling if number not in used or given[number] != used[number]]
        for number in fresh:
            root, taken = roots[number]
            built[number] = making.assembled(root, taken, raw[id(root)], given[number], real)
        used = given
        if not fresh:
            break
    else:
        for number in filling:
            root, taken = roots[number]
            built[number] = Build(root, taken, [], (root, ("postBuild",), _CIRCLE))
    return built


def _deployed(document: Deploying, within: Sequence[str]) -> list[tuple[Kustomization, Deploying]]:
    if mapping(document.data).get("kind") != "Kustomization":
        return _of_argo(document, within)
    folder = flux.folder_of(document, within)
    if folder is None:
        return []
    made = flux.kustomization(document, folder, KUSTOMIZATIONS)
    beside = [named(name, folder) for name in made.get("components", ())]
    if not all(lies_in_any(place, within) for place in beside):
        return []
    return [(Kustomization(View(document, made, flux.own), deploys=os.path.relpath(folder)), document)]


def _of_argo(document: Deploying, within: Sequence[str]) -> list[tuple[Kustomization, Deploying]]:
    found = argo.deployed(document, within) or []
    beside = [named(str(name), one.folder) for one in found
              for name in items(one.view.data.get("components"))]  # fmt: skip
    if not all(lies_in_any(place, within) for place in beside):
        return []
    return [(Kustomization(one.view, deploys=os.path.relpath(one.folder)), document) for one in found]
