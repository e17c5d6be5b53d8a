"""What KAITO says of models while ``pulumi up`` waits for them.

Owns the watching. The provider waits for a condition and says nothing of why it does not come, up to two hours long.
The program runs as long, so it asks the cluster by ``kubectl``, which knows every way of logging in, and tells each
change of a verdict; the last one stands among the diagnostics when the time is over. Where nobody answers any more the
provider would wait on all the same, so the engine is asked to end. Without ``kubectl`` all of it is silent.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, NamedTuple

import pulumi

from kaitops import health, programs
from kaitops.components import interrupting
from kaitops.documents.plain import Object, at, items
from kaitops.tree import scratch

EVERY = 15.0
_SOONER = 3.0
"""Seconds between questions while nobody answers."""
_QUESTIONS = 3
_SENT = 1.0


class Awaited(NamedTuple):
    """An object that is waited for; its name in the cluster may go on behind a dash, where a successor has another."""

    kind: str
    namespace: str
    name: str


class Teller:
    """Tells what the cluster says of objects, each verdict once.

    Args:
        awaited: the objects.
        version: of KAITO.
        patience: seconds without an answer after which the server counts as gone.
        tell, warn: where words go to.
    """

    def __init__(
        self,
        awaited: list[Awaited],
        version: str,
        patience: float,
        tell: Callable[[str], Any],
        warn: Callable[[str], Any],
    ) -> None:
        self.awaited, self._version, self._patience = awaited, version, patience
        self._tell, self._warn = tell, warn
        self._told: dict[str, str] = {}
        self._heard: float | None = None
        self._silent = 0

    def heard(self, answer: str | None, now: float) -> bool:
        """Take what ``kubectl get`` wrote; None where it failed.

        Args:
            now: seconds of a clock that does not go back.

        Returns:
            Whether the server counts as gone: no answer for so long, and more than one question in that time.
        """
        if answer is None:
            self._silent += 1
            self._heard = now if self._heard is None else self._heard
            return self._silent >= _QUESTIONS and now - self._heard >= self._patience
        self._heard, self._silent = now, 0
        for name, said, bad in self._verdicts(answer):
            if self._told.get(name) != said:
                self._told[name] = said
                (self._warn if bad else self._tell)(f"{name}: {said}")
        return False

    def gone(self, ended: bool) -> None:
        """Tell that nobody answers any more.

        Args:
            ended: the engine was asked to end.
        """
        end = "this 'pulumi up' is ended as by Ctrl-C" if ended else "end this 'pulumi up' with Ctrl-C"
        self._warn(
            f"the cluster has not answered for {self._patience:g} seconds (workloads.silenceSeconds), so nobody knows "
            f"whether the models come up; {end}: what was made stays in the state, and the next 'pulumi up' waits again"
        )

    def _verdicts(self, answer: str) -> Iterator[tuple[str, str, bool]]:
        for document in items(at(json.loads(answer), "items")):
            if not health.is_judged(document, self._version) or not self._is_awaited(document):
                continue
            verdict = health.judge(document, self._version)
            place = f"{at(document, 'metadata', 'namespace') or ''}/{at(document, 'metadata', 'name')}".lstrip("/")
            yield f"{document['kind']} {place}", f"{verdict.phase}: {verdict.message}", verdict.phase == "degraded"

    def _is_awaited(self, document: Object) -> bool:
        name = str(at(document, "metadata", "name"))
        return any(
            (one.kind, one.namespace) == (document["kind"], at(document, "metadata", "namespace") or "")
            and (name == one.name or name.startswith(f"{one.name}-"))
            for one in self.awaited
        )


def tell(
    kubeconfig: pulumi.Output[str],
    awaited: Mapping[Awaited, pulumi.CustomResource],
    version: str,
    patience: float,
) -> None:
    """Begin to tell, in an ``up``, until all of them are there, the program ends, or the server is gone."""
    kubectl = programs.find("kubectl")
    if pulumi.runtime.is_dry_run() or not awaited or kubectl is None:
        return
    teller = Teller(list(awaited), version, patience, pulumi.log.info, pulumi.log.warn)

    async def begin(access: str) -> None:
        task = asyncio.get_running_loop().create_task(_watch(str(kubectl), access, teller, patience))
        # A program that fails ends its loop without waiting; that is no fault of the task's.
        task._log_destroy_pending = False  # type: ignore[attr-defined]
        pulumi.Output.all(*[one.id for one in awaited.values()]).apply(lambda _: task.cancel())

    kubeconfig.apply(begin)


async def _watch(kubectl: str, access: str, teller: Teller, patience: float) -> None:
    kinds = ",".join(sorted({f"{one.kind.lower()}s.kaito.sh" for one in teller.awaited}))
    # A server that takes the question and says nothing must not be waited for longer than its silence may be.
    limit = f"--request-timeout={min(20, max(1, int(patience / 2)))}s"
    with scratch.folder("kaitops-telling-") as folder:
        file = folder / "kubeconfig"
        file.touch(0o600)
        file.write_text(access)
        words = ["--kubeconfig", str(file), limit, "get", kinds, "--all-namespaces", "--output=json"]
        pause = EVERY
        while True:
            await asyncio.sleep(pause)
            asked = monotonic()
            answer: str | None = None
            with suppress(OSError):
                answer = await _asked(kubectl, words)
            pause = EVERY if answer is not None else _SOONER
            with suppress(ValueError):
                if teller.heard(answer, asked if answer is not None else monotonic()):
                    break
    engine = interrupting.engine()
    teller.gone(ended=engine is not None)
    if engine is not None:
        # What is told is on its way to the engine.
        await asyncio.sleep(_SENT)
        interrupting.interrupt(engine)


async def _asked(kubectl: str, words: list[str]) -> str | None:
    quiet, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(kubectl, *words, stdin=quiet, stdout=pipe, stderr=quiet)
    said, _ = await process.communicate()
    return said.decode() if process.returncode == 0 else None
