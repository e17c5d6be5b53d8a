"""What reports tell people to do exists and helps: commands parse, options are there, and what is to be dropped was it."""

import ast
import copy
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaitops import policies
from kaitops.cli.parser import VERBS, full_parser, parse
from kaitops.kaito import facts
from kaitops.policies.registry import load
from kaitops.policies.rule import Path as Steps
from tests.conftest import ROOT
from tests.policies.cases import Case, all_cases
from tests.policies.engine import verdict
from tests.version import KAITO

RULES = {rule.id: rule for rule in load()}
PACKAGES = (
    Path(policies.__file__).resolve().parent,
    *(ROOT / "kaitops" / name for name in ("gate", "kaito", "fleet", "report", "cost", "change")),
)
_QUOTED = re.compile(r"[`'](kaitops(?: [^`']+)?)[`']")
_BARE = re.compile(r"(?<![\w`'./-])kaitops ([a-z0-9]+)((?: --[a-z-]+)*)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
# Words after the name of the program that say what it does, not what to type.
_PROSE = {
    "and",
    "plain",
    "needs",
    "import",
    "renders",
    "is",
    "gives",
    "from",
    "reads",
    "knows",
    "command",
    "as",
    "again",
    "has",
    "with",
    "fleet",
    "takes",
}
# Options of other programs that messages speak of.
_OTHERS = {"--enable-helm", "--include-crds", "--encrypt", "--in-place", "--key"}
# Of programs that messages name in quotes, what they are told to do.
_FOREIGN = re.compile(r"[`'](kubectl|az|helm|kustomize|sops|git) ([a-z-]+)[^`']*[`']")
_FOREIGN_VERBS = {
    "kubectl": {
        "apply",
        "create",
        "delete",
        "describe",
        "explain",
        "get",
        "kustomize",
        "logs",
        "patch",
        "rollout",
        "version",
        "wait",
    },
    "az": {"acr", "aks", "login", "quota", "vm"},
    "helm": {"install", "template", "test", "upgrade"},
    "kustomize": {"build"},
    "sops": {"--encrypt", "encrypt"},
    "git": {"add", "checkout", "commit", "fetch", "rev-parse"},
}
_FILLED = {"VERSION": KAITO, "ORG/MODEL": "a/b"}


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Each text of a package that may be told, what is put in later written X; no documentation."""
    for file in sorted(folder.rglob("*.py")):
        tree = ast.parse(file.read_text())
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        silent = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
        } | {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "X" for part in node.values]
                yield f"{file.name}:{node.lineno}", "".join(map(str, parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
                yield f"{file.name}:{node.lineno}", node.value


SPOKEN = [pair for folder in PACKAGES[:2] for pair in texts(folder) if " " in pair[1]]
EVERY = [pair for folder in PACKAGES for pair in texts(folder) if " " in pair[1]]


def _parses(command: str, capsys: pytest.CaptureFixture[str]) -> bool:
    """The real parser takes it, or lacks nothing but what is the reader's to fill in."""
    try:
        parse([_FILLED.get(word, word) for word in shlex.split(command)[1:]])
    except SystemExit as left:
        said = capsys.readouterr().err
        return left.code == 0 or "the following arguments are required" in said
    return True


def test_there_are_commands_to_look_at() -> None:
    assert sum(len(_QUOTED.findall(text)) for _, text in EVERY) > 10
    assert sum(len(_BARE.findall(text)) for _, text in EVERY) > 5


def test_every_command_in_a_message_parses(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [
        (place, command) for place, text in EVERY for command in _QUOTED.findall(text) if not _parses(command, capsys)
    ]
    assert wrong == []


def test_every_command_without_quotes_is_one() -> None:
    wrong = [
        (place, verb)
        for place, text in EVERY
        for verb, _ in _BARE.findall(text)
        if verb not in VERBS and verb not in _PROSE
    ]
    assert wrong == []


def test_every_option_in_a_message_is_one_of_ours_or_of_vllm() -> None:
    own = set(_OPTION.findall(_help()))
    vllm = {f"--{name}" for name in facts.load(KAITO, "vllm.json")["flags"]}
    told = {
        (place, option) for place, text in SPOKEN for option in _OPTION.findall(text) if re.search(r"[a-z] [a-z]", text)
    }
    left = {option: place for place, option in told if option not in own | vllm | _OTHERS}
    assert left == {}


def _help() -> str:
    parser = full_parser()
    (verbs,) = [action for action in parser._actions if hasattr(action, "choices") and isinstance(action.choices, dict)]
    return "\n".join(one.format_help() for one in _all(verbs.choices.values()))


def _all(parsers) -> Iterator:
    for one in parsers:
        yield one
        for action in one._actions:
            if isinstance(getattr(action, "choices", None), dict):
                yield from _all(action.choices.values())


def test_every_command_of_another_program_is_one_that_it_has() -> None:
    told = {(found[1], found[2]) for _, text in EVERY for found in _FOREIGN.finditer(text)}
    assert told and {(tool, verb) for tool, verb in told if verb not in _FOREIGN_VERBS[tool]} == set()


def _without(document: dict, path: Steps) -> dict:
    """The document without what stands at a path."""
    changed = copy.deepcopy(document)
    node = changed
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return changed


_DROPS = [
    case
    for case in all_cases()
    if case.at
    and re.match(
        r"(drop|remove) (it|the (annotation|label|field|host|key|value)|\w+,|globalDefault)", RULES[case.rule].remedy
    )
]


def test_many_remedies_say_what_to_drop() -> None:
    assert len({case.rule for case in _DROPS}) >= 4


@pytest.mark.parametrize("case", _DROPS, ids=lambda case: case.rule)
def test_what_the_remedy_says_to_drop_was_it(case: Case) -> None:
    document = case.document
    for path in sorted(case.at, key=str, reverse=True):
        if path[:1] == ("metadata",) and path[-1] == "name":
            return  # the object itself is to go
        document = _without(document, path)
    changed = Case(**{**{key: getattr(case, key) for key in Case.__dataclass_fields__}, "document": document})
    assert verdict(RULES[case.rule], changed) == []


def _keys() -> set[str]:
    """The keys of a fleet, wherever they stand in it."""
    found: set[str] = set()
    waiting: list[object] = [json.loads((ROOT / "presets" / "fleet.schema.json").read_text())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            properties = node.get("properties")
            found |= set(properties) if isinstance(properties, dict) else set()
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return found


# Written as keys are, and none of a fleet.
_NAMES = {"dependsOn", "vLLM", "guardrails.yaml", "scaledobjects.keda.sh", "contoso.azurecr", "chat.example.com"}
# What stands behind a word that tells to do something, and is no key.
_SAID = {
    "a",
    "as",
    "at",
    "auto",
    "five",
    "it",
    "larger",
    "letters",
    "more",
    "owner",
    "that",
    "the",
    "three",
    "to",
    "transformers",
}
_KEY = re.compile(r"(?<![\w./-])(?:[a-z]{2,}[A-Z][a-z]\w*|[a-z]\w*(?:\.[A-Za-z]\w*)+)(?![\w/-])")
_TOLD = re.compile(r"\b(?:under|drop|take|add|set|lower|raise|write|use) '?([a-z]\w*)")


def test_every_key_that_a_message_of_a_fleet_names_is_one() -> None:
    """In camel case, with dots, or behind a word that tells to do something with it."""
    known, wrong, seen = _keys(), [], 0
    for place, text in texts(ROOT / "kaitops" / "fleet"):
        if " " not in text:
            continue
        for word in (*_KEY.findall(text), *_TOLD.findall(text)):
            seen += 1
            # What is put in later stands as X.
            parts = [part for part in word.split(".") if part != "X"]
            if word not in _NAMES | _SAID and not set(parts) <= known:
                wrong.append((place, word))
    assert wrong == []
    assert seen > 60
