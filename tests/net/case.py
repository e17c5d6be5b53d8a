"""What a case of the net is: a folder, and what is done in it, one step after the other.

Owns the form of a case; runs none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Text = str | bytes
Files = Mapping[str, Text]
Edits = Mapping[str, Text | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done.

    Attributes:
        words: arguments of ``kaitops``; or the words that the step is called by where ``call`` is given.
        stdin: what comes on standard input.
        files: written before, or removed where None; by path in the folder of the case.
        call: a function of the product in place of a command; its text is what is recorded.
        git: commands that lay out a history before that, each as the arguments of ``git``; not recorded.
    """

    words: tuple[str, ...]
    stdin: Text = ""
    files: Edits = field(default_factory=dict[str, Text | None])
    call: Callable[[], str] | None = None
    git: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A folder and the steps in it.

    Attributes:
        name: path of its file in a record, without the ending.
        files: what lies in the folder at first, by path.
    """

    name: str
    steps: tuple[Step, ...]
    files: Files = field(default_factory=dict[str, Text])


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases that run in one process, after each other.

    Attributes:
        weight: about how long they take, so that the long ones start first; seconds.
    """

    cases: tuple[Case, ...]
    weight: float


def kaitops(*words: str, stdin: Text = "", files: Edits | None = None, git: Sequence[tuple[str, ...]] = ()) -> Step:
    """A step that runs the command."""
    return Step(words, stdin, files or {}, None, tuple(git))


def call(*words: str, by: Callable[[], str]) -> Step:
    """A step that asks a function of the product."""
    return Step(words, call=by)


def batches(cases: Sequence[Case], size: int, weight: float) -> Iterator[Batch]:
    """Cases in batches of a size, each taking about ``weight`` seconds a case."""
    for start in range(0, len(cases), size):
        part = tuple(cases[start : start + size])
        yield Batch(part, weight * len(part))
