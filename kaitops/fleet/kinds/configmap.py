"""ConfigMaps that a workload refers to, named after their content.

KAITO does not watch a ConfigMap's content, so a changed one must have a new name to have any effect.
"""

import hashlib

from kaitops.documents import writer
from kaitops.documents.plain import MutableObject, Object
from kaitops.fleet.kinds.metadata import MANAGED_BY


def configmap(name: str, namespace: str, key: str, content: Object) -> MutableObject:
    """A ConfigMap holding one YAML file.

    Args:
        name: what the generated name starts with; ten hexadecimal digits of the content follow.
        key: name of the file within.
    """
    text = writer.dump(dict(content))
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"{name}-{digest}", "namespace": namespace, "labels": dict(MANAGED_BY)},
        "data": {key: text},
    }


def inference_config(name: str, namespace: str, entry: Object) -> MutableObject | None:
    """The vLLM configuration of a model or role, or None where nothing departs from KAITO's own."""
    flags = dict(sorted(entry.get("vllm", {}).items()))
    if "context" in entry:
        flags["max-model-len"] = entry["context"]
    if not flags:
        return None
    return configmap(f"{name}-inference", namespace, "inference_config.yaml", {"vllm": flags})
