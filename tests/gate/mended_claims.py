"""Claims of a mode that their storage has not, what is declared in another namespace, and Services that select nothing."""

from tests.gate.mended import Case, edited
from tests.gate.objects import SERVICE, SERVING, WORKSPACE

_CLAIM = """\
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: weights, namespace: team}
spec: {accessModes: [ReadWriteMany], storageClassName: azurefile-premium, resources: {requests: {storage: 9Gi}}}
"""
_CLASS = """\
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: quick}
provisioner: disk.csi.azure.com
"""
_MOUNTING = (
    SERVING.replace("spec:\n  selector", "spec:\n  replicas: 2\n  selector").replace(
        "      containers:\n",
        "      volumes: [{name: w, persistentVolumeClaim: {claimName: weights}}]\n      containers:\n",
    )
    + "        volumeMounts: [{name: w, mountPath: /w}]\n"
    + _CLAIM
)
_DISK = _MOUNTING.replace("ReadWriteMany", "ReadWriteOnce").replace("azurefile-premium", "managed-csi-premium")
_TOGETHER = _DISK.replace(
    "      containers:\n",
    "      affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, "
    "labelSelector: {matchLabels: {app: web}}}]}}\n      containers:\n",
)
_SETTINGS = (
    SERVING.replace(
        "      containers:\n", "      volumes: [{name: s, configMap: {name: settings}}]\n      containers:\n"
    )
    + """\
        volumeMounts: [{name: s, mountPath: /s}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: team}
data: {a: b}
"""
)
_SERVED = SERVING + SERVICE
_OUT = WORKSPACE + SERVICE.replace("{app: web}", "{kaito.sh/workspace: phi}").replace("8080", "5000")
_VLLM = SERVING.replace("contoso.azurecr.io/web:1.0.0", "vllm/vllm-openai:v0.14.1") + (
    '        args: [--model, m, --port, "9000"]\n        ports: [{name: http, containerPort: 9000}]\n'
    "        readinessProbe: {httpGet: {path: /health, port: http}}\n"
)

_BOUND = (
    _MOUNTING.replace("storageClassName: azurefile-premium", "storageClassName: '', volumeName: shared")
    + """\
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: shared}
spec:
  capacity: {storage: 10Gi}
  accessModes: [ReadWriteMany]
  csi: {driver: file.csi.azure.com, volumeHandle: shared}
"""
)
_NAMED = SERVING.replace("kind: Deployment", "kind: StatefulSet").replace(
    "spec:\n  selector", "spec:\n  serviceName: web\n  selector"
) + (SERVICE.replace("spec: {", "spec: {clusterIP: None, "))
_SPLIT = """\
apiVersion: kaito.sh/v1alpha1
kind: MultiRoleInference
metadata: {name: split, namespace: team}
spec:
  model: {name: microsoft/Phi-4-mini-instruct}
  labelSelector: {matchLabels: {apps: split}}
  roles:
  - {type: prefill, replicas: 1, instanceType: Standard_NC24ads_A100_v4, runtimeConfig: lengths}
  - {type: decode, replicas: 1, instanceType: Standard_NC24ads_A100_v4}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: lengths, namespace: team}
data: {inference_config.yaml: "vllm: {max-model-len: 4096}"}
"""
_LONE = _MOUNTING.replace("replicas: 2", "replicas: 1")
_SHARING = (
    _LONE
    + "---\n"
    + _LONE.split("---")[0].replace("name: web, namespace", "name: copy, namespace").replace("app: web", "app: copy")
)
CASES: dict[str, Case] = {
    "two workloads on what one pod mounts": edited(
        _SHARING, "[ReadWriteOncePod]", "[ReadWriteMany]", "Deployment team/web and Deployment team/copy mount the claim",
        "a claim for each",
    ),
    "a Service of pods' names by a slip": edited(
        _NAMED, "serviceName: wbe", "serviceName: web", "so no pod is found by its own name", "meant is web?"
    ),
    "a volume that is too small": edited(_BOUND, "storage: 90Gi", "storage: 9Gi", "PersistentVolume shared, which it names, has 10Gi"),
    "a volume of another class": edited(
        _BOUND, "storageClassName: azurefile,", "storageClassName: '',", "is azurefile, and PersistentVolume shared"
    ),
    "a volume of other modes": edited(
        _BOUND, "accessModes: [ReadOnlyMany]\n", "accessModes: [ReadWriteMany]\n", "asks for ReadWriteMany, and PersistentVolume shared"
    ),
    "a class of the cloud by a slip": edited(
        _MOUNTING, "storageClassName: azurefile-premum,", "storageClassName: azurefile-premium,", "meant is azurefile-premium?"
    ),
    "a class of the tree by a slip": edited(
        _MOUNTING.replace("azurefile-premium", "shared-files") + _CLASS.replace("quick", "shared-files").replace("disk.", "file."),
        "storageClassName: shared-file,", "storageClassName: shared-files,", "so the claim is never bound; meant is shared-files?",
    ),
    "many machines on a disk": edited(
        _MOUNTING, "storageClassName: managed-csi,", "storageClassName: azurefile-premium,", "managed-csi makes disks"
    ),
    "many machines on a disk of a class of the tree": edited(
        _MOUNTING + _CLASS, "storageClassName: quick,", "storageClassName: azurefile-premium,", "quick makes disks"
    ),
    "two pods on a disk": Case(_DISK, _MOUNTING, ("Deployment team/web has 2 pods", "those on one machine start")),
    "two pods on what one pod mounts": edited(_MOUNTING, "[ReadWriteOncePod]", "[ReadWriteMany]", "of which one starts"),
    "a claim in another namespace": edited(
        _MOUNTING, "{name: weights, namespace: other}", "{name: weights, namespace: team}", "in namespace other alone"
    ),
    "a claim by a slip": edited(_MOUNTING, "claimName: weigths}", "claimName: weights}", "meant is weights?"),
    "settings of a split model by a slip": edited(
        _SPLIT, "runtimeConfig: lenghts}", "runtimeConfig: lengths}", "meant is lengths?", "ConfigMap/team/lenghts"
    ),
    "settings by a slip": edited(
        _SETTINGS, "configMap: {name: setting}", "configMap: {name: settings}", "meant is settings?", "ConfigMap/team/setting"
    ),
    "settings in another namespace": edited(
        _SETTINGS, "{name: settings, namespace: other}", "{name: settings, namespace: team}",
        "ConfigMap team/settings", "--assume-present ConfigMap/team/settings",
    ),
    "a Service that misses the workload of its name": edited(
        _SERVED, "{selector: {app: wbe}", "{selector: {app: web}", "selects app=wbe", "Deployment team/web have app=web"
    ),
    "a Service that asks for another key": edited(_SERVED, "{selector: {name: web}", "{selector: {app: web}", "have app=web"),
    "a Service with a slip": edited(
        _OUT, "{kaito.sh/workspace: phii}", "{kaito.sh/workspace: phi}", "those of Workspace team/phi have"
    ),
    "a Service for a model of another namespace": edited(
        _OUT, "{name: web, namespace: other}", "{name: web, namespace: team}", "a Service selects in its own namespace"
    ),
    "a probe of a port that the server leaves": edited(
        _VLLM, "{path: /health, port: 8000}", "{path: /health, port: http}", "leads to port 8000", "listens on 9000"
    ),
    "a probe by a name that leads elsewhere": edited(
        _VLLM, "containerPort: 8000", "containerPort: 9000", "leads to port 8000", "probe 9000"
    ),
}  # fmt: skip
FINE: dict[str, str] = {
    "a workload on what one pod mounts": _LONE.replace("[ReadWriteMany]", "[ReadWriteOncePod]"),
    "a Service of pods' names": _NAMED,
    "a Service of pods' names elsewhere": _NAMED.replace("serviceName: web", "serviceName: index"),
    "a volume by its name": _BOUND,
    "a volume that names its claim": _BOUND.replace("10Gi}", "1Gi}\n  claimRef: {namespace: team, name: weights}"),
    "a class that somebody made": _MOUNTING.replace("azurefile-premium", "netapp-ultra"),
    "two pods that are put on one machine": _TOGETHER,
    "settings of another stage": _SETTINGS.replace("configMap: {name: settings}", "configMap: {name: settings-2}"),
    "one pod on a disk": _DISK.replace("replicas: 2", "replicas: 1"),
    "a block device of many machines": _MOUNTING.replace("azurefile-premium", "managed-csi, volumeMode: Block").replace(
        "volumeMounts: [{name: w, mountPath: /w}]", "volumeDevices: [{name: w, devicePath: /dev/w}]"
    ),
    "a class that nobody knows": _DISK.replace("managed-csi-premium", "fast"),
    "a Service for pods of elsewhere": _SERVED.replace("{name: web, namespace: team}\nspec: {sel", "{name: other, namespace: team}\nspec: {sel")
    .replace("{selector: {app: web}", "{selector: {app: other}"),
    "a Service for another version": _OUT.replace("{kaito.sh/workspace: phi}", "{kaito.sh/workspace: phi-4}"),
    "a probe of a sidecar": _VLLM.replace("port: http}", "port: 8081}") + "      - {name: proxy, image: 'contoso.azurecr.io/proxy:1.0.0@sha256:"
    + "a1" * 32 + "', ports: [{containerPort: 8081}], securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}, "
    "resources: {requests: {cpu: '1', memory: 1Gi}, limits: {memory: 1Gi}}}\n",
}  # fmt: skip
"""What has nothing against it."""
