"""What the built-in rules say of themselves, without loading one: most trees hold objects for a third of them.

``rules/index.json`` is written from the rules' own modules (``pytest tests/policies/test_index.py --update-docs``) and
held to them by that test. It never decides which rules there are: that is what the folder holds.
"""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path as File
from types import ModuleType
from typing import Any

from kaitops.documents.plain import MutableObject, Object
from kaitops.policies.rule import Rule, Scope, Severity

__all__ = ["FILE", "IndexedRule", "module_of", "read", "row"]

FILE = File(__file__).parent / "rules" / "index.json"
_TEXTS = ("id", "title", "why", "source", "remedy")


class IndexedRule(Rule):
    """A rule whose module is loaded when it is first asked to judge."""

    def __init__(self, module: str, known: Object) -> None:  # pyright: ignore[reportMissingSuperCall]
        self._module = module
        for name in _TEXTS:
            setattr(self, name, known[name])
        self.severity = Severity(known["severity"])
        self.kinds = tuple(known["kinds"])
        self.environments = {name: _severity(each) for name, each in known["environments"].items()}
        self.scope = Scope(known["scope"])
        self.pods = known["pods"]

    def __getattr__(self, name: str) -> Any:
        if name not in ("check", "cel"):
            raise AttributeError(name)
        rule = module_of(self._module).RULE
        self.check, self.cel = rule.check, rule.cel
        return getattr(rule, name)


def module_of(name: str) -> ModuleType:
    """The module of a built-in rule, by the name of its file."""
    return import_module(f"kaitops.policies.rules.{name}")


def read() -> Mapping[str, Object]:
    """What is known of each built-in rule, by the name of its file."""
    return json.loads(FILE.read_bytes())


def row(rule: Rule) -> MutableObject:
    """What the index holds of a rule."""
    return {
        **{name: getattr(rule, name) for name in _TEXTS},
        "severity": str(rule.severity),
        "kinds": list(rule.kinds),
        "environments": {name: each and str(each) for name, each in rule.environments.items()},
        "scope": str(rule.scope),
        "pods": rule.pods,
    }


def _severity(known: str | None) -> Severity | None:
    return Severity(known) if known else None
