"""Which objects of a cluster are workloads that somebody declared."""

from collections.abc import Iterable

from kaitops.live.kinds import CONTROLLERS, DECLARED
from kaitops.live.snapshot import Snapshot, namespace_of, owner_of
from kaitops.live.view import RAG, WORKSPACE, View, template_labels


def workloads(snapshot: Snapshot, version: str) -> list[View]:
    """What users declared: objects of KAITO that no other one owns, and what plain mode has in their place."""
    found: list[View] = []
    for kind in DECLARED:
        for one in snapshot.of(kind):
            owner = owner_of(one)
            # A mirror and a replica whose owner was not read stand for themselves.
            if owner is None or snapshot.find(owner[0], namespace_of(one), owner[1]) is None:
                found.append(View(one, snapshot, version))
    for kind in CONTROLLERS:
        for one in snapshot.of(kind):
            labels = template_labels(one)
            if owner_of(one) is None and (WORKSPACE in labels or RAG in labels):
                found.append(View(one, snapshot, version))
    return found


def hidden(snapshot: Snapshot) -> list[str]:
    """Why kinds that workloads are of could not be read, so that there may be more than is seen."""
    found = (snapshot.unread.get(kind, "") for kind in (*DECLARED, *CONTROLLERS))
    return list(dict.fromkeys(one for one in found if one))


def select(views: Iterable[View], names: Iterable[str]) -> list[View]:
    """The workloads of some names: ``NAME``, ``NAMESPACE/NAME`` or ``KIND/NAME``, or replicas of one so called."""
    wanted = list(names)
    return [
        one
        for one in views
        if not wanted
        or any(
            name
            in (one.name, f"{one.namespace}/{one.name}", f"{one.kind}/{one.name}", f"{one.kind.lower()}/{one.name}")
            for name in wanted
        )
    ]
