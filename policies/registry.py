"""Finding the rules, and judging an object by them.

Owns the inventory and the promise that nothing is silently left out: a folder without rules, a module that fails, two
rules of one id are errors. Knows no rule by name.
"""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path as File
from types import ModuleType
from typing import NamedTuple

from kaitops.errors import BadInput, KaitopsError
from kaitops.policies import index
from kaitops.policies.reading import declares_pod, group_kind
from kaitops.policies.rule import Context, Document, Path, Rule, Severity

__all__ = ["RuleFailed", "Violation", "ask", "built_in", "judge", "load", "meant"]

_FOLDER = File(__file__).parent / "rules"
_ID = re.compile(r"[A-Z][A-Z0-9]*[0-9]{3}")


class RuleFailed(KaitopsError):
    """A rule raised instead of judging, so nothing can be said of the object."""

    exit_code = 2


class Violation(NamedTuple):
    """An object that does not satisfy a rule.

    Attributes:
        path: of the value that is wrong, or where the missing one belongs.
        message: the fact and its consequence; secret values are taken out.
        severity: in the environment of the context.
    """

    rule: Rule
    path: Path
    message: str
    severity: Severity


Meant = Sequence[tuple[Rule, Severity]]


def built_in() -> list[Rule]:
    """The rules that come with kaitops, by id.

    Raises:
        BadInput: a module holds no rule, or two have one id.
    """
    names = sorted(file.stem for file in _FOLDER.glob("kaito*.py"))
    if not names:
        raise BadInput(f"{_FOLDER}: holds no rule, so the gate would pass everything; install kaitops again")
    known = index.read()
    return _unique(
        (index.IndexedRule(name, known[name]) if name in known else _rule_of(index.module_of(name), name), name)
        for name in names
    )


def load(extra_paths: Iterable[str] = ()) -> list[Rule]:
    """All rules: the built-in ones and those of further folders, each file of which holds a ``RULE``.

    Raises:
        BadInput: a folder is not there or holds no rule, a module fails or has no ``RULE``, an id is taken.
    """
    found = [(rule, rule.id) for rule in built_in()]
    for folder in extra_paths:
        found += _external(File(folder))
    return _unique(found)


def judge(rules: Iterable[Rule], document: Document, context: Context) -> list[Violation]:
    """What an object does wrong, in the order of the rules.

    Raises:
        RuleFailed: a rule raised.
    """
    severities = {rule.id: rule.severity_in(context.environment, context.config) for rule in rules}
    return ask(meant(rules, document, severities), document, context)


def meant(rules: Iterable[Rule], document: Document, severities: Mapping[str, Severity | None]) -> Meant:
    """The rules for an object's kind that are not off; those about pods only where it declares one."""
    kind = group_kind(document)
    bare = not declares_pod(document)
    found: list[tuple[Rule, Severity]] = []
    for rule in rules:
        severity = severities[rule.id]
        if severity is None or (kind not in rule.kinds and ("*" not in rule.kinds or not kind)):
            continue
        if not (bare and rule.pods):
            found.append((rule, severity))
    return found


def ask(asked: Meant, document: Document, context: Context) -> list[Violation]:
    """What an object does wrong, by the rules that are meant for it.

    Raises:
        RuleFailed: a rule raised.
    """
    # Only what finds something pays for the patterns.
    from kaitops.secrets import tokens

    found: list[Violation] = []
    for rule, severity in asked:
        try:
            for path, text in rule.check(document, context):
                found.append(Violation(rule, path, tokens.without(text), severity))
        except Exception as error:
            kind = group_kind(document)
            where = f"{type(error).__name__}{_place(error)}"
            message = f"{rule.id} failed on {kind} with {where}, so it was not judged"
            raise RuleFailed(f"{message}; report or fix the rule, or switch it off with a reason") from error
    return found


def _place(error: Exception) -> str:
    """Where it was raised: the file and line of the rule, or of what the rule called."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f" ({File(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno})" if trace is not None else ""


def _external(folder: File) -> list[tuple[Rule, str]]:
    if not folder.is_dir():
        raise BadInput(
            f"{folder}: no such folder, so its rules would be missing; correct --rules, or rules in the policy file"
        )
    files = sorted(file for file in folder.rglob("*.py") if not file.name.startswith("_"))
    if not files:
        raise BadInput(f"{folder}: holds no rule (*.py), so nothing would be checked; add one or drop the folder")
    return [(_own(_rule_of(_module(file), str(file)), file), str(file)) for file in files]


def _own(rule: Rule, file: File) -> Rule:
    from kaitops.policies import kinds  # whose facts only rules of one's own are held to

    if reason := kinds.problem(rule.kinds):
        raise BadInput(f"{file}: kinds of rule {rule.id} {reason}; as it is the rule would never be asked")
    return rule


def _module(file: File) -> ModuleType:
    from hashlib import sha256  # not needed where there are only built-in rules

    # A name of its own: a file called yaml.py must not take the place of the library.
    name = f"policies_external_{sha256(str(file.resolve()).encode()).hexdigest()[:12]}"
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise BadInput(f"{file}: cannot be loaded as a Python module")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise BadInput(f"{file}: fails with {type(error).__name__}: {error}, so its rule is missing; fix it") from error
    return module


def _rule_of(module: ModuleType, name: str) -> Rule:
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise BadInput(f"{name}: has no RULE of type kaitops.policies.rule.Rule, so it checks nothing; add one")
    if not _ID.fullmatch(rule.id) or not rule.kinds:
        raise BadInput(f"{name}: rule {rule.id!r} needs an id such as TEAM001 and at least one kind")
    return rule


def _unique(found: Iterable[tuple[Rule, str]]) -> list[Rule]:
    known: dict[str, str] = {}
    rules: list[Rule] = []
    for rule, origin in found:
        if rule.id in known:
            raise BadInput(f"{origin}: rule id {rule.id} is taken by {known[rule.id]}; choose another")
        known[rule.id] = origin
        rules.append(rule)
    return sorted(rules, key=lambda rule: rule.id)
