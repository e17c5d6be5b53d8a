"""The objects of one cluster at one moment, and finding one's way among them.

Owns the difference between "there is none" and "nobody could look": a kind that was not read is never taken as absent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from kaitops import today
from kaitops.documents.plain import Object, at, items, mapping


def name_of(obj: Object) -> str:
    """The object's name."""
    return str(at(obj, "metadata", "name") or "")


def namespace_of(obj: Object) -> str:
    """The object's namespace, empty where it has none."""
    return str(at(obj, "metadata", "namespace") or "")


def labels_of(obj: Object) -> Object:
    """The object's labels."""
    return mapping(at(obj, "metadata", "labels"))


def time_of(text: object) -> datetime | None:
    """A moment as the API server writes it."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def condition(obj: Object, kind: str) -> Object:
    """A condition of an object's status, empty where there is none."""
    return next(
        (one for one in map(mapping, items(at(obj, "status", "conditions"))) if one.get("type") == kind), mapping(None)
    )


def is_ready(obj: Object) -> bool:
    """The object's condition Ready is True."""
    return condition(obj, "Ready").get("status") == "True"


def owner_of(obj: Object) -> tuple[str, str] | None:
    """Kind and name of the controller that owns an object."""
    for reference in items(at(obj, "metadata", "ownerReferences")):
        if at(reference, "controller") is not False:
            return str(at(reference, "kind")), str(at(reference, "name"))
    return None


@dataclass
class Snapshot:
    """What was read of one cluster.

    Attributes:
        objects: by kind; a kind that is not among the keys was not read.
        unread: why kinds were not read, by kind.
        now: the moment of the reading.
        logs: the end of the log of a pod's server, by namespace and pod.
        cluster: its name in the fleet or its context, for people; empty for a file.
    """

    objects: Mapping[str, list[Object]]
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    now: datetime = field(default_factory=today.now)
    logs: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    cluster: str = ""

    def knows(self, kind: str) -> bool:
        """The kind was read, so that what is not among its objects is not there."""
        return kind in self.objects

    def of(self, kind: str) -> list[Object]:
        """The objects of a kind that were read."""
        return self.objects.get(kind, [])

    def find(self, kind: str, namespace: str, name: str) -> Object | None:
        """One object."""
        return self._by_name.get((kind, namespace, name))

    def owned(self, kind: str, owner: Object) -> list[Object]:
        """The objects of a kind that another one controls."""
        return self._by_owner.get((kind, namespace_of(owner), str(owner.get("kind")), name_of(owner)), [])

    def labelled(self, kind: str, key: str, value: str, namespace: str | None = None) -> list[Object]:
        """The objects of a kind with a label."""
        found = self._by_label.get((kind, key, value), [])
        return [one for one in found if namespace is None or namespace_of(one) == namespace]

    def events(self, kind: str, namespace: str, name: str) -> list[Object]:
        """What was reported of an object, oldest first."""
        return self._events.get((kind, namespace, name), [])

    def events_of(self, kind: str) -> Iterable[tuple[str, Object]]:
        """What was reported of objects of a kind, whether they are still there or not."""
        return ((key[2], one) for key, found in self._events.items() if key[0] == kind for one in found)

    def age(self, moment: object) -> float | None:
        """Seconds between a moment and the reading."""
        then = moment if isinstance(moment, datetime) else time_of(moment)
        return (self.now - then).total_seconds() if then else None

    @cached_property
    def _by_name(self) -> dict[tuple[str, str, str], Object]:
        return {(kind, namespace_of(one), name_of(one)): one for kind, found in self.objects.items() for one in found}

    @cached_property
    def _by_owner(self) -> dict[tuple[str, str, str, str], list[Object]]:
        index: dict[tuple[str, str, str, str], list[Object]] = {}
        for kind, found in self.objects.items():
            for one in found:
                if owner := owner_of(one):
                    index.setdefault((kind, namespace_of(one), *owner), []).append(one)
        return index

    @cached_property
    def _by_label(self) -> dict[tuple[str, str, str], list[Object]]:
        index: dict[tuple[str, str, str], list[Object]] = {}
        for kind, found in self.objects.items():
            for one in found:
                for key, value in labels_of(one).items():
                    index.setdefault((kind, key, str(value)), []).append(one)
        return index

    @cached_property
    def _events(self) -> dict[tuple[str, str, str], list[Object]]:
        index: dict[tuple[str, str, str], list[Object]] = {}
        for one in self.of("Event"):
            about = mapping(one.get("involvedObject"))
            key = str(about.get("kind")), str(about.get("namespace") or ""), str(about.get("name"))
            index.setdefault(key, []).append(one)
        for found in index.values():
            found.sort(key=lambda one: str(when(one)))
        return index


def when(event: Object) -> str | None:
    """The moment that an event was seen last."""
    for key in ("lastTimestamp", "eventTime", "firstTimestamp"):
        if isinstance(event.get(key), str):
            return event[key]
    found = at(event, "metadata", "creationTimestamp")
    return found if isinstance(found, str) else None
