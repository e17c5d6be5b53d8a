"""The checks as a program of their own, for a Job: ``python -m PACKAGE FILE``.

The file is JSON with ``url``, ``expected``, ``facts``, ``seconds`` that one answer may take, and ``wait`` that the
server has to become what it should be. Prints the report as JSON; ends with 0 where all that is declared is there, with
1 elsewhere.
"""

import json
import os
import sys
import time
from pathlib import Path

from . import retrieval, serving
from .expected import Expected, Facts
from .verdict import Report
from .wire import Trouble, Wire

_PAUSE = 5.0


def main(path: str) -> int:
    """Wait for the server, run the checks, print what they found."""
    given = json.loads(Path(path).read_text("utf-8"))
    wire = Wire(given["url"], os.environ.get("OPENAI_API_KEY", "").strip(), given.get("seconds", 30.0))
    expected, facts = Expected.of(given["expected"]), Facts.of(given["facts"])
    ends = time.monotonic() + given.get("wait", 0)
    while True:
        report = run(wire, expected, facts)
        if report.exit_code == 0 or time.monotonic() + _PAUSE > ends:
            break
        time.sleep(_PAUSE)
    print(json.dumps(report.plain(), indent=1))
    return report.exit_code


def run(wire: Wire, expected: Expected, facts: Facts) -> Report:
    """The checks that fit what is declared."""
    try:
        return (retrieval if expected.rag else serving).check(wire, expected, facts)
    except Trouble as trouble:
        report = Report(wire.base, expected.runtime)
        report.add("health", "fail", str(trouble))
        return report


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
