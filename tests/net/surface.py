"""What the net takes of the product beside its command: the only place of the net that imports it.

Public names only. A module that moves is followed here, and a record of before and one of after still compare.
"""

import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.version import KAITO

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "__main__.py"
_ADAPTER = "kaitops.policies.checkov_adapter.kaito_checks"
TODAY = "2026-11-21"
"""The day of every run."""


def main() -> Callable[[Sequence[str]], int]:
    """The command."""
    from kaitops.cli import main as run

    return run


def versions() -> tuple[str, ...]:
    """The KAITO versions that something is known of, oldest first."""
    from kaitops.kaito import facts

    return tuple(facts.versions())


def release(version: str = KAITO) -> Any:
    """The facts and rules of a KAITO version."""
    from kaitops.kaito import Release

    return Release.load(version)


def rules() -> list[Any]:
    """Every rule of the gate."""
    from kaitops.policies.registry import load

    return list(load())


def admission_policies(environment: str) -> list[dict[str, Any]]:
    """The rules as ValidatingAdmissionPolicies, with the configuration that nobody changed."""
    from kaitops.policies import vap
    from kaitops.policies.rule import Config

    return vap.objects(rules(), Config(), environment)


def cel_texts() -> Iterator[tuple[str, str, str]]:
    """Rule, kind and expression of each rule that CEL can say."""
    from kaitops.policies import vap
    from kaitops.policies.rule import Config

    for rule in rules():
        for kind, text in vap.expressions(rule, Config()):
            yield rule.id, kind, text


def kinds() -> list[str]:
    """The kinds that ``kaitops schema`` knows."""
    served: Mapping[str, Any] = release().facts["kinds"]
    return sorted(f"{version}/{kind}" for kind, known in served.items() for version in _versions(known))


def _versions(known: Any) -> list[str]:
    return [f"kaito.sh/{one}" for one in (known if isinstance(known, list) else known.get("versions", ()))]


def checks() -> list[Any]:
    """The checks of the adapter for checkov, made with a stand-in for checkov itself.

    checkov lives in an environment of its own; what the adapter tells it is the same with it and without.
    """
    made: list[Any] = []

    class Check:
        def __init__(self, **told: Any) -> None:
            self.told = told
            made.append(self)

    class Named:
        def __getattr__(self, name: str) -> str:
            return name

        __getitem__ = __getattr__

    for name, held in {
        "checkov.common.bridgecrew.severities": {"Severities": Named()},
        "checkov.common.models.enums": {"CheckCategories": Named(), "CheckResult": Named()},
        "checkov.kubernetes.checks.resource.base_spec_check": {"BaseK8Check": Check},
    }.items():
        for end in range(1, name.count(".") + 2):
            part = ".".join(name.split(".")[:end])
            sys.modules[part] = ModuleType(part)
        vars(sys.modules[name]).update(held)
    importlib.import_module(_ADAPTER)
    return made


class NotPlain(BaseException):
    """A value that has no text which is the same in each run: the net is to be taught to write it."""


def plain(value: Any) -> str:
    """A value as text that is the same in each run."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=_other) + "\n"


def _other(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value, key=str)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "DESCRIPTOR"):
        from google.protobuf.json_format import MessageToDict

        return MessageToDict(value)
    raise NotPlain(f"{type(value).__name__}: is no plain value, so its text could differ from run to run")
