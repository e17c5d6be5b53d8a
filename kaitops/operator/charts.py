"""The charts that a cluster gets, with their values, from what the fleet declares of it.

Owns which chart is installed where, what its values follow from, and that each layer of the GPU stack has one owner.
Does not install anything and knows no tool that does.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from kaitops.documents.plain import MutableObject, Object, at, items, mapping, merged
from kaitops.documents.pods import ENFORCED
from kaitops.errors import BadInput
from kaitops.fleet.controllers import ADDON, controller_settings, retrieval_values
from kaitops.fleet.image_lock import ImageLock
from kaitops.kaito import facts
from kaitops.operator import addons
from kaitops.operator.gpu_stack import gpu_values

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

# The system pool of a cluster takes only pods that bear this; without it the controller stays Pending.
SYSTEM_TOLERATION = {"key": "CriticalAddonsOnly", "operator": "Exists"}


class Chart(NamedTuple):
    """One release of a chart.

    Attributes:
        key: ``workspace``, ``ragengine``, ``gpu-provisioner``, ``headlamp`` or one of ``addons.KEYS``.
        name: of the release.
        repository: https or oci address that the chart lies in.
        skip_crds: leave out the chart's folder of definitions, as something else owns them.
        privileged: pods of its namespace need the host.
        digest: checksum of the chart's archive as ``sha256:...``; empty where none is recorded.
    """

    key: str
    name: str
    namespace: str
    repository: str
    chart: str
    version: str
    values: Object
    skip_crds: bool = False
    privileged: bool = False
    digest: str = ""

    @property
    def namespace_labels(self) -> dict[str, str]:
        """What its namespace must say for its pods to be admitted."""
        return {ENFORCED: "privileged" if self.privileged else "baseline"}


def charts(
    version: str,
    name: str,
    cluster: "Cluster",
    kinds: frozenset[str] = frozenset(),
    lock: ImageLock | None = None,
) -> tuple[Chart, ...]:
    """The charts of a cluster, in the order of their installation.

    Args:
        version: of KAITO.
        name: of the cluster.
        cluster: its declaration with defaults filled in.
        kinds: kinds that the fleet declares for it; those behind a feature gate turn it on.
        lock: recorded digests of images and charts.

    Raises:
        BadInput: two owners of one layer, a chart beside the add-on, or a value against what the cluster declares.
    """
    declared = mapping(cluster.get("operator"))
    if cluster["provisioner"] == ADDON:
        if declared:
            raise BadInput(
                f"clusters.{name}.operator: the AKS add-on installs KAITO and takes no values, so two controllers "
                "would fight over one set of definitions; remove operator, or take another provisioner"
            )
        return ()
    known = facts.load(version, "charts.json")
    pins = lock or ImageLock.empty()
    mirror, registry = str(declared.get("repository") or ""), str(cluster.get("registry") or "")
    found: list[Chart] = []
    for key in addons.KEYS:
        addon = declared.get(key)
        if addon:
            found.append(_addon(name, key, mapping(addon), known["charts"][key], registry))
    settings = controller_settings(version, cluster, kinds)
    if cluster["provisioner"] == "azure-gpu-provisioner":
        own = mapping(declared.get("provisioner"))
        values = _pinned(own, known["charts"]["gpu-provisioner"], pins, cluster, "controller")
        found.append(_chart("gpu-provisioner", known, values, pins, mirror))
    workspace = _workspace(name, cluster, settings, declared, known, pins)
    # Where the provisioner is part of the cluster it owns NodeClaim's definition, and a second owner would fail.
    skip = cluster["provisioner"] == "karpenter"
    found.append(_chart("workspace", known, workspace, pins, mirror, skip_crds=skip, privileged=True))
    if "RAGEngine" in kinds or declared.get("ragengine") is not None:
        found.append(_chart("ragengine", known, _ragengine(cluster, declared, known, pins), pins, mirror))
    if declared.get("headlamp"):
        found.append(_headlamp(version, name, mapping(declared["headlamp"]), known["charts"]["headlamp"], registry))
    return tuple(found)


def _chart(key: str, known: Object, values: Object, pins: ImageLock, mirror: str, **more: Any) -> Chart:
    one = known["charts"][key]
    repository = mirror or one["repository"]
    digest = pins.chart(repository, one["chart"], one["version"])
    return Chart(
        key,
        one["release"],
        one["namespace"],
        repository,
        one["chart"],
        one["version"],
        values,
        digest=digest,
        **more,
    )


def _addon(cluster: str, key: str, addon: Object, known: Object, registry: str) -> Chart:
    place = f"clusters.{cluster}.operator.{key}"
    repository = str(addon.get("repository") or known.get("repository") or "")
    chart = str(addon.get("chart") or known.get("chart") or "")
    for field, value in (("repository", repository), ("chart", chart)):
        if not value:
            raise BadInput(
                f"{place}.{field}: is not said and there is no usual one, so nothing can be installed; name it"
            )
    namespace = addon.get("namespace") or known["namespace"]
    values = addons.values_of(place, addon, known, registry)
    host = key == "gpuOperator"
    return Chart(key, known["release"], namespace, repository, chart, addon["version"], values, privileged=host)


def _headlamp(version: str, cluster: str, declared: Object, known: Object, registry: str) -> Chart:
    from kaitops.operator.headlamp import headlamp_values

    addon = {**declared, "version": declared.get("version") or known["version"]}
    # It moves its image itself, together with the plugin's.
    chart = _addon(cluster, "headlamp", addon, known, "")
    (image,) = known["images"]
    place = f"clusters.{cluster}.operator.headlamp"
    own = headlamp_values(
        version, place, declared, image, registry, chart=chart.version, namespace=chart.namespace, release=chart.name
    )
    # The pool that takes only pods which bear its taint is the one that is always there.
    return chart._replace(values=merged({"tolerations": [dict(SYSTEM_TOLERATION)]}, own))


def _workspace(
    name: str,
    cluster: "Cluster",
    settings: Object,
    declared: Object,
    known: Object,
    pins: ImageLock,
) -> MutableObject:
    provisioner = settings["nodeProvisioner"]
    gates = dict(settings["featureGates"])
    brought = provisioner == "byo"
    if gates.get("disableNodeAutoProvisioning", brought) is not brought:
        raise BadInput(
            f"clusters.{name}.featureGates.disableNodeAutoProvisioning: is {str(not brought).lower()}, but the "
            f"provisioner is {provisioner}; KAITO follows the provisioner and the chart the gate, so half of it would "
            "be missing; remove the gate, it is set with the provisioner"
        )
    if brought:
        gates["disableNodeAutoProvisioning"] = True
    values: MutableObject = {
        "cloudProviderName": settings["cloud"],
        "clusterName": name,
        "nodeProvisioner": provisioner,
        "featureGates": dict(sorted(gates.items())),
        "tolerations": [dict(SYSTEM_TOLERATION)],
    }
    if "registry" in cluster:
        values["presetRegistryName"] = cluster["registry"]
    if provisioner == "karpenter" and settings["cloud"] == "azure":
        values["karpenterProviders"] = {"azure": {"nodeClasses": _node_classes(cluster, known["node_classes"])}}
    own = mapping(declared.get("values"))
    values = merged(values, gpu_values(name, str(declared.get("gpuOwner", "kaito")), cluster, own))
    return _pinned(merged(values, own), known["charts"]["workspace"], pins, cluster)


def _node_classes(cluster: "Cluster", known: Object) -> list[MutableObject]:
    """KAITO's node classes with an image family that outlives the chart's default, which AKS is retiring."""
    names = [str(each) for each in items(cluster.get("nodeClasses"))] or [known["default"]]
    return [
        {
            "name": each,
            **({"default": True} if place == 0 else {}),
            "spec": {
                "imageFamily": "AzureLinux" if "azure-linux" in each else known["families"][0],
                "osDiskSizeGB": known["disk_gb"],
            },
        }
        for place, each in enumerate(names)
    ]


def _ragengine(cluster: "Cluster", declared: Object, known: Object, pins: ImageLock) -> MutableObject:
    values: MutableObject = {"cloudProviderName": cluster["cloud"], "tolerations": [dict(SYSTEM_TOLERATION)]}
    values |= retrieval_values(cluster)
    return _pinned(merged(values, mapping(declared.get("ragengine"))), known["charts"]["ragengine"], pins, cluster)


def _pinned(values: Object, known: Object, pins: ImageLock, cluster: "Cluster", *path: str) -> MutableObject:
    """The values with the controller's image from the cluster's registry, and by digest where one is recorded.

    The chart has no value for a digest, so it goes with the tag.
    """
    usual = dict(known["image"])
    if "registry" in cluster:
        usual["repository"] = f"{cluster['registry']}/{usual['repository'].rpartition('/')[2]}"
    image = {**usual, **mapping(at(values, *path, "image"))}
    digest = pins.digest(f"{image['repository']}:{image['tag']}")
    if not digest and image == known["image"]:
        return dict(values)
    tag = f"{image['tag']}@{digest}" if digest else image["tag"]
    patch: MutableObject = {"image": {"repository": image["repository"], "tag": tag}}
    for step in reversed(path):
        patch = {step: patch}
    return merged(values, patch)
