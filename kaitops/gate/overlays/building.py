"""The objects of kustomizations that the tool has to build, as documents that know where their values come from."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import Path, Steps, items, mapping
from kaitops.errors import BadInput
from kaitops.gate import kustomizing, offline
from kaitops.gate.overlays import argo, flux, inflating, tool
from kaitops.gate.overlays.builders import is_building
from kaitops.gate.overlays.deployed import folders
from kaitops.gate.overlays.graph import Graph, Kustomization
from kaitops.gate.overlays.origins import CHANGES, ORIGIN, Origins, Place
from kaitops.gate.overlays.view import View
from kaitops.gate.sniffing import KUSTOMIZATIONS
from kaitops.gate.walking import lies_in_any

_GIVE = "give it one in spec.postBuild.substitute or a ConfigMap beside it, or write a default as in ${NAME:=value}"


@dataclass(frozen=True, slots=True)
class Made:
    """One object that a build made; stands where a document of a file stands otherwise.

    Attributes:
        file: that it comes from first.
        index: of the object among those of the build.
    """

    data: Any
    file: str
    index: int
    _notes: Mapping[str, Any]
    _origins: Origins
    _length: int

    def may_hold(self, values: int) -> bool:
        """Whether it is long enough for so many values."""
        return self._length * 20 >= values

    def locate(self, path: Steps) -> tuple[int, int]:
        """Line and column of what brought the value, in the file that :meth:`place` names."""
        return self.place(path)[1:]

    def place(self, path: Steps) -> Place:
        """File, line and column of what brought the value at a path."""
        return self._origins.place(self.data, self._notes, tuple(path))


class Build(NamedTuple):
    """One kustomization that somebody deploys, built.

    Attributes:
        taken: all kustomizations that are part of it.
        problem: why there are no objects, of the key or entry of a kustomization.
    """

    root: Kustomization
    taken: list[Kustomization]
    made: list[Made]
    problem: tuple[Kustomization, Path, str] | None = None

    @property
    def files(self) -> set[str]:
        """Real paths of what it took."""
        return {os.path.realpath(file) for one in self.taken for file in one.files()}

    @property
    def patches(self) -> set[str]:
        """Real paths of the patches among them, which are parts of objects."""
        return {os.path.realpath(file) for one in self.taken for file in one.patches()}


def builds(
    known: Mapping[str, Kustomization], documents: Sequence[reader.Document], within: Sequence[str], kept: Iterable[str]
) -> tuple[list[Build], Graph, set[int]]:
    """Build what has to be built.

    Args:
        known: the kustomizations of a tree by their folder.
        documents: all that were read, among which Flux's objects and their variables are looked for.
        within: real folders that are under judgement.
        kept: folders that are deployed by themselves, whoever else takes them.

    Returns:
        The builds; which kustomizations use which; and the identities of the data of Flux's objects that were followed.
    """
    building = [document for document in documents if is_building(document.data)]
    deployed = [one for document in building for one in _deployed(document, within)]
    others = [document.data for document in documents]
    graph = Graph(known, [one for one, _ in deployed], {*kept, *folders(others, within)})
    roots = graph.roots()
    if not roots:
        return [], graph, set()
    command = tool.find(within)
    flows = {id(one): document for one, document in deployed}
    helm = None
    if any(inflating.takes_charts(taken) for _, taken in roots):
        helm = offline.find("helm", within)
    refused = [_refused(root, taken, command, within, helm) for root, taken in roots]
    todo = [
        (root, helm if inflating.takes_charts(taken) else None)
        for (root, taken), problem in zip(roots, refused, strict=True)
        if problem is None
    ]
    built = dict(zip((id(root) for root, _ in todo), _run(command or [], todo), strict=True))
    found = [
        problem or _assembled(root, taken, built[id(root)], flows.get(id(root)), others)
        for (root, taken), problem in zip(roots, refused, strict=True)
    ]
    of_flows = [(id(flows[id(one.root)].data), one.problem is None) for one in found if id(one.root) in flows]
    # What deploys more than one folder is followed where all of them were built.
    followed = {number for number, _ in of_flows} - {number for number, is_built in of_flows if not is_built}
    return found, graph, followed


def _deployed(document: reader.Document, within: Sequence[str]) -> list[tuple[Kustomization, reader.Document]]:
    if mapping(document.data).get("kind") != "Kustomization":
        return _of_argo(document, within)
    folder = flux.folder_of(document, within)
    if folder is None:
        return []
    made = flux.kustomization(document, folder, KUSTOMIZATIONS)
    beside = [os.path.realpath(os.path.join(folder, name)) for name in made.get("components", ())]
    if not all(lies_in_any(place, within) for place in beside):
        return []
    return [(Kustomization(View(document, made, flux.own), deploys=os.path.relpath(folder)), document)]


def _of_argo(document: reader.Document, within: Sequence[str]) -> list[tuple[Kustomization, reader.Document]]:
    found = argo.deployed(document, within) or []
    beside = [os.path.realpath(os.path.join(one.folder, str(name))) for one in found
              for name in items(one.view.data.get("components"))]  # fmt: skip
    if not all(lies_in_any(place, within) for place in beside):
        return []
    return [(Kustomization(one.view, deploys=os.path.relpath(one.folder)), document) for one in found]


def _run(command: list[str], roots: Sequence[tuple[Kustomization, str | None]]) -> list[tool.Built]:
    """Run the tool for each; it is another process, so as many at a time as there are processors."""

    def one(pair: tuple[Kustomization, str | None]) -> tool.Built:
        root, helm = pair
        return tool.build(command, root.folder, root.held if root.deploys else {"resources": ["."]}, helm)

    if len(roots) < 2:
        return [one(root) for root in roots]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(one, roots))


def _refused(
    root: Kustomization, taken: list[Kustomization], command: list[str] | None, within: Sequence[str], helm: str | None
) -> Build | None:
    """Why a root is not built at all."""
    for one in taken:
        if remote := one.remote():
            text = f"takes {remote}, which is fetched when the folder is built, so it was not judged; vendor it"
            return Build(root, taken, [], (one, (), text))
        if any(problem.unjudged for problem in one.problems):
            # Said of the entry itself.
            return Build(root, taken, [], (one, (), ""))
    if inflating.takes_charts(taken) and (found := inflating.problem(taken, within, helm and os.path.realpath(helm))):
        return Build(root, taken, [], (found[0], (inflating.KEY,), found[1]))
    if command is not None:
        return None
    first = next((one for one in taken if one.changes), root)
    key = next((key for key in first.held if key not in kustomizing.FOLLOWED), "")
    text = (
        f"{kustomizing.shown(key)} changes or makes objects, and neither kustomize nor kubectl is on the search "
        "path to build them, so what the cluster gets was not judged; install kustomize, or render the folder first"
    )
    return Build(root, taken, [], (first, (key,) if key else (), text))


def _assembled(
    root: Kustomization,
    taken: list[Kustomization],
    built: tool.Built,
    flow: reader.Document | None,
    others: Sequence[Any],
) -> Build:
    if built.error:
        text = (
            f"kustomize does not build it: {built.error}; so the cluster gets nothing of it, and it was not judged; "
            "correct it until 'kustomize build' succeeds"
        )
        return Build(root, taken, [], (root, (), text))
    whole = built.raw.decode("utf-8", "replace")
    texts = [text for text in re.split(r"^---$", whole, flags=re.MULTILINE) if text.strip()]
    substitutes = flow is not None and mapping(flow.data).get("kind") == "Kustomization"
    known, unknown = flux.values(flow, others) if flow is not None and substitutes else (None, "")
    origins = Origins(taken, built.where)
    made: list[Made] = []
    for number, text in enumerate(texts):
        try:
            (document,) = reader.read_bytes(text.encode(), root.document.file, strict=True)
            if known is not None and flux.takes_variables(document.data):
                text, missing = flux.substituted(text, known)
                if missing:
                    return Build(root, taken, [], (root, ("postBuild",), _said_of(missing[0], unknown)))
                (document,) = reader.read_bytes(text.encode(), root.document.file, strict=True)
        except (BadInput, ValueError) as error:
            return Build(root, taken, [], (root, (), f"what is built of it cannot be read: {error}"))
        data, notes = _without_notes(document.data)
        file = origins.first(mapping(data), notes)[0]
        made.append(Made(data, file, number, notes, origins, len(text)))
    return Build(root, taken, made)


def _said_of(missing: flux.Unknown, unknown: str) -> str:
    hint = f", unless {unknown} has it, which is not among the documents of the tree" if unknown else ""
    return f"{missing.variable} {missing.reason}{hint}, so what Flux makes of it was not judged; {_GIVE}"


def _without_notes(data: Any) -> tuple[Any, dict[str, Any]]:
    """An object without what kustomize noted at it, and the notes."""
    metadata = mapping(mapping(data).get("metadata"))
    annotations = mapping(metadata.get("annotations"))
    notes = {key: annotations[key] for key in (ORIGIN, CHANGES) if key in annotations}
    if not notes:
        return data, {}
    left = {key: value for key, value in annotations.items() if key not in notes}
    inner = {key: value for key, value in metadata.items() if key != "annotations"}
    return {**mapping(data), "metadata": {**inner, "annotations": left} if left else inner}, notes
