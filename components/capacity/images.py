"""Which node image a pool runs, and which one its GPUs' driver needs.

Owns the comparison. The least image of a size is a fact in ``presets/azure.json``; Azure gives a new pool the newest
one and replaces it by ``upgrades.nodeOsChannel``, so what is too old is a pool that nothing has upgraded.
"""

import re
from dataclasses import dataclass

from kaitops.components.settings.names import azure_facts
from kaitops.components.settings.pools import GpuPool

_VERSION = re.compile(r"(\d{6})\.(\d{2})\.(\d+)")


@dataclass(frozen=True, slots=True)
class Outdated:
    """A pool with an image that is too old.

    Attributes:
        message: what is wrong and what to do.
        refused: the settings ask for a newer one; else the size does.
    """

    message: str
    refused: bool


def outdated(key: str, pool: GpuPool, image: str | None, *, group: str, cluster: str, name: str) -> Outdated | None:
    """What is wrong with the image that a pool runs; None where nothing is, or where Azure does not say.

    Args:
        key: path of the pool in the settings.
        image: as Azure calls it, such as ``AKSUbuntu-2204gen2containerd-202606.08.1``.
    """
    least = pool.minimum_image or known_least(pool.size)
    running = _number(image)
    if least is None or running is None or running >= (_number(least) or ()) or pool.driver == "None":
        return None
    asked = f"minimumImage is {least}" if pool.minimum_image else f"the driver for {pool.size} comes with {least}"
    return Outdated(
        f"{key}: its nodes run image {image} and {asked}, so a model that needs the newer driver does not start on "
        f"them; 'az aks nodepool upgrade --node-image-only --resource-group {group} --cluster-name {cluster} --name "
        f"{name}' replaces them one after another",
        refused=pool.minimum_image is not None,
    )


def known_least(size: str) -> str | None:
    """The image from which on a size has the driver that models are built for; None where none is known."""
    known: dict[str, str] = azure_facts()["gpu_images"]
    return next((image for pattern, image in known.items() if re.fullmatch(pattern, size)), None)


def _number(image: str | None) -> tuple[int, ...] | None:
    found = _VERSION.search(image or "")
    return tuple(map(int, found.groups())) if found else None
