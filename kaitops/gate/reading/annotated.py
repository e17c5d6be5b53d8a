"""How Argo CD and Flux are told at an object itself what to do with it: keys and words that they do not know.

Both pass over what they do not know, so that what was meant to stay is deleted, and what was meant to wait does not.
Of keys a slip is told, as they have more than are known here; of words those that mean another thing than they say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from kaitops.documents.plain import Object, Path, mapping
from kaitops.errors import nearest
from kaitops.gate.objects import Item
from kaitops.gate.transforming import is_steering
from kaitops.kaito import facts

ARGO = "argocd.argoproj.io"
_OPTIONS, _WAVE = "sync-options", "sync-wave"
_ALIKE = 0.8


def problems(tree: Iterable[Item]) -> Iterator[tuple[Item, Path, str]]:
    """Each of these, of what an object bears itself; Flux reads labels as well."""
    for item in tree:
        metadata = mapping(item.data["metadata"])
        for part in ("annotations", "labels"):
            written = mapping(metadata.get(part))
            for key, value in written.items():
                if not is_steering(key):
                    continue
                if text := _key(key, written) or _value(key, str(value), part):
                    yield item, ("metadata", part, key), f"{part[:-1]} {key} {text}"


def option(text: str) -> str:
    """What is said of a sync option that Argo CD passes over; empty for one that it takes."""
    known: Mapping[str, Sequence[str]] = _facts()[ARGO]["options"]
    name, sign, value = text.strip().partition("=")
    lost = "so Argo CD passes over it"
    if name not in known:
        near = nearest(name, known, 1, 0.85)
        return f"is {text[:80]}, which is no option, {lost}; meant is {near[0]}?" if near else ""
    if not sign or value in known[name] or "{{" in value:
        return ""
    near = nearest(value.lower(), known[name], 1, 0.6)
    if value.lower() in known[name]:
        return f"is {text[:80]}, of which only small letters count, {lost}; write {name}={value.lower()}"
    remedy = f"write {name}={near[0]}" if near else f"its values: {', '.join(known[name])}"
    return f"is {text[:80]}, {lost}; {remedy}"


def _key(key: str, written: Object) -> str:
    """What is said of a key that nobody reads and that is much like one that is read."""
    domain, slash, name = key.partition("/")
    held = _facts()
    keys: Sequence[str] = mapping(held.get(domain)).get("keys", ())
    if not slash or name in keys:
        return ""
    lost = "is none that anything reads, so it does nothing"
    if near := [one for one in nearest(name, keys, 1, _ALIKE) if f"{domain}/{one}" not in written]:
        return f"{lost}; meant is {domain}/{near[0]}?"
    meant = [one for one, of in _domains(held) if name in of["keys"] and (keys or nearest(domain, [one], 1, 0.85))]
    return f"{lost}; meant is {meant[0]}/{name}?" if meant else ""


def _value(key: str, value: str, part: str) -> str:
    """What is said of the value of a key that is read."""
    domain, _, name = key.partition("/")
    held = mapping(_facts().get(domain))
    if not held or "{{" in value or "${" in value:
        return ""
    if domain == ARGO and part == "labels":
        return ""
    if (domain, name) == (ARGO, _OPTIONS):
        return next(filter(None, (option(one) for one in value.split(","))), "")
    if (domain, name) == (ARGO, _WAVE):
        return "" if _is_whole(value) else f"is {value[:80]}, which is no whole number, so wave 0 counts; write one"
    if listed := mapping(held.get("lists")).get(name):
        return _listed(value, listed)
    switch = mapping(mapping(held.get("switches")).get(name))
    said = value.strip().lower()
    if not switch or value.lower() == switch["value"]:
        return ""
    if said in switch["meant"] or nearest(said, [switch["value"]], 1, _ALIKE):
        return f"is {value[:80]}, which is not {switch['value']}, {switch['lost']}; write {switch['value']}"
    return ""


def _listed(value: str, listed: Object) -> str:
    known: Sequence[str] = listed["known"]
    for one in filter(None, (word.strip() for word in value.split(","))):
        if one not in known:
            near = nearest(one.lower(), {each.lower() for each in known}, 1, 0.75)
            meant = next((each for each in known if each.lower() in near), "")
            remedy = f"write {meant}" if meant else f"known: {', '.join(known)}"
            return f"is {one[:80]}, which there is not, {listed['lost']}; {remedy}"
    return ""


def _is_whole(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()


def _domains(held: Object) -> Iterator[tuple[str, Object]]:
    return ((name, cast("Object", one)) for name, one in held.items() if isinstance(one, Mapping))


def _facts() -> Object:
    return facts.load(".", "steering.json")
