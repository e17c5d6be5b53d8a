"""Where Kubernetes' own kinds hold the pods that they make, and which ones a namespace takes."""

from collections.abc import Mapping

from kaitops.documents.plain import Path

TEMPLATES: Mapping[str, Path] = {
    "apps/DaemonSet": ("spec", "template"),
    "apps/Deployment": ("spec", "template"),
    "apps/ReplicaSet": ("spec", "template"),
    "apps/StatefulSet": ("spec", "template"),
    "batch/CronJob": ("spec", "jobTemplate", "spec", "template"),
    "batch/Job": ("spec", "template"),
    "Pod": (),
    "PodTemplate": ("template",),
    "ReplicationController": ("spec", "template"),
}
"""What holds a pod's ``metadata`` and ``spec``, by ``group/Kind``, or ``Kind`` for the core group."""
BY_KIND: Mapping[str, Path] = {key.rpartition("/")[2]: path for key, path in TEMPLATES.items()}
ENDING = frozenset(("Job", "CronJob"))
"""The kinds whose pods end by themselves."""
PARTS = ("initContainers", "containers", "ephemeralContainers")
"""The lists of containers in a pod's spec."""
SECURITY = "pod-security.kubernetes.io/"
"""What the labels of a namespace begin with that say which pods it takes."""
ENFORCED = f"{SECURITY}enforce"
"""The one whose level pods are refused by."""
LEVELS = ("privileged", "baseline", "restricted")
"""The levels, from all pods to few."""
MODES = ("enforce", "audit", "warn")
"""What becomes of a pod that is not of a level."""


def rank(level: object) -> int:
    """How few pods a level takes; 0 for none, or one that there is not, which takes them all."""
    return LEVELS.index(level) if level in LEVELS else 0
