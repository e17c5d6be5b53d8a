"""What the machines of a fleet cost, whether the subscription's quota holds them, and how long Azure offers them.

* :func:`machines`: the machines of every object of a cluster.
* :func:`difference`: nodes, GPUs and USD of a head against a base, by cluster and in total.
* :func:`findings`: what is wrong: over budget, over quota, retired sizes, price tables that are too old.

Pure: the day is an argument, recordings of ``az`` are read elsewhere (:mod:`kaitops.cost.quota` parses them). Chooses
no machine.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from kaitops.cost.cluster import Budget, Cluster, CostFinding

if TYPE_CHECKING:
    from kaitops.cost.counted import Machines
    from kaitops.cost.differing import Difference
    from kaitops.cost.quota import Quota
    from kaitops.kaito.release import Release

__all__ = ["Budget", "Cluster", "CostFinding", "difference", "findings", "machines"]


def machines(cluster: Cluster, release: "Release") -> "list[Machines]":
    """The machines that the objects of a cluster ask for, one entry per object and size."""
    from kaitops.cost.machine_list import machines as run

    return run(cluster, release)


def difference(base: Sequence[Cluster], head: Sequence[Cluster], release: "Release") -> "Difference":
    """Nodes, GPUs and USD of a head against a base; clusters are matched by name."""
    from kaitops.cost.differing import difference as run

    return run(base, head, release)


def findings(
    head: Sequence[Cluster],
    release: "Release",
    *,
    today: date,
    budget: Budget | None = None,
    quotas: "Sequence[Quota]" = (),
    base: Sequence[Cluster] | None = None,
) -> list[CostFinding]:
    """What is wrong with the machines of a fleet.

    Args:
        today: the day that ages and retirements are counted from.
        budget: limits in USD per month; none where None.
        quotas: recorded quotas, at most one per region; clusters of other regions are not judged by quota.
        base: the fleet as it runs, whose machines the recorded usage counts; where None, all machines of the head are
            held against the limits instead of what is added against what is left.
    """
    from kaitops.cost.finding import findings as run

    return run(head, release, today=today, budget=budget, quotas=quotas, base=base)
