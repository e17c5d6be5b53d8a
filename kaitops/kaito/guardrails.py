"""What KAITO's engine makes of a guardrails policy: which scanners look at answers, and which it skips.

It says so in its log alone and answers all the same, so a policy that is not understood holds nothing back. The words
that it knows are facts (``guardrails.json``).
"""

import re
from collections.abc import Iterator, Mapping

from kaitops.documents.plain import Object, Path, items, mapping
from kaitops.errors import nearest
from kaitops.kaito import facts

FILE = "guardrails.json"
_SKIPPED = "so the engine skips the scanner"
_FORMS = {
    "bool": "true or false",
    "text": "a text",
    "texts": "a list of texts",
    "patterns": "a list of regular expressions",
    "count": "a whole number from 0",
    "natural": "a whole number from 1",
    "positive": "a number above 0",
}


def problems(policy: object, version: str) -> Iterator[tuple[Path, str]]:
    """What is wrong with a policy: where, and fact, consequence and remedy.

    Args:
        version: of KAITO; nothing is said of one whose words are not known.
    """
    if not (facts.root() / version / FILE).is_file():
        return
    known = facts.load(version, FILE)
    if policy is not None and not isinstance(policy, dict):
        yield (), "is no mapping, so nothing holds an answer back; write scanners below it"
        return
    held = mapping(policy)
    for key in held:
        # Others may be somebody's own notes.
        if key not in known["keys"] and nearest(key, known["keys"]):
            yield (key,), f"is no key of a policy, so nothing reads it; {_meant(key, known['keys'])}"
    yield from _action(held, known["keys"]["action"])
    for place, one in enumerate(items(held.get("scanners"))):
        yield from ((("scanners", place, *path), text) for path, text in _scanner(mapping(one), known))


def is_empty(policy: object) -> bool:
    """It names no scanner, so every answer passes."""
    return not items(mapping(policy).get("scanners"))


def _scanner(one: Object, known: Object) -> Iterator[tuple[Path, str]]:
    scanners: Mapping[str, Object] = known["scanners"]
    name = _normal(str(one.get("type") or "").strip())
    if name not in scanners:
        yield ("type",), f"is no scanner of KAITO's, so the engine skips it; {_meant(name, scanners)}"
        return
    yield from _action(one, known["keys"]["action"])
    fields = scanners[name]
    given = {_normal(str(key)): key for key in one if key not in ("type", "action")}
    for field, key in given.items():
        if field not in fields:
            lost = _SKIPPED if not fields else "so nothing reads it"
            yield (key,), f"is no setting of {name}, {lost}; {_meant(field, fields)}"
        elif wrong := _wrong(str(fields[field]).removesuffix("!"), one[key]):
            yield (key,), f"{wrong}, {_SKIPPED}; correct it"
    for field, form in fields.items():
        if str(form).endswith("!") and field not in given:
            yield (field,), f"is missing, which {name} needs, {_SKIPPED}; write it"


def _action(held: Object, words: str) -> Iterator[tuple[Path, str]]:
    """What the engine takes for its own default."""
    value = held.get("action")
    if value and str(value).lower() not in words.split("|"):
        yield ("action",), f"is {value}, which the engine takes for redact; write {words.replace('|', ' or ')}"


def _wrong(form: str, value: object) -> str:
    """Why a setting is not taken."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    texts = [one for one in items(value) if isinstance(one, str) and one]
    if form in _FORMS:
        holds = {
            "bool": value is None or isinstance(value, bool),
            "text": isinstance(value, str) and bool(value),
            "texts": bool(texts),
            "patterns": bool(texts) and all(map(_compiles, texts)),
            "count": is_number and isinstance(value, int) and value >= 0,
            "natural": is_number and isinstance(value, int) and value > 0,
            "positive": isinstance(value, int | float) and is_number and value > 0,
        }[form]
        return "" if holds else f"has to be {_FORMS[form]}"
    words = form.removesuffix("[]").split("|")
    said = [one.lower() for one in texts] if form.endswith("[]") else [str(value).lower()]
    if not said:
        return f"has to be a list of {', '.join(words)}"
    strange = next((one for one in said if one not in words), None)
    return "" if strange is None else f"has {strange}, and there are {', '.join(words)}"


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _normal(key: str) -> str:
    """A word as the engine reads it: in either case of letters, with dashes or with underscores."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", key.replace("-", "_")).lower()


def _meant(word: str, known: Mapping[str, object]) -> str:
    near = nearest(word, list(known))
    return f"meant is {near[0]}?" if near else (f"write one of {', '.join(known)}" if known else "drop it")
