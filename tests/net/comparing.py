"""Holds one record against another and says what differs, case by case."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.net.recording import INDEX, BadInput

_PARTS, _LINES, _WIDTH = 4, 2, 240
Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What two records have in common and what not, as numbers."""

    both: int
    differ: int
    only_a: int
    only_b: int

    def __bool__(self) -> bool:
        """Something differs."""
        return bool(self.differ or self.only_a or self.only_b)

    def __str__(self) -> str:
        return (
            f"{self.both} cases in both: {self.both - self.differ} equal, {self.differ} differ; "
            f"{self.only_a} only in A, {self.only_b} only in B"
        )


def names(folder: Path) -> list[str]:
    """The cases of a record, all of whose files are there.

    Raises:
        BadInput: the folder is none, or not a whole one.
    """
    try:
        found: list[str] = json.loads((folder / INDEX).read_text("utf-8"))["cases"]
    except FileNotFoundError:
        raise BadInput(f"{folder}: is no record, or one that was broken off: it has no {INDEX}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{folder / INDEX}: cannot be read ({error}); record anew") from None
    if not found:
        raise BadInput(f"{folder}: the record holds no case, so there is nothing to compare")
    held = {str(path.relative_to(folder))[: -len(".json")] for path in folder.rglob("*.json")} - {
        INDEX[: -len(".json")]
    }
    if odd := sorted(held ^ set(found)):
        raise BadInput(f"{folder / odd[0]}.json: is {'not listed' if odd[0] in held else 'missing'}; record anew")
    return found


def compare(a: Path, b: Path) -> Iterator[str | Outcome]:
    """Lines that say what differs; last the outcome."""
    first, second = names(a), names(b)
    both = sorted({*first} & {*second})
    differ = 0
    for name in both:
        file = f"{name}.json"
        if (a / file).read_bytes() != (b / file).read_bytes():
            differ += 1
            yield from _case(name, _read(a / file), _read(b / file))
    only_a, only_b = sorted({*first} - {*second}), sorted({*second} - {*first})
    yield from (f"{name}: only in A" for name in only_a)
    yield from (f"{name}: only in B" for name in only_b)
    yield Outcome(len(both), differ, len(only_a), len(only_b))


def _read(path: Path) -> Any:
    try:
        found = json.loads(path.read_text("utf-8"))
        _ = found["input"], [(one["run"], one["exit"], one["files"]) for one in found["steps"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path}: is damaged ({error}); record anew") from None
    return found


def _case(name: str, a: Any, b: Any) -> Iterator[str]:
    yield f"{name}:"
    if a["input"] != b["input"]:
        yield "  the case itself is another one: its files or commands differ"
    found: list[list[str]] = []
    for number in range(max(len(a["steps"]), len(b["steps"]))):
        pair = [one["steps"][number] if number < len(one["steps"]) else None for one in (a, b)]
        found += _step(number + 1, *pair)
    for lines in found[:_PARTS]:
        yield from lines
    if len(found) > _PARTS:
        yield f"  and {len(found) - _PARTS} more places"


def _step(number: int, a: Step | None, b: Step | None) -> Iterator[list[str]]:
    if a is None or b is None:
        yield [f"  step {number}: only in {'B' if a is None else 'A'}: {(a or b or {})['run']}"]
        return
    where = f"  step {number} ({a['run']})"
    if a["run"] != b["run"]:
        yield [f"{where}: is {b['run']} in B"]
    if a["exit"] != b["exit"]:
        yield [f"{where}: exit code {a['exit']} became {b['exit']}"]
    for part in ("stdout", "stderr"):
        if a[part] != b[part]:
            yield [*_texts(f"{where}: {part}", a[part], b[part])]
    for path in sorted({*a["files"], *b["files"]}):
        one, other = (side["files"].get(path, "") for side in (a, b))
        if one == other and (path in a["files"]) == (path in b["files"]):
            continue
        if isinstance(one, list) and isinstance(other, list):
            yield [*_texts(f"{where}: {path}", one, other)]
        else:
            yield [f"{where}: {path}: {_kind(one)} became {_kind(other)}"]


def _texts(where: str, a: list[str], b: list[str]) -> Iterator[str]:
    """How many lines differ, and the first of them."""
    gone, new = Counter(a) - Counter(b), Counter(b) - Counter(a)
    yield f"{where}: {gone.total()} of {len(a)} lines went, {new.total()} of {len(b)} came"
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    shown = [side[start : start + _LINES] for side in (a, b)]
    first, second = (lines[0] if lines else "" for lines in shown)
    # Of a long line, such as a whole document, what is around the first difference.
    column = next((n for n, (x, y) in enumerate(zip(first, second, strict=False)) if x != y), 0)
    yield f"    line {start + 1}"
    for mark, lines in (("-", shown[0]), ("+", shown[1])):
        yield from (f"    {mark} {_short(line, 0 if number else column)}" for number, line in enumerate(lines))


def _short(line: str, column: int) -> str:
    text = line.removesuffix("\n") if line.endswith("\n") else f"{line} (no line end)"
    if len(text) <= _WIDTH:
        return text
    start = max(0, column - _WIDTH // 4)
    return f"{'...' if start else ''}{text[start : start + _WIDTH]}... ({len(text)} characters)"


def _kind(held: Any) -> str:
    match held:
        case "":
            return "not written"
        case None:
            return "removed"
        case {"sha256": digest}:
            return f"sha256:{digest[:16]}"
        case {"sameAs": path}:
            return f"the same as {path}"
        case _:
            return f"{len(held)} lines"
