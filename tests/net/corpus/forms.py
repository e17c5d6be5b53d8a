"""The gate in every form of report."""

from collections.abc import Iterator

from tests.commands import FORMS
from tests.net import surface
from tests.net.case import Step, kaitops

DAY = ("--today", surface.TODAY)
_WRITTEN = ("json", "sarif", "junit", "markdown")


def gate(*words: str) -> Step:
    """The gate without checkov, on the day of the net unless a day is named."""
    return kaitops("gate", *words, "--no-checkov", *(() if "--today" in words else DAY))


def all_of(*words: str, start: str = "report") -> Iterator[Step]:
    """Every form printed, then those that can be written, written at once."""
    yield from (gate(*words, "-o", form) for form in FORMS)
    yield gate(*words, "-q", *(word for form in _WRITTEN for word in (f"--{form}", f"{start}.{form}")))


def of_one_rule(*words: str) -> Iterator[Step]:
    """The forms that tell of the findings alone: SARIF repeats the text of every rule there is."""
    yield from (gate(*words, "-o", form) for form in ("table", "yaml", "junit", "github", "markdown"))
