"""Engines whose index lies where they cannot keep it, guardrails that hold nothing back, and names that no machine has or pulls."""

from tests.gate.mended import Case, edited
from tests.gate.objects import ASKING_ENGINE, ENGINE, INFERENCE_SET, MIRROR, SERVING, WORKSPACE

_STORED = (
    ENGINE
    + """\
  storage: {vectorDB: {engine: qdrant, url: "http://qdrant:6333"}}
---
apiVersion: v1
kind: Service
metadata: {name: qdrant, namespace: team}
spec: {selector: {app: web}, ports: [{port: 6333}]}
---
"""
    + SERVING
    + "        ports: [{containerPort: 6333}]\n"
)
_KEPT = (
    ENGINE
    + """\
  storage: {persistentVolume: {persistentVolumeClaim: index, mountPath: /mnt/index}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: index, namespace: team}
spec: {accessModes: [ReadWriteOnce], volumeMode: Filesystem, resources: {requests: {storage: 9Gi}}}
"""
)
_ADAPTED = WORKSPACE + "  adapters: [{source: {name: law, image: 'contoso.azurecr.io/law:1.0.0'}}]\n"

_SHARED = (
    WORKSPACE.replace("    name: phi-4-mini-instruct", "    name: phi-4").replace(
        "  namespace: team\n", "  namespace: team\n  annotations: {kaito.sh/runtime: transformers}\n"
    )
    + "  adapters: [{source: {name: law, image: 'contoso.azurecr.io/law:1.0.0'}, strength: '0.5'}]\n"
)
_ADAPTED_SET = INFERENCE_SET.replace(
    "{preset: {name: phi-4-mini-instruct}}",
    "{preset: {name: phi-4-mini-instruct}, adapters: [{source: {name: law, image: 'contoso.azurecr.io/law:1.0.0'}}]}",
)
_REFUSED = "KAITO admits it and then refuses its own first write to the Workspace"
_TUNED = (
    """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: tune, namespace: team}
resource: {instanceType: Standard_NC24ads_A100_v4, labelSelector: {matchLabels: {apps: tune}}}
tuning:
  preset: {name: phi-4-mini-instruct}
  method: lora
  input: {urls: ["https://data.contoso.com/support.parquet"]}
  output: {image: "contoso.azurecr.io/law:1.0.0", imagePushSecret: push}
---
"""
    + _ADAPTED
)
_SPLIT = """\
apiVersion: kaito.sh/v1alpha1
kind: MultiRoleInference
metadata: {name: split, namespace: team}
spec:
  labelSelector: {matchLabels: {apps: split}}
  model: {name: phi-4-mini-instruct}
  roles:
  - {type: prefill, replicas: 1, instanceType: Standard_NC24ads_A100_v4}
  - {type: decode, replicas: 1, instanceType: Standard_NC40ads_H100_v5}
"""
_GUARDED = (
    ASKING_ENGINE
    + """\
  guardrails: {enabled: true, configMapRef: {name: guards}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: guards, namespace: team}
data:
  guardrails.yaml: |
    scanners:
    - {type: sensitive, detectors: [email, phone]}
"""
)
_GUARDED = f"{WORKSPACE}---\n{_GUARDED}"
_TWO_JOBS = _TUNED.partition("---\n")[0]
_TWO_JOBS += "---\n" + _TWO_JOBS.replace("name: tune,", "name: again,").replace("law:1.0.0", "law:1.1.0")
_TWO_CLAIMS = _TWO_JOBS
for _before, _claim in (
    ('{image: "contoso.azurecr.io/law:1.0.0", imagePushSecret: push}', "first"),
    ('{image: "contoso.azurecr.io/law:1.1.0", imagePushSecret: push}', "second"),
):
    _TWO_CLAIMS = _TWO_CLAIMS.replace(_before, f"{{volumeSource: {{persistentVolumeClaim: {{claimName: {_claim}}}}}}}")
CASES: dict[str, Case] = {
    "two jobs that push one image": edited(
        _TWO_JOBS, "law:1.0.0\", imagePush", "law:1.1.0\", imagePush", "Workspace team/tune pushes as well", "give each a tag of its own"
    ),
    "two jobs that write into one claim": edited(
        _TWO_CLAIMS, "claimName: first", "claimName: second", "into which Workspace team/tune writes as well", "give each a claim of its own"
    ),
    "a scanner by a slip": edited(
        _GUARDED, "type: sensitiv,", "type: sensitive,", "guardrails.yaml.scanners[0].type is no scanner of KAITO's", "meant is sensitive?"
    ),
    "guardrails that are no YAML": edited(_GUARDED, "[email, phone", "[email, phone]", "guardrails.yaml cannot be read", "correct it"),
    "an adapter that a job makes, by a slip": edited(
        _TUNED, "contoso.azurecr.io/lwa:1.0.0'}", "contoso.azurecr.io/law:1.0.0'}", "Workspace team/tune makes contoso.azurecr.io/law:1.0.0"
    ),
    "a model of two roles by a slip": edited(_SPLIT, "phi-4-minii", "phi-4-mini-instruct", "model is not registered", "no preset is called"),
    "a retired size of one role": edited(_SPLIT, "Standard_NC6s_v3", "Standard_NC40ads_H100_v5", "was retired on 2025-09-30"),
    "a set without a size": edited(
        INFERENCE_SET, "resource: {}", "resource: {instanceType: Standard_NC24ads_A100_v4}", "instanceType is required", "Set a machine size"
    ),
    "an adapter of an address": edited(
        _ADAPTED, "urls: ['https://contoso.com/law']", "image: 'contoso.azurecr.io/law:1.0.0'", _REFUSED, "Give the adapter an image or a volume"
    ),
    "an adapter without a name": edited(_ADAPTED, "{image:", "{name: law, image:", _REFUSED, "Name the adapter"),
    "an adapter of a set in capitals": edited(_ADAPTED_SET, "name: Law,", "name: law,", _REFUSED, "inference.adapters.source.name"),
    "a strength beyond the whole": edited(_SHARED, "strength: '1.5'", "strength: '0.5'", _REFUSED, "must be between 0 and 1"),
    "an adapter with a dot": edited(
        _ADAPTED, "name: law.v1,", "name: law,", "KAITO calls a part of the pod puller-law.v1, which the server refuses", "without dots"
    ),
    "an adapter of a long name": edited(
        _ADAPTED, f"name: {'l' * 57},", "name: law,", "which the server refuses", "take 56 signs at most"
    ),
    "labels that no machine of the size has": edited(
        WORKSPACE.replace("      apps: phi\n", "      apps: phi\n      kubernetes.io/os: linux\n"),
        "kubernetes.io/os: windows", "kubernetes.io/os: linux",
        "wants a node whose kubernetes.io/os is windows, and Standard_NC24ads_A100_v4, which KAITO asks for, has linux",
    ),
    "a database that the engine has no client for": edited(_STORED, "engine: milvus", "engine: qdrant", "write qdrant"),
    "a database at another port": edited(_STORED, "qdrant:6334", "qdrant:6333", "asks port 6334 of Service team/qdrant"),
    "a database by a slip": edited(_STORED, "//qdrnt:", "//qdrant:", "meant is qdrant?"),
    "an index on a device": edited(_KEPT, "volumeMode: Block", "volumeMode: Filesystem", "waits for ever; write Filesystem"),
    "an index that nobody writes": edited(_KEPT, "[ReadOnlyMany]", "[ReadWriteOnce]", "keeps its index there; write"),
    "labels that no machine bears": edited(
        WORKSPACE, "      apps: phi one\n", "      apps: phi\n", "resource.labelSelector.matchLabels are labels that a machine"
    ),
    "labels that no machine of a set bears": edited(
        INFERENCE_SET, "{matchLabels: {'the apps': phi}}", "{matchLabels: {apps: phi}}", "which this one cannot"
    ),
    "an adapter that no machine pulls": edited(
        _ADAPTED, "contoso.azurecr.io/Law:", "contoso.azurecr.io/law:", "no machine pulls it", "must be lowercase"
    ),
    "an image that no machine pulls": edited(
        SERVING, "contoso.azurecr.io/Web:", "contoso.azurecr.io/web:", "no machine pulls it"
    ),
}  # fmt: skip
FINE: dict[str, str] = {
    "guardrails": _GUARDED,
    "guardrails that are off": _GUARDED.replace("enabled: true", "enabled: false").replace("sensitive", "sensitiv"),
    "a class that each cluster begins with": MIRROR,
    "a database elsewhere": _STORED.replace("http://qdrant:6333", "http://db.data.svc:6333"),
}
"""What has nothing against it."""
