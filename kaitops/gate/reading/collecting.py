"""Finding the objects of a tree of YAML files.

Reads rendered trees, hand-written folders, kustomize-style folders and files of several documents alike. Which part of
a document is an object is in ``flattening``, what kustomize takes in ``kustomizing``, of which cluster it is in
``grouping``.
"""

import os
import sys
from collections.abc import Container, Iterable, Mapping, Sequence

from kaitops.documents import applications, reader, source
from kaitops.documents.plain import Object, Path, mapping
from kaitops.errors import BadInput
from kaitops.gate import checks
from kaitops.gate.checks import ANNOTATION, COVERAGE, FORM, REFERENCE
from kaitops.gate.files.sniffing import CHART, KUSTOMIZATIONS, may_hold_object
from kaitops.gate.files.walking import Walk
from kaitops.gate.forms.commented import MOST_BYTES, secrets_beside
from kaitops.gate.objects import Item, take
from kaitops.gate.overlays import kustomizing, namespaces
from kaitops.gate.overlays.builders import is_building
from kaitops.gate.overlays.graph import Graph, Kustomization, listed
from kaitops.gate.reading import contexts, unlisted
from kaitops.gate.reading.grouping import Groups
from kaitops.gate.transforming import DEPLOYING, REFERRING, is_steering
from kaitops.gate.tree import Tree
from kaitops.kaito.anatomy import GROUP
from kaitops.report.findings import Report
from kaitops.tree.layout import CONTEXT_FILE

_DEFINITION = "CustomResourceDefinition"


def collect(
    paths: Sequence[str],
    report: Report,
    parsed: dict[bytes, list[reader.Document]] | None = None,
    *,
    comments: bool = True,
    kept: Mapping[str, frozenset[str]] | None = None,
    assumed: Container[str] | None = None,
) -> Tree:
    """Read everything below the paths; ``-`` is standard input.

    Args:
        parsed: documents of files by content, which is added to: the same content is not parsed twice.
        comments: look for secrets in them.
        kept: real paths of folders that the base deploys by themselves, each with what does: they stay judged by
            themselves, whatever else takes them.
        assumed: what the user says is in the cluster, where the tree holds all else that is; None for a part of it.

    Raises:
        BadInput: a path does not exist, or holds no YAML file. What is wrong within a file becomes a finding.
    """
    return _Collection(paths, report, parsed, comments=comments, kept=kept or {}, assumed=assumed).tree()


class _Collection:
    """One reading of a tree."""

    def __init__(
        self,
        paths: Sequence[str],
        report: Report,
        parsed: dict[bytes, list[reader.Document]] | None,
        *,
        comments: bool,
        kept: Mapping[str, frozenset[str]],
        assumed: Container[str] | None,
    ) -> None:
        self._report = report
        self._assumed = assumed
        self._kept = kept
        self._comments = comments
        self._walk = Walk(paths, report)
        self._parsed = parsed
        self._tree = Tree(parsed)
        self._groups = Groups()
        self._namespaces = namespaces.Namespaces()
        self._known: dict[str, Kustomization] = {}
        self._strange: dict[str, BadInput] = {}

    def tree(self) -> Tree:
        read: list[tuple[str, list[reader.Document]]] = []
        for file in self._walk:
            documents = self._read(file)
            if documents is not None:
                if os.path.basename(file) in KUSTOMIZATIONS:
                    documents = self._kustomization(file, documents)
                read.append((file, documents))
        whole = read
        if any(os.path.basename(file) == CHART for file, _ in read):
            from kaitops.gate.helm import charted

            read = charted.others(read)
        if self._strange:
            from kaitops.gate.reading import strangers

            strangers.tell(self._strange, self._known.values(), self._report)
        built, followed = self._built(read)
        if any(one.climbs for one in self._known.values()):
            for one in Graph(self._known).circles():
                self._tell(one.document, FORM, (), kustomizing.CIRCLE, unjudged=False)
        self._tree.unlisted = frozenset(unlisted.files(self._known, read) if self._known else ())
        self._report.notes += map(unlisted.note, sorted(self._tree.unlisted))
        self._files(read, built, followed)
        kinds = {item.data["kind"] for item in self._groups.items}
        rendered: set[str] = set()
        if whole is not read or "HelmRelease" in kinds:
            # Releases are looked for among objects as the cluster gets them.
            from kaitops.gate.helm import charted

            held = charted.Charts(whole, self._known.values(), self._walk.bounds, self._report, self._groups.root_of)
            self._files(held.judge(self._groups.by_root, self._tree.documents), built, followed)
            rendered = held.held
        self._groups.settle(len(self._known), lambda: Graph(self._known))
        if not REFERRING.isdisjoint(kinds):
            from kaitops.gate.reading import referring

            found = referring.problems(list(self._groups.items), self._walk.bounds, self._assumed)
            self._report.findings += [item.finding(REFERENCE, path, text) for item, path, text in found]
        if _DEFINITION in kinds or any(map(_may_be_dropped, self._groups.items)):
            from kaitops.gate.reading import served

            self._report.findings += served.problems(self._groups)
        if steered := [item for item in self._groups.items if _is_steered(item.data["metadata"])]:
            from kaitops.gate.reading import annotated

            told = annotated.problems(steered)
            self._report.findings += [item.finding(ANNOTATION, path, text) for item, path, text in told]
        if not DEPLOYING.isdisjoint(kinds):
            self._deployed(built | rendered | self._placed())
        self._tree.taken = lambda: {file for one in self._known.values() for file in one.files()}
        self._tree.reached = Graph(self._known).reached
        self._tree.kinds, self._tree.bounds = kinds, self._walk.bounds
        self._tree.groups = [group for group in self._groups if group.items]
        return self._tree

    def _built(self, read: list[tuple[str, list[reader.Document]]]) -> tuple[set[str], set[int]]:
        """Take what kustomizations are built to; returns the files in it, and the objects that were followed."""
        documents = [document for _, found in read for document in found]
        if not any(one.changes or one.is_component for one in self._known.values()) and not any(
            is_building(one.data) for one in documents
        ):
            self._tell_of(self._known.values(), ())
            self._tree.alone = lambda: Graph(self._known).alone()
            return set(), set()
        from kaitops.gate.overlays.building import builds
        from kaitops.gate.overlays.taking import takes_charts
        from kaitops.gate.reading import untargeted

        found, graph, followed = builds(
            self._known, documents, self._walk.bounds, self._kept, lambda: unlisted.files(self._known, read)
        )
        plain, self._tree.alone = graph.plain(), graph.alone
        for one, path, text in untargeted.problems(found):
            self._tell(one.document, REFERENCE, path, text, unjudged=False)
        # What is only a value of a generator may have any form.
        values = {file for one in found if one.problem is None for file in one.data} - plain
        self._report.findings = [each for each in self._report.findings if not checks.is_of_form(each, values)]
        taken: set[str] = set()
        used: set[int] = set()
        whole: set[int] = set()
        for one in found:
            used |= set(map(id, one.taken))
            if one.problem is not None:
                which, path, message = one.problem
                if message:
                    self._tell(which.document, COVERAGE, path, message, unjudged=True)
                # A patch is no object by itself, whatever became of the build.
                taken |= one.patches - plain
                continue
            taken |= one.files - plain
            whole |= set(map(id, one.taken))
            self._tree.documents += one.made
            group = self._groups.of_build(one.root)
            group.inflating += [each for each in one.taken if takes_charts([each])]
            for document in one.made:
                take(document, group, None, self._report, followed=id(document.data) in followed)
        self._tell_of((one for one in self._known.values() if id(one) not in whole), used)
        return taken, followed

    def _deployed(self, other: set[str]) -> None:
        """Tell of folders that Argo CD and Flux read otherwise than they were judged, or that are not there.

        Args:
            other: real paths of the files that were judged as what something makes of them.
        """
        from kaitops.gate.reading import dangling

        if other:
            from kaitops.gate.reading import plainly

            plainly.tell(self._groups, other, self._walk.bounds, self._report)
        every = list(self._groups.items)
        found = dangling.problems(every, self._walk.bounds)
        self._report.findings += [item.finding(REFERENCE, path, text) for item, path, text in found]
        if any(item.data["kind"] in applications.SPECS for item in every):
            from kaitops.gate.reading import shallow, syncing

            found = syncing.problems(every)
            self._report.findings += [item.finding(REFERENCE, path, text) for item, path, text in found]
            self._report.findings += shallow.problems(every, self._walk.bounds, self._known)

    def _placed(self) -> set[str]:
        """Real paths of the files whose objects a kustomization puts into a namespace."""
        return listed(one for one in self._known.values() if one.held.get("namespace"))

    def _tell_of(self, left: "Iterable[Kustomization]", used: Container[int]) -> None:
        """Tell what is the matter with kustomizations that were not built.

        Args:
            used: identities of those that something deployed takes, which says why it was not built.
        """
        for one in left:
            more = kustomizing.changing(one.document) if id(one) not in used else ()
            strangers = kustomizing.strangers(one.document, self._groups.root_of)
            for problem in (*more, *one.problems, *self._namespaces.problems(one.document), *strangers):
                check = COVERAGE if problem.unjudged else FORM
                self._tell(one.document, check, problem.path, problem.message, unjudged=problem.unjudged)

    def _read(self, file: str) -> list[reader.Document] | None:
        raw = b""
        try:
            if file == "-":
                # One more than is taken, so that what is too much is refused and not cut.
                self._tree.stdin = raw = sys.stdin.buffer.read(source.MAX_BYTES + 1)
            else:
                raw = source.read(file)
            documents = self._documents(raw, file)
        except BadInput as error:
            # Files of other programs are JSON of their own kinds; only what may hold an object has to be readable.
            if raw and file.endswith(".json") and not may_hold_object(raw):
                return None
            from kaitops.gate.reading import strangers

            if strangers.is_of_another_program(file, raw):
                self._strange[file] = error
            else:
                self._report.findings.append(checks.unreadable(file, str(error)))
            self._tree.unread[file] = raw[:MOST_BYTES]
            if self._comments:
                self._tree.commented += secrets_beside(file, raw, None)
            return None
        self._tree.sources.append(file)
        self._tree.documents += documents
        try:
            if self._comments:
                self._tree.commented += secrets_beside(file, raw, documents)
        except BadInput as error:
            self._report.findings.append(checks.unreadable(file, str(error)))
        if not documents:
            self._report.notes.append(f"{file}: holds no document")
        return documents

    def _documents(self, raw: bytes, file: str) -> list[reader.Document]:
        if self._parsed is None:
            return reader.read_bytes(raw, file, strict=True)
        if (known := self._parsed.get(raw)) is None:
            return self._parsed.setdefault(raw, reader.read_bytes(raw, file, strict=True))
        return [document.renamed(file) for document in known]

    def _files(self, read: list[tuple[str, list[reader.Document]]], built: set[str], followed: set[int]) -> None:
        for file, documents in read:
            if not built or os.path.realpath(file) not in built:
                self._file(file, documents, followed)

    def _file(self, file: str, documents: list[reader.Document], followed: set[int]) -> None:
        group = self._groups.of_file(file)
        if os.path.basename(file) == CONTEXT_FILE:
            try:
                group.context = contexts.read(documents)
                group.document = documents[0]
            except BadInput as error:
                self._report.findings.append(checks.unreadable(file, str(error)))
            return
        for document in documents:
            is_followed = bool(followed) and id(document.data) in followed
            take(document, group, self._namespaces.of(file), self._report, followed=is_followed)

    def _kustomization(self, file: str, documents: list[reader.Document]) -> list[reader.Document]:
        """Follow a kustomization; returns what stands in its file and is something else."""
        if not documents:
            self._report.findings.append(checks.finding(FORM, file, (1, 1), "Kustomization", kustomizing.EMPTY))
        others = [one for one in documents if not kustomizing.is_kustomization(one.data)]
        own = [one for one in documents if kustomizing.is_kustomization(one.data)]
        for document in [*others, *own[1:]]:
            message = "stands in the file of a kustomization, which kubectl and kustomize read differently; move it"
            self._tell(document, COVERAGE, (), message, unjudged=True)
        for document in own[:1]:
            found = list(kustomizing.problems(document, self._walk))
            if document is documents[0]:
                self._namespaces.hold(file, document.data)
            self._known[os.path.split(file)[0]] = Kustomization(document, found)
        return others

    def _tell(self, document: kustomizing.Written, check: str, path: Path, message: str, *, unjudged: bool) -> None:
        place = document.locate(path)
        self._report.findings.append(
            checks.finding(check, document.file, place, "Kustomization", message, path=path, unjudged=unjudged)
        )


def _is_steered(metadata: Object) -> bool:
    """Whether it may say to Argo CD or Flux what to do with the object."""
    return any(is_steering(key) for part in ("annotations", "labels") for key in mapping(metadata.get(part)))


def _may_be_dropped(item: Item) -> bool:
    """Whether the version of its kind is none that lasts; KAITO's are known by its release."""
    version = item.data["apiVersion"]
    return ("alpha" in version or "beta" in version) and not version.startswith(GROUP)
