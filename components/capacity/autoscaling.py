"""What Azure has made of a pool, read from Azure while the program runs.

Owns the questions that a declaration cannot answer: how many nodes an autoscaled pool has right now, which node image
they run, whether there is a pool to stop. Azure takes the count of a request as a wish, so one that lies outside of new
bounds is refused, and a stale one takes nodes away.
"""

import pulumi
from pulumi_azure_native import containerservice
from pulumi_azure_native.containerservice import AwaitableGetAgentPoolResult as Found

from kaitops.components.asking import asked
from kaitops.components.settings.pools import GpuPool


def present(*, group: str, cluster: str, name: str, parent: pulumi.Resource) -> Found | None:
    """The pool as Azure has it; None where it has none.

    Args:
        group: resource group of the cluster.
        name: of the pool in Azure.

    Raises:
        Exception: Azure cannot be asked; what it does not have is no error.
    """
    return asked(
        lambda: containerservice.get_agent_pool(
            agent_pool_name=name,
            resource_group_name=group,
            resource_name=cluster,
            opts=pulumi.InvokeOptions(parent=parent),
        )
    )


def moved_count(pool: GpuPool, found: Found | None) -> int | None:
    """The count to send where the pool's bounds change in this run; None to leave the count alone."""
    if found is None or (found.min_count, found.max_count) == (pool.min, pool.max) or found.count is None:
        return None
    return min(max(int(found.count), pool.min), pool.max)
