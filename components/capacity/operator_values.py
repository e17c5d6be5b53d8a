"""Values of KAITO's chart that every self-managed installation on this bundle's clusters shares."""

from collections.abc import Mapping
from typing import Any

# The system pool takes only pods that tolerate this; without it the controller never starts.
SYSTEM_TOLERATION = {"key": "CriticalAddonsOnly", "operator": "Exists"}
GPU_TOLERATION = {"key": "sku", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"}


def operator_values(provisioner: str, cluster_name: str, gates: Mapping[str, bool]) -> dict[str, Any]:
    """Provisioner, cluster name, feature gates and the toleration of the system pool."""
    values: dict[str, Any] = {
        "nodeProvisioner": provisioner,
        "clusterName": cluster_name,
        "tolerations": [dict(SYSTEM_TOLERATION)],
    }
    if gates:
        values["featureGates"] = dict(sorted(gates.items()))
    return values
