"""The definitions as Argo CD and Flux would run them.

Argo CD gives its scripts ``obj`` and, because the settings ask for it, Lua's library; the Lua is of its dialect.
"""

from dataclasses import replace
from typing import Any

import celpy
from lupa import lua51

from kaitops.health import cel, lua
from kaitops.health.definition import Definition
from tests.version import KAITO

VERSION = KAITO
ARGOCD = {"healthy": "Healthy", "degraded": "Degraded", "progressing": "Progressing", "deleting": "Progressing"}
FLUX = {"healthy": "Current", "degraded": "Failed", "progressing": "InProgress", "deleting": "InProgress"}


class Lua:
    """One script, to be run on objects.

    Args:
        text: the script.
        libraries: whether ``string`` and its like are there.
    """

    def __init__(self, text: str, *, libraries: bool = True) -> None:
        self._engine = lua51.LuaRuntime(unpack_returned_tuples=True)
        if not libraries:
            self._engine.execute("string = nil; math = nil; io = nil; debug = nil; coroutine = nil")
        self._run: Any = self._engine.eval(f"function(obj)\n{text}\nend")

    def __call__(self, document: Any) -> tuple[str, str]:
        """Status and message."""
        found = self._run(self._table(document))
        return found["status"], found["message"]

    def _table(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self._engine.table_from({key: self._table(one) for key, one in value.items()})
        if isinstance(value, list):
            return self._engine.table_from([self._table(one) for one in value])
        return value


class Cel:
    """The expressions of one definition, asked in Flux's order.

    The library takes ``has(status.x)`` as false where there is no status; Flux's own evaluator ends in an error there,
    which is tested with the real one.
    """

    def __init__(self, definition: Definition) -> None:
        environment = celpy.Environment()
        self._steps: list[tuple[str, Any]] = []
        for answer, phase in (("Failed", "degraded"), ("Current", "healthy")):
            text = cel.expression(definition, phase)
            if text is not None:
                self._steps.append((answer, environment.program(environment.compile(text))))

    def __call__(self, document: dict[str, Any]) -> str:
        """Flux's status."""
        variables: Any = {key: celpy.json_to_cel(value) for key, value in document.items()}
        for answer, program in self._steps:
            if program.evaluate(variables):
                return answer
        return "InProgress"


def without(definition: Definition, rule: str) -> Definition:
    """The definition as it would be without one rule."""
    return replace(definition, rules=tuple(one for one in definition.rules if one.id != rule))


def script(definition: Definition) -> Lua:
    """The script of a definition, ready to run."""
    return Lua(lua.script(definition))
