"""Engines whose index lies where they cannot keep it, and names that no machine has or pulls."""

from tests.gate.mended import Case, edited
from tests.gate.objects import ENGINE, INFERENCE_SET, MIRROR, SERVING, WORKSPACE

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

CASES: dict[str, Case] = {
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
    "a class that each cluster begins with": MIRROR,
    "a database elsewhere": _STORED.replace("http://qdrant:6333", "http://db.data.svc:6333"),
}
"""What has nothing against it."""
