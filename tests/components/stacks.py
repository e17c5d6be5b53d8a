"""The infra stack in the recorder, one run for each provisioner, shared by the tests that only read."""

from functools import cache
from typing import Any

import pulumi

from kaitops.components.infra_stack import Infra
from kaitops.components.settings.infra import InfraSettings
from tests.components import recorder
from tests.components.recorder import Recording
from tests.version import KAITO

CLUSTER: dict[str, Any] = {
    "region": "westeurope", "provisioner": "karpenter", "cloud": "azure", "featureGates": {}, "nodeClasses": [],
}  # fmt: skip
GROUP = "11111111-2222-3333-4444-555555555555"
SETTINGS: dict[str, dict[str, Any]] = {
    "karpenter": {
        "weights": {"kind": "blob"},
        "entraAdmins": [GROUP],
        "tags": {"team": "ml"},
        "registry": {"imports": ["mcr.microsoft.com/aks/kaito/workspace"], "pushIdentity": True},
    },
    "byo": {
        "accessElsewhere": True,
        "gpuPools": {
            "a100": {"size": "Standard_NC24ads_A100_v4", "generation": 2, "keepPrevious": True, "max": 3},
            "spot": {"size": "Standard_NC40ads_H100_v5", "spot": True, "zones": ["1"], "labels": {"pool": "spot"}},
        },
        "network": {"outbound": "userDefinedRouting", "nextHop": "10.0.0.4"},
        "secrets": {"kind": "externalSecrets"},
        "systemPool": {"min": 2, "max": 5},
    },
    "azure-gpu-provisioner": {
        "accessElsewhere": True,
        "weights": {"kind": "files"},
        "network": {"outbound": "loadBalancer"},
    },
    "aks-addon": {
        "accessElsewhere": True,
        "registry": None,
        "secrets": None,
        "monitoring": {"logs": False, "prometheus": False, "grafana": False, "alerts": False},
        "security": {"defender": False},
        "protect": False,
        "upgrades": {"channel": "stable"},
        "apiServer": {"private": False, "authorizedRanges": ["192.0.2.0/24"]},
    },
}


@cache
def stack(provisioner: str) -> Recording:
    """What the stack of a provisioner registers; its ``result`` is the component and its plain findings."""
    return run(SETTINGS[provisioner], provisioner=provisioner)


def run(
    settings: dict[str, Any], *, calls: dict[str, Any] | None = None, preview: bool = False, **cluster: Any
) -> Recording:
    """What the stack registers for some settings; ``calls`` are answers of provider functions."""

    def program() -> Infra:
        infra = Infra(
            "infra",
            {
                "settings": InfraSettings.read({"accessElsewhere": "entraAdmins" not in settings, **settings}),
                "cluster_name": "prod-weu",
                "cluster": {**CLUSTER, **cluster},
                "version": KAITO,
            },
        )
        pulumi.export("kubeconfig", infra.kubeconfig)
        pulumi.export("identities", infra.identities)
        pulumi.export("charts", [{"name": one.name, "values": one.values} for one in infra.extra_charts])
        return infra

    return recorder.run(program, calls=calls, preview=preview)
