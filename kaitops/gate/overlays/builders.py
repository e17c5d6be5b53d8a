"""Which objects of Argo CD and Flux have kustomize change what they deploy."""

from kaitops.documents.plain import mapping
from kaitops.gate.transforming import FLUX, FLUX_FIELDS


def is_building(data: object) -> bool:
    """Whether it is an object of Argo CD or Flux that has kustomize change what it deploys."""
    held = mapping(data)
    if held.get("kind") in ("Application", "ApplicationSet"):  # anything may stand there
        # An object of Argo CD is seldom met, and costs nothing elsewhere.
        from kaitops.gate.overlays import argo

        return argo.is_building(held)
    if held.get("kind") != "Kustomization" or str(held.get("apiVersion")).partition("/")[0] != FLUX:
        return False
    spec = mapping(held.get("spec"))
    return any(spec.get(key) for key in FLUX_FIELDS)
