"""A definition of health as the CEL expressions ``current`` and ``failed``, as Flux evaluates them.

Owns the text of the expressions. Flux asks in the order inProgress, failed, current, and takes anything else as in
progress; so inProgress is never given, because it would only hide a failure.

``metadata`` and ``status`` are variables of their own there, and there is no way in CEL to ask whether a variable is
there. On an object without a status an expression therefore ends in an error; Flux then reports the status Unknown
and asks again, which is what it does with one that is in progress.
"""

from kaitops.health.definition import Definition
from kaitops.health.expression import YOUNG, Behind, Condition, Every, Expression, Field, Some, Young

_BEFORE = ("has(status.conditions)", "!has(metadata.deletionTimestamp)")


def expression(definition: Definition, phase: str) -> str | None:
    """True of the objects that a definition gives a phase; None where it never does."""
    operator, parts = "", list[str]()
    for rule in reversed(definition.rules):
        if rule.phase == phase:
            wanted, here = "||", _test(rule.when)
        elif parts:
            wanted, here = "&&", f"!{_atom(_test(rule.when))}"
        else:
            continue
        parts = [here, *(parts if operator in ("", wanted) else [_lines(operator, parts)])]
        operator = wanted
    if not parts:
        return None
    rest = parts if operator == "&&" else [_lines(operator, parts)]
    return " &&\n".join([*_BEFORE, *rest])


def _lines(operator: str, parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    text = f" {operator}\n".join(parts)
    return f"({text})"


def _atom(test: str) -> str:
    """The test so that a negation may stand before it."""
    return test if test.startswith(("(", "status.conditions.exists(")) else f"({test})"


def _test(test: Expression) -> str:
    match test:
        case Condition():
            return f"status.conditions.exists(c, {_condition(test)})"
        case Field(name, values):
            return f"(has(status.{name}) && {_among(f'status.{name}', values)})"
        case Behind():
            return "(has(status.observedGeneration) && status.observedGeneration != metadata.generation)"
        case Young():
            return f"metadata.generation <= {YOUNG}"
        case Every(parts):
            return _joined(" && ", parts) or "true"
        case Some(parts):
            return _joined(" || ", parts) or "false"


def _joined(operator: str, parts: tuple[Expression, ...]) -> str:
    tests = [_test(part) for part in parts]
    return tests[0] if len(tests) == 1 else f"({operator.join(tests)})" if tests else ""


def _condition(test: Condition) -> str:
    parts = [f"c.type == {_text(test.type)}"]
    if test.status:
        parts.append(f"c.status == {_text(test.status)}")
    if test.unlike:
        parts.append(f"c.status != {_text(test.unlike)}")
    if test.reasons:
        parts.append(_among("c.reason", test.reasons))
    if test.apart:
        parts.append(f"!({_among('c.reason', test.apart)})")
    if test.mentions:
        parts.append(_contains(test.mentions))
    if test.silent:
        parts.append(f"!{_contains(test.silent)}")
    if test.behind:
        parts.append("has(c.observedGeneration) && c.observedGeneration < metadata.generation")
    return " && ".join(parts)


def _among(value: str, texts: tuple[str, ...]) -> str:
    return f"{value} == {_text(texts[0])}" if len(texts) == 1 else f"{value} in {_list(texts)}"


def _contains(texts: tuple[str, ...]) -> str:
    if len(texts) == 1:
        return f"c.message.contains({_text(texts[0])})"
    return f"{_list(texts)}.exists(t, c.message.contains(t))"


def _list(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(_text(one) for one in texts)}]"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
