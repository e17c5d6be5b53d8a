"""Judging the objects of one cluster: admission, what the controllers make of them, references.

Each object is judged as a fresh create in a cluster that holds the other objects of the tree.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from kaitops.documents.plain import MutableObject, Object, Path, at, mapping
from kaitops.documents.ref import Local, Ref, namespace_of
from kaitops.errors import BadInput
from kaitops.fleet.controllers import chart_objects, is_default_of_chart
from kaitops.fleet.objects import refusals
from kaitops.gate import native
from kaitops.gate.checks import ADMISSION, COVERAGE, FIT, FORM, REFERENCE
from kaitops.gate.guarding import guard
from kaitops.gate.judging import pointing
from kaitops.gate.objects import Group, Item
from kaitops.gate.options import is_assumed
from kaitops.kaito import facts
from kaitops.kaito.anatomy import GROUP, SERVING
from kaitops.kaito.expansion import Expansion, Made
from kaitops.kaito.huggingface import for_people
from kaitops.kaito.kubernetes.cluster import Noted
from kaitops.kaito.kubernetes.field_errors import Refusal
from kaitops.kaito.release import Release
from kaitops.kaito.settings import UPGRADING, Settings, gated_kinds, gates_of
from kaitops.references import Reference, references, secrets_made, stand_ins
from kaitops.report.findings import Finding, Report

# What KAITO looks up that no object refers to by name.
_LOOKED_UP = {
    "Node",
    "StorageClass",
    "CSIDriver",
    "ServiceAccount",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "ModelMirror",
}
_UPGRADE: Path = ("spec", "autoUpgrade")
_KEYLESS = "in ConfigMap"
# Of a size that is missing the webhook says that it is, and that it is in no table.
_UNSIZED, _NO_SIZE = "instanceType is required", "Unsupported instance type . "
_NODELESS = "no ready nodes found"


class Judge:
    """Judges one group.

    Args:
        settings: of the controllers, where the tree does not say.
        complete: the tree holds all that the cluster gets, so what it does not declare is not there.
        assumed: what the user says is in the cluster: ``KIND/NAME`` or ``KIND/NAMESPACE/NAME``, kinds in lower case.
    """

    def __init__(
        self, release: Release, group: Group, settings: Object, assumed: frozenset[str], *, complete: bool = False
    ) -> None:
        self._release = release
        self._group = group
        # As docs/gitops.md has the tree applied, and as Argo CD and Flux do.
        self._plain_settings = {**group.settings_or(settings), "serverSideApply": True}
        self._promised = frozenset(str(need) for need in group.context.get("needs", ()))
        self._assumed = assumed
        self._complete = complete
        self._index: dict[Local, Item] = {}
        self._fetched: dict[Local, frozenset[str] | None] = {}
        self._nodes: list[MutableObject] = list(group.context.get("nodes", ()))
        self._always: list[MutableObject] = []
        self.refused: set[int] = set()
        """Identities of the data of objects that are not admitted, or that broke what judges them."""
        self.made: dict[int, Made] = {}
        """What KAITO's controllers make of an object, by the identity of its data."""

    @cached_property
    def _settings(self) -> Settings:
        return Settings.from_dict(self._plain_settings, self._release.version)

    @cached_property
    def _begun_with(self) -> Object:
        """The storage classes that each cluster of the cloud has from its first day, as far as that is known."""
        cloud = self._plain_settings.get("cloud") or "azure"
        return facts.load(".", "storage.json")["classes"]["azure"] if cloud == "azure" else {}

    @property
    def expansions(self) -> dict[int, Expansion]:
        """The same, without what each was made in."""
        return {number: one.expansion for number, one in self.made.items()}

    def judge(self, report: Report) -> None:
        """Add what is found to the report."""
        self._fill_index(report)
        needs: set[str] = set()
        for item in self._group.items:
            before = len(report.findings)
            with guard(item, report, "admission"):
                referred = references(item.data)
                if referred:
                    from kaitops.gate.judging import targets

                    there = targets.There(self._index, self._fetched, self.is_settled)
                    missing = targets.missing(item, targets.legal(item, referred, report), there, report)
                    if self._complete:
                        report.findings += [item.finding(REFERENCE, one.path, targets.lacking(one)) for one in missing]
                    else:
                        needs.update(map(str, missing))
                if item.data["apiVersion"].startswith(GROUP):
                    needs.update(self._switches(item.data))
                self._judge(item, referred, report)
            if any(one.unjudged or one.check == ADMISSION for one in report.findings[before:]):
                self.refused.add(id(item.data))
        cluster = self._group.context.get("cluster")
        prefix = f"cluster {cluster}" if cluster else "the cluster"
        report.needs += [f"needs in {prefix}: {need}" for need in sorted(needs)]

    def _fill_index(self, report: Report) -> None:
        declared: dict[Ref, Item] = {}
        # What lies in folders of several clusters needs something that says so.
        apart = "" if self._group.root else ", or give each cluster's folder a kustomization, or judge it by itself"
        for item in self._group.items:
            key = item.key
            self._index.setdefault(key.local, item)
            first = declared.setdefault(key, item)
            if first is not item and key.name:
                file = first.document.file
                message = f"is declared in {file} as well, and one would overwrite the other; remove one{apart}"
                report.findings.append(item.finding(FORM, ["metadata", "name"], message))
            with guard(item, report, "reading what it makes"):
                for namespace, name, keys in secrets_made(item.data, self._spaces):
                    self._fetched["Secret", namespace, name] = keys
        self._always = self._nodes + [_joined(item.data) for item in self._group.items if self._is_looked_up(item.data)]

    def _spaces(self) -> dict[str, Object | None]:
        """The namespaces that the tree names, each with what declares it."""
        named: dict[str, Object | None] = {namespace_of(item.data): None for item in self._group.items}
        declared = (item.data for item in self._group.items if item.data["kind"] == "Namespace")
        return {**named, **{str(one["metadata"]["name"]): one for one in declared}}

    def _judge(self, item: Item, referred: Sequence[Reference], report: Report) -> None:
        if item.data["apiVersion"].startswith(GROUP):
            report.judged += 1
            self._admit(item, referred, report)
        else:
            report.by_schema += native.is_held(item.data)
            wrong = list(native.problems(item.data))
            if wrong:
                from kaitops.gate.judging import unfilled

                report.findings += unfilled.findings(item, wrong)

    def _is_looked_up(self, data: Object) -> bool:
        kind, name = data["kind"], str(data["metadata"].get("name"))
        return kind in _LOOKED_UP or is_default_of_chart(self._release.version, kind, name)

    def admits(self, item: Item) -> bool:
        """Whether an object of a cluster that was not judged is admitted."""
        try:
            documents = self._documents(item, references(item.data))
            return not refusals(self._release.admit(documents, self._settings))
        except Exception:
            return False  # what breaks is as good as refused: nothing is worked out from it

    def is_settled(self, need: str) -> bool:
        """Whether somebody vouches for ``Kind namespace/name``, of which a key may be named after that."""
        whole = need.partition(" with key ")[0]
        kind, _, name = whole.partition(" ")
        if kind == "StorageClass" and name in self._begun_with:
            return True
        return need in self._promised or is_assumed(whole, self._assumed)

    def _admit(self, item: Item, referred: Sequence[Reference], report: Report) -> None:
        documents = self._documents(item, referred)
        verdict = self._release.admit(documents, self._settings)
        refused = refusals(verdict)
        if refused:
            told = {keyed.path for one in refused if (keyed := _keyless(one, referred)) is not None}
            if told:  # the same is said of the reference, at the same place
                report.findings = [
                    one for one in report.findings
                    if one.subject != item.subject or one.check != REFERENCE or tuple(one.path) not in told
                ]  # fmt: skip
            report.findings += self._refusals(item, refused, referred)
        unsettled = False
        for one in verdict.missing:
            from kaitops.gate.judging import targets

            reference = Reference(one.kind, one.namespace, one.name, ())
            if self.is_settled(str(reference)):
                continue
            unsettled = True
            if targets.generated(reference, targets.There(self._index, self._fetched, self.is_settled)) is not None:
                continue  # told where the name stands
            message = f"needs in the cluster: {reference} (KAITO would say: {for_people(one.message)}); "
            message += self._called(item, reference) or (
                f"declare it, or pass --assume-present {one.kind}/{one.name} where it is there"
            )
            said = next((each.fields for each in verdict.refusals if one.message in each.text), ())
            report.findings.append(item.finding(REFERENCE, pointing.named(item, reference, referred, said), message))
        if verdict.admitted or (not refused and not unsettled):
            self._expand(item, referred, documents, report, complete=not verdict.missing)

    def _called(self, item: Item, wanted: Reference) -> str:
        """What kustomize makes of the name of what is meant, where it leaves the one that refers to it as it is."""
        from kaitops.gate.effects import absent  # which nothing needs where all is there

        known = {name for kind, space, name in self._index if (kind, space) == wanted.target[:2]}
        return absent.renamed(item, wanted.name, known)

    def _unread(self, data: Object) -> Iterator[tuple[Path, str]]:
        """What no controller reads of an object of KAITO: the gate of its kind, or of a field, is said to be off."""
        said = mapping(self._plain_settings.get("featureGates"))
        for path, gate in self._gates_of(data):
            if said.get(gate) is False:
                what = "the object" if path == ("kind",) else "it"
                text = (
                    f"is read by nobody while KAITO's feature gate {gate} is off, so nothing comes of it; turn it on "
                )
                yield path, f"{text}in featureGates of the cluster or of KAITO's chart, or drop {what}"

    def _switches(self, data: Object) -> Iterator[str]:
        """The feature gates that an object needs, that are off by default and that nobody speaks of."""
        said = mapping(self._plain_settings.get("featureGates"))
        for _, gate in self._gates_of(data):
            if gate not in said and not gates_of(self._release.version).get(gate):
                yield f"the feature gate {gate} of KAITO, which is off by default"

    def _gates_of(self, data: Object) -> Iterator[tuple[Path, str]]:
        """The feature gates without which nobody reads an object, or a field of it."""
        if gate := gated_kinds(self._release.version).get(data["kind"], ""):
            yield ("kind",), gate
        if at(data, *_UPGRADE, "enabled") is True and UPGRADING in gates_of(self._release.version):
            yield _UPGRADE, UPGRADING

    def _refusals(self, item: Item, refused: Sequence[Refusal], referred: Sequence[Reference]) -> Iterator[Finding]:
        # Most objects are admitted.
        from kaitops.gate.judging import unread
        from kaitops.kaito.admission.remedies import remedy_for

        named = next((one for one in referred if one.kind == "ConfigMap" and one.key == unread.KEY), None)
        config = None if named is None else self._index.get(named.target)
        of_config = list(filter(unread.is_of_config, refused)) if config is not None else []
        if of_config and config is not None:
            advice = next((found for one in of_config if (found := remedy_for(one.text))), "correct it")
            yield from unread.findings(item, config, of_config, advice)
        sized = any(_UNSIZED in one.text for one in refused)
        for one in refused:
            if one not in of_config and not (sized and _NO_SIZE in one.text):
                yield self._finding(item, one, _keyless(one, referred))

    def _documents(self, item: Item, referred: Sequence[Reference]) -> list[MutableObject]:
        targets = [found.data for one in referred if (found := self._index.get(one.target))]
        chart = chart_objects(self._release.version, self._plain_settings) if "tuning" in item.data else []
        return [*chart, *self._always, *targets, item.data]

    def _expand(
        self,
        item: Item,
        referred: Sequence[Reference],
        documents: list[MutableObject],
        report: Report,
        *,
        complete: bool,
    ) -> None:
        """What is admitted may still fail in the controller, minutes later; say so now."""
        if item.data["metadata"].get("name") is None:
            return
        try:
            seen = Noted([*stand_ins(item.data, referred), *documents[:-1]])
            expansion = self._release.expand_in(seen, item.data, self._settings)
        except BadInput as error:
            text = f"{error}; what it becomes was not judged"
            report.findings.append(item.finding(COVERAGE, pointing.machine(item), text, unjudged=True))
            return
        self.made[id(item.data)] = Made(expansion, seen)
        report.findings += [item.finding(FIT, path, text) for path, text in self._unread(item.data)]
        serving = SERVING.get(item.data["kind"])
        if serving is not None and at(item.data, *serving, "adapters"):
            from kaitops.gate.judging import rewriting

            report.findings += rewriting.findings(item, documents, self._release, self._settings)
        for text in expansion.errors:
            if not complete and (_NODELESS in text or "not found" in text):
                continue  # rests on an object that is assumed to be there and that we do not see
            message = f"KAITO admits it and then fails: {for_people(text)}"
            report.findings.append(item.finding(FIT, pointing.machine(item, text), message))

    def _finding(self, item: Item, refusal: Refusal, keyed: Reference | None = None) -> Finding:
        from kaitops.kaito.admission.remedies import remedy_for

        text = refusal.text
        advice = remedy_for(text, self._release.version, item.data)
        path = pointing.refused(item, refusal.fields)
        if keyed is not None:
            from kaitops.gate.judging import targets

            path, advice = keyed.path, targets.keyless(keyed)
        return item.finding(ADMISSION, path, f"{text.rstrip(': ')}; {advice}" if advice else text)


def _joined(document: MutableObject) -> MutableObject:
    """A node that a tree declares, as it is once the machine has joined: of its state nobody writes anything."""
    if document["kind"] != "Node" or at(document, "status", "conditions"):
        return document
    status = {**mapping(document.get("status")), "conditions": [{"type": "Ready", "status": "True"}]}
    return {**document, "status": status}


def _keyless(refusal: Refusal, referred: Sequence[Reference]) -> Reference | None:
    """The reference to the ConfigMap whose key a refusal misses; None for other refusals."""
    if _KEYLESS not in refusal.text:
        return None
    return next((one for one in referred if one.kind == "ConfigMap" and one.key and one.key in refusal.text), None)
