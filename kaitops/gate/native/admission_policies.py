"""What holds between the fields of policies of admission and of their bindings."""

import re
from collections.abc import Callable, Iterator, Mapping

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import is_label_key
from kaitops.kaito.kubernetes.dns_names import subdomain_problems

Found = Iterator[tuple[Path, str]]
_EXPRESSION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_TOKEN = re.compile(r"""//[^\n]*|(?:(?<!\w)[bB]?([rR])[bB]?)?('''|"{3}|'|")|[()\[\]{}]""")
"""What opens something in an expression: a comment, a text, which may be raw, or a bracket."""


def problems(document: Object) -> Found:
    """What is wrong with an object of one of these kinds."""
    yield from _CHECKS[document["kind"]](document, mapping(document.get("spec")))


def _policy(document: Object, spec: Object) -> Found:
    checks, notes = items(spec.get("validations")), items(spec.get("auditAnnotations"))
    if not checks and not notes:
        yield ("spec", "validations"), "is empty; write one, or an auditAnnotation"
    for part, keys in (
        ("validations", ("expression",)), ("auditAnnotations", ("key", "valueExpression")),
        ("variables", ("name", "expression")), ("matchConditions", ("name", "expression")),
    ):  # fmt: skip
        for place, one in enumerate(items(spec.get(part))):
            for key in keys:
                value, path = at(one, key), ("spec", part, place, key)
                if not str(value or "").strip():
                    yield path, "is missing; write it"
                elif "xpression" in key and not _is_closed(str(value)):
                    yield path, "has a quote or a bracket that is not closed, so it does not compile; close it"
                elif part == "variables" and key == "name" and not _EXPRESSION_NAME.fullmatch(str(value)):
                    yield path, "must be a name of letters, digits and '_'; correct it"
                elif key in ("key", "name") and part != "variables" and not is_label_key(str(value)):
                    yield path, "must be a name of letters, digits, '-', '_' and '.'; correct it"
            message = at(one, "message")
            if isinstance(message, str) and "\n" in message.strip():
                yield ("spec", part, place, "message"), "may not hold ends of lines; write one line"
    for key in ("apiVersion", "kind"):
        value = at(spec, "paramKind", key)
        if spec.get("paramKind") is not None and (not value or str(value).count("/") > (key == "apiVersion")):
            yield ("spec", "paramKind", key), "must name the kind of the parameters; correct it"
    rules = items(at(spec, "matchConstraints", "resourceRules"))
    if not rules:
        yield ("spec", "matchConstraints", "resourceRules"), "is empty; name resources"
    for place, one in enumerate(rules):
        for key in ("apiGroups", "apiVersions", "operations", "resources"):
            if not (named := items(at(one, key))) or (key != "apiGroups" and not all(named)):
                yield ("spec", "matchConstraints", "resourceRules", place, key), "is empty; name them"


def _is_closed(expression: str) -> bool:
    """Every quote, bracket and brace of an expression is closed."""
    opened: list[str] = []
    place = 0
    while (found := _TOKEN.search(expression, place)) is not None:
        place = found.end()
        if found[2]:
            place = _after(expression, place, found[2], raw=bool(found[1]))
            if place < 0:
                return False
        elif found[0] in _PAIRS:
            if not opened or opened.pop() != _PAIRS[found[0]]:
                return False
        elif found[0] in "([{":
            opened.append(found[0])
    return not opened


def _after(expression: str, place: int, quote: str, *, raw: bool) -> int:
    """Where a text ends that begins at a place; -1 where it does not."""
    while (end := expression.find(quote, place)) >= 0:
        if len(quote) == 1 and "\n" in expression[place:end]:
            return -1
        before = end
        while not raw and before > place and expression[before - 1] == "\\":
            before -= 1
        if (end - before) % 2 == 0:
            return end + len(quote)
        place = end + 1
    return -1


def _bound(document: Object, spec: Object) -> Found:
    actions = items(spec.get("validationActions"))
    each = {str(one or "") for one in actions}
    if not actions or "" in each or len(actions) != len(each) or {"Deny", "Warn"} <= each:
        yield ("spec", "validationActions"), "must hold Audit, or one of Deny and Warn, each once; correct it"
    if subdomain_problems(str(spec.get("policyName") or "")):
        yield ("spec", "policyName"), "must be a policy's name; name it"
    parameters = spec.get("paramRef")
    if parameters is not None:
        if (at(parameters, "name") is None) == (at(parameters, "selector") is None):
            yield ("spec", "paramRef"), "must have one of name and selector; correct it"
        if at(parameters, "parameterNotFoundAction") not in ("Allow", "Deny"):
            yield ("spec", "paramRef", "parameterNotFoundAction"), "must be Allow or Deny; write one"


_CHECKS: Mapping[str, Callable[[Object, Object], Found]] = {
    "ValidatingAdmissionPolicy": _policy,
    "ValidatingAdmissionPolicyBinding": _bound,
}
