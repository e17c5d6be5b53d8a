"""Runs ``kaitops`` for the tests: each command in a process of its own, which most of them need not start anew.

A start of Python with all imports costs more than nearly every command, and the tests run a thousand. So one process
imports everything, stands still, and forks for each command. The command has its own arguments, folder, environment,
streams and exit code, and what it changes in memory ends with it; only the start is shared.

``KAITOPS_OWN_PROCESSES=1`` starts each command as users do; the whole check of a clean checkout asks for that. What
Python reads when it starts cannot be told to a fork, so a command with another language or hash seed always starts anew.
"""

import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KAITOPS = Path(sys.executable).with_name("kaitops")
FORMS = ("table", "json", "yaml", "name", "sarif", "junit", "github", "markdown")
"""All in which the gate reports."""
OWN = "KAITOPS_OWN_PROCESSES"
_AT_START = ("PYTHON", "LANG", "LC_", "TZ", "TMPDIR", "MALLOC")
# Programs of their own: they run inside of pods, of checkov and of the Pulumi engine.
_APART = (
    "kaitops.kaito.scripts.",
    "kaitops.gate.checkov_driver",
    "kaitops.policies.checkov_adapter",
    "kaitops.policies.pulumi_pack",
)


class Commands:
    """Runs commands, in forks of one process that is started when the first is asked for.

    Args:
        program: the folder that holds the packages, where it is not this repository.
    """

    def __init__(self, program: Path | None = None) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._start: dict[str, str] = {}

    def run(
        self, arguments: tuple[str, ...], folder: Path, environment: Mapping[str, str], stdin: str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run one command to its end."""
        command = [str(KAITOPS), *arguments]
        if self._program is not None:
            environment = {**environment, "PYTHONPATH": str(self._program)}
        if environment.get(OWN) or any("\0" in one for one in command):
            return _started(command, folder, environment, stdin)
        if self._line is None:
            self._open(environment)
        if _at_start(environment) != self._start:
            return _started(command, folder, environment, stdin)
        with (
            tempfile.TemporaryFile("w+") as given,
            tempfile.TemporaryFile("w+") as out,
            tempfile.TemporaryFile("w+") as err,
        ):
            given.write(stdin or "")
            given.seek(0)
            code = self._asked(command, folder, environment, [given.fileno(), out.fileno(), err.fileno()])
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, code, out.read(), err.read())

    def _asked(self, command: list[str], folder: Path, environment: Mapping[str, str], streams: list[int]) -> int:
        assert self._line is not None
        try:
            request = json.dumps([command, str(folder), dict(environment)]).encode()
            socket.send_fds(self._line, [b"%12d" % len(request)], streams)
            self._line.sendall(request)
            answer = self._line.recv(64)
        except BaseException:
            # A test whose time is over leaves in the middle; the next one must not get its answer.
            self.close()
            raise
        assert answer, "the process that forks has ended"
        return int(answer)

    def _open(self, environment: Mapping[str, str]) -> None:
        self._line, theirs = socket.socketpair()
        self._start = _at_start(os.environ if self._program is None else environment)
        with theirs:
            self._process = subprocess.Popen(
                # Safe: its own folder, where modules have names of the standard library, is not on its path.
                [sys.executable, "-P", __file__, str(theirs.fileno())], env={**os.environ, **self._start},
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def close(self) -> None:
        """End the process, and with it a command that still runs."""
        if self._line is None or self._process is None:
            return
        self._line.close()
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._line = self._process = None


def _started(
    command: list[str], folder: Path, environment: Mapping[str, str], stdin: str | None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, text=True, env=dict(environment), check=False
    )


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in environment.items() if key.startswith(_AT_START)}


def _serve(line: socket.socket) -> None:
    """Answers with exit codes until the other end is closed."""
    # As a command has it: the folder of its program comes first.
    sys.path.insert(0, str(KAITOPS.parent))
    _warm()
    while True:
        head, streams, _, _ = socket.recv_fds(line, 12, 3)
        if not head:
            return
        request = b""
        while len(request) < int(head):
            request += line.recv(int(head) - len(request))
        child = os.fork()
        if child == 0:
            line.close()
            _become(json.loads(request), streams)
        for one in streams:
            os.close(one)
        line.sendall(b"%d" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _warm() -> None:
    """Imports what commands import, reads the facts that they read, and lets Python know its way through a gate."""
    import kaitops
    from kaitops import policies
    from kaitops.cli import main
    from kaitops.kaito import Release, facts

    for package in (kaitops, policies):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(_APART) and not module.name.endswith("__main__"):
                import_module(module.name)
    Release.load(facts.newest())
    for path in (facts.root() / facts.newest()).glob("*.json"):
        facts.load(facts.newest(), path.name)
    for _ in range(3):
        # Nothing of it stays but what would be the same for every command; a third of their time goes with it.
        main(["gate", "--quiet", "--no-checkov", "--today", "2026-06-01", str(ROOT / "manifests/clusters/prod-weu")])
    # What stands here is never freed, and pages that the collector does not touch stay shared with the forks.
    gc.freeze()


def _become(request: Any, streams: list[int]) -> None:
    """Goes on as the command, and never returns."""
    code = 70
    try:
        command, folder, environment = request
        for number, one in enumerate(streams):
            os.dup2(one, number)
            os.close(one)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = command
        from kaitops.cli import main

        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
