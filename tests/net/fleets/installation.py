"""What a cluster declares of KAITO's installation: the values of its charts, and what is installed beside."""

from typing import Any

from tests.net.fleets.dice import Dice
from tests.version import KAITO

Data = dict[str, Any]
_IMAGE: Data = {"repository": "r.example.com/kaito/workspace", "tag": KAITO, "pullPolicy": "Always"}
_AFFINITY: Data = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
    {"matchExpressions": [{"key": "pool", "operator": "In", "values": ["system"]}]}]}}}  # fmt: skip
_TOLERATIONS = [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
_POD: Data = {
    "imagePullSecrets": [{"name": "pull"}],
    "podAnnotations": {"example.com/a": "b"},
    "podSecurityContext": {"fsGroup": 2000},
    "securityContext": {"readOnlyRootFilesystem": True},
    "webhook": {"port": 9443},
    "logging": {"level": "debug"},
    "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "10m", "memory": "64Mi"}},
    "nodeSelector": {"pool": "system"},
    "tolerations": _TOLERATIONS,
    "affinity": _AFFINITY,
    "replicaCount": 2,
}
_NAMES = (
    "clusterRoleBindingName", "clusterRoleName", "deploymentName", "inferenceSetClusterRoleBindingName",
    "inferenceSetClusterRoleName", "loggingConfigMapName", "roleBindingName", "roleName", "serviceAccountName", "serviceName",
)  # fmt: skip
_CONTROLLERS = (
    "helmController", "sourceController", "imageAutomationController", "imageReflectionController", "kustomizeController",
    "notificationController", "policies",
)  # fmt: skip
_VALUES: Data = {
    **_POD,
    **{name: f"own-{number}" for number, name in enumerate(_NAMES)},
    "commonLabels": {"team": "platform"},
    "selectorLabels": {"app": "own"},
    "podTemplateLabels": {"app": "own"},
    "deploymentStrategy": {"rollingUpdate": {"maxUnavailable": "50%"}},
    "image": _IMAGE,
    "defaultModelMirrorStorageClass": "blob-weights",
    "defaultStreamingServiceAccount": "streamer",
    "modelMirrorDownloadCPU": "2",
    "modelMirrorDownloadMemory": "8Gi",
    "defaultNodeImageFamily": "ubuntu",
    "karpenterProvider": "azure",
    "karpenterProviders": {
        "azure": {
            "group": "karpenter.azure.com", "kind": "AKSNodeClass", "version": "v1beta1", "resourceName": "aksnodeclasses",
            "nodeClasses": [{"name": "own", "default": True, "spec": {"osDiskSizeGB": 512}}],
        }
    },
    "nvidiaDevicePlugin": {"daemonsetName": "own", "image": "r.example.com/plugin:1", "imagePullPolicy": "IfNotPresent"},
    "spotInstance": {"enabled": True},
    "localCSIDriver": {"useLocalCSIDriver": False},
    "clusterName": "own",
    "flux2": {name: {"create": number > 1} for number, name in enumerate(_CONTROLLERS)},
    "gpu-feature-discovery": {"affinity": _AFFINITY, "tolerations": _TOLERATIONS, "gfd": {"enabled": True}, "nfd": {"enabled": True}},
    "local-csi-driver": {"webhook": {"ephemeral": {"enabled": True}}},
    "productionstack": {"enabled": False},
}  # fmt: skip
_RAG: Data = {**_POD, "image": _IMAGE, "presetRagImageName": "kaito-rag-service", "presetRagImageTag": KAITO}
_KEDA: Data = {
    "version": "2.18.0", "repository": "https://charts.example.com/keda", "chart": "keda", "namespace": "keda",
    "values": {"replicas": 2},
}  # fmt: skip


_HEADLAMP: Data = {
    "digest": f"sha256:{'0f' * 32}", "version": "0.45.0", "archive": "https://files.example.com/plugin.tar.gz",
    "repository": "https://charts.example.com/headlamp", "chart": "headlamp", "namespace": "pages", "plugin": True,
    "values": {"replicaCount": 2},
}  # fmt: skip


def operator(dice: Dice, brought: bool) -> Data:
    """How KAITO is installed on a cluster."""
    made = dice.some(
        {
            "repository": "oci://r.example.com/charts",
            "values": lambda: dice.some(_VALUES, 0.25),
            "ragengine": lambda: dice.some(_RAG, 0.4),
            "provisioner": {"replicas": 1},
            "keda": _KEDA,
            "headlamp": _HEADLAMP,
            "gatewayApi": {
                "version": "v1.5.0",
                "repository": "oci://r.example.com/gw",
                "chart": "gateway",
                "namespace": "gw",
                "values": {},
            },
        },
        0.45,
    )
    owner = dice.one(("kaito", "aks", "gpu-operator") if brought else ("kaito", "kaito", "aks"))
    if dice.chance(0.4):
        made["gpuOwner"] = owner
        if owner == "gpu-operator":
            made["gpuOperator"] = {"version": "v25.3.0", "values": {}}
        values = made.get("values", {})
        if owner != "kaito":
            for key in ("nvidiaDevicePlugin", "gpu-feature-discovery"):
                values.pop(key, None)
    if dice.chance(0.05):
        made.setdefault("values", {})["nvidiaDevicePlugin"] = {"enabled": True}
        made["values"]["gpu-feature-discovery"] = {"devicePlugin": {"enabled": False}}
    return made
