"""What the fleet declares for a cluster, beside what runs there. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kaitops import prices
from kaitops.documents.plain import Object, at, mapping
from kaitops.live.judging import State
from kaitops.live.kinds import CONTROLLERS, DECLARED
from kaitops.live.snapshot import Snapshot, labels_of, name_of, namespace_of
from kaitops.live.view import RAG, WORKSPACE

_BODIES = ("spec", "resource", "inference", "tuning")
_REGION = "topology.kubernetes.io/region"


@dataclass(frozen=True, slots=True)
class Row:
    """One workload as it runs and as it is declared.

    Attributes:
        declared: ``as declared``, where it differs, or that the fleet does not have it; empty where no fleet was read.
        usd: per hour for the machines that it takes; None where no price is known.
    """

    state: State
    declared: str
    usd: float | None


def rows(
    states: Sequence[State], snapshot: Snapshot, documents: Iterable[Object] | None, region: str | None
) -> list[Row]:
    """The states with what is declared, and what is declared and not there.

    Args:
        documents: of the cluster as rendered; None where no fleet was read.
        region: of the cluster; by the nodes' labels where None.
    """
    place = region or _region(snapshot)
    wanted = {} if documents is None else {_key(one): one for one in documents if _is_workload(one)}
    found: list[Row] = []
    seen: set[tuple[str, str, str]] = set()
    for state in states:
        key = (state.kind, state.namespace, state.name)
        seen.add(key)
        said = "" if documents is None else "not in the fleet"
        if key in wanted:
            live = snapshot.find(*key)
            path = differing(wanted[key], live) if live is not None else ""
            said = f"differs: {path}" if path else "as declared"
        found.append(Row(state, said, _usd(state, place)))
    for key in wanted:
        if key not in seen:
            kind, namespace, name = key
            reason = snapshot.unread.get(kind, "" if snapshot.knows(kind) else "its kind is not among what was read")
            if reason:
                state = State(snapshot.cluster, kind, namespace, name, "unknown", "unread", reason)
            else:
                text = "declared and not there; it is not applied yet, or was deleted"
                state = State(snapshot.cluster, kind, namespace, name, "absent", "absent", text)
            found.append(Row(state, "declared", None))
    return found


def differing(wanted: Object, live: Object) -> str:
    """The first path at which an object of KAITO is not as declared; what the server adds counts for nothing."""
    if wanted.get("kind") in CONTROLLERS:
        # The server writes quantities anew; the images and commands tell what runs.
        path = ("spec", "template", "spec", "containers", 0)
        for key in ("image", "command", "args"):
            if at(wanted, *path, key) != at(live, *path, key):
                return f"spec.template.spec.containers[0].{key}"
        return ""
    for body in _BODIES:
        if body in wanted and (path := _first(wanted[body], live.get(body), body)):
            return path
    return ""


def _first(wanted: Any, live: Any, path: str) -> str:
    if isinstance(wanted, dict):
        there = mapping(live)
        for key, one in mapping(wanted).items():
            if found := _first(one, there.get(key), f"{path}.{key}"):
                return found
        return ""
    return "" if wanted == live else path


def named(documents: Iterable[Object], names: Sequence[str]) -> set[str]:
    """Which of some names are names of declared workloads."""
    known = {name_of(one) for one in documents if _is_workload(one)}
    return {name for name in names if name.rpartition("/")[2] in known}


def priced(row: Row) -> Row:
    """The row without a price where nothing runs and nothing is made."""
    return replace(row, usd=None) if row.state.phase in ("absent", "unknown") else row


def _is_workload(one: Object) -> bool:
    if one.get("kind") in DECLARED:
        return True
    labels = mapping(at(one, "spec", "template", "metadata", "labels"))
    return one.get("kind") in CONTROLLERS and (WORKSPACE in labels or RAG in labels)


def _key(one: Object) -> tuple[str, str, str]:
    return str(one.get("kind")), namespace_of(one), name_of(one)


def _region(snapshot: Snapshot) -> str:
    return next((str(found) for one in snapshot.of("Node") if (found := labels_of(one).get(_REGION))), "")


def _usd(state: State, region: str) -> float | None:
    price = prices.price("azure", state.size, region) if state.size and region else None
    return None if price is None else round(price.on_demand * max(state.wanted, 1), 2)
