"""Following a cluster: one list and one watch a kind, however many workloads there are.

Owns the processes of the watches, which end with whoever follows, and the objects between two looks.
"""

import contextlib
import json
import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

from kaitops.documents.plain import at, mapping
from kaitops.errors import ToolMissing
from kaitops.live.kinds import KINDS, Kind
from kaitops.live.kubectl import Forbidden, Kubectl, NotFound, ServerGone
from kaitops.live.reading import listed
from kaitops.live.snapshot import Object, Snapshot, name_of, namespace_of

_SECONDS = 1800
_SETTLES = 0.3
_AGAIN = 2.0
_GIVES_UP = 60.0
"""Seconds that a server may be away before the following ends."""


class Watcher:
    """Snapshots of a cluster as it changes.

    Args:
        namespace: that is read; all where None.
        name: of the cluster, for people.
    """

    def __init__(self, kubectl: Kubectl, namespace: str | None, name: str) -> None:
        self._kubectl, self._namespace, self._name = kubectl, namespace, name
        self._objects: dict[str, dict[tuple[str, str], Object]] = {}
        self._unread: dict[str, str] = {}
        self._changes: queue.Queue[ToolMissing | None] = queue.Queue()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._first = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def snapshots(self, every: float = 10.0) -> Iterator[Snapshot]:
        """One at once, and then one for each change, and now and then where nothing changes.

        Args:
            every: seconds after which one comes without a change, so that times go on.

        Raises:
            ToolMissing: the cluster cannot be asked, or has been away for a minute.
        """
        self._threads = [threading.Thread(target=self._follow, args=(kind,), daemon=True) for kind in KINDS.values()]
        threads, first = self._threads, self._first
        try:
            for thread in threads:
                thread.start()
            for _ in threads:
                first.acquire()
                self._raise()
            yield self._snapshot()
            while True:
                with contextlib.suppress(queue.Empty):
                    self._told(self._changes.get(timeout=every))
                    time.sleep(_SETTLES)
                self._raise()
                yield self._snapshot()
        finally:
            self.close()

    def close(self) -> None:
        """End the watches."""
        self._ended.set()
        with self._lock:
            for process in self._processes:
                process.kill()
        for thread in self._threads:
            thread.join(timeout=1.0)

    def _raise(self) -> None:
        while not self._changes.empty():
            self._told(self._changes.get_nowait())

    @staticmethod
    def _told(what: ToolMissing | None) -> None:
        if what is not None:
            raise what

    def _snapshot(self) -> Snapshot:
        with self._lock:
            objects = {kind: list(found.values()) for kind, found in self._objects.items()}
            return Snapshot(objects, dict(self._unread), cluster=self._name)

    def _follow(self, kind: Kind) -> None:
        away: float | None = None
        is_first = True
        while not self._ended.is_set():
            try:
                found, version = listed(self._kubectl, kind, self._namespace)
                away = None
                with self._lock:
                    self._objects[kind.name] = {(namespace_of(one), name_of(one)): one for one in found}
                    self._unread.pop(kind.name, None)
                self._first_done(is_first)
                is_first = False
                self._watch(kind, version)
            except (Forbidden, NotFound) as error:
                with self._lock:
                    if isinstance(error, NotFound) and kind.optional:
                        self._objects[kind.name] = {}
                    else:
                        self._unread[kind.name] = str(error)
                self._first_done(is_first)
                return
            except ServerGone as error:
                away = away or time.monotonic()
                if is_first or time.monotonic() - away > _GIVES_UP:
                    self._give_up(error, is_first)
                    return
                self._ended.wait(_AGAIN)
            except ToolMissing as error:
                self._give_up(error, is_first)
                return

    def _give_up(self, error: ToolMissing, is_first: bool) -> None:
        self._changes.put(error)
        self._first_done(is_first)

    def _first_done(self, is_first: bool) -> None:
        if is_first:
            self._first.release()
        else:
            self._changes.put(None)

    def _watch(self, kind: Kind, version: str) -> None:
        query = f"?watch=1&resourceVersion={version}&allowWatchBookmarks=true&timeoutSeconds={_SECONDS}"
        command = self._kubectl.command("get", "--raw", kind.path(self._namespace) + query)
        with self._lock:
            if self._ended.is_set():
                return
            process = subprocess.Popen(  # noqa: S603 - kubectl, arguments of ours
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._processes.add(process)
        try:
            for line in process.stdout or ():
                if not self._take(kind, line):
                    return
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
            with self._lock:
                self._processes.discard(process)
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
        self._changes.put(None)
        return True
