"""What a user should know of a fleet and may leave as it is."""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import at
from kaitops.fleet import reading
from kaitops.fleet.clusters import ADDON_VERSION
from kaitops.fleet.controllers import ADDON
from kaitops.fleet.workload import ClusterPlan
from kaitops.kaito.release import Release
from kaitops.kaito.settings import UPGRADING, gates_of


def warnings(source: reading.Source, release: Release, plans: Sequence[ClusterPlan]) -> Iterator[str]:
    """Each with the place in the fleet that it is about."""
    yield from dict.fromkeys(
        source.at([*workload.path, key], "has no effect in plain mode, where no controller reads it")
        for plan in plans
        for workload in plan.workloads
        for key in ("autoscale", "autoUpgrade")
        if workload.mode == "plain" and key in workload.entry
    )
    yield from (
        source.at(
            [*workload.path, "autoUpgrade"],
            f"nothing reads it on cluster {plan.name} while KAITO's feature gate {UPGRADING} is off; write "
            f"featureGates: {{{UPGRADING}: true}} there, or drop it",
        )
        for plan in plans
        if not {**gates_of(release.version), **plan.cluster.get("featureGates", {})}.get(UPGRADING)
        for workload in plan.workloads
        if "autoUpgrade" in workload.entry and workload.mode != "plain"
    )
    yield from _of_sizes(source, plans)
    if source.data.get("rag"):
        from kaitops.kaito import guardrails

        yield from dict.fromkeys(
            source.at([*workload.path, "guardrails", "policy"], "names no scanner, so every answer passes; name some")
            for plan in plans
            for workload in plan.workloads
            if (policy := at(workload.entry, "guardrails", "policy")) is not None and guardrails.is_empty(policy)
        )
    for plan in plans if source.data.get("tuning") else ():
        from kaitops.fleet import serving_rules

        jobs = [one for one in plan.workloads if one.group == "tuning"]
        for workload, where, message in serving_rules.tuned(plan.workloads, jobs):
            yield source.at([*workload.path, *where], message)
    for plan in plans:
        if plan.cluster.get("nodes"):
            from kaitops.fleet.crowding import crowded  # which a fleet without brought nodes does without

            yield from (source.at(where, text) for where, text in crowded(plan))
        if "isolation" in plan.cluster:
            from kaitops.fleet.kinds import networkpolicy

            for workload in plan.workloads:
                for where, message in networkpolicy.unread(workload, plan.cluster):
                    yield source.at([*workload.path, *where], message)
    for name, declared in source.data["clusters"].items():
        if declared["provisioner"] == ADDON and release.version != ADDON_VERSION:
            yield source.at(
                ["clusters", name, "provisioner"],
                f"the AKS add-on runs KAITO {ADDON_VERSION}, but this fleet is rendered and checked for KAITO "
                f"{release.version}; what differs is not seen here",
            )


def _of_sizes(source: reading.Source, plans: Sequence[ClusterPlan]) -> Iterator[str]:
    unlisted = [
        (workload, place.size)
        for plan in plans
        for workload in plan.workloads
        for place in workload.machines.values()
        if place.size and place.sku is None
    ]
    if not unlisted:
        return
    from kaitops.kaito import room  # which a fleet of models on sizes with GPUs does without

    for workload, size in unlisted:
        if not room.is_known(size):
            text = f"nothing is known of {size}, so nobody checks that there is such a size, what it holds and what it "
            yield source.at([*workload.path, "gpu"], f"{text}costs; {room.hint(size)}")
