"""What KAITO says of models while ``pulumi up`` waits for them.

Owns the watching. The provider waits for a condition and says nothing of why it does not come, up to two hours long.
The program runs as long, so it asks the cluster by ``kubectl``, which knows every way of logging in, and tells each
change of a verdict; the last one stands among the diagnostics when the time is over. Without ``kubectl`` it is silent.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import pulumi

from kaitops import health, programs
from kaitops.documents.plain import at, items
from kaitops.tree import scratch

EVERY = 15.0
_LIMIT = "--request-timeout=20s"
# So many questions without an answer in a row, and the server counts as gone.
_PATIENCE = 8


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
        tell, warn: where words go to.
    """

    def __init__(
        self, awaited: list[Awaited], version: str, tell: Callable[[str], Any], warn: Callable[[str], Any]
    ) -> None:
        self.awaited, self._version, self._tell, self._warn = awaited, version, tell, warn
        self._told: dict[str, str] = {}
        self._silent = 0

    def heard(self, answer: str | None) -> None:
        """Take what ``kubectl get`` wrote; None where it failed."""
        if answer is None:
            self._silent += 1
            if self._silent == _PATIENCE:
                self._warn(
                    f"the cluster has not answered for {int(_PATIENCE * EVERY)} seconds, so nobody knows whether the "
                    "models come up, and the engine goes on waiting; if the cluster is gone, end it with Ctrl-C: "
                    "what was made stays in the state, and the next 'pulumi up' waits again"
                )
            return
        self._silent = 0
        for name, said, bad in self._verdicts(answer):
            if self._told.get(name) != said:
                self._told[name] = said
                (self._warn if bad else self._tell)(f"{name}: {said}")

    def _verdicts(self, answer: str) -> Iterator[tuple[str, str, bool]]:
        for document in items(at(json.loads(answer), "items")):
            if not health.is_judged(document, self._version) or not self._is_awaited(document):
                continue
            verdict = health.judge(document, self._version)
            place = f"{at(document, 'metadata', 'namespace') or ''}/{at(document, 'metadata', 'name')}".lstrip("/")
            yield f"{document['kind']} {place}", f"{verdict.phase}: {verdict.message}", verdict.phase == "degraded"

    def _is_awaited(self, document: Mapping[str, Any]) -> bool:
        name = str(at(document, "metadata", "name"))
        return any(
            (one.kind, one.namespace) == (document["kind"], at(document, "metadata", "namespace") or "")
            and (name == one.name or name.startswith(f"{one.name}-"))
            for one in self.awaited
        )


def tell(kubeconfig: pulumi.Output[str], awaited: Mapping[Awaited, pulumi.CustomResource], version: str) -> None:
    """Begin to tell, in an ``up``, until all of them are there or the program ends."""
    kubectl = programs.find("kubectl")
    if pulumi.runtime.is_dry_run() or not awaited or kubectl is None:
        return
    teller = Teller(list(awaited), version, pulumi.log.info, pulumi.log.warn)

    async def begin(access: str) -> None:
        task = asyncio.get_running_loop().create_task(_watch(str(kubectl), access, teller))
        # A program that fails ends its loop without waiting; that is no fault of the task's.
        task._log_destroy_pending = False  # type: ignore[attr-defined]
        pulumi.Output.all(*[one.id for one in awaited.values()]).apply(lambda _: task.cancel())

    kubeconfig.apply(begin)


async def _watch(kubectl: str, access: str, teller: Teller) -> None:
    kinds = ",".join(sorted({f"{one.kind.lower()}s.kaito.sh" for one in teller.awaited}))
    with scratch.folder("kaitops-telling-") as folder:
        file = folder / "kubeconfig"
        file.touch(0o600)
        file.write_text(access)
        words = ["--kubeconfig", str(file), _LIMIT, "get", kinds, "--all-namespaces", "--output=json"]
        while True:
            await asyncio.sleep(EVERY)
            with suppress(OSError, ValueError):
                teller.heard(await _asked(kubectl, words))


async def _asked(kubectl: str, words: list[str]) -> str | None:
    quiet, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(kubectl, *words, stdin=quiet, stdout=pipe, stderr=quiet)
    said, _ = await process.communicate()
    return said.decode() if process.returncode == 0 else None
