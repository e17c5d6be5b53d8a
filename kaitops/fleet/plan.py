"""From a checked fleet to workloads: defaults, clusters' differences, presets, machines, names.

Owns what the declarations mean together. Collects every problem before it gives up, each with its position.
"""

from typing import TYPE_CHECKING, NamedTuple

from kaitops.documents.plain import MutableObject, Object, Steps, merged
from kaitops.errors import BadInput, Findings, KaitopsError, nearest
from kaitops.fleet import names, noticing, reading, shape
from kaitops.fleet.clusters import GROUPS, ROLES, defaults_of, filled, filled_entry, given
from kaitops.fleet.known_models import known
from kaitops.fleet.lock import Lock
from kaitops.fleet.machines import MachinePark
from kaitops.fleet.rules import check_entry
from kaitops.fleet.workload import ClusterPlan, Workload
from kaitops.kaito.release import Release
from kaitops.kaito.settings import gates_of
from kaitops.prices import slip

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster


class Plan(NamedTuple):
    """What the fleet runs.

    Attributes:
        warnings: what a user should know and may leave as it is.
    """

    kaito: str
    clusters: tuple[ClusterPlan, ...]
    warnings: tuple[str, ...]


class Planner:
    """Works out a plan.

    Args:
        mode: renders every workload this way, whatever it declares.
        only: the one cluster that is worked out; all where None.
    """

    def __init__(
        self, source: reading.Source, release: Release, lock: Lock, mode: str | None = None, only: str | None = None
    ) -> None:
        self._source = source
        self._release = release
        self._lock = lock
        self._mode = mode
        self._only = only
        self._problems: list[tuple[type[KaitopsError], str]] = []
        self._shape = shape.load()

    def plan(self) -> Plan:
        """The plan.

        Raises:
            BadInput: some declaration does not hold together.
            Findings: all do, but some model does not fit or lacks something that KAITO demands.
        """
        data = self._source.data
        clusters: MutableObject = data["clusters"]
        for group in GROUPS:
            for name, entry in data.get(group, {}).items():
                for cluster in entry.get("clusters") or ():
                    if cluster not in clusters:
                        known = ", ".join(clusters)
                        self._report(BadInput, [group, name, "clusters"], f"no cluster {cluster!r}; known: {known}")
        plans = tuple(
            self._cluster(name, declared) for name, declared in clusters.items() if self._only in (None, name)
        )
        if data.get("tuning"):
            from kaitops.fleet import results  # which a fleet of models does without

            for path, text in results.lost(plans):
                self._report(BadInput, path, text)
        if self._problems:
            worst = BadInput if any(kind is BadInput for kind, _ in self._problems) else Findings
            raise worst("\n".join(dict.fromkeys(text for _, text in self._problems)))
        return Plan(data["kaito"], plans, tuple(noticing.warnings(self._source, self._release, plans)))

    def _report(self, kind: type[KaitopsError], path: Steps, message: str) -> None:
        self._problems.append((kind, self._source.at(path, message)))

    def _cluster(self, name: str, declared: Object) -> ClusterPlan:
        cluster = filled(self._shape, declared)
        park = MachinePark(self._release, name, cluster, self._lock)
        workloads: list[Workload] = []
        taken: dict[tuple[str, str], str] = {}
        for group in GROUPS:
            patches: Object = cluster.get(group, {})
            declarations: Object = self._source.data.get(group, {})
            for patched in patches:
                if patched not in declarations:
                    self._report(BadInput, ["clusters", name, group, patched], f"no such entry in {group}")
            for workload_name, entry in declarations.items():
                if "clusters" in entry and entry["clusters"] is not None and name not in entry["clusters"]:
                    continue
                workload = self._workload(name, park, group, workload_name, entry, patches.get(workload_name))
                if workload is None:
                    continue
                key = ("" if group == "mirrors" else workload.namespace, workload_name)
                if key in taken:
                    self._report(
                        BadInput,
                        [group, workload_name],
                        f"{taken[key]}.{workload_name} has the same name in namespace {workload.namespace}, so their "
                        "objects would overwrite each other; rename one or move it to another namespace",
                    )
                taken[key] = group
                workloads.append(workload)
        self._gates(name, cluster)
        self._link(workloads)
        if any(machines.size for workload in workloads for machines in workload.machines.values()):
            self._region(name, cluster)
        return ClusterPlan(name, cluster, tuple(workloads))

    def _gates(self, name: str, cluster: "Cluster") -> None:
        """Gates that KAITO does not have, with which its controllers do not start."""
        known = gates_of(self._release.version)
        for gate in cluster.get("featureGates", {}):
            if gate not in known:
                meant = nearest(gate, known) or [next((one for one in known if one.lower() == gate.lower()), "")]
                hint = f"did you mean {meant[0]!r}?" if meant[0] else f"known: {', '.join(sorted(known))}"
                text = f"KAITO {self._release.version} has no such feature gate and would not start; {hint}"
                self._report(BadInput, ["clusters", name, "featureGates", gate], text)

    def _region(self, name: str, cluster: "Cluster") -> None:
        """A size that is named or pinned renders anywhere, so nothing else would find a region that is misspelt."""
        region = str(cluster["region"])
        if real := slip(cluster["cloud"], region):
            text = f"no machine has a price in {region!r} of {cluster['cloud']}, so none may be sold there; "
            self._report(BadInput, ["clusters", name, "region"], f"{text}did you mean {real!r}?")

    def _workload(
        self,
        cluster: str,
        park: MachinePark,
        group: str,
        name: str,
        declared: Object,
        patch: Object | None,
    ) -> Workload | None:
        path: list[str | int] = [group, name]
        entry = {**defaults_of(self._source.data, group), **given(declared)}
        try:
            if patch:
                entry = merged(entry, given(patch))
                reading.check_part(self._source, GROUPS[group], entry, ["clusters", cluster, group, name])
            entry = filled_entry(self._shape, group, entry)
            key = "preset" if entry.get("preset") else "model"
            preset = known(self._release, entry[key], (key,)) if isinstance(entry.get(key), str) else None
            problems = [*names.problems(group, name, entry), *check_entry(group, entry, preset)]
            if group == "models" and any(
                part.get("vllm") for part in (entry, *(entry.get(role, {}) for role in ROLES))
            ):
                # Few models have flags, and a fleet without them does not load what knows them.
                from kaitops.fleet.flag_rules import flag_problems, settled

                problems += flag_problems(entry, self._release.version)
                entry = settled(entry, self._release.version)
            if group == "models" and "autoscale" in entry:
                from kaitops.fleet import companion_rules

                problems += companion_rules.metric(entry, self._release.version)
            if group == "rag" and ("url" in entry["embedding"] or "storage" in entry):
                from kaitops.fleet import retrieval_rules

                problems += retrieval_rules.remote_embedding(self._release) if "url" in entry["embedding"] else []
                if text := retrieval_rules.database(self._release, entry):
                    problems.append((["storage", "vectorDB", "engine"], text))
            for where, message in problems:
                self._report(BadInput, [*path, *where], message)
            if problems:
                return None
            machines = park.machines(group, name, entry, preset)
            if "custom" in entry:
                from kaitops.fleet import serving_rules

                size = next(iter(machines.values())).size if machines else None
                gpus = self._release.gpus(park.cloud, size) if size else None
                for where, message in serving_rules.custom(entry, size, self._release.version, gpus):
                    self._report(Findings, [*path, *where], message)
            if group == "tuning" and entry.get("config"):
                from kaitops.kaito import trainer  # which a fleet without jobs does without

                for steps, message in trainer.problems(entry["config"], self._release.version):
                    self._report(Findings, [*path, "config", *steps], message)
            if preset is not None and entry.get("vllm"):
                from kaitops.fleet import serving_rules

                for where, message in serving_rules.spread(entry, machines.values()):
                    self._report(Findings, [*path, *where], message)
            if any(key in entry for key in ("adapters", "custom", "nodeLabels", "smokeImage")):
                from kaitops.fleet import serving_rules

                for where, message in serving_rules.named(name, entry, preset):
                    self._report(BadInput, [*path, *where], message)
        except BadInput as error:
            if patch and str(error).startswith(self._source.file):
                self._problems.append((BadInput, str(error)))
            else:
                self._report(BadInput, [*path, *error.path], str(error))
            return None
        except Findings as error:
            self._report(Findings, [*path, *error.path], str(error))
            return None
        mode = self._mode or entry.get("mode", "operator")
        namespace = entry.get("namespace", "default")
        return Workload(cluster, group, name, namespace, mode, entry, preset, machines, tuple(path), park.byo)

    def _link(self, workloads: list[Workload]) -> None:
        """RAG engines name a model of the fleet; tell them where it serves."""
        serving = {workload.name: workload for workload in workloads if workload.group == "models"}
        for workload in workloads:
            llm = workload.entry.get("llm") if workload.group == "rag" else None
            if llm and "url" in llm:
                from kaitops.fleet.retrieval_rules import address

                if text := address(workload, list(serving.values()), self._release):
                    self._report(BadInput, [workload.group, workload.name, "llm", "url"], text)
            if not llm or "model" not in llm:
                continue
            target = serving.get(llm["model"])
            if target is None:
                known = ", ".join(serving) or "none"
                where = [workload.group, workload.name, "llm", "model"]
                self._report(
                    BadInput, where, f"no model {llm['model']!r} on cluster {workload.cluster}; known: {known}"
                )
            elif target.kind != "Workspace":
                where = [workload.group, workload.name, "llm", "model"]
                self._report(
                    BadInput,
                    where,
                    f"{target.name} is of kind {target.kind}, whose replicas have generated names and no common "
                    "Service; put a gateway in front of it and give its url",
                )
            else:
                llm["namespace"] = target.namespace
                from kaitops.fleet import serving_rules

                if text := serving_rules.window(workload, target, self._release):
                    self._report(Findings, [workload.group, workload.name, "llm", "contextWindow"], text)
