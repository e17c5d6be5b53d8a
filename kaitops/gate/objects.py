"""The objects that the gate judges, and taking them out of a document into the cluster that they are of.

Which part of a document is an object is in ``flattening``; what an object must be to be judged at all is decided here.
"""

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kaitops.documents import reader
from kaitops.documents.plain import MutableObject, Object, Path, Steps, at, items, mapping
from kaitops.documents.ref import Ref, subject_of
from kaitops.gate import checks, transforming
from kaitops.gate.checks import COVERAGE, FORM
from kaitops.gate.forms import flattening, templates, wellformed
from kaitops.gate.overlays import namespaces
from kaitops.report.findings import Finding, Report, RuleNote, Seen

if TYPE_CHECKING:
    from kaitops.gate.overlays.graph import Kustomization
    from kaitops.kaito.expansion import Made

_MARKS = ("apiVersion", "kind", "metadata", "items")


class Source(Protocol):
    """What an object was read from: a document of a file, or what a kustomization was built to."""

    @property
    def data(self) -> Any:
        """The document."""
        ...

    @property
    def file(self) -> str:
        """The file that it comes from."""
        ...

    @property
    def index(self) -> int:
        """Its number in there."""
        ...

    def may_hold(self, values: int) -> bool:
        """Whether it is long enough for so many values."""
        ...

    def locate(self, path: Steps) -> tuple[int, int]:
        """Line and column of a value, in the file that ``place`` names."""
        ...

    def place(self, path: Steps) -> tuple[str, int, int]:
        """File, line and column of a value."""
        ...

    def origin(self, path: Steps) -> str:
        """What somebody edits to change the value, where that is elsewhere than its place says; empty elsewhere."""
        ...

    def called(self, name: str) -> Mapping[str, str]:
        """What kustomize may make of a name that stands beside it, and by which field; empty where nothing does."""
        ...


class Item(NamedTuple):
    """One object of the tree.

    Attributes:
        data: the object, its namespace settled.
        subject: ``Kind namespace/name``.
        prefix: path to it within its document; not empty for an entry of a List.
    """

    data: MutableObject
    document: Source
    subject: str
    prefix: Path = ()

    @property
    def key(self) -> Ref:
        """What no two objects of a cluster share; a resource of Azure that extends another is named within it."""
        ref = Ref.of(self.data)
        if templates.is_resource(self.data):
            return ref._replace(name=f"{ref.name} {self.data.get('scope', '')}".rstrip())
        return ref

    def finding(self, check: str, path: Steps, message: str, *, unjudged: bool = False) -> Finding:
        """A finding of one of the gate's own checks at a path of the object."""
        file, line, column = self.document.place([*self.prefix, *path])
        text = self._told(message, path)
        return checks.finding(check, file, (line, column), self.subject, text, path=tuple(path), unjudged=unjudged)

    def _told(self, message: str, path: Steps) -> str:
        origin = self.document.origin([*self.prefix, *path])
        return f"{message} (from {origin})" if origin else message

    def violation(self, check: str, rule: RuleNote, path: Steps, message: str) -> Finding:
        """A finding of a rule at a path of the object."""
        file, line, column = self.document.place([*self.prefix, *path])
        return Finding(
            check, rule.id, rule.severity, file, line, column, self.subject, self._told(message, path), rule.remedy,
            tuple(path),
        )  # fmt: skip


class Group:
    """The objects of one cluster, and what its context file says of it.

    Attributes:
        root: the folder that the context file lies in; empty where there is none.
        document: the context file, where it could be read.
        others: further names that the cluster has or had, by each of which it is judged as well.
        overlay: the folder of a kustomization that was built, where no context file says of which cluster it is.
        doubted: nobody confirms what its context file says, so it was dropped.
        kaito: the version that its own release of the operator has, where nothing else says it.
        made: what KAITO's controllers make of its objects, by the identity of their data; empty until it is judged.
        settings: what the values of that release say of the controllers; a context file comes before them.
        inflating: the kustomizations that it is built of and that take charts.
    """

    def __init__(
        self,
        context: Object | None = None,
        items: list[Item] | None = None,
        root: str = "",
        overlay: str = "",
    ) -> None:
        self.context: Object = {} if context is None else context
        self.items = [] if items is None else items
        self.root = root
        self.document: reader.Document | None = None
        self.others: tuple[str, ...] = ()
        self.overlay = overlay
        self.doubted = False
        self.kaito = ""
        self.made: Mapping[int, Made] = {}
        self.settings: Object = {}
        self.inflating: list[Kustomization] = []

    @property
    def name(self) -> str:
        """The name of its cluster; empty where the tree does not say."""
        return str(self.context.get("cluster") or "")

    def place(self, anchor: str) -> str:
        """The file at which something about the cluster as a whole is shown: its context file, or the anchor."""
        return self.document.file if self.document is not None else anchor

    def holding(self, items: list[Item]) -> "Group":
        """The same cluster with other objects."""
        found = copy(self)
        found.items = items
        return found

    def settings_or(self, default: Object) -> Object:
        """How KAITO's controllers run there, as the tree says; the default where it does not."""
        return self.context.get("settings") or self.settings or default


def take(
    document: Source, group: Group, namespace: str | None, report: Report, *, followed: bool = False, home: str = ""
) -> None:
    """Add the objects of a document to a group, and what is wrong with how they are held to the report.

    Args:
        namespace: that a kustomization gives to them.
        home: the namespace that those get that name none.
        followed: what the object deploys was built as it says, and is judged.
    """
    for one in flattening.entries(document.data):
        if isinstance(one, flattening.Problem):
            file, *place = document.place(one.path)
            found = checks.finding(FORM, file, (place[0], place[1]), "", one.message, path=one.path, unjudged=True)
            report.findings.append(found)
        else:
            place = home if home and not at(one.data, "metadata", "namespace") else namespace
            _take_one(
                one.data, document, one.path, group, None if one.is_template else place, report, followed=followed
            )


def _is_data(entry: Any) -> bool:
    """A document of another program: a mapping, or a list of some, without a mark of an object."""
    held = items(entry) if isinstance(entry, list) else [entry]
    return bool(held) and all(isinstance(one, dict) and not any(key in one for key in _MARKS) for one in held)


def _take_one(
    entry: object,
    document: Source,
    prefix: Path,
    group: Group,
    namespace: str | None,
    report: Report,
    *,
    followed: bool,
) -> None:
    def refuse(check: str, path: Path, subject: str, message: str) -> None:
        file, *place = document.place((*prefix, *path))
        one = checks.finding(check, file, (place[0], place[1]), subject, message, path=path, unjudged=True)
        report.findings.append(one)

    data = mapping(entry)
    if not prefix and document.file.endswith(".json") and not any(key in data for key in _MARKS):
        if not any("apiVersion" in one and "kind" in one for one in map(mapping, items(entry))):
            return  # data of another program
        refuse(
            FORM,
            (),
            "",
            "is a list of objects, which kubectl does not read; write them as items of a List",
        )
        return
    if entry is None and not prefix:
        return  # `null`, or nothing but a comment: whoever applies the file passes over it as well
    if not isinstance(data.get("kind"), str) or not isinstance(data.get("apiVersion"), str):
        if not prefix and _is_data(entry):
            report.notes.append(
                f"{document.file}: document {document.index + 1} is not a Kubernetes object; not judged"
            )
            return
        message = "apiVersion and kind must both be there and be text, so the object was not judged; write both"
        refuse(FORM, ("kind",) if "kind" in data else (), "", message)
    else:
        kind: str = data["kind"]
        metadata = mapping(data.get("metadata"))
        name = metadata.get("name")
        if not isinstance(name, str) or not name:
            message = "metadata.name is missing, so the API server refuses the object; name it"
            if name is not None:
                message = "metadata.name is not text, so the object was not judged; quote it"
            elif "generateName" in metadata:
                message = (
                    "metadata.generateName without a name is refused by kubectl apply, Argo CD and Flux, and the "
                    "object was not judged; name it"
                )
            refuse(FORM, ("metadata", "name") if name is not None else ("metadata",), kind, message)
            return
        if not isinstance(metadata.get("namespace"), str | None):
            refuse(FORM, ("metadata", "namespace"), kind, "metadata.namespace is not text; quote it")
            return
        if document.may_hold(flattening.MAX_VALUES) and flattening.is_too_large(data):
            most = flattening.MAX_VALUES
            refuse(
                COVERAGE, ("metadata", "name"), kind, f"holds more than {most} values, so it was not judged; split it"
            )
            return
        if "sops" in data:
            from kaitops.gate.forms import sops

            if sops.is_hidden(data):
                shown = "" if name.startswith("ENC[") else f"{kind} {name}"
                refuse(COVERAGE, ("sops",), shown, sops.HIDDEN)
                return
            wrong, data = sops.read(data)
        else:
            wrong = wellformed.problems(data)
        if wrong:
            for path, message in wrong:
                refuse(FORM, path, f"{kind} {name}", f"{'.'.join(map(str, path))} {message}")
            return
        data = namespaces.placed(dict(data), namespace)
        subject = subject_of(data)
        item = Item(data, document, subject, prefix)
        group.items.append(item)
        report.findings += [
            item.finding(COVERAGE, path, text, unjudged=True)
            for path, text in transforming.problems(data)
            if not (followed and path[0] == "spec")
        ]
        report.seen.append(Seen(document.file, subject))
