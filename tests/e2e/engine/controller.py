"""KAITO's controllers as far as a deletion meets them, and a record of the order in which objects go.

A finalizer on every object of KAITO's goes away only while the controller's Deployment is there, as on a cluster: what
destroys the controller first waits for ever. Owns no object of its own.
"""

import http.client
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from tests.e2e.client import ApiError, Client
from tests.e2e.cluster import Cluster

FINALIZER = "engine.kaitops.io/controller"
KINDS = {
    "Workspace": ("v1beta1", "workspaces"),
    "InferenceSet": ("v1beta1", "inferencesets"),
    "RAGEngine": ("v1beta1", "ragengines"),
    "MultiRoleInference": ("v1alpha1", "multiroleinferences"),
    "ModelMirror": ("v1alpha1", "modelmirrors"),
}
DEPLOYMENTS = "/apis/apps/v1/deployments"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


class Controllers:
    """Plays the controllers between ``with`` and its end.

    Attributes:
        gone: kind and name of what was deleted, in the order of the server's revisions.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._end = threading.Event()
        self._deleted: list[tuple[int, str, str]] = []
        paths = [
            DEPLOYMENTS,
            DEFINITIONS,
            *(f"/apis/kaito.sh/{version}/{plural}" for version, plural in KINDS.values()),
        ]
        self._threads = [threading.Thread(target=self._watch, args=(path,), daemon=True) for path in paths]
        self._threads.append(threading.Thread(target=self._finalize, daemon=True))

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(10)

    @property
    def gone(self) -> list[tuple[str, str]]:
        """Kind and name of what was deleted, in order."""
        return [(kind, name) for _, kind, name in sorted(set(self._deleted))]

    def _watch(self, path: str) -> None:
        client, url = self._cluster.client(), urlsplit(self._cluster.url)
        context = ssl.create_default_context(cafile=str(self._cluster.ca_file))
        headers = {"Authorization": f"Bearer {self._cluster.token}"}
        since = ""
        while not self._end.wait(0 if since else 0.1):
            try:
                since = since or client.request("GET", path)["metadata"]["resourceVersion"]
                connection = http.client.HTTPSConnection(url.hostname or "", url.port, timeout=30, context=context)
                target = f"{path}?watch=true&timeoutSeconds=2&resourceVersion={since}"
                connection.request("GET", target, headers=headers)
                answer = connection.getresponse()
                for line in answer if answer.status == 200 else ():
                    event = json.loads(line)
                    since = event["object"].get("metadata", {}).get("resourceVersion", "")
                    if event["type"] == "DELETED":
                        self._deleted.append(_deletion(event["object"]))
                since = since if answer.status == 200 else ""
                connection.close()
            except (ApiError, OSError, http.client.HTTPException):
                # The kind is not there yet, or no longer.
                since = ""
        client.close()

    def _finalize(self) -> None:
        client = self._cluster.client()
        while not self._end.wait(0.1):
            for obj in _objects(client):
                finalizers: list[str] = obj["metadata"].get("finalizers", [])
                dying = "deletionTimestamp" in obj["metadata"]
                if dying == (FINALIZER in finalizers) and (not dying or _runs(client, obj)):
                    kept = [] if dying else [FINALIZER]
                    path = f"{obj['path']}/{obj['metadata']['name']}"
                    _patch(client, path, {"metadata": {"finalizers": kept}})
        client.close()


def _deletion(obj: Mapping[str, Any]) -> tuple[int, str, str]:
    return int(obj["metadata"]["resourceVersion"]), obj["kind"], obj["metadata"]["name"]


def _runs(client: Client, obj: Mapping[str, Any]) -> bool:
    name = "ragengine-controller" if obj["path"].endswith("ragengines") else "workspace-controller"
    return bool(client.request("GET", DEPLOYMENTS, query={"fieldSelector": f"metadata.name={name}"})["items"])


def _objects(client: Client) -> Iterator[dict[str, Any]]:
    for version, plural in KINDS.values():
        try:
            found = client.request("GET", f"/apis/kaito.sh/{version}/{plural}")["items"]
        except ApiError:
            continue
        for obj in found:
            space = obj["metadata"].get("namespace")
            place = f"namespaces/{space}/" if space else ""
            yield {**obj, "path": f"/apis/kaito.sh/{version}/{place}{plural}"}


def _patch(client: Client, path: str, change: Mapping[str, Any]) -> None:
    try:
        client.request("PATCH", path, change, content_type="application/merge-patch+json")
    except ApiError as error:
        # Gone between the list and the patch.
        if error.code not in (404, 409):
            raise
