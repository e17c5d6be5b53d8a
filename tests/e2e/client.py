"""A thin client of a Kubernetes API server: what the tests need and no more.

Owns one authenticated connection and the way from an object's apiVersion and kind to its address. Standard library
only, so that what is tested is the server and not a client library's idea of it: objects are the plain dicts that the
rest of the project renders. One request at a time: threads wait for each other, `another()` gives one its own connection.
"""

import http.client
import json
import ssl
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.e2e.resource import Resource
from tests.e2e.waiting import wait

Object = dict[str, Any]
FIELD_MANAGER = "kaitops-e2e"
RETRIED = (429, 503)
"""The server asks to come back later, which it does in the first seconds of a new kind."""


class ApiError(Exception):
    """The server refused a request.

    Attributes:
        code: HTTP status.
        status: the Status object that the server answered with, or its text as `message`.
    """

    def __init__(self, request: str, code: int, status: Mapping[str, Any]) -> None:
        """Keeps the answer."""
        super().__init__(f"{request}: {code} {status.get('message', '')}")
        self.code = code
        self.status = status

    @property
    def message(self) -> str:
        """What the server says."""
        return str(self.status.get("message", ""))

    @property
    def fields(self) -> list[str]:
        """The fields that the server names as causes, in its order, each once."""
        causes = (self.status.get("details") or {}).get("causes") or []
        return list(dict.fromkeys(str(cause.get("field", "")) for cause in causes))


def label(obj: Mapping[str, Any]) -> str:
    """Names an object for people: `Kind namespace/name`."""
    meta = obj.get("metadata") or {}
    name = "/".join(part for part in (meta.get("namespace"), meta.get("name") or meta.get("generateName")) if part)
    return f"{obj.get('kind')} {name}"


class Client:
    """Requests to one API server over one connection that is kept open."""

    def __init__(self, url: str, ca_file: str, token: str, timeout: float = 60.0) -> None:
        """Connects at the first request.

        Args:
            url: like `https://127.0.0.1:6443`.
            ca_file: certificates to trust, PEM.
            token: bearer token.
            timeout: seconds for one request.
        """
        self.url = url
        self.ca_file = ca_file
        self.token = token
        self.timeout = timeout
        self._context = ssl.create_default_context(cafile=ca_file)
        self._connection: http.client.HTTPSConnection | None = None
        self._resources: dict[tuple[str, str], Resource] = {}
        # Held again where a request is sent once more over a new connection.
        self._busy = threading.RLock()

    def another(self) -> "Client":
        """A client of the same server with a connection of its own."""
        return Client(self.url, self.ca_file, self.token, self.timeout)

    def close(self) -> None:
        """Closes the connection; the next request opens it again."""
        with self._busy:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _send(self, method: str, target: str, body: bytes | None, content_type: str) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", "Content-Type": content_type}
        with self._busy:
            kept = self._connection is not None
            if self._connection is None:
                address = urlsplit(self.url)
                self._connection = http.client.HTTPSConnection(
                    address.hostname or "", address.port, timeout=self.timeout, context=self._context
                )
            try:
                self._connection.request(method, target, body, headers)
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError):
                self.close()
                if not kept:
                    raise
                # The server had closed the idle connection: nothing was read of this request, once more over a new one.
                return self._send(method, target, body, content_type)
            except BaseException:
                # A half-read answer would be taken for the next one's.
                self.close()
                raise

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Any:
        """Sends a request and reads the answer.

        Args:
            method: HTTP method.
            path: from the root of the server.
            body: to be sent as JSON, if any.
            query: parameters.
            content_type: of the body.

        Returns:
            The answer: an object, or text where it is not JSON.

        Raises:
            ApiError: the answer is not a 2xx.
            OSError: there is no answer.
        """
        target = f"{path}?{urlencode(query)}" if query else path
        data = None if body is None else json.dumps(body).encode()
        for pause in (0.2, 0.5, 1.0, 2.0, None):
            code, raw = self._send(method, target, data, content_type)
            if code not in RETRIED or pause is None:
                break
            time.sleep(pause)
        try:
            answer = json.loads(raw) if raw else {}
        except ValueError:
            answer = raw.decode(errors="replace")
        if code >= 300:
            raise ApiError(f"{method} {target}", code, answer if isinstance(answer, dict) else {"message": answer})
        return answer

    def resource(self, api_version: str, kind: str) -> Resource:
        """Finds out where a kind lives, by asking the server once per group and version.

        Raises:
            ApiError: the server does not know the group, the version or the kind (404).
        """
        if (api_version, kind) not in self._resources:
            prefix = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
            for entry in self.request("GET", prefix)["resources"]:
                if "/" not in entry["name"]:
                    self._resources[api_version, entry["kind"]] = Resource(prefix, entry["name"], entry["namespaced"])
        if (api_version, kind) not in self._resources:
            raise ApiError(f"GET {api_version}", 404, {"message": f"the server knows no {kind} in {api_version}"})
        return self._resources[api_version, kind]

    def path(self, obj: Mapping[str, Any], *, collection: bool = False) -> str:
        """The address of an object, or of the collection it belongs to."""
        meta = obj["metadata"]
        resource = self.resource(obj["apiVersion"], obj["kind"])
        return resource.path(meta.get("namespace", "default"), None if collection else meta["name"])

    def apply(
        self, obj: Mapping[str, Any], *, dry_run: bool = False, force: bool = True, manager: str = FIELD_MANAGER
    ) -> Object:
        """Server-side apply; unknown fields are refused, as a GitOps tool would have it."""
        query = {"fieldManager": manager, "force": str(force).lower(), "fieldValidation": "Strict"} | _dry(dry_run)
        return self.request("PATCH", self.path(obj), obj, query, "application/apply-patch+yaml")

    def create(self, obj: Mapping[str, Any], *, dry_run: bool = False, validation: str = "Warn") -> Object:
        """Creates an object; what it does not know the server drops, unless `validation` is Strict."""
        query = {"fieldValidation": validation, "fieldManager": FIELD_MANAGER} | _dry(dry_run)
        return self.request("POST", self.path(obj, collection=True), obj, query)

    def replace(self, obj: Mapping[str, Any], *, dry_run: bool = False) -> Object:
        """Replaces an object as a whole, whatever version of it is there."""
        return self.request("PUT", self.path(obj), obj, {"fieldManager": FIELD_MANAGER} | _dry(dry_run))

    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Object:
        """Reads one object."""
        return self.request("GET", self.resource(api_version, kind).path(namespace, name))

    def list(self, api_version: str, kind: str, namespace: str | None = None, selector: str = "") -> list[Object]:
        """Reads the objects of a kind, of a namespace or of all."""
        query = {"labelSelector": selector} if selector else None
        return self.request("GET", self.resource(api_version, kind).path(namespace), query=query)["items"]

    def delete(self, obj: Mapping[str, Any], *, propagation: str = "Background") -> None:
        """Deletes an object; one that is gone already is fine."""
        try:
            self.request("DELETE", self.path(obj), {"propagationPolicy": propagation})
        except ApiError as error:
            if error.code != 404:
                raise

    def find(self, obj: Mapping[str, Any]) -> Object | None:
        """The object as it is on the server, if it is there."""
        try:
            return self.request("GET", self.path(obj))
        except ApiError as error:
            if error.code != 404:
                raise
        return None

    def exists(self, obj: Mapping[str, Any]) -> bool:
        """Whether the object is on the server."""
        return self.find(obj) is not None

    def install_crd(self, crd: Mapping[str, Any], seconds: float = 30.0) -> None:
        """Applies a CustomResourceDefinition and waits until its kinds are served."""
        self.apply(crd)
        spec = crd["spec"]
        served = [version["name"] for version in spec["versions"] if version["served"]]

        def established() -> bool:
            try:
                for version in served:
                    self.resource(f"{spec['group']}/{version}", spec["names"]["kind"])
                    self.list(f"{spec['group']}/{version}", spec["names"]["kind"])
            except ApiError as error:
                if error.code != 404:
                    raise
                return False
            return True

        wait(established, f"the server serves {crd['metadata']['name']}", seconds)


def _dry(dry_run: bool) -> dict[str, str]:
    return {"dryRun": "All"} if dry_run else {}
