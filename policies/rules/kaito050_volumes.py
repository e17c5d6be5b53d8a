"""Pods get what lies elsewhere by a claim, not by the address of a server: the Restricted profile, and drivers too."""

from kaitops.policies import cel
from kaitops.policies.anatomy import PODS
from kaitops.policies.reading import at, items, mapping, pod
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

# All that the Restricted profile does not list, but for paths of the node, which KAITO036 has.
_NAMED = (
    "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "fc", "flexVolume", "flocker",
    "gcePersistentDisk", "gitRepo", "glusterfs", "iscsi", "nfs", "photonPersistentDisk", "portworxVolume", "quobyte",
    "rbd", "scaleIO", "storageos", "vsphereVolume",
)  # fmt: skip
# They hand out what an object of the cluster declares, or a key of the pod's own.
_DRIVERS = ("secrets-store.csi.k8s.io", "csi.cert-manager.io", "csi.spiffe.io")


def _check(document: Document, context: Context) -> Found:
    path, spec = pod(document)
    for place, volume in enumerate(items(spec.get("volumes"))):
        for kind in _NAMED:
            if mapping(volume).get(kind) is not None:
                yield (*path, "volumes", place, kind), f"{kind} mounts what the pod names, whoever it belongs to"
        driver = at(volume, "csi", "driver")
        if driver is not None and driver not in _DRIVERS:
            yield (*path, "volumes", place, "csi", "driver"), "the pod itself tells a driver of the node what to mount"


def _cel(kind: str) -> str:
    named = " && ".join(f"!has(v.{one})" for one in _NAMED)
    driver = cel.unless("v.csi.driver", f"v.csi.driver in {cel.listed(_DRIVERS)}", "v")
    return cel.each(f"{cel.pod(kind)}.volumes", "v", f"({named} && {driver})")


RULE = Rule(
    id="KAITO050",
    severity=Severity.HIGH,
    title="volumes by claim",
    why="A volume named in the pod is mounted by the node, with the node's rights; gitRepo runs commands there.",
    source="pod security standards, restricted; CVE-2024-10220; Kubernetes: CSI ephemeral volumes",
    remedy="declare a PersistentVolume and claim it, or a SecretProviderClass",
    kinds=PODS,
    pods=True,
    check=_check,
    cel=lambda kind, _: _cel(kind),
)
