"""Files that git checks out otherwise than they are committed: in another encoding, through a filter, with an identity.

What is judged is a checkout. Flux reads what is committed, and Argo CD checks out with the filters of its own machine.
An attribute is read as if no other one took it back, and its pattern as what it begins and ends with: that tells more
than git does, and never less.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kaitops.gate.files.sniffing import CHART
from kaitops.gate.files.walking import home_of

NAME = ".gitattributes"
_MOST_BYTES = 1024 * 1024
_BLANK = " \t\r"
_MOST_LINES = 200
_SAME = ("utf-8", "utf8")


class _Rule(NamedTuple):
    """One line that has git rewrite what it names.

    Attributes:
        is_path: the pattern is of a path from the folder of the file, not of a name anywhere below.
        start: what a name begins with, in small letters.
        end: what it ends with; None where the pattern leaves nothing open.
    """

    line: int
    attribute: str
    is_path: bool = False
    start: str = ""
    end: str | None = ""

    def names(self, path: str, name: str) -> bool:
        """Whether it may name a file; both in small letters."""
        text = path if self.is_path else name
        return text == self.start if self.end is None else text.startswith(self.start) and text.endswith(self.end)


def _rule(line: int, attribute: str, pattern: str) -> _Rule:
    whole = pattern.lstrip("/").casefold()
    parts = re.split(r"[*?\[\]\\]+", whole)
    return _Rule(line, attribute, "/" in pattern.rstrip("/"), parts[0], parts[-1] if len(parts) > 1 else None)


def rewritten(files: Iterable[str], tops: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """The file of attributes, the line, and what is the matter, once for each line that names something.

    Args:
        files: what was read.
        tops: real paths of the repositories that are under judgement.
    """
    known: dict[str, list[_Rule]] = {}
    real: dict[str, str] = {}
    told: set[tuple[str, int]] = set()
    count = 0
    for file in files:
        above, name = os.path.split(file)
        if above not in real:
            real[above] = os.path.realpath(above or ".")
        path = os.path.realpath(file) if os.path.islink(file) else os.path.join(real[above], name)
        top = home_of(path, tops)
        folder = os.path.split(path)[0] if top is not None else ""
        while folder:
            if folder not in known:
                known[folder] = _rules(os.path.join(folder, NAME))
                count += len(known[folder])
                if count > _MOST_LINES:
                    text = f"more than {_MOST_LINES} lines have git rewrite files, so nobody knows which; drop them"
                    yield os.path.relpath(os.path.join(folder, NAME)), 1, text
                    return
            within = path[len(folder) :].lstrip(os.sep).casefold() if known[folder] else ""
            for one in known[folder]:
                if one.names(within, os.path.basename(within)) and (folder, one.line) not in told:
                    told.add((folder, one.line))
                    text = (
                        f"{one.attribute} has git check {os.path.relpath(path, top)} out otherwise than it is "
                        "committed, and whoever deploys it may read what is committed, so what the cluster gets was "
                        "not judged; take the attribute from what is deployed"
                    )
                    yield os.path.relpath(os.path.join(folder, NAME)), one.line, text
            folder = os.path.split(folder)[0] if folder != top else ""


def beside(files: Iterable[str]) -> Iterator[str]:
    """What helm reads beside the files that were read as manifests: all of a chart's folder."""
    for file in files:
        if os.path.basename(file) == CHART:
            for folder, _, names in os.walk(os.path.split(file)[0] or "."):
                yield from (os.path.join(folder, name) for name in names if name != NAME)


def _rules(file: str) -> list[_Rule]:
    if not os.path.isfile(file):
        return []
    try:
        with open(file, "rb") as stream:
            raw = stream.read(_MOST_BYTES + 1)
    except OSError:
        return [_Rule(1, "an attribute that cannot be read")]
    if len(raw) > _MOST_BYTES:
        return [_Rule(1, f"an attribute among more than {_MOST_BYTES} bytes")]
    # As git has it: other blanks than these are part of a name.
    text = os.fsdecode(raw.removeprefix(b"\xef\xbb\xbf"))
    lines = [line.strip(_BLANK) for line in text.split("\n")]
    macros = {_words(line)[0][6:] for line in lines if line.startswith("[attr]") and _found(_words(line))}
    found: list[_Rule] = []
    for number, line in enumerate(lines, 1):
        if line.startswith(("#", "[attr]")) or not line:
            continue
        quoted = re.match(r'"(?:[^"\\]|\\.)*"', line)
        words = _words(line[quoted.end() :]) if quoted else _words(line)[1:]
        if attribute := _found(words, macros):
            # What is quoted may hold any sign.
            found.append(_rule(number, attribute, "*" if quoted else _words(line)[0]))
    return found


def _words(line: str) -> list[str]:
    return [word for word in re.split(f"[{_BLANK}]+", line) if word]


def _found(words: Sequence[str], macros: Iterable[str] = ()) -> str:
    """The first word that has git rewrite a file."""
    for word in words:
        name, equals, value = word.partition("=")
        if name == "working-tree-encoding" and equals and value.lower() not in _SAME:
            return word
        if (name == "filter" and value) or word == "ident" or word in macros:
            return word
    return ""
