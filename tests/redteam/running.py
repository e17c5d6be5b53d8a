"""Running the attacks of each class, each in a folder of its own, and the table of what came of it."""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.redteam import (
    bundles,
    changes,
    charts,
    checkouts,
    deploying,
    documents,
    known,
    lowering,
    outputs,
    overlays,
    programs,
    secrets,
    servers,
    sizes,
    surroundings,
)
from tests.redteam.attack import Attack

# By class: how many variants there are at least, and what makes them.
CLASSES: Mapping[str, tuple[int, Callable[[], Iterable[Attack]]]] = {
    "base": (27, changes.base),
    "bundle": (39, bundles.all_of_them),
    "baseline": (40, known.brought),
    "baseline that knows too much": (30, known.widened),
    "charts": (171, charts.rendered),
    "checkov": (23, programs.checkov),
    "checkout": (16, checkouts.rewritten),
    "clock": (7, programs.clock),
    "code-execution": (36, programs.executed),
    "concurrency": (4, programs.concurrency),
    "context-forgery": (13, surroundings.forged),
    "deployed from elsewhere": (60, deploying.elsewhere),
    "determinism": (11, programs.determinism),
    "dos": (85, sizes.all_of_them),
    "exemption": (45, changes.exempted),
    "fail-open": (116, documents.hidden),
    "folding": (50, known.folded),
    "hostile-hub": (48, servers.hub),
    "hostile-registry": (21, servers.registry),
    "hostile-server": (31, servers.api),
    "injection": (104, outputs.injected),
    "installed version": (20, deploying.installed),
    "kills, disk, outputs": (68, outputs.written),
    "lowered guards": (109, lowering.lowered),
    "make-green": (2, changes.emptied),
    "kinds without a rule": (10, documents.unknown),
    "options": (60, known.chosen),
    "overlays": (136, overlays.made),
    "pruned": (20, deploying.pruned),
    "secrets found by the gate": (80, secrets.found),
    "secrets in reports": (56, secrets.reported),
    "secrets rendered from fleet.yaml": (58, secrets.rendered),
    "secrets without checkov": (1, secrets.alone),
    "takeover": (100, deploying.taken_over),
    "tracebacks (names, locale)": (36, surroundings.named),
    "tracebacks (context file)": (30, surroundings.broken),
}
_SAMPLE = 2


@dataclass
class Result:
    """What came of a class.

    Attributes:
        least: variants that it has to have.
        ran: variants that were run.
        green: variants whose answer may be green, each with its reason.
        open: names of those that are not held, each with what is wrong.
    """

    name: str
    least: int
    count: int = 0
    ran: int = 0
    seconds: float = 0
    green: dict[str, str] = field(default_factory=dict[str, str])
    open: dict[str, str] = field(default_factory=dict[str, str])


def all_classes(names: Sequence[str] = (), *, sample: bool = False) -> list[Result]:
    """Run the classes of these names, else all of them."""
    unknown = [name for name in names if name not in CLASSES]
    if unknown:
        raise SystemExit(f"{', '.join(unknown)}: no such class; there are {', '.join(CLASSES)}")
    return [_class(name, sample) for name in names or CLASSES]


def attacks(name: str) -> list[Attack]:
    """The attacks of a class, whose names tell them apart."""
    made = list(CLASSES[name][1]())
    assert len({one.name for one in made}) == len(made), sorted(one.name for one in made)
    return made


def _class(name: str, sample: bool) -> Result:
    made = attacks(name)
    result = Result(name, CLASSES[name][0], len(made))
    if len(made) < result.least:
        result.open["(count)"] = f"{len(made)} variants, {result.least} are asked for"
    start = time.monotonic()
    chosen = made[:: max(1, len(made) // _SAMPLE)][:_SAMPLE] if sample else made
    result.ran = len(chosen)
    for one in chosen:
        if wrong := run(one):
            result.open[one.name] = wrong
        elif one.why:
            result.green[one.name] = one.why
    result.seconds = time.monotonic() - start
    return result


def run(one: Attack) -> str:
    """What is wrong after an attack; nothing where it is held."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="kaitops-redteam-", ignore_cleanup_errors=True) as name:
        os.chdir(name)
        try:
            return one.run(Path(name).resolve())
        except Exception as error:  # an attack that could not be carried out proves nothing
            return f"{type(error).__name__}: {str(error)[:300]}"
        finally:
            os.chdir(before)


def table(results: Sequence[Result]) -> Iterator[str]:
    """Class, variants, held, open; then what is open, and what may be green."""
    width = max(len(one.name) for one in results)
    yield f"{'class':<{width}}  variants  held  open  seconds"
    for one in results:
        held = one.ran - len(one.open)
        yield f"{one.name:<{width}}  {one.count:>8}  {held:>4}  {len(one.open):>4}  {one.seconds:>7.1f}"
    total, opened = sum(one.count for one in results), sum(len(one.open) for one in results)
    ran = sum(one.ran for one in results)
    yield f"{'sum':<{width}}  {total:>8}  {ran - opened:>4}  {opened:>4}"
    for one in results:
        yield from (f"green {one.name}: {name}: {why}" for name, why in one.green.items())
    for one in results:
        yield from (f"OPEN {one.name}: {name}: {wrong}" for name, wrong in one.open.items())
