"""Pods that the server takes and that never serve: volumes of no medium, servers on other ports, GPUs that there are not."""

from tests.gate.mended import Case, edited
from tests.gate.objects import INFERENCE_SET, SERVING

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
_SERVER = "        ports: [{name: http"
_TOLD = _POD.replace(
    _SERVER,
    f"""\
        imagePullPolicy: IfNotPresent
        env: [{{name: PORT, value: "5000"}}, {{name: CUDA_VISIBLE_DEVICES, value: "0,1"}}]
{_SERVER}""",
).replace('"5000", --t', "$(PORT), --t")
_SHARE = _POD.replace("--tensor", "--gpu-memory-utilization=0.9, --tensor")
_SHELL = _POD.replace(
    'args: [--model, /mnt/models, --port, "5000", --tensor-parallel-size=2]',
    'command: [/bin/sh, -c, "exec vllm serve /mnt/models --port 5000"]',
)
_SCRIPTED = (
    SERVING.replace("kind: Deployment", "kind: StatefulSet")
    + """\
        command: [/bin/sh, -c]
        args: ["python3 /workspace/vllm/inference_api.py --dtype=auto --kaito-max-probe-steps=6 --reasoning-parser=qwen3 --kv-events-config='{\\\"enable_kv_cache_events\\\":true}'"]
"""
)
_RUNTIME = """\
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: nvidia}
handler: nvidia
---
""" + _POD.replace("      automount", "      runtimeClassName: nvidia\n      automount")
_INWARD = _POD.replace('"5000", --t', '"5000", --host, 127.0.0.1, --t')
_BESIDE = _INWARD.replace("        readinessProbe: {httpGet: {path: /health, port: http}}\n", "").replace(
    "      volumes: [",
    """\
      - name: door
        image: contoso.azurecr.io/door:1.0.0@sha256:DIGEST
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        resources: {requests: {cpu: "1", memory: 1Gi}, limits: {memory: 1Gi}}
      volumes: [""".replace("DIGEST", "a1" * 32),
)
_FILES = (
    SERVING
    + """\
        env:
        - {name: MODE, valueFrom: {configMapKeyRef: {name: web, key: mode}}}
        - {name: ROOM, valueFrom: {resourceFieldRef: {containerName: web, resource: limits.memory}}}
        volumeMounts: [{name: web, mountPath: /etc/web.yaml, subPath: web.yaml}]
      volumes: [{name: web, configMap: {name: web}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: team}
data: {mode: fast, web.yaml: "a: b"}
"""
)
_SPARED = _FILES.replace("key: mode}", "key: zone, optional: true}")
_PLACED = SERVING.replace(
    "      containers:\n",
    """\
      nodeSelector: {node.kubernetes.io/instance-type: Standard_D8s_v5, kubernetes.io/arch: amd64, pool: a}
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms: [{matchExpressions: [{key: pool, operator: In, values: [a]}]}]
      containers:
""",
)
_LONG = _POD.replace("--model, /mnt/models", "--model, microsoft/Phi-4-mini-instruct, --max-model-len, 100k")
_SWITCHED = _POD.replace("--tensor", "--enforce-eager, --max-num-seqs, '16', --tensor")
_NEAR = "{nodeSelectorTerms: [{matchExpressions: [{key: node.kubernetes.io/instance-type, operator: In, values: [SIZES]}]}]}"
_SIZED = SERVING.replace(
    "      containers:\n",
    f"      affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {_NEAR}}}}}\n      containers:\n",
).replace('cpu: "1"', 'cpu: "8"')
_SIZED = _SIZED.replace("SIZES", "Standard_D2s_v5, Standard_D16s_v5")
_DEVICE = SERVING.replace("limits: {memory: 1Gi}", "limits: {memory: 1Gi, nvidia.com/gpu: 1}")
_COUNTED = _POD.replace("      automount", "      nodeSelector: {nvidia.com/gpu.count: '2'}\n      automount")
_TWO = (
    SERVING
    + """\
        ports: [{containerPort: 8080}]
        volumeMounts: [{name: a, mountPath: /a}]
"""
    + SERVING[SERVING.index("      - name: web") :].replace("- name: web", "- name: door")
    + "        ports: [{containerPort: 8081}]\n"
)
_TWO += "      volumes: [{name: a, emptyDir: {}}]\n"
CASES = {
    "one port of two containers": edited(_TWO, "8080}]\n      volumes", "8081}]\n      volumes", "is 8080, which container web opens as well"),
    "a mount over everything": edited(_TWO, "mountPath: /}", "mountPath: /a}", "is the root of the container", "name a folder below it"),
    "an image without a whole digest": Case(
        SERVING.replace("a1" * 32, "a1" * 30), SERVING, ("which is no image's name (invalid checksum digest length)",)
    ),
    "a claim without its name": edited(
        SERVING + "      volumes: [{name: a, persistentVolumeClaim: {claimName: weights}}]\n", "Claim: {}}", "Claim: {claimName: weights}}",
        "claimName is missing; name the claim",
    ),
    "two words of a server in one": edited(
        _SWITCHED, "'--max-num-seqs 16'", "--max-num-seqs, '16'", "--max-num-seqs 16: is one word", "write --max-num-seqs and '16' as two"
    ),
    "a word behind a flag that takes none": edited(
        _SWITCHED, "--enforce-eager, 'True'", "--enforce-eager", "is told True: stands behind a flag that takes no value", "drop it"
    ),
    "one dash": edited(_SWITCHED, "-max-num-seqs", "--max-num-seqs", "has one dash", "write --max-num-seqs"),
    "machines of which none is large enough": edited(
        _SIZED, "Standard_D2s_v5, Standard_D4s_v5", "Standard_D2s_v5, Standard_D16s_v5", "asks for 8 processors, and of the 2 of Standard_D2s_v5"
    ),
    "processors that no machine of those named has": edited(
        _SIZED.replace("      affinity", "      nodeSelector: {kubernetes.io/arch: amd64}\n      affinity"),
        "arch: arm64", "arch: amd64", "is arm64, and Standard_D2s_v5, which it names, has amd64",
    ),
    "a machine in other letters": edited(
        _SIZED, "standard_d16s_v5", "Standard_D2s_v5, Standard_D16s_v5", "is standard_d16s_v5, which the cloud calls Standard_D16s_v5", "write Standard_D16s_v5"
    ),
    "a device by a slip": edited(_DEVICE, "nvidia.com/gpus: 1", "nvidia.com/gpu: 1", "asks for nvidia.com/gpus, which no node has", "meant is nvidia.com/gpu?"),
    "another number of GPUs than the machine has": edited(
        _COUNTED, "count: '4'", "count: '2'", "whose nvidia.com/gpu.count is 4, and Standard_NC48ads_A100_v4, which KAITO asks for, has 2"
    ),
    "a machine that is two at once": edited(
        _PLACED, "values: [b]", "values: [a]", "wants a node whose pool is a and is b, which no node is", "drop one of both"
    ),
    "a label that is not to be there": edited(
        _PLACED, "operator: DoesNotExist}", "operator: In, values: [a]}", "whose pool is a and is not there"
    ),
    "processors that the size does not have": edited(
        _PLACED, "kubernetes.io/arch: arm64", "kubernetes.io/arch: amd64", "is arm64, and Standard_D8s_v5, which it names, has amd64"
    ),
    "tools that nothing parses": edited(
        _SHARE.replace("--gpu-memory-utilization=0.9", "--enable-auto-tool-choice, --tool-call-parser=hermes"),
        "auto-tool-choice, --", "auto-tool-choice, --tool-call-parser=hermes, --", "needs tool-call-parser beside it", "add tool-call-parser",
    ),
    "a context beyond the model's": edited(
        _LONG, "--max-model-len, 256k", "--max-model-len, 100k", "is told --max-model-len 256000, and microsoft/Phi-4-mini-instruct holds 131072"
    ),
    "the same in another spelling": edited(
        _LONG, "--max_model_len=256K", "--max-model-len, 100k", "is told --max-model-len 262144", "write 131072"
    ),
    "GPUs that there are not in another spelling": edited(
        _POD, "--tensor_parallel_size=4", "--tensor-parallel-size=2", "is told --tensor-parallel-size 4"
    ),
    "a word of a template that the server does not know": edited(
        _TOLD, "IfNotpresent", "IfNotPresent", "imagePullPolicy must be one of Always, IfNotPresent, Never"
    ),
    "a server on the port of a variable": edited(_TOLD, 'PORT, value: "8000"', 'PORT, value: "5000"', _PORT),
    "a server that sees fewer GPUs than it is told": edited(
        _TOLD, 'DEVICES, value: "0"', 'DEVICES, value: "0,1"', "sees 1 by CUDA_VISIBLE_DEVICES", "drop that variable"
    ),
    "a server that listens to its own pod": Case(
        _INWARD, _POD, ("is told --host 127.0.0.1, which nobody outside of the pod reaches", "drop it")
    ),
    "a user that the kubelet does not start": edited(
        _POD, "runAsUser: 0", "runAsUser: 1000", "securityContext.runAsUser is 0, and runAsNonRoot holds"
    ),
    "memory without a unit": Case(
        SERVING.replace("memory: 1Gi", "memory: 1024m"), SERVING, ("limits.memory is 1024m, less than a mebibyte", "write the unit"),
    ),
    "the room of a container that there is not": edited(
        _FILES, "containerName: wbe", "containerName: web", "is wbe, which no container of the pod is called"
    ),
    "a file of a ConfigMap that lacks it": edited(
        _FILES, "subPath: web.yml", "subPath: web.yaml", "ConfigMap web has no key web.yml"
    ),
    "a key that need not be there, by a slip": edited(
        _SPARED, "key: moed, opt", "key: zone, opt", "ConfigMap web has no key moed"
    ),
    "a flag that the server's release does not have": edited(
        _POD, "--swap-space, '4', --port", "--port", "is told --swap-space: is no flag of vLLM 0.25.1, so the server does not"
    ),
    "a share of a GPU above all of it": edited(
        _SHARE, "--gpu-memory-utilization=90", "--gpu-memory-utilization=0.9", "is 90, which is more than 1", "write a number above 0"
    ),
    "a server that a shell starts on another port": edited(_SHELL, "--port 8000", "--port 5000", _PORT),
    "a flag that KAITO's script hands on to no server": edited(
        _SCRIPTED, "--swap-space=4 --dtype", "--dtype", "is told --swap-space: is no flag of vLLM 0.25.1"
    ),
    "a parser that KAITO's server does not have": edited(
        _SCRIPTED, "--reasoning-parser=qwen_3", "--reasoning-parser=qwen3", "is no reasoning-parser of vLLM 0.25.1", "nearest: qwen3"
    ),
    "a name that no pod of a StatefulSet can bear": edited(
        _SCRIPTED, f"name: {'w' * 53},", "name: web,", "has 53 signs, and StatefulSets may have 52", "take 52 at most"
    ),
    "a name that no pod of a model can bear": edited(_POD, f"name: {'o' * 53},", "name: own,", "has 53 signs", "take 52 at most"),
    "a name that no pod of a set can bear": edited(
        INFERENCE_SET, f"name: {'p' * 47},", "name: phi,", "with the 6 signs that KAITO puts behind it", "take 46 at most"
    ),
    "a runtime by a slip": edited(
        _RUNTIME, "runtimeClassName: nvida\n", "runtimeClassName: nvidia\n", "names RuntimeClass nvida", "meant is nvidia?"
    ),
    "a priority that is not its class's": edited(
        _RANKED.replace("priorityClassName: models\n", "priorityClassName: models\n      priority: 1000\n"), "priority: 5\n", "priority: 1000\n", "priority is 5, and PriorityClass models has 1000"
    ),
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
    "one number of two protocols": _TWO.replace("8081}]\n      volumes", "8080, protocol: UDP}]\n      volumes"),
    "one of two machines is large enough": _SIZED,
    "a model behind a flag that takes no value": _SWITCHED.replace("--model, /mnt/models, ", "").replace(
        "--enforce-eager", "--enforce-eager, /mnt/models"
    ),
    "a device of another kind": _DEVICE.replace("nvidia.com/gpu: 1", "nvidia.com/mig-1g.10gb: 1"),
    "one of two machines": _PLACED.replace(
        "values: [a]}]}]", "values: [b]}]}, {matchExpressions: [{key: pool, operator: Exists}]}]"
    ),
    "a context that the server is allowed": _LONG.replace("100k", "256k").replace(
        "        ports: [{name: http",
        "        env: [{name: VLLM_ALLOW_LONG_MAX_MODEL_LEN, value: '1'}]\n        ports: [{name: http",
    ),
    "a context of a model that is not known": _LONG.replace("100k", "9000k").replace("microsoft/Phi", "contoso/Phi"),
    "a context that is stretched": _LONG.replace("100k", "256k, --hf-overrides, '{}'"),
    "a priority": _RANKED,
    "a key that need not be there": _SPARED,
    "the longest name of a set": INFERENCE_SET.replace("name: phi,", f"name: {'p' * 46},"),
    "KAITO's script and more": _SCRIPTED.replace("--dtype=auto", "--dtype=auto --swap-space=4 && sleep 1"),
    "flags of a release that is not known": _POD.replace(":v0.25.1", ":v0.8.5").replace(
        "--port", "--swap-space, '4', --port"
    ),
    "flags by their short names": _POD.replace("--tensor-parallel-size=2", "-tp, '2', -O3, --max-model-len, $(LENGTH)"),
    "a shell that does more": _SHELL.replace("exec vllm", "ulimit -l unlimited; exec vllm").replace("5000", "$PORT", 1),
    "a server for whom another container speaks": _BESIDE,
    "a priority elsewhere": _RANKED.replace("Name: models", "Name: batch"),
}
