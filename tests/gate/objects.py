"""Objects that tests of the gate start from: clean under every check, so that one change gives one finding."""

from pathlib import Path

WORKSPACE = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata:
  name: phi
  namespace: team
resource:
  instanceType: Standard_NC24ads_A100_v4
  labelSelector:
    matchLabels:
      apps: phi
inference:
  preset:
    name: phi-4-mini-instruct
"""
PUBLIC = WORKSPACE.replace("  namespace: team\n", '  namespace: team\n  annotations:\n    kaito.sh/enablelb: "True"\n')
INFERENCE_SET = """\
apiVersion: kaito.sh/v1beta1
kind: InferenceSet
metadata: {name: phi, namespace: team}
spec:
  replicas: 2
  nodeCountLimit: 2
  labelSelector: {matchLabels: {apps: phi}}
  template:
    resource: {instanceType: Standard_NC24ads_A100_v4}
    inference: {preset: {name: phi-4-mini-instruct}}
"""
ENGINE = """\
apiVersion: kaito.sh/v1beta1
kind: RAGEngine
metadata: {name: rag, namespace: team}
spec:
  compute: {instanceType: Standard_NC24ads_A100_v4, labelSelector: {matchLabels: {apps: rag}}}
  embedding: {local: {modelID: BAAI/bge-small-en-v1.5}}
"""
MIRROR = """\
apiVersion: kaito.sh/v1alpha1
kind: ModelMirror
metadata: {name: weights}
spec:
  mode: Managed
  source: {registry: huggingface, modelID: microsoft/Phi-4-mini-instruct}
  storage: {size: 100Gi, storageClassName: managed-csi-premium}
  jobNamespace: team
"""
SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: team}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
"""
ASKING_ENGINE = (
    ENGINE + '  inferenceService: {url: "http://phi.team.svc/v1/chat/completions", contextWindowSize: 4096}\n'
)
"""One that asks the Workspace above."""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: team}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: contoso.azurecr.io/web:1.0.0
        securityContext: {privileged: true}
"""
SERVING = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: team}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: contoso.azurecr.io/web:1.0.0@sha256:DIGEST
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        resources: {requests: {cpu: "1", memory: 1Gi}, limits: {memory: 1Gi}}
""".replace("DIGEST", "a1" * 32)
"""A workload of Kubernetes that no rule has anything against."""
RULE = '''\
"""A rule of a team's own."""

from kaitops.policies.rule import Rule, Severity


def _check(document, context):
    {body}


RULE = Rule(
    id="TEAM001", severity=Severity.MEDIUM, title="named by the team", why="because", source="ours",
    remedy="name it otherwise", kinds=("kaito.sh/Workspace",), check=_check,
)
'''


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
