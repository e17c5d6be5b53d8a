"""Requests to an API server: which kinds it serves, and what it says to an object.

Owns the protocol over a connection that somebody else makes. Who is asked and with which rights is decided there.
"""

import contextlib
import http.client
import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kaitops import asking
from kaitops.documents.plain import MutableObject, Object, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.errors import ToolMissing

_MANAGER = "kaitops-gate"
SECONDS = 30.0
"""How long a server may be silent."""
_SECONDS_OF_AN_ANSWER = 60.0
_MOST_BYTES = 16 * 1024 * 1024
Connect = Callable[[], http.client.HTTPConnection]


@dataclass(frozen=True, slots=True)
class Kind:
    """Where the objects of a kind are."""

    plural: str
    namespaced: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to an object.

    Attributes:
        code: HTTP status.
        message: empty where it took the object.
        fields: paths that it names as causes, as ``spec.ports[0].port``.
    """

    code: int
    message: str = ""
    fields: tuple[str, ...] = ()

    @property
    def taken(self) -> bool:
        """The object is as the server wants it."""
        return self.code < 300


class Api:
    """One API server.

    Args:
        connect: makes a connection to it.
        headers: of every request.
        name: for messages.
        seconds: that an answer may take as a whole.
    """

    def __init__(
        self, connect: Connect, headers: Mapping[str, str], name: str, seconds: float = _SECONDS_OF_AN_ANSWER
    ) -> None:
        self._seconds = seconds
        self._connection = connect()
        self._headers = dict(headers)
        self._kinds: dict[str, dict[str, Kind]] = {}
        self.name = name

    def ready(self) -> bool:
        """The server answers requests."""
        return self._request("GET", "/readyz")[0] == 200

    def version(self) -> str:
        """The server's version, as ``v1.34.2``."""
        return str(at(self._request("GET", "/version")[1], "gitVersion") or "unknown")

    def kind(self, document: Object) -> Kind | None:
        """Where objects like this one are; None where the server does not know the kind."""
        version = str(document["apiVersion"])
        if version not in self._kinds:
            root = f"/apis/{version}" if "/" in version else f"/api/{version}"
            code, found = self._request("GET", root)
            if code not in (200, 404):
                raise ToolMissing(
                    f"{self.name}: {root} answered {code}: {at(found, 'message')}; log in, or ask for rights"
                )
            self._kinds[version] = {
                str(each["kind"]): Kind(str(each["name"]), bool(each["namespaced"]))
                for each in items(mapping(found).get("resources"))
                if "/" not in str(each["name"])
            }
        return self._kinds[version].get(str(document["kind"]))

    def forget(self, version: str) -> None:
        """Ask anew for the kinds of a group's version."""
        self._kinds.pop(version, None)

    def apply(self, document: Object, kind: Kind, *, dry_run: bool, namespace: str = "") -> Answer:
        """Apply an object server-side; unknown and doubled fields are errors.

        Args:
            namespace: in place of the object's own.
        """
        metadata = mapping(document["metadata"])
        space = namespace or namespace_of(document)
        version = str(document["apiVersion"])
        path = f"/apis/{version}" if "/" in version else f"/api/{version}"
        body: MutableObject = dict(document)
        if kind.namespaced:
            path += f"/namespaces/{quote(space)}"
            body["metadata"] = {**metadata, "namespace": space}
        query = f"fieldManager={_MANAGER}&force=true&fieldValidation=Strict{'&dryRun=All' if dry_run else ''}"
        code, answer = self._request("PATCH", f"{path}/{kind.plural}/{quote(str(metadata['name']))}?{query}", body)
        if code < 300:
            return Answer(code)
        causes = items(at(answer, "details", "causes"))
        fields = tuple(str(at(each, "field")) for each in causes if at(each, "field"))
        return Answer(code, str(at(answer, "message") or f"HTTP {code}"), fields)

    def _request(self, method: str, path: str, body: Object | None = None) -> tuple[int, Any]:
        headers = {**self._headers, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/apply-patch+yaml"
        sent = json.dumps(body) if body is not None else None
        try:
            status, text = asking.within(self._seconds, lambda: self._exchange(method, path, sent, headers))
        except (OSError, http.client.HTTPException, asking.TooLarge) as error:
            self.close()
            raise ToolMissing(
                f"{self.name}: cannot be asked ({error or type(error).__name__}), so no object was judged by it; check "
                "that it runs and that you are logged in"
            ) from None
        try:
            return status, json.loads(text)
        except (ValueError, RecursionError):
            return status, {"message": text.decode(errors="replace")[:500]}

    def _exchange(self, method: str, path: str, sent: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        self._connection.request(method, path, sent, headers)
        with self._connection.getresponse() as answer:
            return answer.status, asking.body(answer, _MOST_BYTES)

    def close(self) -> None:
        """Let go of the connection, whoever still waits for an answer over it."""
        if self._connection.sock is not None:
            with contextlib.suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._connection.close()
