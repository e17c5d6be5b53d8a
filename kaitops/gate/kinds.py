"""Which kinds exist in the API groups that are known here, and of which somebody knows what they can do."""

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
        names = ", ".join(known)
        return f"KAITO {version} serves no {kind} in {api_version}, so nothing could judge it; it serves {names}"
    kinds = _KINDS.get(group)
    if kinds is None or kind in kinds.split():
        return None
    title = group or "the core group"
    return f"{title} has no kind {kind}, so nothing could judge it; correct kind or apiVersion"


def is_known(api_version: str, kind: str) -> bool:
    """Nothing in an object of the kind is dangerous beside text, which rules for all kinds read, or KAITO judges it."""
    group = api_version.rpartition("/")[0]
    return group == _KAITO or kind in facts.load(".", "kinds.json")["known"].get(group, ())
