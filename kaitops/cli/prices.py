"""``kaitops prices``: what machines cost today, asked of a cloud's public list and written down with the day.

``record`` is the one command of prices that uses the network. It needs no account and sends no credential.
"""

import argparse
import http.client
import json
import time
import urllib.error
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kaitops import asking
from kaitops.cli import output
from kaitops.cost import price_file, price_list, retail
from kaitops.documents import source as sources
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput, Findings, ToolMissing
from kaitops.fleet import files
from kaitops.kaito import facts
from kaitops.prices import offers, regions
from kaitops.report import printable
from kaitops.today import now
from kaitops.tree import single

_PAGE_BYTES = 8 * 1024 * 1024
_BUSY = (429, 503)
_PATIENCE = 60
"""Seconds that a busy server may ask to wait before the next of a few attempts."""
_ATTEMPTS = 4


class _Unheard(Exception):
    """The server was not heard, which says nothing of its list."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    verbs = parser.add_subparsers(title="what to do", metavar="ACTION", required=True, dest="action")
    record = verbs.add_parser("record", help="ask the cloud's public list, and write the prices down for --prices")
    record.add_argument("--cloud", choices=("azure", "aws"), default="azure")
    record.add_argument("--region", action="append", required=True, metavar="REGION", help="repeatable")
    record.add_argument("--size", action="append", metavar="SIZE", help="repeatable (default: all that KAITO knows)")
    record.add_argument(
        "--out", metavar="FILE", help="the file; what it holds of others stays (default: prices-CLOUD.json)"
    )
    record.add_argument("--kaito", metavar="VERSION", help="whose sizes (default: the newest known in full)")
    record.add_argument("--host", help=argparse.SUPPRESS)
    record.add_argument("--seconds", type=float, default=0, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Ask, check, write: all of it or nothing."""
    cloud: str = arguments.cloud
    path = Path(arguments.out or f"prices-{cloud}.json")
    known = regions(cloud)
    # Azure's list is asked by the exact text.
    arguments.region = [region.lower() for region in arguments.region]
    for region in arguments.region:
        if region not in known and not region.replace("-", "").isalnum():
            raise BadInput(f"--region: {region!r} is no name of a region; write such as {min(known)}")
    old = price_file.parse(sources.read(path), str(path)) if path.exists() else None
    if old and old.cloud != cloud:
        raise BadInput(f"{path}: holds prices of {old.cloud}; name another file with --out")
    sizes = _sizes(arguments)
    try:
        found, source, day = (_azure if cloud == "azure" else _aws)(arguments, sizes)
    except _Unheard as error:
        raise ToolMissing(
            f"{error}; nothing was written, and {path} is as it was; see that this machine reaches it, "
            "directly or by the proxy that HTTPS_PROXY names"
        ) from None
    except BadInput as error:
        raise ToolMissing(
            f"the list of {cloud} cannot be believed: {error}; nothing was written, and {path} is as it was"
        ) from None
    count = sum(len(rows) for rows in found.values())
    if not count:
        asked = f"{printable.counted(len(sizes), 'size')} in {', '.join(arguments.region)}"
        raise Findings(f"the list of {cloud} has no price of {asked}; nothing was written")
    table = retail.merged(old.table if old else None, found, source, day)
    single.write_whole(path, price_file.PriceFile(cloud, table).dump())
    print(f"{path}: {printable.counted(count, 'price')} of {day} in {price_file.CURRENCY}; use it with --prices {path}")
    for region in arguments.region:
        missing = [size for size in sizes if region not in found.get(size, {})]
        if missing:
            shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
            output.note(f"{region}: the list has no price of {shown}")
    return 0


def _sizes(arguments: argparse.Namespace) -> list[str]:
    release = files.release_for(arguments.kaito or facts.newest(), Path())
    table = release.skus(arguments.cloud)
    known = sorted({*(sku.name for sku in table if sku.nvidia), *offers(arguments.cloud)})
    if not arguments.size:
        return known
    by_name = {name.lower(): name for name in known}
    for size in arguments.size:
        if size.lower() not in by_name:
            near = table.nearest(size)
            raise BadInput(
                f"--size: no size {size!r} of {arguments.cloud} is known; nearest: {', '.join(near) or 'none'}"
            )
    return [by_name[size.lower()] for size in dict.fromkeys(arguments.size)]


Found = dict[str, MutableObject]


def _azure(arguments: argparse.Namespace, sizes: list[str]) -> tuple[Found, str, str]:
    host = (arguments.host or retail.HOST).rstrip("/")
    seconds = arguments.seconds or 60
    progress = output.Progress("prices", len(sizes) * len(arguments.region))
    found: Found = {}

    def ask(address: str) -> Any:
        try:
            return json.loads(_asked(address, _PAGE_BYTES, seconds))
        except (ValueError, RecursionError):
            raise BadInput("the answer is not JSON") from None

    for size in sizes:
        for region in arguments.region:
            found.setdefault(size, {}).update(retail.rows(host, size, region, now().date(), ask))
            progress.step()
    progress.close()
    return found, "Azure Retail Prices", now().date().isoformat()


def _aws(arguments: argparse.Namespace, sizes: list[str]) -> tuple[Found, str, str]:
    host = (arguments.host or price_list.HOST).rstrip("/")
    found: Found = {}
    days: list[str] = []
    for region in arguments.region:
        raw = _asked(price_list.address(host, region), price_list.LIMIT_BYTES, arguments.seconds or 900)
        try:
            rows, day = price_list.rows(raw.decode(), region, frozenset(sizes))
        except UnicodeDecodeError:
            raise BadInput(f"{region}: the answer is no text") from None
        days.append(day)
        for size, price in rows.items():
            found.setdefault(size, {})[region] = [price, None]
    return found, "AWS price list of AmazonEC2", min(days)


def _asked(address: str, limit: int, seconds: float) -> bytes:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return asking.fetched(address, {}, limit=limit, seconds=seconds, elsewhere=False)
        except urllib.error.HTTPError as error:
            wait = _asked_to_wait(error)
            if wait is None or wait > _PATIENCE or attempt == _ATTEMPTS:
                later = (
                    "" if wait is None else f", and asks to wait {wait} s; try again later, or fewer sizes by --size"
                )
                raise BadInput(f"the server answered {error.code}{later}") from None
            time.sleep(wait)
        except (OSError, http.client.HTTPException, asking.TooLarge) as error:
            host = urlsplit(address).hostname
            raise _Unheard(
                f"{host} gives no whole answer: {getattr(error, 'reason', error) or type(error).__name__}"
            ) from None
    raise AssertionError  # the last attempt returns or raises


def _asked_to_wait(error: urllib.error.HTTPError) -> int | None:
    """Seconds after which a busy server wants to be asked again; None where it says none."""
    said = str(error.headers.get("Retry-After", "")).strip()
    return int(said) if error.code in _BUSY and said.isascii() and said.isdecimal() and len(said) < 10 else None
