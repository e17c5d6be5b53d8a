"""Who owns which layer of the GPU stack: exactly one for the device plugin, and one for the discovery of GPUs.

Two device plugins register the same GPUs twice, and two discoveries fight over definitions and labels.
"""

from typing import TYPE_CHECKING

from kaitops.documents.plain import MutableObject, Object, at, mapping
from kaitops.errors import BadInput

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

_GPU_TOLERATION = {"key": "sku", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"}
_PLUGIN = ("nvidiaDevicePlugin", "enabled")
_DISCOVERY = (("gpu-feature-discovery", "nfd", "enabled"), ("gpu-feature-discovery", "gfd", "enabled"))
_SUB_PLUGIN = ("gpu-feature-discovery", "devicePlugin", "enabled")


def gpu_values(name: str, owner: str, cluster: "Cluster", own: Object) -> MutableObject:
    """The values of KAITO's chart that an owner calls for.

    Args:
        name: of the cluster.
        owner: ``kaito``, ``gpu-operator`` or ``aks``.
        own: values that the user gives, which must not make a second owner.

    Raises:
        BadInput: a layer would have two owners, or none.
    """
    declared = mapping(cluster.get("operator"))
    place = f"clusters.{name}.operator"
    if declared.get("gpuOperator") and owner != "gpu-operator":
        raise BadInput(
            f"{place}.gpuOperator: installs a device plugin while gpuOwner is {owner}, so GPUs would be registered "
            "twice; set gpuOwner to gpu-operator"
        )
    brought = cluster["provisioner"] == "byo"
    if owner == "gpu-operator" and not brought:
        raise BadInput(
            f"{place}.gpuOwner: gpu-operator needs nodes without a driver, which only brought pools can be; take "
            "provisioner byo, or leave the stack to kaito"
        )
    kaito = owner == "kaito"
    wanted = {_PLUGIN: kaito, _SUB_PLUGIN: False, **dict.fromkeys(_DISCOVERY, kaito and brought)}
    for path, value in wanted.items():
        given = at(own, *path)
        layer = "a second device plugin" if "lugin" in path[-2] else "a second discovery of GPUs"
        if given is True and not value and (brought or path is _PLUGIN or path is _SUB_PLUGIN):
            raise BadInput(
                f"{place}.values.{'.'.join(path)}: is true while gpuOwner is {owner}, which makes {layer}; remove it, "
                "or change gpuOwner"
            )
        if given is False and value:
            raise BadInput(
                f"{place}.values.{'.'.join(path)}: is false while gpuOwner is kaito, so the layer has no owner and no "
                "model finds a GPU; say in gpuOwner who owns it"
            )
    values: MutableObject = {"nvidiaDevicePlugin": {"enabled": kaito}}
    if brought:
        # The defaults do not bear the taint of GPU nodes, so they would never see one.
        discovery: MutableObject = {"nfd": {"enabled": kaito}, "gfd": {"enabled": kaito}}
        if kaito:
            discovery["tolerations"] = [dict(_GPU_TOLERATION)]
            discovery["nfd"]["worker"] = {"tolerations": [dict(_GPU_TOLERATION)]}
        values["gpu-feature-discovery"] = discovery
    return values
