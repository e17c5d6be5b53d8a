"""Volumes and mounts that several workloads share.

Source: ``pkg/utils/common_preset.go`` of KAITO. Each function returns fresh objects.
"""

from collections.abc import Sequence

from kaitops.documents.plain import MutableObject

WEIGHTS = "model-weights-volume"
RESULTS = "results-volume"
DATA = "data-volume"
_DOCKER_KEY = ".dockerconfigjson"


def mount(name: str, path: str, *, read_only: bool = False) -> MutableObject:
    """A mount of a volume."""
    return {"mountPath": path, "name": name, "readOnly": True} if read_only else {"mountPath": path, "name": name}


def empty(name: str) -> MutableObject:
    """A directory that lives as long as the pod."""
    return {"emptyDir": {}, "name": name}


def memory(name: str) -> MutableObject:
    """A directory in memory, as large as the pod's memory allows."""
    return {"emptyDir": {"medium": "Memory"}, "name": name}


def host_path(name: str, path: str, kind: str) -> MutableObject:
    """A directory of the node."""
    return {"hostPath": {"path": path, "type": kind}, "name": name}


def config_map(name: str, source: str) -> MutableObject:
    """The keys of a ConfigMap as files."""
    return {"configMap": {"name": source}, "name": name}


def pull_secrets(name: str, secrets: Sequence[str]) -> MutableObject:
    """Registry credentials, one file per secret."""
    return {"name": name, "projected": {"sources": [_credentials(secret, f"{secret}.json") for secret in secrets]}}


def push_secret(name: str, secret: str) -> MutableObject:
    """Registry credentials where client tools look for them."""
    return {"name": name, "projected": {"sources": [_credentials(secret, "config.json")]}}


def _credentials(secret: str, path: str) -> MutableObject:
    source: MutableObject = {"items": [{"key": _DOCKER_KEY, "path": path}]}
    if secret:
        source["name"] = secret
    return {"secret": source}
