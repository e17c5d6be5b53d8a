"""``kubectl`` as the way to a cluster: reads, and what becomes of its refusals.

Owns the program's command lines and the words of its errors. Everything that it says wrong ends in one line that names
the cluster, the fact, the consequence and the remedy.
"""

import json
import re
import subprocess
from collections.abc import Sequence
from typing import Any

from kaitops import programs
from kaitops.errors import ToolMissing
from kaitops.live.children import Children

SECONDS = 60.0
"""That one answer may take as a whole."""


class Forbidden(ToolMissing):
    """Whoever is logged in may not read it."""


class NotFound(ToolMissing):
    """The cluster does not have it, or does not know its kind."""


class LoginExpired(ToolMissing):
    """The cluster does not accept who asks."""


class ServerGone(ToolMissing):
    """The API server does not answer."""


_CAUSES: tuple[tuple[str, type[ToolMissing], str], ...] = (
    (r"\(Forbidden\)|is forbidden:|forbidden: User", Forbidden, "ask for the right to read it"),
    (r"\(NotFound\)|the server could not find|doesn't have a resource type", NotFound, "check its name and namespace"),
    (
        r"exec: executable .* not found",
        ToolMissing,
        "the kubeconfig logs in by a program that is not on the PATH; install it: kubelogin comes with 'az aks "
        "install-cli'",
    ),
    (
        r"must be logged in|Unauthorized|getting credentials|token (?:has|is) expired|AADSTS|refresh token"
        r"|provide credentials",
        LoginExpired,
        "log in again ('az login', 'kubelogin' or your provider's own), then repeat the command",
    ),
    (
        r"context .* does not exist|no context exists",
        ToolMissing,
        "'kubectl config get-contexts' lists those there are",
    ),
    (
        # Where kubectl turns to when no file names a server.
        r"server localhost:8080 was refused|https?://localhost:8080",
        ToolMissing,
        "no kubeconfig names a cluster: log in to one, on AKS by 'az aks get-credentials --resource-group GROUP --name "
        "CLUSTER', or name the file by KUBECONFIG",
    ),
    (
        r"was refused|no such host|i/o timeout|Unable to connect|connection reset|EOF|TLS handshake|no route to host"
        r"|ServiceUnavailable|Service Unavailable|etcdserver|deadline exceeded|tls: |x509: ",
        ServerGone,
        "check that the cluster runs and that this machine reaches it",
    ),
)


class Kubectl:
    """One cluster, by a context of the kubeconfig.

    Args:
        context: the current one where None.
        seconds: that an answer may take as a whole.
        children: in which its calls run, where they have to end before they answered.
    """

    def __init__(self, context: str | None = None, seconds: float = SECONDS, children: Children | None = None) -> None:
        found = programs.find("kubectl")
        if found is None:
            raise ToolMissing(
                "kubectl: is not on the PATH, so no cluster can be asked; install it, or give what 'kubectl get -o "
                "json' wrote elsewhere by --from FILE"
            )
        self._program = found
        self._context = context
        self._seconds = seconds
        self._children = children

    def among(self, children: Children) -> "Kubectl":
        """The same, with calls that end with others."""
        return Kubectl(self._context, self._seconds, children)

    @property
    def name(self) -> str:
        """For messages."""
        return f"context {self._context}" if self._context else "the current context"

    def command(self, *arguments: str) -> list[str]:
        """The command line of a call."""
        return [self._program, *([f"--context={self._context}"] if self._context else []), *arguments]

    def raw(self, path: str) -> Any:
        """What the API server answers at a path, from its JSON.

        Raises:
            ToolMissing: there is no answer; the classes of this module where the cause is known.
        """
        text = self.output("get", "--raw", path, what=path)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ServerGone(
                f"{self.name}: {path} answers with something that is no JSON, so nothing is known of it; check that "
                "the kubeconfig's server is an API server and no sign-in page"
            ) from None

    def output(self, *arguments: str, what: str, seconds: float | None = None) -> str:
        """Standard output of a call.

        Args:
            what: is asked for, in messages.
            seconds: that it may take, where it is not as long as usual.

        Raises:
            ToolMissing: it failed.
        """
        limit = seconds or self._seconds
        try:
            code, out, err = self._run(self.command(*arguments), limit)
        except subprocess.TimeoutExpired:
            raise ServerGone(
                f"{self.name}: kubectl did not answer within {limit:.0f} s about {what}, so nothing is known of it; "
                "check that the cluster runs and that a login does not wait for input"
            ) from None
        except OSError as error:
            raise ToolMissing(
                f"{self._program}: cannot be run: {error.strerror}, so no cluster can be asked; install kubectl anew"
            ) from None
        if code:
            raise refused(self.name, what, err.decode(errors="replace") or _silent(code))
        return out.decode(errors="replace")

    def _run(self, command: Sequence[str], seconds: float) -> tuple[int, bytes, bytes]:
        if self._children is not None:
            return self._children.run(command, seconds)
        done = subprocess.run(  # noqa: S603 - a program of the PATH outside of the tree, arguments of ours
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def contexts(self) -> Sequence[str]:
        """The names of the kubeconfig's contexts; empty where there is none."""
        return self.output("config", "get-contexts", "-o", "name", what="its contexts").split()


def _silent(code: int) -> str:
    """What is said of a call that said nothing itself."""
    return f"kubectl ended with exit code {code} and said nothing" if code > 0 else f"signal {-code} ended kubectl"


def _told(line: str) -> str:
    from kaitops.secrets import tokens

    return tokens.without(line.strip()[:400])


def refused(cluster: str, what: str, said: str) -> ToolMissing:
    """The error that a message of kubectl's means.

    Args:
        said: standard error of the call.
    """
    lines = [line for line in said.strip().splitlines() if line.strip() and not re.match(r"[EWI]\d{4} ", line)]
    text = lines[-1] if lines else "no message"
    for pattern, kind, remedy in _CAUSES:
        if re.search(pattern, said):
            # The last line may be advice that kubectl adds, such as where to read on.
            telling = next((line for line in reversed(lines) if re.search(pattern, line)), text)
            return kind(f"{cluster}: cannot be asked about {what}: {_told(telling)}; {remedy}")
    text = _told(text)
    return ToolMissing(f"{cluster}: cannot be asked about {what}: {text}; run the same with kubectl to see more")
