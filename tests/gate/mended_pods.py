"""Pods that the server takes and that never serve: volumes of no medium, servers on other ports, GPUs that there are not."""

from tests.gate.mended import Case, edited

_POD = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: own, namespace: team}
resource:
  instanceType: Standard_NC48ads_A100_v4
  labelSelector: {matchLabels: {apps: own}}
inference:
  template:
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: vllm
        image: REGISTRY/vllm/vllm-openai:v0.25.1@sha256:DIGEST
        args: [--model, /mnt/models, --port, "5000", --tensor-parallel-size=2]
        ports: [{name: http, containerPort: 5000}]
        readinessProbe: {httpGet: {path: /health, port: http}}
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        resources: {requests: {nvidia.com/gpu: 2, cpu: "8", memory: 64Gi}, limits: {nvidia.com/gpu: 2, memory: 64Gi}}
        volumeMounts: [{name: weights, mountPath: /mnt/models}, {name: shm, mountPath: /dev/shm}]
      volumes: [{name: weights, emptyDir: {}}, {name: shm, emptyDir: {medium: Memory, sizeLimit: 8Gi}}]
""".replace("DIGEST", "a1" * 32).replace("REGISTRY", "contoso.azurecr.io")
_MODULE = _POD.replace(
    "image: contoso", "command: [python3, -m, vllm.entrypoints.openai.api_server]\n        image: contoso"
)
_MODULE = _MODULE.replace("vllm/vllm-openai:", "serving:")
_PORT = "KAITO's Service sends to port 5000, and the pod opens 8000"
_FIRST = """\
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: models}
value: 1000
---
"""
_RANKED = _FIRST + _POD.replace("      automount", "      priorityClassName: models\n      automount")
CASES = {
    "a priority by a slip": edited(_RANKED, "priorityClassName: model\n", "priorityClassName: models\n", "no pod is made", "meant is models?"),
    "a medium that no node has": edited(
        _POD, "medium: memory", "medium: Memory", "emptyDir.medium is memory, which no node has", "write Memory"
    ),
    "a server on another port than it declares": edited(
        _POD, '"8000"', '"5000"', _PORT, "start the server with --port 5000"
    ),
    "a server on its usual port": edited(_POD, "", ' --port, "5000",', _PORT, "start the server with --port 5000"),
    "the same by its module": edited(_MODULE, "", ' --port, "5000",', _PORT, "start the server with --port 5000"),
    "a model shared out over GPUs that the pod has not": edited(
        _POD, "size=4", "size=2", "is told --tensor-parallel-size 4, which takes 4 GPUs, and the container has 2", "say 2"
    ),
    "the same over two ways": edited(
        _POD, "size=2, -pp, '2'", "size=2", "--tensor-parallel-size 2 and --pipeline-parallel-size 2", "takes 4 GPUs"
    ),
    "the same by its command": Case(
        _MODULE.replace("size=2", "size=8"), _MODULE, ("is told --tensor-parallel-size 8", "say 2")
    ),
}  # fmt: skip
FINE: dict[str, str] = {
    "a priority": _RANKED,
    "a priority elsewhere": _RANKED.replace("Name: models", "Name: batch"),
}
