"""``python -m kaitops.components.arm``: the Azure resources of a stack as an ARM template, for checks that read ARM.

Owns the command line of the process that ``kaitops arm`` starts. Nothing is deployed, no cloud is asked.
"""

import argparse
import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from kaitops.errors import BadInput, KaitopsError


def main(argv: Sequence[str] | None = None) -> int:
    """Write the template of a stack; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kaitops.components.arm", description=__doc__)
    parser.add_argument("--project", type=Path, default=Path(), metavar="DIR")
    parser.add_argument("--stack", required=True)
    parser.add_argument("--config", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--out", type=Path, metavar="FILE")
    arguments = parser.parse_args(argv)
    out: Path | None = arguments.out and arguments.out.absolute()
    try:
        # What the program prints is for people.
        with contextlib.redirect_stdout(sys.stderr):
            text = write(arguments.project.absolute(), arguments.stack, arguments.config)
    except KaitopsError as error:
        print(f"kaitops: {error}", file=sys.stderr)
        return error.exit_code
    if out:
        out.write_text(text, "utf-8")
    else:
        print(text, end="")
    return 0


def write(project: Path, stack: str, config: Sequence[str]) -> str:
    """The template's text.

    Raises:
        BadInput: the project, its configuration or its program cannot be used, or it declares no Azure resource.
    """
    from kaitops.components.arm_program import collect
    from kaitops.components.arm_template import template

    given: dict[str, str] = {}
    for one in config:
        key, sign, value = one.partition("=")
        if not key or not sign:
            raise BadInput(f"--config: {one!r} is not KEY=VALUE; write it as kaitops:part=infra")
        given[key] = value
    made = template(collect(project, stack, given), f"stack {stack} of {project.name}, for checks and not to deploy")
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
