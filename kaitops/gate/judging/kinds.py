"""Which kinds exist in the API groups that are known here, and of which somebody knows what they can do."""

from collections.abc import Sequence

from kaitops.errors import nearest
from kaitops.kaito import facts

_KAITO = "kaito.sh"
# The kinds that Kubernetes serves in its own groups and that stand in manifests, whatever the version.
_KINDS = {
    "": (
        "ConfigMap Endpoints Event LimitRange List Namespace Node PersistentVolume PersistentVolumeClaim Pod "
        "PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount Binding"
    ),
    "apps": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "batch": "CronJob Job",
    "autoscaling": "HorizontalPodAutoscaler Scale",
    "policy": "PodDisruptionBudget Eviction",
    "networking.k8s.io": "Ingress IngressClass NetworkPolicy IPAddress ServiceCIDR",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "storage.k8s.io": (
        "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass"
    ),
    "scheduling.k8s.io": "PriorityClass",
    "node.k8s.io": "RuntimeClass",
    "coordination.k8s.io": "Lease LeaseCandidate",
    "discovery.k8s.io": "EndpointSlice",
    "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle",
    "admissionregistration.k8s.io": (
        "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration "
        "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration"
    ),
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
    "resource.k8s.io": "DeviceClass DeviceTaintRule ResourceClaim ResourceClaimTemplate ResourceSlice",
    "karpenter.sh": "NodeClaim NodeOverlay NodePool",
    "karpenter.azure.com": "AKSNodeClass",
}  # fmt: skip


def unknown_kind(version: str, api_version: str, kind: str) -> str | None:
    """Why nobody can judge an object: its group is known, and has no such kind.

    Args:
        version: of KAITO.
    """
    group = api_version.rpartition("/")[0]
    if group == _KAITO:
        known = sorted(facts.load(version, "schema.json")["kinds"])
        if f"{api_version}/{kind}" in known:
            return None
        meant = _of_kaito(known, kind)
        hint = f"write {' or '.join(meant)}" if meant else f"it serves {', '.join(known)}"
        return f"KAITO {version} serves no {kind} in {api_version}, so nothing could judge it; {hint}"
    given = api_version.rpartition("/")[2]
    versions = facts.load(".", "kinds.json")["versions"].get(group)
    if versions is not None and given not in versions:
        served = ", ".join(f"{group}/{one}" for one in versions)
        return f"{group} never had a version {given}, so no cluster takes the object; write {served}"
    kinds = _KINDS.get(group)
    if kinds is None:
        return _misspelt(version, group, api_version, kind)
    if kind in kinds.split():
        return None
    title = group or "the core group"
    near = nearest(kind, kinds.split())
    hint = f"did you mean {near[0]}?" if near else "correct kind or apiVersion"
    return f"{title} has no kind {kind}, so nothing could judge it; {hint}"


def _of_kaito(known: Sequence[str], kind: str) -> list[str]:
    """The versions and kinds of KAITO that a kind may stand for, the newest version first."""
    names = {one.rpartition("/")[2].lower(): one.rpartition("/")[2] for one in known}
    near = nearest(kind.lower(), names)
    return [one for one in reversed(known) if near and one.endswith(f"/{names[near[0]]}")]


def _misspelt(version: str, group: str, api_version: str, kind: str) -> str | None:
    """Of a group that nothing knows: whether it is KAITO's, written otherwise; others have kinds of these names too."""
    known = sorted(facts.load(version, "schema.json")["kinds"])
    meant = [one for one in reversed(known) if one.endswith(f"/{kind}")]
    # What is alike takes longer to tell, so it is asked last.
    if not meant or not nearest(group, [_KAITO], cutoff=0.7):
        return None
    return f"{api_version} is no group of KAITO, so nothing could judge it; write {' or '.join(meant)}"


def is_known(api_version: str, kind: str) -> bool:
    """Nothing in an object of the kind is dangerous beside text, which rules for all kinds read, or KAITO judges it."""
    group = api_version.rpartition("/")[0]
    return group == _KAITO or kind in facts.load(".", "kinds.json")["known"].get(group, ())
