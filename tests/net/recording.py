"""Writes a record: one file a case, and an index that says which there are.

Owns the form of a record and the processes that make it. The index comes last: a folder without one is no record.
"""

import gc
import json
import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.net import running, surface
from tests.net.case import Batch

INDEX = "record.json"


class BadInput(Exception):
    """What was asked for cannot be done; the text says why."""


def prepare(out: Path) -> None:
    """An empty folder for a record; an older record in its place is removed.

    Raises:
        BadInput: the folder holds other things, or would become part of the repository.
    """
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out}: is a file, and a record is a folder; name another")
    if surface.ROOT in (real := out.resolve()).parents or real == surface.ROOT:
        told = subprocess.run(["git", "-C", surface.ROOT, "check-ignore", "-q", real], check=False, capture_output=True)
        if told.returncode or real == surface.ROOT:
            raise BadInput(
                f"{out}: lies in the repository and git does not ignore it, so the record would become part of it; "
                "name a folder outside"
            )
    if out.is_dir() and any(out.iterdir()):
        if not (out / INDEX).is_file():
            raise BadInput(f"{out}: holds other things than a record, which would be mixed up; name an empty folder")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)


def record(out: Path, parts: Sequence[Batch], jobs: int) -> int:
    """Run the batches, the longest first, several at a time, and write what each case did; gives the number of cases.

    Raises:
        BadInput: a case could not be run, which is a defect of the net or of this machine.
    """
    names = [case.name for batch in parts for case in batch.cases]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(f"{twice[0]}: two cases have this name")
    waiting = sorted(parts, key=lambda batch: -batch.weight)
    running_now: dict[int, Batch] = {}
    failed: list[str] = []
    sys.stdout.flush()
    sys.stderr.flush()
    # What the processes have in common stays in common: a collection would touch, and so copy, all of it in each.
    gc.freeze()
    while waiting or running_now:
        while waiting and len(running_now) < jobs:
            batch = waiting.pop(0)
            if child := os.fork():
                running_now[child] = batch
            else:
                _child(out, batch)
        child, status = os.wait()
        batch = running_now.pop(child)
        if status:
            failed.append(batch.cases[0].name)
    if failed:
        raise BadInput(f"{', '.join(failed)}: not run, see above; there is no record")
    index = {"cases": sorted(names)}
    (out / INDEX).write_text(json.dumps(index, indent=1) + "\n", "utf-8")
    return len(names)


def _child(out: Path, batch: Batch) -> None:
    """Run a batch and leave: nothing of what a case changed in this process is seen by another batch."""
    out = out.absolute()
    try:
        for case in batch.cases:
            text = json.dumps(running.run(case), indent=1, ensure_ascii=False) + "\n"
            path = out / f"{case.name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except BaseException:
        print(f"{case.name}:", file=sys.stderr)
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    sys.stderr.flush()
    os._exit(0)
