"""Where Kubernetes' own kinds hold the pods that they make."""

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
PARTS = ("initContainers", "containers", "ephemeralContainers")
"""The lists of containers in a pod's spec."""
