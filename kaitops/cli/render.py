"""``kaitops render``: the fleet as a tree of manifests."""

import argparse
import sys
from pathlib import Path

from kaitops.cli import output
from kaitops.errors import BadInput
from kaitops.fleet import files
from kaitops.fleet.lock import Lock
from kaitops.render import ROOT, Rendering, render
from kaitops.report import printable
from kaitops.tree import single, writing

_TOLD = 5
"""Sizes that were chosen before are told one by one up to here."""
DRIFT = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the declaration; - for standard input")
    parser.add_argument("--out", default="manifests", metavar="DIR", help="where the tree goes; - for standard output")
    parser.add_argument("--mode", choices=("operator", "plain"), help="render every workload this way")
    parser.add_argument("--parity", action="store_true", help="plain objects exactly as KAITO makes them")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the tree differs")
    parser.add_argument("--diff", action="store_true", help="write nothing; print what would change")
    parser.add_argument("--update-lock", action="store_true", help="let 'gpu: auto' choose anew")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing on success")


def run(arguments: argparse.Namespace) -> int:
    """Render and write, compare or print."""
    fleet = files.whole(files.read_source(arguments.fleet), Lock() if arguments.update_lock else None)
    lock, lock_path = fleet.sizes, files.base(arguments.fleet) / Lock.FILE
    rendering = render(fleet, mode=arguments.mode, parity=arguments.parity)
    for warning in rendering.warnings:
        output.note(f"warning: {warning}")
    if arguments.out == "-":
        return _print(rendering)
    root = Path(arguments.out) / ROOT
    if arguments.check or arguments.diff:
        return _compare(rendering, root, arguments.diff, _lock_drift(lock, lock_path))
    put(rendering, arguments.out, None if arguments.fleet == "-" else lock, lock_path, quiet=arguments.quiet)
    if not arguments.quiet and arguments.fleet != "-":
        _chosen(rendering, lock)
    return 0


def put(rendering: Rendering, out: str, lock: Lock | None, lock_path: Path, *, quiet: bool = False) -> None:
    """Write the tree, and the lock where there is one to keep."""
    root = Path(out) / ROOT
    changed = writing.write(root, rendering.files)
    if lock is not None and _lock_drift(lock, lock_path):
        text = lock.dump()
        if text is None:
            lock_path.unlink(missing_ok=True)
        else:
            single.write_whole(lock_path, text)
    if not quiet:
        _report(rendering, root, changed)


def _chosen(rendering: Rendering, lock: Lock) -> None:
    """Say of each size that ``auto`` chose what it is and costs; of many, those that it chose now.

    And of each model that takes several machines, which its context alone may have brought about.
    """
    # Who renders quietly, as scripts do, does not load what only people read.
    from kaitops.cli import sizing
    from kaitops.prices import Price

    kept: list[str] = []
    for plan in rendering.plan.clusters:
        for workload in plan.workloads:
            for role, place in workload.machines.items():
                key = "/".join(filter(None, (workload.group, workload.name, role)))
                pin = lock.used(plan.name, key) if sizing.is_auto(workload, role) else None
                if pin is None:
                    continue
                text = f"auto: {sizing.line(workload, role, place, Price(pin.price, None, Lock.FILE, pin.date))}"
                if lock.is_new(plan.name, key):
                    output.note(text)
                else:
                    kept.append(text)
            for text in sizing.several(plan, workload):
                output.note(f"machines: {text}")
    if len(kept) > _TOLD:
        kept = [f"auto: {len(kept)} sizes as {Lock.FILE} has them; 'kaitops cost' lists them"]
    for text in kept:
        output.note(text)


def _lock_drift(lock: Lock, path: Path) -> bool:
    """The lock file does not hold the pins in use."""
    return (lock.dump() or "") != (path.read_text("utf-8") if path.is_file() else "")


def _print(rendering: Rendering) -> int:
    from kaitops.documents import writer

    clusters = rendering.objects
    if len(clusters) > 1:
        raise BadInput(
            f"--out -: the fleet has {len(clusters)} clusters ({', '.join(clusters)}), and one stream cannot tell them "
            "apart; render into a folder"
        )
    for documents in clusters.values():
        sys.stdout.write(writer.dump_all(documents))
    return 0


def _compare(rendering: Rendering, root: Path, show: bool, lock_drift: bool) -> int:
    found = writing.changes(root, rendering.files)
    if show:
        output.difference(_diff(rendering, root, found))
    else:
        for mark, paths in (("+", found.added), ("~", found.changed), ("-", found.removed)):
            for path in paths:
                print(f"{mark} {root / path}")
    if lock_drift:
        output.note("fleet.lock does not hold the sizes in use; run 'kaitops render' and commit it")
    if found:
        output.note(
            f"{root}: {len(found.added)} missing, {len(found.changed)} different, {len(found.removed)} left over; "
            "run 'kaitops render' and commit the result"
        )
    return DRIFT if found or lock_drift else 0


def _diff(rendering: Rendering, root: Path, found: writing.Changes) -> list[str]:
    from difflib import unified_diff

    lines: list[str] = []
    for path in sorted([*found.added, *found.changed, *found.removed]):
        old = (root / path).read_text("utf-8").splitlines(keepends=True) if path not in found.added else []
        new = rendering.files[path].decode().splitlines(keepends=True) if path in rendering.files else []
        lines += unified_diff(
            old,
            new,
            f"a/{root / path}" if old else "/dev/null",
            f"b/{root / path}" if new else "/dev/null",
        )
    return lines


def _report(rendering: Rendering, root: Path, changed: writing.Changes) -> None:
    count = sum(len(documents) for documents in rendering.objects.values())
    state = (
        f"{len(changed.added)} added, {len(changed.changed)} changed, {len(changed.removed)} removed"
        if changed
        else "nothing changed"
    )
    clusters = printable.counted(len(rendering.objects), "cluster")
    print(f"{root}: {clusters}, {printable.counted(count, 'object')}; {state}")
    for cluster, needs in rendering.needs.items():
        for need in needs:
            print(f"needs in cluster {cluster}: {need}")
