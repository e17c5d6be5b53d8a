"""The fleets and clusters that are measured."""

from typing import Any

from kaitops.documents import writer
from tests.live.standin import serving, without_quota
from tests.version import KAITO

_PRESETS = (
    "phi-4-mini-instruct",
    "phi-4",
    "qwen2.5-coder-7b-instruct",
    "mistral-7b-instruct",
    "gpt-oss-20b",
    "ministral-3-8b-instruct",
    "Qwen/Qwen3.5-9B",
    "ibm-granite/granite-4.1-8b",
)
_SIZES = ("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5", "Standard_NC48ads_A100_v4")


def fleet(clusters: int, models: int, *, context: bool = True, gitops: bool = False, changed: int = 0) -> str:
    """A fleet of models that differ in preset, size and context, each on every cluster.

    Args:
        context: each has a length of context, and with it a ConfigMap.
        gitops: the clusters have Argo CD and Flux in turn.
        changed: so many of the models have another length of context than without.
    """
    return writer.dump(
        {
            "kaito": KAITO,
            **({"gitops": {"repository": "https://git.example.com/contoso/fleet.git"}} if gitops else {}),
            "defaults": {"namespace": "models"},
            "clusters": {
                f"cluster-{number:02d}": {
                    "region": "westeurope",
                    "provisioner": "karpenter",
                    "gitops": ("argocd", "flux")[number % 2] if gitops else "none",
                }
                for number in range(clusters)
            },
            "models": {
                f"model-{number:04d}": {
                    "preset": _PRESETS[number % len(_PRESETS)],
                    "gpu": _SIZES[number % len(_SIZES)],
                    **({"context": 4096 + 1024 * (number % 12) + 512 * (number < changed)} if context else {}),
                }
                for number in range(models)
            },
        }
    )


def cluster_of(workloads: int) -> list[dict[str, Any]]:
    """The objects of a cluster in which a fifth of the workloads gets no machine."""
    found: list[dict[str, Any]] = []
    for number in range(workloads):
        made = (without_quota if number % 5 == 0 else serving)(f"model-{number:04d}")
        found += [one for one in made if one["kind"] != "Node" or number == 1]
    return found
