"""A Secret that the External Secrets operator fetches: the object that says from where."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kaitops.documents.plain import MutableObject
from kaitops.fleet.kinds.metadata import MANAGED_BY
from kaitops.references import Reference

if TYPE_CHECKING:
    from kaitops.fleet.entries import Secrets

API = "external-secrets.io/v1"
DOCKER = ".dockerconfigjson"
"""The one key of a Secret that images are pulled or pushed with."""
REFRESH = "1h"
"""How often a Secret is fetched again where nothing is said."""
_IMAGES = {"imagePullSecrets", "imagePushSecret"}


def external_secret(
    name: str, namespace: str, store: Mapping[str, str], keys: Mapping[str, str], refresh: str = REFRESH
) -> MutableObject:
    """An ExternalSecret for one Secret of the same name.

    Args:
        store: kind and name of where it is fetched from.
        keys: names in the store by key of the Secret.
    """
    spec = {
        "refreshInterval": refresh,
        "secretStoreRef": dict(store),
        "target": {"name": name, "creationPolicy": "Owner", "template": {"type": secret_type(keys)}},
        "data": [{"secretKey": key, "remoteRef": {"key": each}} for key, each in sorted(keys.items())],
    }
    about = {"name": name, "namespace": namespace, "labels": dict(MANAGED_BY)}
    return {"apiVersion": API, "kind": "ExternalSecret", "metadata": about, "spec": spec}


def secret_type(keys: Iterable[str]) -> str:
    """The type of a Secret with these keys."""
    return "kubernetes.io/dockerconfigjson" if DOCKER in keys else "Opaque"


def fetched(wanted: Iterable[Reference], declared: "Secrets") -> tuple[list[MutableObject], set[str]]:
    """An ExternalSecret for each Secret that workloads refer to, and the references that this settles, as text.

    A Secret of which no key is known, such as one that a pod mounts whole, cannot be fetched key by key and is left.

    Args:
        declared: ``secrets`` of the cluster.
    """
    keys: dict[tuple[str, str], dict[str, str]] = {}
    settled: set[str] = set()
    for one in wanted:
        key = one.key or (DOCKER if _IMAGES.intersection(map(str, one.path)) else None)
        if one.kind != "Secret" or key is None:
            continue
        remote = declared.get("names", {}).get(one.name, f"{one.namespace}-{one.name}")
        keys.setdefault((one.namespace, one.name), {})[key] = remote
        settled.add(str(one))
    store = {"kind": declared["kind"], "name": declared["store"]}
    refresh = declared["refresh"]
    made = [external_secret(name, space, store, each, refresh) for (space, name), each in sorted(keys.items())]
    return made, settled
