"""The way to a model that a verb talks to: an address, or a workload's name and the best way there is to it."""

import argparse
import os
import shlex
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from kaitops.cli import output, reaching
from kaitops.cli.reaching import Cluster, Reach
from kaitops.documents.plain import at, items
from kaitops.errors import BadInput, Findings, ToolMissing
from kaitops.live import judging, reading
from kaitops.live.formats import KEY as NO_KEY
from kaitops.live.formats import VARIABLE
from kaitops.live.forward import Forward
from kaitops.live.redacting import Redaction
from kaitops.live.snapshot import Snapshot
from kaitops.live.target import Target, find
from kaitops.live.view import View
from kaitops.live.workloads import hidden, select, workloads

KINDS = (
    "Workspace",
    "InferenceSet",
    "MultiRoleInference",
    "RAGEngine",
    "StatefulSet",
    "Deployment",
    "Pod",
    "Service",
    "HTTPRoute",
)
_PAUSE = 2.0
_REACHED = 2.0
_LAST_PORT = 65535
LOCKED = (401, 403)
"""Statuses of a server that wants a key, or another one."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a model's server.

    Attributes:
        url: root of the server, without ``/v1``.
        by: how it leads there, for people.
        view: the workload, None where an address was given.
        version: of KAITO.
        key: that the server wants, empty where it wants none.
    """

    url: str
    by: str
    version: str
    view: View | None = None
    target: Target | None = None
    key: str = ""


def key() -> str:
    """The key of the environment, empty where there is none.

    Raises:
        BadInput: it cannot be sent.
    """
    found = os.environ.get(VARIABLE, "").strip()
    if not found.isascii() or not found.isprintable():
        raise BadInput(
            f"{VARIABLE}: holds signs that no header can have, so it cannot be sent; set it to the key alone"
        )
    return "" if found == NO_KEY else found


def add(parser: argparse.ArgumentParser, *, positional: str = "name") -> None:
    """Add the arguments."""
    parser.add_argument(
        positional, nargs="?", metavar="NAME", help="of the workload: NAME, NAMESPACE/NAME or KIND/NAME"
    )
    parser.add_argument("--url", help="of a server, in place of a workload's name: http://HOST:PORT")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="local port (default: any that is free)")
    parser.add_argument(
        "--ready", metavar="SECONDS", type=float, default=900.0, help="how long to wait for it to serve (default: 900)"
    )
    reaching.add(parser, offline=False)
    parser.set_defaults(files=[])


@contextmanager
def way(arguments: argparse.Namespace, name: str | None) -> Generator[Way]:
    """The way there, open as long as it is used.

    Raises:
        BadInput: there is no such workload.
        Findings: it cannot serve.
        ToolMissing: there is no way to it.
    """
    if bool(name) == bool(arguments.url):
        given = "both" if name else "neither"
        raise BadInput(f"a model is found by its workload's name or by --url, and {given} were given; give one")
    if not 0 <= arguments.port <= _LAST_PORT or not arguments.ready >= 0:
        raise BadInput(
            f"--port, --ready: are a port up to {_LAST_PORT}, 0 for any that is free, and a number of seconds from 0 on"
        )
    if arguments.url:
        from kaitops.kaito import facts

        _require_address(arguments.url)
        url = arguments.url if "://" in arguments.url else f"http://{arguments.url}"
        yield Way(url.rstrip("/").removesuffix("/v1"), "its address", arguments.kaito or facts.newest(), key=key())
        return
    if arguments.files:
        raise BadInput("--from: what a file holds cannot be talked to; drop it")
    own, reach = key(), reaching.reach(arguments)
    assert name is not None  # noqa: S101 - said above
    cluster, view = _find(reach, name)
    target = _await(reach, cluster, view, arguments.ready)
    for route in target.routes:
        status = _status(route)
        sent = own if status in LOCKED else ""
        if status == 200 or (sent and _status(route, sent) == 200):
            yield Way(route, f"the route {route}", reach.version, view, target, sent)
            return
        if status in LOCKED:
            output.note(f"{route}: {_locked(status, sent)}; going to the pod")
    assert cluster.kubectl is not None  # noqa: S101 - files were refused
    forward = Forward(cluster.kubectl, target, lambda: find(_again(reach, cluster, view)), output.note, arguments.port)
    try:
        forward.open()
        by = f"{forward.way} to pod {target.namespace}/{target.pod}"
        yield Way(forward.url, by, reach.version, view, target, _wanted(forward, view, target, own))
    finally:
        forward.close()


def _require_address(url: str) -> None:
    from kaitops.smoke.wire import Trouble, Wire

    try:
        Wire(url)
    except Trouble as trouble:
        raise BadInput(f"--url: {trouble}") from None


def require_text(*texts: str) -> None:
    """Refuse words that cannot be sent, as a terminal in another encoding hands them over.

    Raises:
        BadInput: a text is not UTF-8.
    """
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadInput("the text is not UTF-8, so the server cannot be asked; write it in UTF-8") from None


def read(reach: Reach, cluster: Cluster) -> Snapshot:
    """The few kinds that lead to a server."""
    if cluster.problem or cluster.kubectl is None:
        return reach.read(cluster)
    return reading.cluster(cluster.kubectl, reach.namespace, cluster.name, KINDS)


def _find(reach: Reach, name: str) -> tuple[Cluster, View]:
    found: list[tuple[Cluster, View]] = []
    problems: list[str] = []
    for cluster in reach.clusters:
        try:
            snapshot = read(reach, cluster)
        except ToolMissing as error:
            if len(reach.clusters) == 1:
                raise
            problems.append(str(error))
            continue
        problems += [snapshot.unread["Pod"]] if "Pod" in snapshot.unread else hidden(snapshot)
        views = select(workloads(snapshot, reach.version), [name])
        views = views or select([View(one, snapshot, reach.version) for one in snapshot.of("Workspace")], [name])
        found += [(cluster, view) for view in views if view.kind not in ("Job", "ModelMirror") and not view.tuning]
    if problems and (not found or any("Pod" in view.snapshot.unread for _, view in found)):
        raise ToolMissing("; ".join(problems))
    if not found:
        raise BadInput(f"{name}: no workload of that name serves anything here; 'kaitops status' lists those there are")
    if len(found) > 1:
        names = ", ".join(f"{view.subject}{f' of {cluster.name}' if cluster.name else ''}" for cluster, view in found)
        raise BadInput(f"{name}: that is {len(found)} workloads: {names}; say which by NAMESPACE/NAME and --cluster")
    return found[0]


def _again(reach: Reach, cluster: Cluster, view: View) -> View:
    snapshot = read(reach, cluster)
    one = snapshot.find(view.kind, view.namespace, view.name)
    return View(one if one is not None else view.obj, snapshot, reach.version)


def _await(reach: Reach, cluster: Cluster, view: View, seconds: float) -> Target:
    """The pod that serves; waits for one where it is on its way."""
    ends = time.monotonic() + seconds
    told = ""
    while True:
        target = find(view)
        if target is not None:
            return target
        state = Redaction(view.snapshot).state(judging.judge_one(view))
        if state.phase == "degraded":
            raise Findings(f"{view.subject}: {state.cause}; 'kaitops why {view.name}' says what to do")
        if time.monotonic() + _PAUSE > ends:
            raise Findings(
                f"{view.subject}: no pod serves after {seconds:.0f} s: {state.cause}; see 'kaitops why {view.name}'"
            )
        if state.cause != told:
            told = state.cause
            output.note(f"{view.subject}: waiting: {told}")
        time.sleep(_PAUSE)
        view = _again(reach, cluster, view)


def _wanted(forward: Forward, view: View, target: Target, own: str) -> str:
    """The key that the server at the end of the way wants; none is sent to one that answers without.

    Raises:
        ToolMissing: it wants one, and there is none that it takes.
    """
    status = _status(forward.url)
    if status not in LOCKED:
        return ""
    if not forward.is_direct:
        # The API server would take the key for a login to itself, and hands none on.
        raise ToolMissing(
            f"{view.subject}: the server wants a key ({status}), which the API server's proxy does not pass on; ask "
            "for the right to create pods/portforward"
        )
    if own and _status(forward.url, own) not in LOCKED:
        return own
    raise ToolMissing(f"{view.subject}: {_locked(status, own)}{_where(view, target)}")


def require_open(way: Way) -> None:
    """Refuse a server whose key is missing or another one: nothing that is told of it could be used.

    Raises:
        ToolMissing: it takes no question.
    """
    status = _status(way.url, way.key)
    if status in LOCKED:
        raise ToolMissing(f"{way.url}: {_locked(status, way.key)}")


def _locked(status: int, sent: str) -> str:
    if sent:
        return f"the server does not take the key of {VARIABLE} ({status})"
    return f"the server wants a key ({status}); set {VARIABLE}"


def _where(view: View, target: Target) -> str:
    """How to get the key, where the pod has it from a Secret."""
    pod = view.snapshot.find("Pod", target.namespace, target.pod)
    for container in items(at(pod, "spec", "containers")):
        for one in items(at(container, "env")):
            secret, field = (at(one, "valueFrom", "secretKeyRef", part) for part in ("name", "key"))
            if str(at(one, "name")).endswith("API_KEY") and secret and field:
                template = shlex.quote(f'{{{{index .data "{field}" | base64decode}}}}')
                get = f"kubectl -n {target.namespace} get secret {secret} -o go-template={template}"
                return f'; its {at(one, "name")} is from Secret {secret}: export {VARIABLE}="$({get})"'
    return ""


def _status(url: str, sent: str = "") -> int:
    """What the server answers to a question for its models; 0 where it does not."""
    from kaitops.smoke.wire import Trouble, Wire

    try:
        return Wire(url, sent, _REACHED).ask("GET", "/v1/models").status
    except Trouble:
        return 0
