"""What the engine did or would do, in the words of ``docs/changes.md``."""

import re
from collections import Counter
from collections.abc import Sequence

from tests.e2e.engine.project import Result

_PROTECTED = re.compile(r"\"(urn:[^\"]+)\"\s+(?:cannot be|as it is)")
_ERROR = re.compile(r"error: ((?:infra|fleet|kaitops|kaito|models|clusters)\b[^;\n]*)")
_WARNED = re.compile(r"warning: (infra\.[\w.]+: [^;\n]*)")
_CLUSTER = re.compile(r"unable to load Kubernetes client configuration|cluster is unreachable|already exists")
_OPS = {
    "create": "makes", "update": "updates", "delete": "deletes", "replace": "replaces",
    "delete-replaced": "", "create-replacement": "", "refresh": "", "read-replacement": "", "discard": "",
}  # fmt: skip


def said(result: Result, first: Sequence[str] = ()) -> str:
    """What the engine did or would do, in words; a refusal by what is protected or by the program.

    Args:
        first: types of which any may be the one that the engine meets first.
    """
    if result.code:
        if refused := _ERROR.search(result.text):
            return f"refused: {refused[1].replace('|', '/')}"
        held = sorted({_type(urn.split("::")[2]) for urn in _PROTECTED.findall(result.text)})
        if held and set(held) <= set(first):
            return f"refused, protected: {', '.join(first[:-1])} or {first[-1]}"
        if held:
            return f"refused, protected: {', '.join(held)}"
        told = _CLUSTER.search(result.text)
        return f"refused: {told[0]}" if told else "fails"
    warned = "".join(f"; warns: {line}" for line in dict.fromkeys(_WARNED.findall(result.text)))
    return (_done(result) or "nothing") + warned


def _done(result: Result) -> str:
    found: Counter[tuple[str, str]] = Counter()
    for step in result.steps:
        if _OPS[step.op] and not step.type.startswith("pulumi:"):
            found[_OPS[step.op], _type(step.type)] += 1
    order = list(dict.fromkeys(_OPS.values()))
    ops = [step.op for step in result.steps]
    gone, new = (ops.index(one) if one in ops else -1 for one in ("delete-replaced", "create-replacement"))
    turn = "the old goes first" if gone < new else "the new comes first"
    by_op: dict[str, list[str]] = {}
    for (verb, kind), count in sorted(found.items(), key=lambda one: (order.index(one[0][0]), one[0][1])):
        by_op.setdefault(verb, []).append(f"{kind} ({count})" if count > 1 else kind)
    told = {verb: ", ".join(kinds) for verb, kinds in by_op.items()}
    if "replaces" in told:
        told["replaces"] += f", {turn}"
    return "; ".join(f"{verb} {kinds}" for verb, kinds in told.items())


def _type(type_: str) -> str:
    return type_.rpartition(":")[2]
