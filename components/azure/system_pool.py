"""What Azure has of the system pool beside what is declared of it.

Owns a warning. The pool is made with the cluster and left alone afterwards, since Azure changes it by itself, so a
setting that is changed later would change nothing without a word.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pulumi
from pulumi_azure_native.containerservice import AwaitableGetAgentPoolResult as Found

from kaitops.components.azure.cluster_profiles import SYSTEM_POOL
from kaitops.components.capacity.autoscaling import present
from kaitops.components.settings.infra import InfraSettings

_ANEW = "make a pool of mode System beside it with 'az aks nodepool add' and delete this one"
_SCALE = "change it with 'az aks nodepool scale' or 'update'"
_SURGE = "change it with 'az aks nodepool update --max-surge'"


def warn(settings: InfraSettings, group: str, cluster: str, parent: pulumi.Resource) -> None:
    """Warn of each setting that the pool of a cluster, if it is there, does not have."""
    found = present(group=group, cluster=cluster, name=SYSTEM_POOL, parent=parent)
    for line in differences(settings, found, cluster):
        pulumi.log.warn(line, resource=parent)


def differences(settings: InfraSettings, found: Found | None, cluster: str) -> Iterator[str]:
    """What is declared of the system pool and is otherwise in Azure, a line each; what Azure does not tell is left out.

    Args:
        found: the pool; None where there is none yet.
    """
    if found is None:
        return
    pool = settings.system_pool
    scaled = pool.max is not None and pool.max > pool.min
    bounds = (found.min_count, found.max_count) if found.enable_auto_scaling else (found.count, found.count)
    rows: list[tuple[str, Any, Any, str]] = [
        ("systemPool.size", pool.size, found.vm_size, _ANEW),
        ("systemPool.zones", pool.zones, sorted(found.availability_zones or []), _ANEW),
        ("systemPool.osDiskGb", pool.os_disk_gb, found.os_disk_size_gb, _ANEW),
        ("security.hostEncryption", settings.security.host_encryption, found.enable_encryption_at_host, _ANEW),
        ("systemPool.min", pool.min, bounds[0], _SCALE),
        ("systemPool.max", pool.max if scaled else pool.min, bounds[1], _SCALE),
        ("upgrades.systemSurge", settings.upgrades.system_surge, _surge(found), _SURGE),
    ]
    if found.vm_size is None:
        return
    for key, declared, actual, how in rows:
        if actual is not None and declared != actual:
            yield (
                f"infra.{key}: is declared {_told(declared)} and the system pool of {cluster} has {_told(actual)}; "
                f"this stack makes that pool once and leaves it to Azure, so nothing changes; {how}, or declare what "
                "is there"
            )


def _surge(found: Found) -> str | None:
    # Azure's own value, where none was ever said, is text as well.
    return found.upgrade_settings.max_surge if found.upgrade_settings else None


def _told(value: str | int | bool | Sequence[str]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else ", ".join(value) or "none"
