"""How the KAITO controllers were started: cloud, provisioner, registry, feature gates and flags.

Owns the defaults of KAITO's flags and chart; which feature gates there are, and how they stand where nobody says, is a
fact of each version. Decides nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from kaitops.documents.plain import Object
from kaitops.kaito import facts

PROVISIONERS = ("karpenter", "byo", "azure-gpu-provisioner")
CLOUDS = ("azure", "aws", "arc")
UPGRADING = "enableBaseImageAutoUpgrade"
"""The feature gate without which nothing reads what a set says of its upgrades."""

_NOTHING: Object = MappingProxyType({})


def gates_of(version: str) -> Mapping[str, bool]:
    """The feature gates of a version, and how each stands where nobody says."""
    return facts.load(version, "release.json")["gates"]


def gated_kinds(version: str) -> Mapping[str, str]:
    """The feature gate of each kind that has one."""
    return facts.load(version, "release.json")["gated_kinds"]


class Settings(NamedTuple):
    """Start-up settings of the controllers.

    Attributes:
        cloud: ``azure``, ``aws`` or ``arc``; chooses the table of machine sizes.
        provisioner: ``azure-gpu-provisioner`` (KAITO's default), ``karpenter`` or ``byo``.
        registry: where KAITO's own images come from.
        gates: all feature gates, defaults filled in; node auto-provisioning follows the provisioner, as in KAITO.
        nvme_storage_class: the storage class for local NVMe disks exists in the cluster.
        release_namespace: where KAITO is installed; default ConfigMaps are read there.
        rag_release_namespace: the same for the controller of RAGEngines, which has a chart of its own.
        child_admission: the create of an InferenceSet is refused where its child's model does not fit or run as
            declared, which KAITO does once its start-up has hooked that check in. Off by default, as in the recordings
            of creates; on in every command. An update always judges the child in full.
        server_side_apply: objects are applied on the server's side, as the documented commands do, which refuses some
            metadata and every null that a create drops. Off by default, as in the recordings; on in the gate.
        extra: further flags by name, as the controller's flags are called.
    """

    cloud: str = "azure"
    provisioner: str = "azure-gpu-provisioner"
    registry: str = "mcr.microsoft.com/aks/kaito"
    gates: Mapping[str, bool] = _NOTHING
    nvme_storage_class: bool = True
    release_namespace: str = "kaito-workspace"
    rag_release_namespace: str = "kaito-ragengine"
    node_classes: tuple[str, ...] = ()
    child_admission: bool = False
    server_side_apply: bool = False
    extra: Object = _NOTHING

    @property
    def byo(self) -> bool:
        """Nodes are brought by the user; KAITO provisions none."""
        return self.provisioner == "byo"

    @property
    def rag_namespaces(self) -> tuple[str, ...]:
        """Where the chart of RAGEngines may be: in its own namespace, or beside the other chart.

        Nothing else puts the default guardrails policy anywhere, so where it is found is where the chart is.
        """
        return self.rag_release_namespace, self.release_namespace

    @classmethod
    def from_dict(cls, document: Object, version: str) -> "Settings":
        """Settings of a version of KAITO from the plain form, every key optional.

        Keys: ``cloud``, ``nodeProvisioner``, ``registry``, ``featureGates``, ``nvmeStorageClass``,
        ``releaseNamespace``, ``ragReleaseNamespace``, ``nodeClasses``, ``childAdmission`` and any further flag.
        """
        given = dict(document)
        default = _DEFAULT
        provisioner = given.pop("nodeProvisioner", default.provisioner)
        gates = {**gates_of(version), **given.pop("featureGates", {})}
        gates["disableNodeAutoProvisioning"] = provisioner == "byo"
        return cls(
            cloud=given.pop("cloud", default.cloud),
            provisioner=provisioner,
            registry=given.pop("registry", default.registry),
            gates=gates,
            nvme_storage_class=given.pop("nvmeStorageClass", default.nvme_storage_class),
            release_namespace=given.pop("releaseNamespace", default.release_namespace),
            rag_release_namespace=given.pop("ragReleaseNamespace", default.rag_release_namespace),
            node_classes=tuple(given.pop("nodeClasses", default.node_classes)),
            child_admission=given.pop("childAdmission", default.child_admission),
            server_side_apply=given.pop("serverSideApply", default.server_side_apply),
            extra=given,
        )


_DEFAULT = Settings()
