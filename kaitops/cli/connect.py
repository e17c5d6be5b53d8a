"""``kaitops connect``: a way to a model, kept open, with what clients have to be told."""

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from kaitops.cli import calling, output
from kaitops.cli.calling import Way
from kaitops.documents.plain import Object
from kaitops.errors import BadInput, ToolMissing
from kaitops.live import formats, keeper, leash
from kaitops.report import printable
from kaitops.smoke import serving
from kaitops.smoke.verdict import Report
from kaitops.smoke.wire import Trouble, Wire

Started = tuple["subprocess.Popen[bytes]", Callable[[], str]]
_ENDS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = "exit codes: the command's own, 130 after Ctrl-C, 1 it does not serve, 2 bad input, 3 no way to it"
    calling.add(parser)
    parser.add_argument(
        "command", nargs="*", metavar="-- COMMAND", help="run it with OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL"
    )
    parser.add_argument("--format", choices=tuple(formats.FORMATS), help="print the configuration of a client")
    parser.add_argument("--once", action="store_true", help="print and end, for an address that lasts (--url, a route)")


def run(arguments: argparse.Namespace) -> int:
    """Open the way, print or run, and keep it open."""
    name, command = arguments.name, list(arguments.command)
    if arguments.url and name:
        # With an address all that follows is the command.
        name, command = None, [name, *command]
    with calling.way(arguments, name) as way:
        listed = _models(way)
        ids = [str(one["id"]) for one in listed]
        base = Wire(way.url).base
        if command:
            return _command(command, base, ids, way.key)
        if arguments.format:
            if not ids:
                raise BadInput("--format: this server lists no models, so there is nothing to configure a client with")
            print(formats.FORMATS[arguments.format](base, ids, bool(way.key)), end="")
        else:
            _show(way, base, listed)
        if arguments.once:
            return 0
        output.note("open until Ctrl-C")
        _flush()
        threading.Event().wait()
    return 0


def _flush() -> None:

    sys.stdout.flush()
    sys.stderr.flush()


def _models(way: Way) -> list[Object]:
    """What is served, once the server says that it is well."""
    try:
        wire = Wire(way.url, way.key, 15)
        report = Report(wire.base, "")
        if not serving.health(wire, report):
            raise ToolMissing(
                f"{way.url}: does not serve: {report.checks[-1].evidence}; 'kaitops why' says more of a workload"
            )
        if way.view is not None and way.view.kind == "RAGEngine":
            return []
        listed = serving.models(wire, report)
    except Trouble as trouble:
        raise ToolMissing(f"{way.url}: {trouble}; check the address") from None
    if not listed:
        calling.require_open(way)
        output.note(f"{way.url}: serves no model that a client could ask for: {report.checks[-1].evidence}")
    return listed


def _command(command: Sequence[str], base: str, ids: Sequence[str], key: str) -> int:
    environment = {**os.environ, **formats.environment(base, ids[0] if ids else "", key or formats.KEY)}
    with _passed_on() as hand:
        try:
            process, problem = _kept(command, environment) if keeper.has_kernel() else _alone(command, environment)
        except OSError as error:
            raise BadInput(f"{command[0]}: cannot be run: {error.strerror}") from None
        hand(process)
        said = problem()
        code = process.wait()
    if said:
        raise BadInput(f"{command[0]}: cannot be run: {said}")
    return code if code >= 0 else 128 - code


def _kept(command: Sequence[str], environment: Mapping[str, str]) -> Started:
    """The command below a keeper, which ends what the command leaves behind, and all of it where we are killed."""
    read, report = os.pipe()
    bind, hold = leash.bound(signal.SIGTERM), signal.pthread_sigmask

    def prepare() -> None:
        hold(signal.SIG_BLOCK, keeper.HELD)
        if bind is not None:
            bind()

    try:
        process = subprocess.Popen(  # noqa: S603 - what the user asks to run
            [sys.executable, "-I", "-m", keeper.__name__, str(report), str(os.getpid()), "--", *command],
            env=environment,
            preexec_fn=prepare,
            pass_fds=(report,),
        )
    except OSError:
        os.close(read)
        raise
    finally:
        os.close(report)

    def problem() -> str:
        with open(read, "rb") as pipe:
            return pipe.read().decode("utf-8", "replace")

    return process, problem


def _alone(command: Sequence[str], environment: Mapping[str, str]) -> Started:
    return subprocess.Popen(command, env=environment, preexec_fn=leash.bound(signal.SIGTERM)), str  # noqa: S603


@contextmanager
def _passed_on() -> "Generator[Callable[[subprocess.Popen[bytes]], None]]":
    """What would end us ends the command: it has no way to the model without us.

    Of Ctrl-C the terminal tells the command as well; whether it ends is its own matter. It is never raised here: in the
    middle of the wait for the command its exit code would be lost.

    Yields:
        Takes the command once it runs, and hands it what came while it was started.
    """
    before: dict[int, Any] = {}
    running: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        if number == signal.SIGINT:
            return
        if not running:
            early.append(number)
        for one in running:
            one.send_signal(number)

    def hand(process: "subprocess.Popen[bytes]") -> None:
        running.append(process)
        for number in early:
            process.send_signal(number)

    if threading.current_thread() is threading.main_thread():
        for number in _ENDS:
            # What whoever started us had ignored stays ignored, as behind nohup.
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, pass_on)
    try:
        yield hand
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show(way: Way, base: str, listed: Sequence[Object]) -> None:
    view, target = way.view, way.target
    rows: list[tuple[str, str]] = []
    if view is not None:
        rows.append(("workload", view.subject))
    rows.append(("way", way.by))
    if view is not None and view.kind == "RAGEngine":
        rows += [("URL", way.url), ("in cluster", target.inside if target else "")]
        rows.append(("try", f"kaitops rag {view.name} list"))
    else:
        rows.append(("base URL", base))
        if target is not None and target.inside:
            rows.append(("in cluster", target.inside))
        bases = [one for one in listed if not one.get("parent")]
        rows += [("model", _named(one)) for one in bases]
        rows += [("adapter", f"{one['id']}, of {one['parent']}") for one in listed if one.get("parent")]
        rows += [("load", text) for text in _load(way)]
        if way.key:
            rows.append(("key", f"the one of {formats.VARIABLE}"))
        if listed:
            rows.append(("try", _curl(base, str(listed[0]["id"]), bool(way.key))))
    for name, text in rows:
        print(f"{name:<10}  {printable.name(text)}")


def _named(one: Object) -> str:
    length = one.get("max_model_len")
    return f"{one['id']}, context {length} tokens" if isinstance(length, int) else str(one["id"])


def _curl(base: str, model: str, keyed: bool) -> str:
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": "Hello"}]})
    key = f'-H "Authorization: Bearer ${formats.VARIABLE}" ' if keyed else ""
    return f"curl {base}/chat/completions {key}-H 'Content-Type: application/json' -d {shlex.quote(body)}"


def _load(way: Way) -> list[str]:
    from importlib.util import find_spec

    if find_spec("prometheus_client") is None:
        return []
    from kaitops.live.talk import metrics

    text = metrics.load(Wire(way.url, way.key, 5))
    return [text] if text else []
