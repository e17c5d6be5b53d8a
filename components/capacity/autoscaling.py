"""What Azure's autoscaler has made of a pool, read from Azure while the program runs.

Owns the one question that a declaration cannot answer: how many nodes an autoscaled pool has right now. Azure takes
the count of a request as a wish, so one that lies outside of new bounds is refused, and a stale one takes nodes away.
"""

import pulumi
from pulumi_azure_native import containerservice

from kaitops.components.settings.pools import GpuPool

_ABSENT = ("404", "NotFound", "not found", "could not be found")


def moved_count(pool: GpuPool, *, group: str, cluster: str, name: str, parent: pulumi.Resource) -> int | None:
    """The count to send where the pool's bounds change in this run; None to leave the count alone.

    Args:
        group: resource group of the cluster.
        name: of the pool in Azure.

    Raises:
        Exception: Azure cannot be asked; what it does not have is no error.
    """
    try:
        found = containerservice.get_agent_pool(
            agent_pool_name=name,
            resource_group_name=group,
            resource_name=cluster,
            opts=pulumi.InvokeOptions(parent=parent),
        )
    except Exception as error:
        if any(word in str(error) for word in _ABSENT):
            return None
        raise
    if (found.min_count, found.max_count) == (pool.min, pool.max) or found.count is None:
        return None
    return min(max(int(found.count), pool.min), pool.max)
