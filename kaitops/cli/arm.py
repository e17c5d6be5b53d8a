"""``kaitops arm``: the Azure resources of a Pulumi stack as an ARM template, which ``kaitops gate`` and checkov read.

Pulumi is never imported here: the program runs in a process of its own, under this interpreter.
"""

import argparse
import subprocess
import sys
from importlib.util import find_spec

from kaitops.errors import ToolMissing

_NEEDED = ("pulumi", "pulumi_azure_native", "kaitops.components")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("--project", default=".", metavar="DIR", help="folder with Pulumi.yaml (default: this one)")
    add("--stack", required=True, help="its configuration is read from Pulumi.STACK.yaml")
    add(
        "--config",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=(
            "in place of the stack's own value of a key; one with keys below it is written as JSON and is taken whole: "
            "'kaitops:infra={...}'; repeatable"
        ),
    )
    add("--out", metavar="FILE", help="write the template here (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Run the program and write the template."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ToolMissing(
            f"{', '.join(missing)}: not installed beside kaitops, so a Pulumi program cannot be run; "
            "install kaitops[pulumi]"
        )
    program = [sys.executable, "-m", "kaitops.components.arm"]
    command = [*program, "--project", arguments.project, "--stack", arguments.stack]
    for one in arguments.config:
        command += ["--config", one]
    if arguments.out:
        command += ["--out", arguments.out]
    sys.stdout.flush()
    return subprocess.run(command, check=False).returncode  # noqa: S603 - this interpreter, and a module of ours
