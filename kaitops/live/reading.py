"""Reading a snapshot: of a cluster, one list a kind, or of what ``kubectl get -o json`` wrote elsewhere."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

from kaitops.documents import plain
from kaitops.documents.plain import MutableObject, Object, at, items, mapping
from kaitops.errors import BadInput, ToolMissing
from kaitops.live import proxied
from kaitops.live.gates import by_kueue
from kaitops.live.kinds import CONTROLLERS, DECLARED, KINDS, QUEUED, Kind
from kaitops.live.kubectl import Forbidden, Kubectl, NotFound, ServerGone
from kaitops.live.logs import plain as plain_log
from kaitops.live.snapshot import Snapshot, time_of

_AT_ONCE = 4


def cluster(kubectl: Kubectl, namespace: str | None, name: str, kinds: Iterable[str] = KINDS) -> Snapshot:
    """Everything that states are worked out from.

    Args:
        namespace: that is read; all where None.
        name: of the cluster, for people.

    Raises:
        ToolMissing: the cluster cannot be asked. What only may not be read is said in the snapshot.
    """
    wanted = [KINDS[one] for one in kinds]
    with proxied.opened(kubectl) as line, ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(partial(_list, kubectl, namespace, line), wanted))
        pods = [one for kind, (found, _) in zip(wanted, answers, strict=True) if kind.name == "Pod" for one in found]
        # Most clusters have no Kueue, and who asks may have no right to look for it.
        if any(map(by_kueue, pods)):
            wanted.append(QUEUED[0])
            each = (_list(kubectl, namespace, line, kind) for kind in QUEUED)
            answers.append(next((one for one in each if any(one)), (list[Object](), "")))
    objects: dict[str, list[Object]] = {}
    unread: dict[str, str] = {}
    for kind, (found, reason) in zip(wanted, answers, strict=True):
        if reason:
            unread[kind.name] = reason
        else:
            objects[kind.name] = found
    return Snapshot(objects, unread, cluster=name)


def _list(kubectl: Kubectl, namespace: str | None, line: proxied.Line | None, kind: Kind) -> tuple[list[Object], str]:
    try:
        status, answer = line.get(kind.path(namespace)) if line is not None else (0, None)
        if status == 200 and _is_list(answer):
            return _items(answer, kind), ""
        if status == 404 and kind.optional:
            return [], ""
        # What is wrong is for kubectl to say.
        found, _ = listed(kubectl, kind, namespace)
    except Forbidden as error:
        return [], str(error)
    except NotFound as error:
        return ([], "") if kind.optional else ([], str(error))
    return found, ""


def listed(kubectl: Kubectl, kind: Kind, namespace: str | None) -> tuple[list[Object], str]:
    """The objects of a kind and the version of the list, from which a watch goes on.

    Raises:
        ToolMissing: there is no answer.
    """
    answer = kubectl.raw(kind.path(namespace))
    if not _is_list(answer):
        raise ServerGone(
            f"{kubectl.name}: {kind.path(namespace)} answers with something that is no list, so nothing is known "
            "of it; check that the kubeconfig's server is an API server"
        )
    return _items(answer, kind), str(at(answer, "metadata", "resourceVersion") or "")


def _is_list(answer: object) -> bool:
    """It is a list of an API server, which writes none where there is nothing."""
    return isinstance(answer, Mapping) and "items" in answer and isinstance(answer["items"], list | None)


def _items(answer: object, kind: Kind) -> list[Object]:
    # A list leaves out of its items what they all share.
    return [{"apiVersion": kind.group, "kind": kind.name, **mapping(one)} for one in items(at(answer, "items"))]


def files(names: Iterable[str], now: datetime | None = None, namespace: str | None = None) -> Snapshot:
    """What files hold; ``-`` is standard input. Only kinds that occur count as read.

    Args:
        namespace: whose objects count; those of all where None.

    Raises:
        BadInput: a file holds no objects.
    """
    from kaitops.documents import reader

    objects: dict[str, list[Object]] = {}
    for name in names:
        for document in reader.read_given(name):
            for one in _parts(document.data, name):
                if _is_ours(one):
                    objects.setdefault(str(one["kind"]), []).append(_worded(_event(one)))
    if not objects:
        raise BadInput(f"{', '.join(names)}: holds no object, so there is nothing to judge; give what {GIVE} writes")
    if objects.keys().isdisjoint((*DECLARED, *CONTROLLERS)):
        raise BadInput(
            f"{', '.join(names)}: holds nothing of what models are declared as ({', '.join(DECLARED)}) or run by, so "
            f"no workload can be seen; give what {GIVE} writes"
        )
    snapshot = Snapshot({kind: [one for one in found if _is_of(one, namespace)] for kind, found in objects.items()})
    # What was written down is as old as the newest moment that it tells of, not as the day of its reading.
    snapshot.now = now or max(_moments(snapshot), default=snapshot.now)
    return snapshot


def _is_of(one: Object, namespace: str | None) -> bool:
    """A list of this namespace alone would hold the object."""
    kind = KINDS.get(str(one.get("kind")))
    anywhere = kind is None or not kind.namespaced or kind.everywhere
    return namespace is None or anywhere or at(one, "metadata", "namespace") == namespace


def _is_ours(one: Object) -> bool:
    """It is no namesake of another API group, such as a Gateway of Istio or a Service of Knative."""
    kind = _KNOWN.get(str(one.get("kind")))
    group = _group(str(one.get("apiVersion") or ""))
    return kind is None or not one.get("apiVersion") or group == _group(kind.group) or _is_new_event(one)


def _group(version: str) -> str:
    return version.rpartition("/")[0]


def _is_new_event(one: Object) -> bool:
    return one.get("kind") == "Event" and _group(str(one.get("apiVersion"))) == "events.k8s.io"


def _event(one: Object) -> Object:
    """An event of events.k8s.io by the names that the core group gives the same fields; others as they are."""
    if not _is_new_event(one):
        return one
    seen = at(one, "series", "lastObservedTime") or one.get("deprecatedLastTimestamp") or one.get("eventTime")
    return {
        **one,
        "involvedObject": one.get("regarding"),
        "message": one.get("note"),
        "lastTimestamp": seen,
        "count": at(one, "series", "count") or one.get("deprecatedCount"),
    }


def _worded(one: Object) -> Object:
    """The object without words of its status, or of an event, that are no text: no server writes such a one."""
    if one.get("kind") == "Event":
        return {key: value for key, value in one.items() if key not in _WORDS or not isinstance(value, dict | list)}
    return {**one, "status": _said(one["status"])} if "status" in one else one


def _said(node: object) -> object:
    if isinstance(node, list):
        return [_said(each) for each in items(node)]
    if not isinstance(node, dict):
        return node
    return {
        key: _said(value)
        for key, value in mapping(node).items()
        if key not in _WORDS or not isinstance(value, dict | list)
    }


_WORDS = frozenset(("reason", "message", "type", "phase"))
_KNOWN = {one.name: one for one in (*KINDS.values(), *QUEUED)}
GIVE = "'kubectl get workspaces,statefulsets,pods,events -A -o json'"


def _parts(data: object, name: str) -> Iterable[MutableObject]:
    whole = plain.mapping(data)
    kind = whole.get("kind")
    if not isinstance(kind, str):
        raise BadInput(
            f"{name}: holds a document without a kind, so it is no object of a cluster; give what {GIVE} writes"
        )
    if kind.endswith("List") and "items" in whole:
        for one in items(whole["items"]):
            # Lists of one kind leave it out of their items.
            yield {"apiVersion": whole.get("apiVersion"), "kind": kind.removesuffix("List"), **mapping(one)}
    else:
        yield dict(whole)


def _moments(snapshot: Snapshot) -> Iterable[datetime]:
    for found in snapshot.objects.values():
        for one in found:
            yield from (moment for text in _texts(one) if (moment := time_of(text)))


def _texts(one: Object) -> Iterable[Any]:
    yield at(one, "metadata", "creationTimestamp")
    yield at(one, "metadata", "deletionTimestamp")
    yield one.get("lastTimestamp")
    for condition in items(at(one, "status", "conditions")):
        yield at(condition, "lastTransitionTime")
    for container in items(at(one, "status", "containerStatuses")):
        for state in mapping(at(container, "state")).values():
            yield at(state, "startedAt")
            yield at(state, "finishedAt")


def with_logs(snapshot: Snapshot, kubectl: Kubectl, pods: Iterable[tuple[str, str, str, bool]]) -> Snapshot:
    """The snapshot with the end of the logs of some pods; a log that cannot be read is left out.

    Args:
        pods: namespace, name, container, and whether its last run is wanted rather than this one.
    """
    logs = dict(snapshot.logs)
    for namespace, pod, container, previous in pods:
        arguments = ["logs", pod, "-n", namespace, "-c", container, "--tail=80", *(["--previous"] if previous else [])]
        try:
            found = kubectl.output(*arguments, what=f"the log of {namespace}/{pod}", seconds=15)
            logs[namespace, pod] = plain_log(found)
        except ToolMissing:
            continue
    return Snapshot(snapshot.objects, snapshot.unread, snapshot.now, logs, snapshot.cluster)


def download(kubectl: Kubectl, namespace: str, pod: str) -> Mapping[str, float]:
    """What KAITO's server tells of a download of weights: ``speed`` in bytes per second, ``remaining`` in seconds.

    Empty where nothing is downloaded or it cannot be asked; then the states say less, and nothing wrong.
    """
    path = f"/api/v1/namespaces/{namespace}/pods/{pod}:5000/proxy/metrics"
    try:
        text = kubectl.output("get", "--raw", path, what=path, seconds=10)
    except ToolMissing:
        return {}
    return told(text)


_TOLD = {
    "kaito_model_download_speed_bytes_per_second": "speed",
    "kaito_model_download_remaining_seconds": "remaining",
}


def told(text: str) -> Mapping[str, float]:
    """The figures of a download in a text of metrics."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        name, _, rest = line.partition(" ")
        key = _TOLD.get(name.partition("{")[0])
        if key:
            try:
                found[key] = float(rest.split()[0])
            except (ValueError, IndexError):
                continue
    return found
