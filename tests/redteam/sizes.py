"""Small inputs that cost a reader without bounds its time or its memory."""

from collections.abc import Iterator
from pathlib import Path

from tests.gate.hostile import CASES, Make
from tests.gate.objects import WORKSPACE
from tests.redteam.attack import ANY, Attack, Held, put, started, verdict


def all_of_them() -> Iterator[Attack]:
    """Each hostile tree, in a process that has a time to end in."""
    for name, make in CASES.items():
        yield Attack(name, _bounded(make), "" if "link" not in name else "a link that shows nothing hides nothing")


def _bounded(make: Make):
    def run(folder: Path) -> Held:
        put(folder, {"good.yaml": WORKSPACE.replace("name: phi\n", "name: good\n")})
        make(folder)
        return verdict(started("gate", ".", "--no-checkov", "--cost", "--region", "westeurope"), ANY)

    return run
