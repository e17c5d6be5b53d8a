"""All images that a cluster runs: KAITO's controllers and what comes with them, and the pods of its models.

The pods are those that the engine expands, so nothing is listed that no pod asks for. Nodes' own images are AKS's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kaitops.documents.plain import Object, at
from kaitops.fleet.image_lock import ImageLock
from kaitops.kaito import facts
from kaitops.kaito.kubernetes import image_reference
from kaitops.operator import addons
from kaitops.operator.charts import Chart
from kaitops.operator.pods import images


@dataclass(frozen=True, slots=True, order=True)
class Image:
    """An image that a cluster pulls.

    Attributes:
        name: registry, repository and tag.
        role: what it is for.
        digest: as ``sha256:...``; empty where none is recorded.
        origin: where it is published, for one that a cluster pulls from its own ``registry``; else empty.
    """

    name: str
    role: str
    digest: str
    origin: str = ""

    @property
    def registry(self) -> str:
        """Host of the registry; Docker Hub's where the name has none."""
        return image_reference.parts(self.name).registry

    @property
    def path(self) -> str:
        """Repository and tag, without the registry."""
        read = image_reference.parts(self.name)
        return f"{read.repository}:{read.tag or image_reference.LATEST}"

    @property
    def source(self) -> str:
        """What to copy: the digest where one is recorded, because a tag may have moved."""
        if self.origin:
            return Image(self.origin, self.role, self.digest).source
        read = image_reference.parts(self.name)
        return f"{read.name}@{self.digest}" if self.digest else f"{self.registry}/{self.path}"


def cluster_images(
    version: str, charts: Iterable[Chart], objects: Iterable[Object], lock: ImageLock
) -> tuple[Image, ...]:
    """The images of one cluster, by name.

    Args:
        charts: that the cluster gets; none where the add-on brings KAITO.
        objects: that KAITO's controllers would create for its workloads, and plain ones as rendered.
    """
    roles: dict[str, str] = {}
    published = facts.load(version, "charts.json")["charts"]["workspace"]["image"]["repository"].rpartition("/")[0]
    mirror = ""
    charts = tuple(charts)
    by_key = {chart.key: chart.values for chart in charts}
    if by_key:
        conditions = _conditions(by_key)
        mirror = str(by_key["workspace"].get("presetRegistryName") or "")
        for known in facts.load(version, "charts.json")["images"]:
            if known.get("when", "always") in conditions:
                roles[_moved(known["image"], published, mirror)] = known["role"]
    known, origins = facts.load(version, "charts.json"), dict[str, str]()
    for chart in charts:
        for name, source, role in addons.images_of(chart.key, chart, known):
            roles[name] = role
            origins[name] = source if source != name else ""
    for image in images(objects):
        roles.setdefault(image, "pods of the fleet's models")
    return tuple(
        sorted(
            Image(
                name,
                role,
                lock.digest(name) or image_reference.parts(name).digest,
                origins.get(name, _moved(name, mirror, published) if _below(name, mirror) else ""),
            )
            for name, role in roles.items()
        )
    )


def _below(name: str, registry: str) -> bool:
    return bool(registry) and name.startswith(f"{registry}/")


def _moved(name: str, before: str, after: str) -> str:
    """The name below another registry, where it is below the one."""
    return f"{after}{name.removeprefix(before)}" if after and _below(name, before) else name


def _conditions(values: Mapping[str, Object]) -> frozenset[str]:
    workspace = values["workspace"]
    found = {"always"}
    for name, path, default in (
        ("devicePlugin", ("nvidiaDevicePlugin", "enabled"), True),
        ("localCsi", ("localCSIDriver", "useLocalCSIDriver"), True),
        ("inferenceExtension", ("featureGates", "gatewayAPIInferenceExtension"), False),
        ("multiRole", ("featureGates", "enableMultiRoleInferenceController"), False),
        ("discovery", ("gpu-feature-discovery", "gfd", "enabled"), False),
    ):
        given = at(workspace, *path)
        if default if given is None else given:
            found.add(name)
    if "ragengine" in values:
        found.add("rag")
    if "gpu-provisioner" in values:
        found.add("gpuProvisioner")
    return frozenset(found)
