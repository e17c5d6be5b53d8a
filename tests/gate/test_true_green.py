"""What is green is what the cluster takes, starts and reaches: each kind of fault that once passed, and its harmless twin.

A case is a tree, and the findings that it must give as rule and words of the message, all of them; none for a twin.
"""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.gate.objects import ASKING_ENGINE, WORKSPACE

Found = Sequence[tuple[str, str]]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


class Case(NamedTuple):
    """A tree of one file.

    Attributes:
        found: id, and words of the message, of each finding that there must be, in any order.
        code: exit code.
        options: further words of the command.
    """

    text: str
    found: Found = ()
    code: int = 0
    options: Sequence[str] = ()


def _joined(*documents: str) -> str:
    return "---\n".join(documents)


_MAC = "mac: ENC[AES256_GCM,data:q1w2,iv:e3r4,tag:t5z6,type:str]"
_SEALED = f"""\
apiVersion: v1
kind: Secret
metadata: {{name: weights, namespace: team}}
stringData:
  HF_TOKEN: ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]
  empty: ""
sops:
  version: 3.10.2
  {_MAC}
"""
_RANDOM = "q7Zr4TnX9vBk2LmW8sYd6HfJ3cPgA5eRuKi1oQwMxNE="
_SEALED_COMMENT = f"#ENC[AES256_GCM,data:{_RANDOM},iv:{_RANDOM},tag:q7Zr4TnX9vBk2LmW8sYd6H==,type:comment]\n"
_GATED = WORKSPACE.replace(
    "    name: phi-4-mini-instruct\n",
    "    name: llama-3.1-8b-instruct\n    presetOptions: {modelAccessSecret: weights}\n",
)
_PULL = _SEALED.replace("stringData:", "type: kubernetes.io/dockerconfigjson\ndata:").replace(
    "HF_TOKEN", ".dockerconfigjson"
)

FORMS = {
    "documents that hold nothing": Case("# a head\n---\n" + WORKSPACE + "---\n# a comment\n---\nnull\n---\n~\n---\n"),
    "a document without a kind": Case(
        WORKSPACE + "---\n{metadata: {name: a}}\n", [("KAITOPS-FORM", "apiVersion and kind")], 2
    ),
    "a Secret of SOPS": Case(_joined(_GATED, _SEALED)),
    "a Secret of SOPS for pulls": Case(_PULL),
    "comments that SOPS encrypted": Case(_joined(_GATED, _SEALED.replace("sops:", f"{_SEALED_COMMENT}sops:"))),
    "the same where SOPS was not at work": Case(WORKSPACE + _SEALED_COMMENT, [("KAITO008", "a random key")] * 2, 1),
    "a key that a Secret of SOPS lacks": Case(
        _joined(_GATED, _SEALED.replace("HF_TOKEN", "TOKEN")), [("KAITOPS-REFERENCE", "has no key HF_TOKEN")], 1
    ),
    "a value in the clear": Case(
        _SEALED.replace('empty: ""', "other: plain-words"),
        [("KAITOPS-FORM", "stringData.other stands in the clear")],
        2,
    ),
    "a Secret of SOPS without its mac": Case(
        _SEALED.replace(_MAC, "mac: none"), [("KAITOPS-FORM", "has no mac of SOPS's")], 2
    ),
    "words of SOPS on what is no Secret": Case(
        _SEALED.replace("kind: Secret", "kind: ConfigMap").replace("stringData:", "data:"),
        [("KAITOPS-COVERAGE", "is encrypted by SOPS and is no Secret, so nothing can judge")],
        2,
    ),
}

_ENGINE = """\
apiVersion: kaito.sh/v1beta1
kind: RAGEngine
metadata: {name: rag, namespace: team}
spec:
  compute: {instanceType: Standard_D8s_v5, labelSelector: {matchLabels: {apps: rag}}}
  embedding: {local: {modelID: BAAI/bge-small-en-v1.5}}
  storage: {persistentVolume: {persistentVolumeClaim: index, mountPath: /mnt/index}}
  inferenceService: {url: "http://phi/v1/chat/completions", contextWindowSize: 4096}
"""


def _noted(text: str, **notes: str) -> str:
    held = "".join(f'    {key.replace("__", "/").replace("_", "-")}: "{value}"\n' for key, value in notes.items())
    return text.replace("  namespace: team\n", f"  namespace: team\n  annotations:\n{held}")


_SET = """\
apiVersion: kaito.sh/v1beta1
kind: InferenceSet
metadata: {name: phi, namespace: team, annotations: {NOTES}}
spec:
  REPLICAS
  labelSelector: {matchLabels: {apps: phi}}
  template:
    metadata: {annotations: {INNER}}
    resource: {instanceType: Standard_NC24ads_A100_v4}
    inference: {preset: {name: phi-4-mini-instruct}}
"""


def _set(notes: str = "", inner: str = "", replicas: str = "") -> str:
    return _SET.replace("NOTES", notes).replace("INNER", inner).replace("  REPLICAS\n", replicas)


SCALED = (
    'scaledobject.kaito.sh/auto-provision: "true", scaledobject.kaito.sh/max-replicas: "4", '
    "scaledobject.kaito.sh/metrics: '[{name: a, type: gauge, upthreshold: 2, downthreshold: 1}]'"
)
_WRONG = "KAITOPS-ANNOTATION"
KEYS = {
    "keys that there are": Case(
        _noted(WORKSPACE, **{"kaito.sh__disable_benchmark": "true", "kaito.sh__runtime": "vllm"})
    ),
    "a misspelt key": Case(
        _noted(WORKSPACE, **{"kaito.sh__disable_bench_mark": "true"}),
        [(_WRONG, "meant is kaito.sh/disable-benchmark?")],
        1,
    ),
    "a key of a domain of KAITO's": Case(
        _noted(WORKSPACE, **{"inference.kaito.sh__stream_source": "byo"}), [(_WRONG, "stream-source-type?")], 1
    ),
    "a value that counts for nothing": Case(
        _noted(WORKSPACE, **{"kaito.sh__runtime": "transformer"}), [(_WRONG, "compared with vllm, transformers")], 1
    ),
    "a label that nothing reads": Case(
        WORKSPACE.replace("  name: phi\n", "  name: phi\n  labels: {kaito.sh/work-space: phi}\n"),
        [(_WRONG, "meant is kaito.sh/workspace?")],
        1,
    ),
    "the scaler on a Workspace": Case(
        _noted(WORKSPACE, **{"scaledobject.kaito.sh__max_replicas": "3"}), [(_WRONG, "read by KAITO's scaler")], 1
    ),
    "the scaler on a set": Case(_set(SCALED)),
    "a key of the scaler that it read once": Case(
        _set(SCALED + ', scaledobject.kaito.sh/metricName: "a"'),
        [(_WRONG, "none that this version of KAITO reads")],
        1,
    ),
    "the scaler in the template of a set": Case(
        _set("", 'scaledobject.kaito.sh/auto-provision: "true"'), [(_WRONG, "metadata of the InferenceSet itself")], 1
    ),
    "a key of the template on the set": Case(
        _set("kaito.sh/performance-mode: balanced"), [(_WRONG, "read from spec.template.metadata")], 1
    ),
    "a key whose letters differ in size": Case(
        WORKSPACE.replace(
            "  namespace: team\n", "  namespace: team\n  annotations: {kaito.sh/performanceMode: balanced}\n"
        ),
        [(_WRONG, "meant is kaito.sh/performance-mode?")],
        1,
    ),
    "a misspelt key of another place": Case(
        _set("kaito.sh/enableLB: 'True'"), [(_WRONG, "meant is kaito.sh/enablelb? That is read in another place")], 1
    ),
    # Nothing is published, so no rule says that it is.
    "a value that KAITO compares with another one": Case(
        WORKSPACE.replace("  namespace: team\n", "  namespace: team\n  annotations: {kaito.sh/enablelb: 'true'}\n"),
        [(_WRONG, "is compared with True, False, false, so this value counts for nothing")],
        1,
    ),
    "a key that is like none": Case(_set("kaito.sh/whatever: a"), [(_WRONG, "so it does nothing; drop it")], 1),
    "a key of a Workspace on an engine": Case(
        _ENGINE.replace("namespace: team}", "namespace: team, annotations: {kaito.sh/performance-mode: balanced}}"),
        [(_WRONG, "never on kind RAGEngine")],
        1,
    ),
}

_TUNE = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: tune, namespace: team}
resource:
  instanceType: Standard_NC24ads_A100_v4
  labelSelector: {matchLabels: {apps: tune}}
tuning:
  preset: {name: phi-4}
  method: lora
  input: {urls: ["https://data.contoso.com/support.parquet"]}
  output: {image: "contoso.azurecr.io/adapters/support:v3", imagePushSecret: push}
"""
_ADAPTED = (
    WORKSPACE
    + """\
  adapters:
  - source: {name: support, image: "contoso.azurecr.io/adapters/support:v3"}
"""
)
_SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: phi, namespace: team}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
"""
_ASKED = "phi.team.svc.cluster.local"
_SIZE, _SMALL = "Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5"


_STORED = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: weights, namespace: team}
spec:
  secretStoreRef: {name: vault, kind: ClusterSecretStore}
  data: [{secretKey: HF_TOKEN, remoteRef: {key: weights}}]
"""


_STORED_FOR_ALL = """\
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: {name: hub}
spec:
  externalSecretName: weights
  namespaceSelectors: [{matchLabels: {models: "yes"}}]
  externalSecretSpec:
    secretStoreRef: {name: vault, kind: ClusterSecretStore}
    data: [{secretKey: HF_TOKEN, remoteRef: {key: weights}}]
"""
_LABELLED = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: team, labels: {models: "yes"}}\n'
_NAMED = _STORED_FOR_ALL.replace('namespaceSelectors: [{matchLabels: {models: "yes"}}]', "namespaces: [team]")


def _asking(url: str, window: int = 4096) -> str:
    return _joined(WORKSPACE, _ENGINE.replace("http://phi/v1/chat/completions", url).replace("4096", str(window)))


REFERENCES = {
    "an address of a Service": Case(_asking("http://phi/v1/completions", 131072)),
    "an address in full": Case(_asking(f"http://{_ASKED}:80/v1/completions")),
    "an address outside": Case(_asking("https://llm.contoso.com:8443/v1")),
    "an address in another namespace": Case(
        _asking("http://phi.other.svc/v1/chat/completions"), [("KAITOPS-REFERENCE", "write phi.team.svc")], 1
    ),
    "a port that the Service has not": Case(
        _asking("http://phi:5000/v1/chat/completions"), [("KAITOPS-REFERENCE", "asks port 5000 of Service team/phi")], 1
    ),
    "a context above the served one": Case(
        _asking("http://phi/v1/chat/completions", 131073), [("KAITOPS-REFERENCE", "serves 131072 tokens")], 1
    ),
    "a context above what vLLM holds where none is declared": Case(
        _asking("http://phi/v1/chat/completions", 86065).replace(_SIZE, _SMALL),
        [("KAITOPS-REFERENCE", f"serves 86064 tokens at Service team/phi, which is what vLLM holds on {_SMALL}")],
        1,
    ),
    "a context that vLLM holds where none is declared": Case(
        _asking("http://phi/v1/chat/completions", 86064).replace(_SIZE, _SMALL)
    ),
    "a set, which has no Service": Case(
        _joined(_set(), _ENGINE), [("KAITOPS-REFERENCE", "KAITO makes none of the name of InferenceSet")], 1
    ),
    "an address without a scheme": Case(
        _asking("phi.team:80/v1/chat/completions"), [("KAITOPS-REFERENCE", "has no http:// in front")], 1
    ),
    "an address into the engine's own pod": Case(
        _asking("http://localhost:5000/v1/chat/completions"),
        [("KAITOPS-REFERENCE", "leads into the engine's own pod")],
        1,
    ),
    "an engine that asks itself": Case(
        _asking("http://rag/v1/chat/completions"), [("KAITOPS-REFERENCE", "leads to itself")], 1
    ),
    "a job, which serves nothing": Case(
        _joined(_TUNE, _ENGINE.replace("http://phi/", "http://tune/")),
        [("KAITOPS-REFERENCE", "Workspace team/tune tunes a model and serves none")],
        1,
    ),
    "a Secret of the tree": Case(_joined(_GATED, _STORED)),
    "a Secret of another namespace": Case(
        _joined(_GATED, _STORED.replace("namespace: team", "namespace: other")),
        [("KAITOPS-REFERENCE", "declares it in namespace other alone")],
        1,
    ),
    "a Secret of the namespaces with a label": Case(_joined(_GATED, _STORED_FOR_ALL, _LABELLED)),
    "a Secret of the namespaces with a label that may be there": Case(_joined(_GATED, _STORED_FOR_ALL)),
    "a Secret of named namespaces": Case(_joined(_GATED, _NAMED)),
    "a Secret of other named namespaces": Case(
        _joined(_GATED, _NAMED.replace("[team]", "[other]")),
        [("KAITOPS-REFERENCE", "declares it in namespace other alone")],
        1,
    ),
    "a key that a Secret of the namespaces with a label lacks": Case(
        _joined(_GATED, _STORED_FOR_ALL.replace("HF_TOKEN", "TOKEN"), _LABELLED),
        [("KAITOPS-REFERENCE", "has no key HF_TOKEN")],
        1,
    ),
    "the same, which somebody vouches for": Case(
        _joined(_GATED, _STORED.replace("namespace: team", "namespace: other")),
        options=["--assume-present", "Secret/weights"],
    ),
    "a login to a registry": Case(
        _joined(_TUNE, _STORED.replace("name: weights", "name: push").replace("HF_TOKEN", ".dockerconfigjson"))
    ),
    "a login of no form": Case(
        _joined(_TUNE, _STORED.replace("name: weights", "name: push")),
        [("KAITOPS-REFERENCE", "Secret push has no key .dockerconfigjson")],
        1,
    ),
    "a name that no Secret has": Case(
        _TUNE.replace("imagePushSecret: push", "imagePushSecret: Push_Secret"),
        [("KAITOPS-REFERENCE", "can be no Secret's name")],
        1,
    ),
    "a placeholder in angle brackets": Case(
        _TUNE.replace("imagePushSecret: push", 'imagePushSecret: "<push-secret>"'),
        [("KAITOPS-REFERENCE", "can be no Secret's name"), ("KAITOPS-PLACEHOLDER", "<push-secret>")],
        1,
    ),
    "a placeholder in an image": Case(
        _TUNE.replace("contoso.azurecr.io/adapters", "yourregistry.azurecr.io/adapters"),
        [("KAITOPS-PLACEHOLDER", "yourregistry")],
        1,
    ),
    "a placeholder in capitals": Case(
        _TUNE.replace("imagePushSecret: push", "imagePushSecret: CHANGE_ME"),
        [("KAITOPS-REFERENCE", "can be no Secret's name"), ("KAITOPS-PLACEHOLDER", "CHANGE_ME")],
        1,
    ),
    "an adapter of another model": Case(
        _joined(_TUNE, _ADAPTED),
        [("KAITOPS-REFERENCE", "makes for phi-4, and here it is put on phi-4-mini-instruct")],
        1,
    ),
    "an adapter that the tree makes": Case(
        _joined(
            _TUNE.replace("name: phi-4}", "name: phi-4-mini-instruct}"),
            _ADAPTED,
        )
    ),
    "a Service of the name of a Workspace": Case(
        _joined(WORKSPACE, _SERVICE), [("KAITOPS-REFERENCE", "leads to Service phi in its namespace")], 1
    ),
    "an engine of the name of a Workspace": Case(
        _joined(WORKSPACE, _ENGINE.replace("name: rag,", "name: phi,")),
        [("KAITOPS-REFERENCE", "leads to Service phi in its namespace")],
        1,
    ),
}

_KEDA = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: phi, namespace: team}
spec:
  scaleTargetRef: {apiVersion: kaito.sh/v1beta1, kind: InferenceSet, name: phi}
  minReplicaCount: 1
  maxReplicaCount: 4
  triggers:
  - {type: prometheus, metadata: {serverAddress: "http://prometheus.monitoring:9090", query: up, threshold: "5"}}
"""
SCALING = {
    "one scaler": Case(_joined(_set(), _KEDA)),
    "a scaler and a number": Case(
        _joined(_set(replicas="  replicas: 2\n"), _KEDA),
        [("KAITOPS-SCALING", "is 2, and ScaledObject team/phi owns")],
        1,
    ),
    "two scalers": Case(_joined(_set(SCALED), _KEDA), [("KAITOPS-SCALING", "against each other")], 1),
    "bounds the wrong way round": Case(
        _joined(_set(), _KEDA.replace("minReplicaCount: 1", "minReplicaCount: 5")),
        [("KAITOPS-SCALING", "at least 5 replicas and at most 4")],
        1,
    ),
    "more replicas than the limit of nodes": Case(
        _joined(_set(replicas="  nodeCountLimit: 3\n"), _KEDA), [("KAITOPS-SCALING", "goes up to 4 replicas")], 1
    ),
    "a scaler of a Workspace": Case(
        _joined(WORKSPACE, _KEDA.replace("kind: InferenceSet,", "kind: Workspace,")),
        [("KAITOPS-SCALING", "has no replicas to scale")],
        1,
    ),
    "a scaler of a Workspace that it takes for a set": Case(
        _joined(WORKSPACE, _KEDA), [("KAITOPS-SCALING", "declares Workspace team/phi instead")], 1
    ),
}

_DIGEST = "@sha256:" + "a1" * 32
_CUSTOM = f"""\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {{name: custom, namespace: team}}
resource:
  instanceType: Standard_NC24ads_A100_v4
  labelSelector: {{matchLabels: {{apps: custom}}}}
inference:
  template:
    spec:
      securityContext: {{runAsNonRoot: true, runAsUser: 1000, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
      - name: c
        image: contoso.azurecr.io/server:1.0.0{_DIGEST}
        args: [--model, /mnt/models]
        ports: [{{name: http, containerPort: 5000}}]
        readinessProbe: {{httpGet: {{path: /health, port: http}}}}
        securityContext: {{allowPrivilegeEscalation: false, capabilities: {{drop: [ALL]}}}}
        resources: {{requests: {{nvidia.com/gpu: 1, cpu: "8", memory: 64Gi}}, limits: {{nvidia.com/gpu: 1, memory: 64Gi}}}}
        volumeMounts: [{{name: weights, mountPath: /mnt/models}}, {{name: dshm, mountPath: /dev/shm}}]
      volumes: [{{name: weights, emptyDir: {{}}}}, {{name: dshm, emptyDir: {{medium: Memory}}}}]
"""
_WEB = f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: team}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      automountServiceAccountToken: false
      nodeSelector: {{node.kubernetes.io/instance-type: Standard_D16s_v5}}
      securityContext: {{runAsNonRoot: true, runAsUser: 1000, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
      - name: web
        image: contoso.azurecr.io/web:1.0.0{_DIGEST}
        ports: [{{name: http, containerPort: 8080}}]
        readinessProbe: {{httpGet: {{path: /health, port: http}}}}
        securityContext: {{allowPrivilegeEscalation: false, capabilities: {{drop: [ALL]}}}}
        resources: {{requests: {{cpu: "1", memory: 1Gi}}, limits: {{memory: 1Gi}}}}
"""


def _custom(before: str, after: str, *found: str, code: int = 1) -> Case:
    assert before in _CUSTOM, before
    return Case(_CUSTOM.replace(before, after), [("KAITOPS-POD", one) for one in found], code)


def _web(before: str, after: str, *found: str) -> Case:
    assert before in _WEB + _SERVICE, before
    return Case(_joined(_WEB, _SERVICE).replace(before, after), [("KAITOPS-POD", one) for one in found], 1)


_FRONT = """\
apiVersion: v1
kind: Service
metadata: {name: front, namespace: team}
spec: {selector: {kaito.sh/workspace: phi}, ports: [{port: 80, targetPort: 5000}]}
"""


def _placed(label: str, found: str) -> Case:
    text = _CUSTOM.replace("    spec:\n      security", f"    spec:\n      nodeSelector: {{{label}}}\n      security")
    assert text != _CUSTOM
    return Case(text, [("KAITOPS-POD", found)] if found else (), 1 if found else 0)


PODS = {
    "a template that serves": Case(_CUSTOM),
    "a mount of no volume": _custom("{name: dshm, emptyDir: {medium: Memory}}", "", "is the name of no volume"),
    "a volume twice": _custom("volumes: [", "volumes: [{name: weights, emptyDir: {}}, ", "that no other volume has"),
    "a port beyond 65535": _custom(
        "containerPort: 5000}", "containerPort: 5000}, {containerPort: 70000}", "must be from 1 to 65535"
    ),
    "a request above its limit": _custom(
        "limits: {nvidia.com/gpu: 1, memory: 64Gi", "limits: {nvidia.com/gpu: 1, memory: 6Gi", "is more than the limit"
    ),
    "a name of signs that are not allowed": _custom("- name: c\n", "- name: The_Server\n", "must be a label of DNS"),
    "a policy of restarts for jobs": _custom(
        "    spec:\n      security", "    spec:\n      restartPolicy: Never\n      security", "must be Always"
    ),
    "a probe of a port without that name": _custom("port: http}", "port: web}", "no port of the container is called"),
    "a probe of a port that nobody opens": _custom("port: http}", "port: 8081}", "which nothing in the pod opens"),
    "a server on another port": _custom(
        "containerPort: 5000", "containerPort: 8000", "KAITO's Service sends to port 5000"
    ),
    "a server that says its port in its command": _custom(
        "ports: [{name: http, containerPort: 5000}]\n        readinessProbe: {httpGet: {path: /health, port: http}}",
        "command: [server, --port, '9000']",
        "the pod opens 9000",
    ),
    "more processors than a node gives": _custom('cpu: "8"', 'cpu: "24"', "asks for 24 processors"),
    "more memory than the machine has": _custom("64Gi", "300Gi", "asks for 300 GiB of memory"),
    "more GPUs than the machine has": Case(
        _CUSTOM.replace("nvidia.com/gpu: 1", "nvidia.com/gpu: 2"), [("KAITO038", "2 GPUs are asked for")], 1
    ),
    "a machine of the size": _placed("kubernetes.io/arch: amd64", ""),
    "processors of another kind": _placed("kubernetes.io/arch: arm64", "kubernetes.io/arch is arm64"),
    "a machine of another size": _placed(
        "node.kubernetes.io/instance-type: Standard_ND96asr_v4", "which KAITO asks for, has Standard_NC24ads_A100_v4"
    ),
    "a Service that sends to what KAITO opens": Case(
        _joined(WORKSPACE, _FRONT, _FRONT.replace("5000", "8265").replace("name: front", "name: ray"))
    ),
    "a Service that sends past KAITO's pod": Case(
        _joined(WORKSPACE, _FRONT.replace("5000", "8000")),
        [("KAITOPS-POD", "Service front sends to port 8000")],
        1,
    ),
    "a Service of one pod that sends past it": Case(
        _joined(WORKSPACE, _FRONT.replace("5000", "8000").replace("phi}", "phi, apps.kubernetes.io/pod-index: '0'}")),
        [("KAITOPS-POD", "Service front sends to port 8000")],
        1,
    ),
    "an image with a variable": Case(
        _WEB.replace("contoso.azurecr.io", "${REGISTRY}"), [("KAITOPS-COVERAGE", "${REGISTRY} has no value")], 2
    ),
    "variables of a shell": Case(
        _WEB.replace(
            "        ports:", "        args: ['${HOME}']\n        env: [{name: A, value: '${B}'}]\n        ports:"
        )
    ),
    "a workload that serves": Case(_joined(_WEB, _SERVICE)),
    "a Service that sends elsewhere": _web("targetPort: 8080", "targetPort: 9090", "Service phi sends to port 9090"),
    "a Service that sends to a name": _web("targetPort: 8080", "targetPort: web", "Service phi sends to port web"),
    "more GPUs than the selected size has": Case(
        _WEB.replace("Standard_D16s_v5", "Standard_NC24ads_A100_v4").replace("1Gi}", "1Gi, nvidia.com/gpu: 2}"),
        [("KAITOPS-POD", "asks for 2 GPUs")],
        1,
    ),
    "more than the selected size has": _web('cpu: "1"', 'cpu: "16"', "of the 16 of Standard_D16s_v5"),
}

_TEAM = """\
apiVersion: v1
kind: Namespace
metadata: {name: team, labels: {pod-security.kubernetes.io/enforce: LEVEL}}
"""


def _quota(**hard: str) -> str:
    held = ", ".join(f'"{key.replace("__", ".").replace("_", "/")}": "{value}"' for key, value in hard.items())
    return f"apiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: q, namespace: team}}\nspec: {{hard: {{{held}}}}}\n"


def _objects(hard: str) -> str:
    return f"apiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: q, namespace: team}}\nspec: {{hard: {{{hard}}}}}\n"


_CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: index, namespace: team}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}
"""


def _limits(body: str, kind: str = "Container") -> str:
    held = f"spec: {{limits: [{{type: {kind}, {body}}}]}}\n"
    return "apiVersion: v1\nkind: LimitRange\nmetadata: {name: lr, namespace: team}\n" + held


def _policy(egress: str) -> str:
    held = f"spec: {{podSelector: {{}}, policyTypes: [Egress], egress: [{egress}]}}\n"
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: out, namespace: team}\n" + held


_DNS = "{ports: [{port: 53, protocol: UDP}]}"
_OUT = "{ports: [{port: 443}], to: [{ipBlock: {cidr: 0.0.0.0/0}}]}"
_GPU = "requests__nvidia.com_gpu"


def _railed(*rails: str, found: str = "", text: str = WORKSPACE) -> Case:
    return Case(_joined(text, *rails), [("KAITOPS-NAMESPACE", found)] if found else (), 1 if found else 0)


def _policed(types: str, found: str) -> Case:
    held = _policy("").replace("[Egress], egress: []", types)
    return Case(_joined(WORKSPACE, _ENGINE, held), [("KAITOPS-NAMESPACE", found)] if found else (), 1 if found else 0)


GUARDS = {
    "a level that lets KAITO's pod in": _railed(_TEAM.replace("LEVEL", "baseline")),
    "a level that refuses KAITO's pod": _railed(
        _TEAM.replace("LEVEL", "restricted"), found="enforces level restricted"
    ),
    "a level that lets a template in": _railed(_TEAM.replace("LEVEL", "restricted"), text=_CUSTOM),
    "a quota with room": _railed(_quota(**{_GPU: "1", "pods": "3"})),
    "a quota without a GPU": _railed(_quota(**{_GPU: "0"}), found="gives namespace team 0 of requests.nvidia.com/gpu"),
    "a quota of two workloads": _railed(
        _quota(**{_GPU: "1"}), WORKSPACE.replace("name: phi\n", "name: two\n"), found="its workloads ask for 2"
    ),
    "a quota for all replicas of a set": _railed(
        _quota(**{_GPU: "2", "pods": "2"}), text=_set(replicas="  replicas: 2\n")
    ),
    "a quota for one replica less": _railed(
        _quota(**{_GPU: "1"}), text=_set(replicas="  replicas: 2\n"), found="its workloads ask for 2"
    ),
    "a level that refuses both pods of a set alike": _railed(
        _TEAM.replace("LEVEL", "restricted"), text=_set(replicas="  replicas: 2\n"), found="enforces level restricted"
    ),
    "a level that there is not": Case(
        _joined(WORKSPACE, _TEAM.replace("LEVEL", "restrictive")),
        [("KAITOPS-ADMISSION", "must be privileged, baseline or restricted")],
        1,
    ),
    "a version of a level": _railed(
        _TEAM.replace("LEVEL", "baseline, pod-security.kubernetes.io/warn-version: latest")
    ),
    "a version of a level that there is not": Case(
        _joined(WORKSPACE, _TEAM.replace("LEVEL", "baseline, pod-security.kubernetes.io/enforce-version: '1.30'")),
        [("KAITOPS-ADMISSION", "must be latest or a version")],
        1,
    ),
    "a quota of objects with room": _railed(_objects("count/statefulsets.apps: 1, services: 2")),
    "a quota of what KAITO makes": _railed(
        _objects("count/statefulsets.apps: 0"), found="refuses the StatefulSet that KAITO makes of it"
    ),
    "a quota of Services": _railed(_objects("services: 1"), found="gives its namespace 1 of services"),
    "a quota of KAITO's kind": _railed(_objects("count/workspaces.kaito.sh: 0"), found="the server refuses it"),
    "a range of whole pods": _railed(_limits("max: {memory: 400Gi}", "Pod"), text=_CUSTOM),
    "a range of whole pods that say nothing": _railed(
        _limits("max: {memory: 400Gi}", "Pod"), found="names no limits of it, so the server refuses it"
    ),
    "the same, filled by a range of containers": _railed(
        _limits("max: {memory: 400Gi}", "Pod"), _limits("default: {memory: 64Gi}").replace("name: lr", "name: more")
    ),
    "a range of claims": Case(
        _joined(_CLAIM, _limits("max: {storage: 5Gi}", "PersistentVolumeClaim")),
        [("KAITOPS-NAMESPACE", "allows claims of 5Gi at most")],
        1,
    ),
    "a claim within a range": _railed(_limits("min: {storage: 5Gi}", "PersistentVolumeClaim"), text=_CLAIM),
    "a quota of pods": _railed(_quota(pods="0"), found="gives namespace team 0 of pods"),
    "a quota that needs requests": _railed(_quota(requests__cpu="8"), found="names no requests of cpu"),
    "a quota whose requests a range fills": _railed(_quota(requests__cpu="8"), _limits("defaultRequest: {cpu: '4'}")),
    "a range that takes the memory away": _railed(_limits("default: {memory: 2Gi}"), found="a limit of 2Gi of memory"),
    "a range that leaves enough": _railed(_limits("default: {memory: 64Gi}")),
    "a range below a template": _railed(_limits("max: {memory: 32Gi}"), found="allows 32Gi of memory", text=_CUSTOM),
    "no way out": _railed(_policy(""), found="lets the pod out to nobody"),
    "no way to names": _railed(_policy(_OUT), found="names (port 53) cannot be reached"),
    "no way to the weights": _railed(_policy(_DNS), found="the weights (port 443) cannot be reached"),
    "a way to both": _railed(_policy(f"{_DNS}, {_OUT}")),
    "no way to the model": _policed(
        f"[Egress], egress: [{_DNS}, {_OUT}]", "lets the engine out and not to Workspace team/phi"
    ),
    "a way to the model": _policed(
        f"[Egress], egress: [{_DNS}, {_OUT}, {{ports: [{{port: 5000}}], to: [{{podSelector: {{}}}}]}}]", ""
    ),
    "no way in to the model": _policed(
        "[Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]", "not this engine, which asks"
    ),
    "a way in to the model": _policed(
        "[Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: team}}}]}]", ""
    ),
    "a way in from elsewhere": _policed(
        "[Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}}]}]",
        "not this engine, which asks",
    ),
    "no rule for the way out, and no word of it": _railed(_policy("").replace(", policyTypes: [Egress]", "")),
    "a rule for the way out, and no word of it": _railed(
        _policy(_DNS).replace(", policyTypes: [Egress]", ""), found="the weights (port 443) cannot be reached"
    ),
    "a policy of other pods": _railed(_policy("").replace("podSelector: {}", "podSelector: {matchLabels: {a: b}}")),
}

CASES = {**FORMS, **KEYS, **REFERENCES, **SCALING, **PODS, **GUARDS}


def judged(run: Run, case: Case, *words: str) -> "tuple[int, list[dict[str, Any]], str]":
    """Exit code, findings and all that was said of a case."""
    done = run("gate", *words, "--no-checkov", "-o", "json", *case.options)
    return done.returncode, json.loads(done.stdout)["findings"], done.stdout + done.stderr


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, run: Run, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tree.yaml").write_text(case.text, "utf-8")
    code, found, said = judged(run, case, "tree.yaml")
    # What the rules advise beside is theirs to test.
    left = [f"{one['rule']}: {one['message']}" for one in found if one["severity"] in ("HIGH", "CRITICAL")]
    for rule, words in case.found:
        match = next((one for one in left if one.startswith(f"{rule}: ") and words in one), None)
        assert match is not None, f"{rule} {words!r} is missing in\n{said}"
        left.remove(match)
    assert (left, code) == ([], case.code)


def test_empty_documents_from_standard_input(run: Run) -> None:
    assert run("gate", "--no-checkov", "-", stdin=FORMS["documents that hold nothing"].text).returncode == 0


_FLEET = """\
kaito: 0.12.0
defaults: {namespace: team, benchmark: false}
clusters: {a: {region: westeurope, provisioner: karpenter}}
models:
  asked: {preset: phi-4-mini-instruct, gpu: Standard_NC24ads_A100_v4, context: 8192}
  own:
    gpu: Standard_NC24ads_A100_v4
    custom: {volume: {image: "contoso.azurecr.io/server:1.0.0", claim: w, cpu: "8", memory: 64Gi}}
rag:
  books: {embedding: {model: BAAI/bge-small-en-v1.5}, llm: {model: asked, contextWindow: 8192}}
"""
_BROUGHT = """\
kaito: 0.12.0
clusters:
  lab: {region: westeurope, provisioner: byo, nodes: {a: {product: NVIDIA-A100-SXM4-80GB, gpus: 1, memoryMiB: 81920,
    labels: {pool: a}}}}
tuning:
  t: {preset: phi-4, method: lora, gpu: a, input: {urls: ["https://data.contoso.com/d.parquet"]},
    output: {image: "contoso.azurecr.io/adapters/x:v1", pushSecret: push}}
"""
_AUTO = _FLEET.replace("context: 8192}", "replicas: 1, autoscale: {max: 5, up: 10}}").split("rag:\n")[0]
_CHARTS = "provisioner: karpenter, operator: {OPERATOR}}"
_KEDA_CHART = 'keda: {version: "2.17.0"}'
FLEETS = {
    "what serves": (_FLEET, "", 0),
    "processors": (_FLEET.replace('cpu: "8"', 'cpu: "24"'), "custom.volume.cpu: the pod asks for 24 processors", 1),
    "the usual port of vLLM": (
        _FLEET.replace("contoso.azurecr.io/server:1.0.0", "vllm/vllm-openai:v0.25.1"),
        "custom.volume.args: start vLLM on port 8000, and KAITO's Service sends to 5000",
        1,
    ),
    "more GPUs than there are": (
        _FLEET.replace(
            '"contoso.azurecr.io/server:1.0.0"', 'vllm/vllm-openai:v0.25.1, args: [--port, "5000", -tp, "2"]'
        ),
        "custom.volume.args: is told --tensor-parallel-size 2, which takes 2 GPUs",
        1,
    ),
    "memory": (_FLEET.replace("64Gi", "220Gi"), "custom.volume.memory: the pod asks for 220 GiB", 1),
    "a port": (
        _FLEET.replace("claim: w", "claim: w, port: 8080"),
        "custom.volume.port: is 8080, and KAITO's Service",
        1,
    ),
    "a context": (_FLEET.replace("contextWindow: 8192", "contextWindow: 8193"), "asked serves 8192 tokens", 1),
    "a context that nobody declares": (
        _FLEET.replace("gpu: Standard_NC24ads_A100_v4, context: 8192", f"gpu: {_SMALL}").replace(
            "contextWindow: 8192", "contextWindow: 86065"
        ),
        f"is 86065, and asked serves 86064 tokens, which is what vLLM holds on {_SMALL}",
        1,
    ),
    "a share that does not hold the weights": (
        _FLEET.replace("context: 8192}", "vllm: {gpu-memory-utilization: 0.05}}").split("rag:\n")[0],
        "models.asked.vllm: microsoft/Phi-4-mini-instruct does not fit",
        1,
    ),
    "a set on the add-on": (
        _AUTO.replace("provisioner: karpenter", "provisioner: aks-addon"),
        "models.asked: becomes InferenceSet of kaito.sh/v1beta1, a kind that the AKS add-on's KAITO",
        1,
    ),
    "a model that the add-on does not know": (
        _FLEET.split("  own:\n")[0]
        .replace("provisioner: karpenter", "provisioner: aks-addon")
        .replace("phi-4-mini-instruct", "microsoft/Phi-4-mini-instruct"),
        "knows no model 'microsoft/Phi-4-mini-instruct', so its webhook refuses it; write phi-4-mini-instruct",
        1,
    ),
    "a model on the add-on": (
        _FLEET.split("  own:\n")[0].replace("provisioner: karpenter", "provisioner: aks-addon"),
        "warning",
        0,
    ),
    "tuning on brought nodes": (_BROUGHT, "tuning.t.gpu: KAITO works out a tuning job from the machine size", 1),
    "a scaler that others install": (_AUTO, "needs in cluster a: Deployment keda/keda-kaito-scaler", 0),
    "a scaler that nobody installs": (
        _AUTO.replace("provisioner: karpenter}", _CHARTS.replace("OPERATOR", _KEDA_CHART)),
        "clusters.a.operator.values.productionstack.enabled",
        1,
    ),
    "a scaler that the fleet installs": (
        _AUTO.replace(
            "provisioner: karpenter}",
            _CHARTS.replace("OPERATOR", f"{_KEDA_CHART}, values: {{productionstack: {{enabled: true}}}}"),
        ),
        "",
        0,
    ),
}


@pytest.mark.parametrize("name", FLEETS)
def test_render_refuses_what_the_gate_refuses(name: str, run: Run, tmp_path: Any) -> None:
    text, words, code = FLEETS[name]
    (tmp_path / "fleet.yaml").write_text(text, "utf-8")
    done = run("render", "--out", "m")
    assert words in done.stdout + done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    assert words or "keda" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("your-spotify", False),
        ("your_spotify", False),
        ("your-hf-token", True),
        ("YOUR_TEAM", True),
        ("your-name", True),
        ("myregistry.azurecr.io/vllm:1", True),
        ("myregistry7.azurecr.io/vllm:1", False),
        ("contoso-myregistry.azurecr.io/vllm:1", False),
        ("myregistry.contoso.com/vllm:1", False),
    ],
)
def test_a_word_of_examples_is_a_placeholder_where_it_asks_for_something(name: str, is_one: bool) -> None:
    from kaitops.gate.effects import placeholders

    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"serviceAccountName": name}}
    assert bool(list(placeholders.problems(pod))) is is_one


def test_a_job_with_the_labels_of_a_server_serves_nobody(run: Run, tmp_path: Path) -> None:
    pod = "{metadata: {labels: {app: web}}, spec: {restartPolicy: Never, containers: [{name: a, image: contoso.azurecr.io/a:1, ports: [{containerPort: 9}]}]}}"
    (tmp_path / "job.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: team}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n"
        f"---\napiVersion: batch/v1\nkind: Job\nmetadata: {{name: make, namespace: team}}\nspec: {{template: {pod}}}\n"
    )
    assert "sends to port" not in run("gate", "job.yaml", "--no-checkov").stdout


def test_the_context_of_a_rag_address_is_read_as_yaml(run: Run, tmp_path: Path) -> None:
    config = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: team}\ndata:\n  inference_config.yaml: |\n"
    )
    flags = "    # max-model-len: 8192\n    vllm: {max_model_len: 2048}\n"
    (tmp_path / "rag.yaml").write_text(f"{WORKSPACE}  config: c\n---\n{config}{flags}---\n{ASKING_ENGINE}")
    told = run("gate", "rag.yaml", "--no-checkov").stdout
    assert "is 4096, and phi-4-mini-instruct serves 2048 tokens at Service team/phi, so it refuses" in told
