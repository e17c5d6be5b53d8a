"""Names of what vLLM counts: those that a question asks for, and what is wrong with one.

Releases add names, so one that is like no other is taken as it is.
"""

import re

from kaitops.documents.plain import Object, mapping
from kaitops.errors import nearest
from kaitops.kaito import facts
from kaitops.kaito.vllm.flags import FILE

_LIKE = 0.9
# What stands in braces, quotes and before a parenthesis names labels and functions; what is left with a mark, metrics.
_NO_METRIC = re.compile(r"\{[^}]*\}|\"[^\"]*\"|'[^']*'|\b(?:by|without|on|ignoring)\s*\([^)]*\)|\b[a-z_]+\s*(?=\()")
_METRIC = re.compile(r"[A-Za-z_:][A-Za-z0-9_]*[_:][A-Za-z0-9_:]*")


def asked(query: str) -> list[str]:
    """The metrics of a question in PromQL, each once."""
    return list(dict.fromkeys(_METRIC.findall(_NO_METRIC.sub(" ", query))))


def problem(name: str, kaito: str = "") -> tuple[str, str] | None:
    """Fact and remedy of a name by which nothing is counted; None for one that is counted, or like none.

    Args:
        kaito: the version of KAITO whose vLLM is asked; empty where it may be another one.
    """
    held: Object = facts.load(".", "vllm-metrics.json")
    prefix = held["prefix"]
    if not name.startswith(prefix) or name.count(":") > 1:  # a rule that somebody records has marks of its own
        return None
    end = re.search(rf"({'|'.join(held['ends'])})?$", name)
    bare = name[len(prefix) : end.start() if end else None]
    known = next((one for one in (bare, name[len(prefix) :]) if one in held["names"]), None)
    if known is not None:
        return _out_of_time(known, mapping(held["spans"].get(known)), prefix, kaito) if kaito else None
    near = nearest(bare, held["names"], cutoff=_LIKE)
    if not near:
        return None
    return "vLLM counts nothing of that name", f"meant is {prefix}{near[0]}{end[0] if end else ''}?"


def whole(name: str) -> str | None:
    """The metric that somebody named without what all names of vLLM begin with; None where it is none of them."""
    held: Object = facts.load(".", "vllm-metrics.json")
    return f"{held['prefix']}{name}" if name in held["names"] else None


def _out_of_time(name: str, span: Object, prefix: str, kaito: str) -> tuple[str, str] | None:
    shipped: str = facts.load(kaito, FILE)["vllm"]
    is_early = "since" in span and _order(shipped) < _order(span["since"])
    if not is_early and ("gone" not in span or _order(shipped) < _order(span["gone"])):
        return None
    fact = f"vLLM {shipped}, which KAITO {kaito} runs, does not count it"
    if is_early:
        return fact, f"vLLM {span['since']} does; take another one such as {prefix}num_requests_waiting"
    now = (
        f"{prefix}{span['now']}" if "now" in span else f"a metric that it counts, such as {prefix}num_requests_waiting"
    )
    return fact, f"take {now}"


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
