"""The lines of ``kaitops status``: of a cluster that was read, and of one that could not be."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kaitops.cli import output
from kaitops.cli.reaching import Cluster, Reach
from kaitops.documents.plain import MutableObject
from kaitops.live import declared, judging, reading
from kaitops.live.declared import Row
from kaitops.live.judging import State
from kaitops.live.redacting import Redaction
from kaitops.live.snapshot import Snapshot, name_of, namespace_of
from kaitops.live.steps import weights_gib
from kaitops.live.view import View
from kaitops.live.workloads import select, workloads

WORDS = {
    "healthy": "ready",
    "progressing": "waiting",
    "degraded": "failed",
    "deleting": "deleting",
    "absent": "absent",
    "unknown": "unknown",
}
_LONGEST = 110
_DOWNLOADS = 4


def of(reach: Reach, cluster: Cluster, snapshot: Snapshot, names: Sequence[str]) -> list[Row]:
    """The rows of one cluster."""
    views = select(workloads(snapshot, reach.version), names)
    clean = Redaction(snapshot)
    states = [clean.state(_downloading(cluster, view, judging.judge_one(view))) for view in views]
    documents = cluster.documents
    if names and documents is not None:
        documents = [one for one in documents if any(_called(one, name) for name in names)]
    if reach.namespace and documents is not None:
        documents = [one for one in documents if namespace_of(one) == reach.namespace]
    return [declared.priced(one) for one in declared.rows(states, snapshot, documents, cluster.region)]


def _called(one: Any, name: str) -> bool:
    kind = str(one.get("kind"))
    return name in (
        name_of(one),
        f"{namespace_of(one)}/{name_of(one)}",
        f"{kind}/{name_of(one)}",
        f"{kind.lower()}/{name_of(one)}",
    )


def unreachable(cluster: Cluster, why: str, names: Sequence[str]) -> list[Row]:
    """The rows of a cluster that nobody could look at: what is declared of it, in an unknown state."""
    documents = [one for one in cluster.documents or () if not names or any(_called(one, name) for name in names)]
    snapshot = Snapshot({}, {str(one["kind"]): why for one in documents}, cluster=cluster.name)
    return declared.rows([], snapshot, documents, cluster.region)


def _downloading(cluster: Cluster, view: View, state: State) -> State:
    """The state with what KAITO's server tells of a download, where it is one of few that load."""
    if cluster.kubectl is None or state.rule != "loading" or len(view.unready) > _DOWNLOADS:
        return state
    told = reading.download(cluster.kubectl, view.namespace, name_of(view.unready[0]))
    if "remaining" not in told or told["remaining"] < 0:
        return state
    left, speed = told["remaining"], told.get("speed", 0.0)
    text = f"downloads weights at {speed / 1e6:.0f} MB/s, {left / 60:.0f} minutes left"
    size = weights_gib(view)
    if size:
        done = max(0.0, 1 - left * speed / (size * 2**30))
        text = f"downloads weights: {done:.0%}, {speed / 1e6:.0f} MB/s, {left / 60:.0f} minutes left"
    return replace(state, cause=text)


def show(rows: Sequence[Row], form: str, several: bool) -> None:
    """Print them."""
    wide = form in ("json", "yaml")
    output.emit([(_whole if wide else line)(row, several) for row in rows], form)


def line(row: Row, several: bool) -> MutableObject:
    """What people see of a row."""
    state = row.state
    cause = state.cause if len(state.cause) <= _LONGEST else f"{state.cause[: _LONGEST - 3]}..."
    shown: MutableObject = {"cluster": state.cluster} if several else {}
    return shown | {
        "name": f"{state.namespace}/{state.name}" if state.namespace else state.name,
        "kind": state.kind,
        "state": WORDS[state.phase],
        "since": output.lasting(state.age) or None,
        "nodes": f"{state.ready}/{state.wanted}",
        "usd_per_hour": row.usd,
        "revision": state.revision or None,
        **({"declared": row.declared} if row.declared else {}),
        "cause": cause,
    }


def _whole(row: Row, several: bool) -> MutableObject:
    state = row.state
    return {
        "cluster": state.cluster,
        "kind": state.kind,
        "namespace": state.namespace,
        "name": state.name,
        "state": WORDS[state.phase],
        "rule": state.rule,
        "cause": state.cause,
        "since": state.since,
        "nodesReady": state.ready,
        "nodesWanted": state.wanted,
        "usdPerHour": row.usd,
        "endpoint": state.endpoint,
        "revision": state.revision,
        "declared": row.declared,
        "remedy": list(state.finding.remedy) if state.finding else [],
        "notRead": list(state.unread),
    }


def unseen(found: Sequence[Row], problems: Sequence[str]) -> list[str]:
    """What people have to know of that the rows do not show.

    Args:
        problems: that keep rows from being there.
    """
    texts = [f"there may be more workloads than are shown: {text}" for text in dict.fromkeys(problems)]
    unread = dict.fromkeys(text for row in found for text in row.state.unread if text not in problems)
    return [*texts, *(f"not looked at, so a state may be worse than it seems: {text}" for text in unread)]
