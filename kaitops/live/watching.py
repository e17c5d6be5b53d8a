"""Following one cluster: one list and one watch a kind, however many workloads there are.

What Kueue makes of pods is followed from the first pod on that it holds back: most clusters have none.

Owns the objects between two looks. Its processes end with it; who waits for its changes is :mod:`following`.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from kaitops.documents.plain import Object, at, mapping
from kaitops.errors import ToolMissing
from kaitops.live.children import Children, Ended
from kaitops.live.gates import by_kueue
from kaitops.live.kinds import KINDS, QUEUED, Kind
from kaitops.live.kubectl import Forbidden, Kubectl, NotFound, ServerGone
from kaitops.live.reading import listed
from kaitops.live.snapshot import Snapshot, name_of, namespace_of

_SECONDS = 1800
_AGAIN = 2.0
_GIVES_UP = 60.0
"""Seconds that a server may be away before the following ends."""


class Watcher:
    """The objects of a cluster as they change.

    Args:
        namespace: that is read; all where None.
        name: of the cluster, for people.
        ring: called from threads when something changed, was read for the first time, or failed.

    Attributes:
        error: why the cluster is not followed any more; None while it is.
    """

    def __init__(self, kubectl: Kubectl, namespace: str | None, name: str, ring: Callable[[], None]) -> None:
        self._children = Children()
        self._kubectl = kubectl.among(self._children)
        self._namespace, self._name, self._ring = namespace, name, ring
        self._objects: dict[str, dict[tuple[str, str], Object]] = {}
        self._unread: dict[str, str] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._waiting = set(KINDS)
        self._threads = [threading.Thread(target=self._follow, args=(kind,), daemon=True) for kind in KINDS.values()]
        self._queued = False
        self.error: ToolMissing | None = None

    def start(self) -> None:
        """Begin to read."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """End the processes, and let no other begin."""
        self._ended.set()
        self._children.end()

    def join(self, until: float) -> None:
        """Wait for the threads, until a moment of the monotonic clock."""
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout=max(until - time.monotonic(), 0.0))

    @property
    def answered(self) -> bool:
        """Every kind was read once, or may not be read."""
        with self._lock:
            return not self._waiting

    def snapshot(self) -> Snapshot:
        """The cluster's objects now."""
        with self._lock:
            objects = {kind: list(found.values()) for kind, found in self._objects.items()}
            return Snapshot(objects, dict(self._unread), cluster=self._name)

    def _follow_queues(self) -> None:
        """Follow what Kueue makes of pods, in the newest version of it that the server has."""
        for kind in QUEUED[:-1]:
            if self._follow(kind, is_last=False):
                return
        self._follow(QUEUED[-1])

    def _follow(self, kind: Kind, is_last: bool = True) -> bool:
        """Follow a kind to the end; false where the server lacks it and another version of it is to be tried."""
        away: float | None = None
        while not self._ended.is_set():
            try:
                found, version = listed(self._kubectl, kind, self._namespace)
                away = None
                self._read(kind, {(namespace_of(one), name_of(one)): one for one in found})
                self._watch(kind, version)
            except Ended:
                break
            except (Forbidden, NotFound) as error:
                if isinstance(error, NotFound) and not is_last:
                    return False
                if isinstance(error, NotFound) and kind.optional:
                    self._read(kind, {})
                else:
                    self._read(kind, None, str(error))
                break
            except ServerGone as error:
                away = away or time.monotonic()
                if kind.name in self._waiting or time.monotonic() - away > _GIVES_UP:
                    self._give_up(error)
                    break
                self._ended.wait(_AGAIN)
            except ToolMissing as error:
                self._give_up(error)
                break
            except OSError as error:
                self._give_up(ToolMissing(f"{self._kubectl.name}: kubectl cannot be started: {error.strerror}"))
                break
        return True

    def _read(self, kind: Kind, found: dict[tuple[str, str], Object] | None, why: str = "") -> None:
        with self._lock:
            if found is None:
                self._objects.pop(kind.name, None)
                self._unread[kind.name] = why
            else:
                self._objects[kind.name] = found
                self._unread.pop(kind.name, None)
            if kind.name == "Pod":
                self._queue(found or {})
            self._waiting.discard(kind.name)
        self._ring()

    def _queue(self, pods: Mapping[tuple[str, str], Object]) -> None:
        """Begin to follow what Kueue makes of pods where it holds one back."""
        if self._queued or self._ended.is_set() or not any(map(by_kueue, pods.values())):
            return
        self._queued = True
        if "Pod" in self._waiting:
            # The first look says why a pod waits.
            self._waiting.add(QUEUED[0].name)
        thread = threading.Thread(target=self._follow_queues, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _give_up(self, error: ToolMissing) -> None:
        with self._lock:
            # Other kinds fail by what ends their processes, which is not the cause.
            if self.error is None and not self._ended.is_set():
                self.error = error
        self.end()
        self._ring()

    def _watch(self, kind: Kind, version: str) -> None:
        query = f"?watch=1&resourceVersion={version}&allowWatchBookmarks=true&timeoutSeconds={_SECONDS}"
        command = self._kubectl.command("get", "--raw", kind.path(self._namespace) + query)
        process = self._children.start(command)
        try:
            for line in process.stdout or ():
                if not self._take(kind, line):
                    break
        finally:
            self._children.stop(process)
        # A server that ends watches at once is asked no more than every other second.
        self._ended.wait(_AGAIN)

    def _take(self, kind: Kind, line: bytes) -> bool:
        """Take one event; false where the watch has to begin anew."""
        try:
            event: Any = json.loads(line)
        except ValueError:
            return False
        what, one = at(event, "type"), mapping(at(event, "object"))
        if what == "BOOKMARK":
            return True
        if what not in ("ADDED", "MODIFIED", "DELETED") or not one:
            return False
        key = (namespace_of(one), name_of(one))
        with self._lock:
            if what == "DELETED":
                self._objects[kind.name].pop(key, None)
            else:
                self._objects[kind.name][key] = one
                if kind.name == "Pod":
                    self._queue({key: one})
        self._ring()
        return True
