"""A Workspace as its controllers read it: annotations and labels turned into decisions.

Source: ``api/v1beta1/labels.go`` of KAITO. A view over a plain document with the defaults of the API server; it
neither validates nor keeps state.
"""

from collections.abc import Mapping

from kaitops.documents.plain import Object
from kaitops.kaito.expansion.world import World

LABEL_WORKSPACE = "kaito.sh/workspace"
LABEL_WORKSPACE_NAMESPACE = "kaito.sh/workspacenamespace"
LABEL_SET = "inferenceset.kaito.sh/created-by"
LABEL_MULTI_ROLE = "multiroleinference.kaito.sh/created-by"
LABEL_ROLE = "kaito.sh/inference-role"
REVISION = "workspace.kaito.io/revision"
DISABLE_BENCHMARK = "kaito.sh/disable-benchmark"

_HANDED_ON = (LABEL_SET, LABEL_MULTI_ROLE, LABEL_ROLE)
_NOTHING: Object = {}


class Workspace:
    """One Workspace.

    Attributes:
        count: ``resource.count``; the API server sets 1 where ``resource`` is given without it, else None.
        match_labels: of the selector without KAITO's own keys, by key.
        preset: of inference, None for a template.
        vllm: served by vLLM rather than transformers.
        decode_sidecar: a routing sidecar takes the inference port, vLLM moves to the decode port.
        nodes: target node count, known after the estimate.
    """

    __slots__ = (
        "annotations",
        "count",
        "decode_sidecar",
        "document",
        "inference",
        "instance_type",
        "labels",
        "match_labels",
        "name",
        "namespace",
        "nodes",
        "partition",
        "preset",
        "preset_name",
        "resource",
        "secret",
        "tuning",
        "vllm",
    )

    def __init__(self, world: World, document: Object) -> None:
        metadata: Object = document.get("metadata") or _NOTHING
        self.document = document
        self.name: str = metadata.get("name") or ""
        self.namespace: str = metadata.get("namespace") or "default"
        self.labels: Mapping[str, str] = metadata.get("labels") or _NOTHING
        self.annotations: Mapping[str, str] = metadata.get("annotations") or _NOTHING
        resource: Object | None = document.get("resource")
        self.resource: Object = resource or _NOTHING
        self.count: int | None = None if resource is None else resource.get("count", 1)
        self.instance_type: str = self.resource.get("instanceType") or ""
        self.partition: Object | None = self.resource.get("partition")
        self.match_labels = sanitized(world, self.resource.get("labelSelector"))
        self.inference: Object | None = document.get("inference")
        self.tuning: Object | None = document.get("tuning")
        self.preset: Object | None = (self.inference or _NOTHING).get("preset")
        preset = self.preset or _NOTHING
        self.preset_name: str = preset.get("name") or ""
        self.secret: str = (preset.get("presetOptions") or _NOTHING).get("modelAccessSecret") or ""
        self.vllm = world.settings.gates["vLLM"] and self.annotations.get("kaito.sh/runtime") != "transformers"
        self.decode_sidecar = self.vllm and self.labels.get(LABEL_ROLE) == "decode"
        self.nodes = 0

    @property
    def mig_profile(self) -> str:
        """The slice that is asked for, or nothing."""
        partition = self.partition
        return (partition.get("profile") or "") if partition and partition.get("mode") == "mig" else ""

    @property
    def benchmark(self) -> bool:
        """The start-up probe load-tests the model."""
        return self.annotations.get(DISABLE_BENCHMARK) != "true" and self.vllm and self.preset is not None

    def local_weights(self, root: str) -> str:
        """Directory on the node that holds the weights, or nothing where they are downloaded."""
        if self.preset is None or self.annotations.get("kaito.sh/use-local-weights") != "true":
            return ""
        segment = self.preset_name.strip().lower().replace("/", "-").replace("\\", "-")
        return f"{root}/{segment}" if segment not in ("", ".", "..") else ""

    def pod_labels(self) -> dict[str, str]:
        """Labels that a StatefulSet selects its pods by; a new mapping each time."""
        labels = {LABEL_WORKSPACE: self.name}
        own = self.labels
        if own:
            for key in _HANDED_ON:
                if key in own:
                    labels[key] = own[key]
        return labels


def sanitized(world: World, selector: Object | None) -> dict[str, str]:
    """Match labels of a selector without the keys that KAITO keeps for itself, by key; expressions are not read."""
    labels = selector.get("matchLabels") if selector else None
    if not labels:
        return {}
    reserved = world.controller["reserved_selector_labels"]
    return {key: labels[key] for key in sorted(labels) if key not in reserved}
