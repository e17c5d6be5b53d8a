"""The corpus: every case of the net, in the batches that it runs in."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module

from tests.net.case import Batch

__all__ = ["batches"]
_ROOMS = {
    "programs": ("pulumi",),
    "trees": ("manifests",),
    "changes": ("history",),
    "recorded": ("recordings",),
    "fleets": ("render",),
    "judging": ("policies", "gate"),
    "verbs": ("verbs",),
    "texts": ("texts",),
}
"""Modules, and what the names of their cases start with."""


def batches(only: Sequence[str] = ()) -> list[Batch]:
    """The batches; of cases whose name starts with one of the texts, where there are any."""
    return list(_chosen(tuple(only)))


def _chosen(only: tuple[str, ...]) -> Iterator[Batch]:
    for room, starts in _ROOMS.items():
        # Rooms read files and import tests, so one that nobody asked for is left alone.
        if only and not any(text.split("/")[0] in starts for text in only):
            continue
        found: Iterator[Batch] = import_module(f"{__name__}.{room}").batches()
        for batch in found:
            cases = tuple(case for case in batch.cases if not only or case.name.startswith(only))
            if cases:
                yield replace(batch, cases=cases)
