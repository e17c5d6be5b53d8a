"""What KAITO's scaler is told by an InferenceSet's annotations: what it cannot read it passes over, and nothing scales.

Owns the values; whether a key is one that it reads is for ``keys``, who owns the replicas for ``scaling``. Source:
keda-kaito-scaler 0.6.2, which reads numbers as Go does, and the metrics as YAML in which letters of keys may be large.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from kaitops.documents import reader
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.errors import BadInput
from kaitops.kaito.autoscaling import AUTO, COMBINED, LEAST, METRICS, MOST, SECONDS
from kaitops.kaito.release import Release
from kaitops.kaito.vllm import metrics

_INTEGER = re.compile(r"[+-]?[0-9]+")
_WORD = re.compile(r"[^A-Za-z0-9_]")
_WHERE: Path = ("metadata", "annotations")
_IDLE = "so KAITO's scaler leaves the set as it is and nothing scales"
_ONE = "{name: 'vllm:num_requests_waiting', type: gauge, upthreshold: 10, downthreshold: 1}"

Found = Iterator[tuple[Path, str]]


def problems(document: Object, release: Release) -> Found:
    """Path and message of each value that the scaler does not take.

    Args:
        release: what its scaler's metrics may be, and what its vLLM counts.
    """
    notes = mapping(at(document, *_WHERE))
    if notes.get(AUTO) != "true":
        return
    known = mapping(mapping(release.facts.get("metadata_keys")).get("scaler_metrics"))
    yield from _bounds(notes, at(document, "spec", "nodeCountLimit"))
    policy = notes.get(COMBINED)
    if policy and str(policy).upper() not in known.get("policies", ()):
        yield (*_WHERE, COMBINED), f"is {policy!r}, {_IDLE}; write {' or '.join(known['policies'])}"
    for key in SECONDS:
        value = notes.get(key)
        number = _number(value)
        if value and (number is None or number < 0):
            yield (*_WHERE, key), f"is {value!r}, which is no number of seconds, {_IDLE}; write one such as 300"
    if known:
        for text in _metrics(notes.get(METRICS), known, release.version):
            where = METRICS if METRICS in notes else AUTO
            yield (*_WHERE, where), text


def _bounds(notes: Object, limit: object) -> Found:
    if MOST in notes:
        most = _number(notes[MOST])
        if most is None or most < 2:
            text = f"is {notes[MOST]!r}, and the scaler wants a whole number from 2, {_IDLE}; write one"
            yield (*_WHERE, MOST), text
    elif not limit:
        yield (*_WHERE, AUTO), f"is told no most replicas, {_IDLE}; write {MOST} with a whole number from 2"
    if LEAST in notes and _number(notes[LEAST]) is None:
        yield (*_WHERE, LEAST), f"is {notes[LEAST]!r}, which the scaler takes for 1; write a whole number"


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


def _metrics(text: object, known: Object, kaito: str) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip():
        yield f"says no metric, {_IDLE}; write {METRICS} with a list such as [{_ONE}]"
        return
    try:
        documents = reader.read_bytes(text.encode(), METRICS)
    except BadInput as error:
        yield f"can be read by nobody ({error}), {_IDLE}; write a list such as [{_ONE}]"
        return
    found: object = documents[0].data if len(documents) == 1 else None
    if not isinstance(found, list) or not found:
        yield f"is no list of metrics, {_IDLE}; write one such as [{_ONE}]"
        return
    names: dict[str, int] = {}
    for number, one in enumerate(items(found)):
        held = {str(key).lower(): value for key, value in mapping(one).items()}
        name = str(held.get("name") or "")
        for problem in (*_metric(held, known, kaito), *_repeated(name, names)):
            yield f"metric {name or number} {problem}, {_IDLE}; correct it"
        names.setdefault(_WORD.sub("_", name), number)


def _repeated(name: str, names: Mapping[str, int]) -> Iterator[str]:
    if _WORD.sub("_", name) in names and name:
        yield "is named like another one"


def _metric(held: Object, known: Object, kaito: str) -> Iterator[str]:
    types: Sequence[str] = known["types"]
    if not held.get("name"):
        yield "has no name"
    if held.get("type") not in types:
        yield f"has the type {held.get('type')!r}, and the scaler knows {', '.join(types)}"
    if held.get("source") and held["source"] not in known["sources"]:
        yield f"has the source {held['source']!r}, and the scaler knows {', '.join(known['sources'])}"
    bounds = [held.get(key) for key in ("upthreshold", "downthreshold")]
    for key, value in zip(("upthreshold", "downthreshold"), bounds, strict=True):
        if not _is_number(value):
            yield f"has no number for {key}" if value is None else f"has {value!r} for {key}, which is no number"
    up, down = bounds
    if _is_number(up) and _is_number(down) and float(down or 0) > float(up or 0):
        yield f"has the downthreshold {down} above the upthreshold {up}"
    if wrong := metrics.problem(str(held.get("name") or ""), kaito):
        yield f"is never there, as {wrong[0]} ({wrong[1]})"
    window = held.get("metriccachewindow")
    if window is not None and held.get("type") != known["windowed"]:
        yield f"has a metriccachewindow, which only the type {known['windowed']} has"
    elif window is not None and not (isinstance(window, int) and not isinstance(window, bool) and window > 0):
        yield f"has the metriccachewindow {window!r}, which is no number of seconds"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
