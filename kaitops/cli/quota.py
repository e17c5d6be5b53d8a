"""``kaitops quota``: record what a subscription may have in a region, for the gate to hold a fleet to."""

import argparse
import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from kaitops.cli import output
from kaitops.errors import BadInput, ToolMissing
from kaitops.tree import single

_MINUTES = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    verbs = parser.add_subparsers(title="what to do", metavar="ACTION", required=True, dest="action")
    record = verbs.add_parser("record", help="ask az for quota and sizes of a region, and write the answer down")
    record.add_argument("--region", required=True, metavar="REGION", help="such as westeurope")
    record.add_argument("--subscription", metavar="ID", help="name or id (default: the one az uses)")
    record.add_argument("--out", metavar="FILE", help="where to write (default: quota-REGION.json)")
    show = verbs.add_parser("show", help="the quotas in a recording that are in use or allow something")
    show.add_argument("file", metavar="FILE")
    output.add_format(show)


def run(arguments: argparse.Namespace) -> int:
    """Record or show."""
    return _record(arguments) if arguments.action == "record" else _show(arguments)


def _record(arguments: argparse.Namespace) -> int:
    region = str(arguments.region)
    if not region.replace("-", "").isalnum():
        raise BadInput(f"--region: {region!r} is no region of Azure; write it as 'az account list-locations' does")
    az = shutil.which("az")
    if az is None:
        raise ToolMissing(
            "az is not installed, so the quota cannot be asked for; install the Azure CLI, or record it where az is "
            "and copy the file"
        )
    chosen = ["--subscription", arguments.subscription] if arguments.subscription else []
    usage = _ask(az, ["vm", "list-usage", "--location", region, *chosen])
    skus = _ask(az, ["vm", "list-skus", "--location", region, "--resource-type", "virtualMachines", "--all", *chosen])
    document = {"region": region, "date": date.today().isoformat(), "usage": usage, "skus": skus}
    from kaitops.cost.quota import Quota

    quota = Quota.from_document(document, f"az in {region}")
    out = Path(arguments.out or f"quota-{region}.json")
    single.write_whole(out, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    output.note(f"{out}: {len(quota.limits)} quotas and {len(quota.sizes)} sizes of {region}")
    return 0


def _ask(az: str, arguments: list[str]) -> Any:
    command = " ".join(["az", *arguments])
    try:
        done = subprocess.run(  # noqa: S603 - az as found on the PATH, arguments as checked
            [az, *arguments, "--output", "json"], capture_output=True, text=True, check=False, timeout=_MINUTES * 60
        )
    except subprocess.TimeoutExpired:
        raise ToolMissing(f"{command}: gave no answer within {_MINUTES} minutes; try again") from None
    except OSError as error:
        raise ToolMissing(f"{command}: cannot be run: {error.strerror}") from None
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ToolMissing(f"{command}: failed: {said[-1] if said else 'it said nothing'}; sign in with 'az login'?")
    try:
        return json.loads(done.stdout)
    except (ValueError, RecursionError):
        raise ToolMissing(f"{command}: answered something that is not JSON; run it by hand to see what") from None


def _show(arguments: argparse.Namespace) -> int:
    from kaitops.cost.quota import Quota

    quota = Quota.read(Path(arguments.file))
    rows = [
        {"name": one.name, "used": one.used, "limit": one.limit, "left": one.left}
        for one in quota.limits.values()
        if one.used or one.limit
    ]
    output.emit(rows, arguments.output)
    return 0
