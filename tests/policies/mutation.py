"""How many small mistakes in the rules the case table notices.

Each mutant changes one thing in one rule's code: a comparison, a boundary, a branch, a constant, the whole check. It
is killed where some case of that rule then has another verdict, or an error. Run as ``python -m tests.policies.mutation``.
"""

import ast
import copy
import sys
from collections.abc import Iterator
from pathlib import Path

from kaitops.policies import rules
from kaitops.policies.registry import load
from kaitops.policies.rule import Rule
from tests.policies.cases import Case, all_cases
from tests.policies.engine import context_of

BAR = 96.0
_FOLDER = Path(rules.__file__).parent
_SWAPS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}
_PASSES, _FAILS = "def _check(d, c):\n    return ()", "def _check(d, c):\n    yield (), ''"


def mutants(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Each mutant with what it changes."""
    tree = ast.parse(source)
    for name, body in (("always passes", _PASSES), ("always fails", _FAILS)):
        changed = copy.deepcopy(tree)
        place = next(
            n for n, node in enumerate(changed.body) if isinstance(node, ast.FunctionDef) and node.name == "_check"
        )
        changed.body[place] = ast.parse(body).body[0]
        yield name, changed
    nodes = [node for part in _judged(tree) for node in ast.walk(part)]
    silent = {id(part) for node in nodes if isinstance(node, ast.Yield) for part in _message(node)}
    for node in nodes:
        if id(node) in silent:
            continue
        line = f"line {getattr(node, 'lineno', 0)}"
        for what, change in _changes(node):
            undo = change()
            yield f"{line}: {what}", ast.fix_missing_locations(copy.deepcopy(tree))
            undo()


def _judged(tree: ast.Module) -> Iterator[ast.stmt]:
    """Functions and constants that decide: not the metadata, not the CEL twin, which has a test of its own."""
    for node in tree.body:
        if (isinstance(node, ast.FunctionDef) and not node.name.startswith("_cel")) or (
            isinstance(node, ast.Assign | ast.AnnAssign)
            and "cel." not in ast.unparse(node)
            and "RULE" not in ast.unparse(node)[:5]
        ):
            yield node


def _message(node: ast.Yield) -> Iterator[ast.AST]:
    """The text of a finding: its words are not a verdict."""
    if (
        isinstance(node.value, ast.Tuple)
        and len(node.value.elts) == 2
        and isinstance(node.value.elts[1], ast.JoinedStr | ast.Constant)
    ):
        yield from ast.walk(node.value.elts[1])


def _set(node: ast.AST, field: str, value: object):
    def change():
        before = getattr(node, field)
        setattr(node, field, value)
        return lambda: setattr(node, field, before)

    return change


def _changes(node: ast.AST):
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in _SWAPS.get(type(operator), ()):
                yield other.__name__, _set(node, "ops", [*node.ops[:place], other(), *node.ops[place + 1 :]])
    elif isinstance(node, ast.BoolOp):
        yield "and/or", _set(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield (
            "drop not",
            _set(node, "operand", ast.UnaryOp(ast.Not(), node.operand)),
        )
    elif isinstance(node, ast.If):
        yield "never", _set(node, "test", ast.Constant(False))
        yield "always", _set(node, "test", ast.Constant(True))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
        yield "minus", _set(node, "op", ast.Sub())
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield "flip", _set(node, "value", not node.value)
        elif isinstance(node.value, int | float):
            yield "+1", _set(node, "value", node.value + 1)
        elif isinstance(node.value, str) and node.value:
            yield "text", _set(node, "value", f"{node.value}#")
    elif isinstance(node, ast.FunctionDef) and len(node.body) > 1:
        for place, part in enumerate(node.body):
            if isinstance(part, ast.If | ast.For):
                yield (
                    f"drop line {part.lineno}",
                    _set(node, "body", [*node.body[:place], ast.Pass(), *node.body[place + 1 :]]),
                )


def survivors(name: str, cases: list[tuple[Case, object]]) -> tuple[int, list[str]]:
    """Number of mutants of a rule's file, and those that no case notices."""
    source = (_FOLDER / f"{name}.py").read_text()
    count, alive = 0, []
    for what, tree in mutants(_without_docstrings(source)):
        count += 1
        if not _killed(tree, name, cases):
            alive.append(f"{name}: {what}")
    return count, alive


def _without_docstrings(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            node.body[0] = ast.Pass()
    # Keep the line numbers of the file in reports.
    return (
        source
        if not any(isinstance(n, ast.FunctionDef) and isinstance(n.body[0], ast.Pass) for n in ast.walk(tree))
        else ast.unparse(tree)
    )


def _killed(tree: ast.Module, name: str, cases: list[tuple[Case, object]]) -> bool:
    space: dict[str, object] = {"__name__": f"mutant_{name}"}
    try:
        exec(compile(tree, name, "exec"), space)
        rule = space["RULE"]
        assert isinstance(rule, Rule)
        for case, context in cases:
            if [path for path, _ in rule.check(case.document, context)] != list(case.at):  # pyright: ignore
                return True
    except Exception:
        return True
    return False


def main() -> int:
    """Print survivors and the score of all rules; 1 below the bar."""
    table = all_cases()
    by_rule: dict[str, list[tuple[Case, object]]] = {}
    known = {rule.id: rule for rule in load()}
    for case in table:
        if known[case.rule].severity_in(case.environment, case.config) is not None:
            by_rule.setdefault(case.rule, []).append((case, context_of(case)))
    total, alive = 0, []
    for file in sorted(_FOLDER.glob("kaito*.py")):
        count, left = survivors(file.stem, by_rule.get(f"KAITO{file.stem[5:8]}", []))
        total, alive = total + count, alive + left
    score = 100 * (total - len(alive)) / total
    print("\n".join(alive))
    print(f"{total} mutants, {len(alive)} survive: {score:.1f} % (bar {BAR:g} %)")
    return 0 if score >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
