"""What the trainer of a tuning job takes of its settings: keys, and values of their types.

KAITO hands each section on as words of a command line, ``--key value``, to the parser of the Hugging Face libraries
that its image holds; the job ends on what that refuses, when its machine has been paid for. What a value must be
beyond its type is held where the trainer ends on it. Source: ``parser.py`` and ``cli.py`` of KAITO's tuning image.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from kaitops.documents.plain import Object, Path, items, mapping
from kaitops.errors import nearest
from kaitops.kaito import facts, spans

_YES_OR_NO = frozenset(("yes", "true", "t", "y", "1", "no", "false", "f", "n", "0"))
_NUMBER = re.compile(r"-\d+|-\d*\.\d+")
_LIST, _BOOL, _NO = " list", "bool", "none"
_NAMES = {"int": "a whole number", "float": "a number", _BOOL: "true or false"}
_READERS: Mapping[str, Callable[[str], float]] = {"int": int, "float": float}
_LOST = "so the job ends when it starts"
_WORDS = {"min": "at least", "above": "more than", "max": "at most"}
Found = Iterator[tuple[Path, str]]


def problems(config: Object, version: str) -> Found:
    """What is wrong with the sections of ``training_config``: path below it, and fact, consequence and remedy.

    Args:
        version: of KAITO; of one whose trainer is not known nothing is said.
    """
    if not facts.is_complete(version):
        return
    held: Object = facts.load(version, "training.json")
    for section, keys in held["sections"].items():
        negatable: Sequence[str] = held["negatable"].get(section, ())
        for path, name, value in _flat(mapping(config.get(section)), (), ""):
            key = _meant(name, keys, negatable)
            text = _key(name, keys, negatable) if key is None else _value(value, keys[key])
            if not text and key is not None:
                text = _limit(value, mapping(held["held"].get(section)).get(key))
            if text:
                yield (section, *path), text


def _flat(held: Object, path: Path, before: str) -> Iterator[tuple[Path, str, object]]:
    """Each flag that the settings become: mappings are no values, their keys are joined to the one above."""
    for key, value in held.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            yield from _flat(mapping(value), (*path, key), f"{name}_")
        else:
            yield (*path, key), name, value


def _options(keys: Object, negatable: Sequence[str]) -> Mapping[str, str | None]:
    """What the parser knows, and the setting that it means; nothing for what turns one off and takes no value."""
    known: dict[str, str | None] = {}
    for key in keys:
        known |= dict.fromkeys((key, key.replace("_", "-")), key)
    for key in negatable:
        known |= dict.fromkeys((f"no_{key}", f"no-{key.replace('_', '-')}"))
    return known


def _meant(name: str, keys: Object, negatable: Sequence[str]) -> str | None:
    """The setting that a name means: its own, or the only one that begins so."""
    if name in keys:
        return name
    known = _options(keys, negatable)
    if name in known:
        return known[name]
    begun = {means for one, means in known.items() if one.startswith(name)}
    return begun.pop() if len(begun) == 1 else None


def _key(name: str, keys: Object, negatable: Sequence[str]) -> str:
    known = _options(keys, negatable)
    if name in known:
        meant = name.replace("-", "_").removeprefix("no_")
        return f"takes no value, {_LOST}; write {meant}: false"
    begun = sorted(one for one in keys if one.startswith(name))
    if begun:
        return f"is the start of several settings, {_LOST}; write one of {', '.join(begun[:4])}"
    near = nearest(name.lower().replace("-", "_"), keys, 1, 0.7)
    return f"is none of the trainer's settings, {_LOST}; {f'meant is {near[0]}?' if near else 'drop it'}"


def _value(value: object, kind: str | Sequence[str]) -> str:
    """Why the parser refuses a value; empty where it takes it."""
    words = items(value) if isinstance(value, list) else [value]
    several = isinstance(kind, str) and kind.endswith(_LIST)
    if not words and kind != _BOOL:
        return f"is empty, {_LOST}; write a value, or drop it"
    if len(words) > 1 and not several:
        return f"is a list of {len(words)}, of which one is taken, {_LOST}; write one value"
    if kind == _NO and words != [""]:
        return f"takes no value that can be written here, {_LOST}; drop it"
    one_kind = kind.removesuffix(_LIST) if isinstance(kind, str) else kind
    return next(filter(None, (_word(str(word), one_kind) for word in words)), "")


def _word(word: str, kind: str | Sequence[str]) -> str:
    shown = word[:80]
    if word.startswith("-") and len(word) > 1 and " " not in word and not _NUMBER.fullmatch(word):
        return f"is {shown}, which passes for a setting's name, {_LOST}; write a value without a dash before it"
    if not isinstance(kind, str):
        if word in kind:
            return ""
        near = nearest(word.lower(), kind, 1, 0.6)
        remedy = f"write {near[0]}" if near else f"its values: {', '.join(kind)}"
        return f"is {shown}, which is none of its values, {_LOST}; {remedy}"
    fits = word.lower() in _YES_OR_NO if kind == _BOOL else kind not in _READERS or _reads(word, _READERS[kind])
    return "" if fits else f"is {shown}, which is not {_NAMES[kind]}, {_LOST}; write {_NAMES[kind]}"


def _limit(value: object, limit: Mapping[str, float] | Sequence[str] | None) -> str:
    """Why the trainer ends on a value that its parser takes."""
    words = items(value) if isinstance(value, list) else [value]
    if limit is None or not words:
        return ""
    word = str(words[0])
    if not isinstance(limit, Mapping):
        return _word(word, limit)
    number = float(word)
    if all(spans.HOLDS[name](number, bound) for name, bound in limit.items()):
        return ""
    needed = " and ".join(f"{_WORDS[name]} {bound:g}" for name, bound in limit.items())
    return f"is {word[:80]}, and must be {needed}, {_LOST}; correct it"


def _reads(word: str, reader: Callable[[str], float]) -> bool:
    try:
        reader(word)
    except ValueError:
        return False
    return True
