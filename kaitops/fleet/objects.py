"""The objects of a workload in either render mode, checked against what KAITO admits and can create."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from kaitops.documents.plain import MutableObject, Object, at, mapping
from kaitops.documents.ref import Ref
from kaitops.errors import BadInput, Findings
from kaitops.fleet.clusters import ADDON_VERSION
from kaitops.fleet.controllers import ADDON, brought_nodes, chart_objects, controller_settings, is_default_of_chart
from kaitops.fleet.workload import Workload
from kaitops.kaito import facts
from kaitops.kaito.huggingface import for_people
from kaitops.kaito.kubernetes.field_errors import steps
from kaitops.kaito.release import Release
from kaitops.references import Reference, references, stand_ins

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster, Secrets
    from kaitops.kaito.admission import Verdict
    from kaitops.kaito.admission.verdict import MissingReference
    from kaitops.kaito.kubernetes.field_errors import Refusal


class Rendered(NamedTuple):
    """The objects of one workload.

    Attributes:
        objects: in the order in which they must be applied; the main one is the last.
        needs: what the cluster must hold beside them.
        shared: those among them that belong to the namespace: every workload there makes the same.
    """

    objects: list[MutableObject]
    needs: list[str]
    shared: list[MutableObject]


class Objects:
    """Makes the objects of the workloads of one cluster.

    Args:
        kinds: kinds that the fleet declares for the cluster.
        parity: plain objects exactly as the controller makes them, without our deviations.
    """

    def __init__(self, release: Release, cluster: "Cluster", kinds: frozenset[str], *, parity: bool = False) -> None:
        self._release = release
        self._parity = parity
        self._cluster = cluster
        self._addresses: dict[str, str] = {}
        self.settings = controller_settings(release.version, cluster, kinds)
        self.nodes = brought_nodes(cluster)

    def render(self, workload: Workload) -> Rendered:
        """The workload's objects.

        Raises:
            Findings: KAITO refuses them; the message is KAITO's, with the remedy.
            BadInput: what is declared around the workload cannot be on this cluster.
        """
        objects = _make(workload, self._release.version)
        if self._cluster.get("provisioner") == ADDON and workload.mode != "plain":
            self._require_in_addon(objects[-1])
        documents = [*self.nodes, *objects]
        if workload.group == "tuning":
            documents = [*chart_objects(self._release.version, self.settings), *documents]
        verdict = self._release.admit(documents, self.settings)
        if refused := refusals(verdict):
            raise Findings(
                f"KAITO {self._release.version} refuses the {workload.kind}: " + "; ".join(one.text for one in refused),
                _declared(refused, workload.entry),
            )
        # What the declaration refers to is needed in either mode, even where KAITO marks it as optional in the pod.
        referring = objects
        if workload.mode == "plain":
            objects = self._plain(workload, objects, documents)
            referring = [*referring, *objects]
        # Without the operator nobody reads the charts' defaults; what pods mount of them is among the references.
        missing = [
            one
            for one in verdict.missing
            if workload.mode != "plain" or not is_default_of_chart(self._release.version, one.kind, one.name)
        ]
        needed = _needs(referring, objects, missing)
        if "secrets" in self._cluster:
            return self._fetching(workload, objects, referring, needed, self._cluster["secrets"])
        return self._around(workload, objects, needed)

    def _require_in_addon(self, document: Object) -> None:
        """The add-on runs a KAITO of its own, whose API server refuses a kind that it does not have."""
        version, kind = document["apiVersion"], document["kind"]
        if f"{version}/{kind}" not in facts.load(ADDON_VERSION, "schema.json")["kinds"]:
            raise Findings(
                f"becomes {kind} of {version}, a kind that the AKS add-on's KAITO {ADDON_VERSION} does not have, so "
                "the cluster refuses it; write 'mode: plain', or declare another provisioner"
            )
        for part in (document, at(document, "spec", "template")):
            for group in ("inference", "tuning"):
                name = at(part, group, "preset", "name")
                if isinstance(name, str) and (reason := addon_refuses(name)):
                    raise Findings(f"{reason}, or declare another provisioner", ("preset",))

    def _fetching(
        self,
        workload: Workload,
        objects: list[MutableObject],
        referring: list[MutableObject],
        needed: set[str],
        declared: "Secrets",
    ) -> Rendered:
        from kaitops.fleet.kinds.externalsecret import fetched

        wanted = [one for each in referring for one in references(each) if str(one) in needed]
        made, settled = fetched(wanted, declared)
        rendered = self._around(workload, objects, needed - settled)
        if not made:
            return rendered
        store = (
            declared["store"]
            if declared["kind"] == "ClusterSecretStore"
            else f"{workload.namespace}/{declared['store']}"
        )
        needs = sorted({*rendered.needs, f"{declared['kind']} {store}"})
        return Rendered([*made, *rendered.objects], needs, [*made, *rendered.shared])

    def _around(self, workload: Workload, objects: list[MutableObject], needed: set[str]) -> Rendered:
        if "isolation" not in self._cluster and not any(workload.entry.get(key) for key in _AROUND):
            return Rendered(objects, sorted(needed), [])
        return self._surrounded(workload, objects, needed)

    def _surrounded(self, workload: Workload, objects: list[MutableObject], needed: set[str]) -> Rendered:
        from kaitops.fleet.kinds.companions import addresses, closing, companions, needs

        version = self._release.version
        shared = closing(workload, version, self._cluster)
        around = companions(workload, version, self._cluster, self.settings, objects)
        for address in addresses(around):
            other = self._addresses.setdefault(address, workload.name)
            if other != workload.name:
                raise BadInput(
                    f"models.{other} answers to {address} as well, so the Gateway would send everything to one "
                    "of the two; give them different hosts or paths",
                    ("route",),
                )
        demanded = self._scalers(workload)
        return Rendered(
            [*shared, *around, *objects], sorted({*needed, *needs(around, self._cluster), *demanded}), shared
        )

    def _scalers(self, workload: Workload) -> list[str]:
        """What a scaled model needs of others; refused where the fleet installs KEDA itself, and not what feeds it."""
        if "autoscale" not in workload.entry or workload.mode == "plain":
            return []
        from kaitops.fleet.serving_rules import scalers

        lacking = list(scalers(self._cluster, workload.entry["autoscale"]))
        if lacking and mapping(self._cluster.get("operator")).get("keda"):
            keys = " and ".join(f"clusters.{workload.cluster}.{key}" for _, key in lacking)
            raise BadInput(
                f"cluster {workload.cluster} installs KEDA and not the scaler that feeds it, so the number "
                f"of replicas would stay; declare {keys}",
                ("autoscale",),
            )
        return [need for need, _ in lacking]

    def _plain(
        self, workload: Workload, objects: list[MutableObject], documents: list[MutableObject]
    ) -> list[MutableObject]:
        from kaitops.kaito.plain import plain_objects

        expansion = self._release.expand([*stand_ins(objects[-1]), *documents], self.settings)
        if expansion.errors:
            raise Findings(
                f"KAITO {self._release.version} admits the {workload.kind} and then cannot create its objects: "
                + "; ".join(map(for_people, expansion.errors))
            )
        preset = workload.preset
        plain = plain_objects(
            expansion,
            parity=self._parity,
            benchmark=workload.entry.get("benchmark") is True,
            revisions={preset.repo: preset.revision} if preset and preset.revision else None,
        )
        return [*objects[:-1], *plain]


_AROUND = ("autoscale", "route", "disruption", "monitor", "smoke")
"""Keys of what stands around a workload: imported where there is any, so that the others do not pay for it."""


def _make(workload: Workload, version: str) -> list[MutableObject]:
    # Imported by kind: a fleet of plain models does not pay for the others.
    if workload.group == "tuning":
        from kaitops.fleet.kinds.tuning import tuning as make
    elif workload.kind == "Workspace":
        from kaitops.fleet.kinds.workspace import workspace as make
    elif workload.kind == "InferenceSet":
        from kaitops.fleet.kinds.inferenceset import inferenceset as make
    elif workload.kind == "MultiRoleInference":
        from kaitops.fleet.kinds.multirole import multirole as make
    elif workload.kind == "RAGEngine":
        from kaitops.fleet.kinds.ragengine import ragengine as make
    else:
        from kaitops.fleet.kinds.mirror import mirror

        return mirror(workload, version)
    return make(workload)


def refusals(verdict: "Verdict") -> "list[Refusal]":
    """The refusals of a verdict that do not rest on an object that may well be in the cluster, in words for people."""
    excused = {one.message for one in verdict.missing}
    left = [one for one in verdict.refusals if not any(message in one.text for message in excused)]
    return [one._replace(text=for_people(one.text)) for one in left]


def _declared(refused: "Sequence[Refusal]", entry: Object) -> tuple[str | int, ...]:
    """The key of the entry that the first refused field comes from, as far as their names agree."""
    field = next((field for one in refused for field in one.fields), "")
    return tuple(steps(entry, field))


def addon_refuses(name: str) -> str:
    """Why the KAITO of the AKS add-on takes no preset of that name, with what to do; empty where it does."""
    addon = Release.load(ADDON_VERSION)
    known = addon.catalogue.aliases
    if name.lower() in known or ("/" in name and addon.facts["any_huggingface_id"]):
        return ""
    short = sorted(alias for alias, repo in known.items() if repo == name.lower())
    near = [other for other in addon.catalogue.nearest(name) if other in known]
    todo = f"write {short[0]}" if short else f"choose another model{f', such as {near[0]}' if near else ''}"
    return f"the AKS add-on's KAITO {ADDON_VERSION} knows no model {name!r}, so its webhook refuses it; {todo}"


def _needs(
    referring: list[MutableObject], declared_objects: list[MutableObject], missing: "Sequence[MissingReference]"
) -> set[str]:
    declared = {Ref.of(each).local for each in declared_objects}
    found = [one for each in referring for one in references(each) if not one.optional and one.target not in declared]
    found += [Reference(one.kind, one.namespace, one.name, ()) for one in missing]
    # Whoever asks for a key asks for the object as well.
    keyed = {one.target for one in found if one.key is not None}
    return {str(one) for one in found if one.key is not None or one.target not in keyed}
