"""What AWS's public price list of a region says, as rows of a price table.

The list of one region is some hundred megabytes of JSON, so it is read member by member and never built as a whole.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from kaitops.cost.price_file import CURRENCY, amount
from kaitops.documents.plain import mapping
from kaitops.errors import BadInput

HOST = "https://pricing.us-east-1.amazonaws.com"
LIMIT_BYTES = 1_000_000_000
_DECODER = json.JSONDecoder()
_HOURS = frozenset({"Hrs", "Hours"})
# The machine alone, as any account may have it: no licence in its price, on shared hardware, without a reservation.
_PLAIN: Mapping[str, str] = {
    "operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used",
}  # fmt: skip


def address(host: str, region: str) -> str:
    """Where the list of a region is."""
    return f"{host}/offers/v1.0/aws/AmazonEC2/current/{region}/index.json"


def rows(text: str, region: str, sizes: Collection[str]) -> tuple[dict[str, float], str]:
    """On-demand price by size, and the day of the list.

    Raises:
        BadInput: it is no list of the region, or holds what is no price.
    """
    try:
        return _rows(text, region, sizes)
    except (ValueError, IndexError, RecursionError):
        raise BadInput(f"{region}: the answer is no whole price list") from None


def _rows(text: str, region: str, sizes: Collection[str]) -> tuple[dict[str, float], str]:
    day, products, found, complete = "", dict[str, str](), dict[str, float](), False
    for path, key, value in _members(text, {("products",), ("terms",), ("terms", "OnDemand")}):
        if path == ("products",):
            about = mapping(mapping(value).get("attributes"))
            if about.get("instanceType") in sizes and all(about.get(name) == one for name, one in _PLAIN.items()):
                if about.get("regionCode", region) != region:
                    raise BadInput(f"{region}: the list holds machines of {str(about.get('regionCode'))[:40]}")
                products[key] = str(about["instanceType"])
        elif path == ("terms", "OnDemand") and key in products:
            size, price = products[key], _price(value, f"{products[key]} in {region}")
            if found.setdefault(size, price) != price:
                raise BadInput(f"{region}: the list holds two prices of {size}, {found[size]} and {price}")
        elif path == () and key == "publicationDate":
            day = date.fromisoformat(str(value)[:10]).isoformat()
        elif path == () and key == "offerCode" and value != "AmazonEC2":
            raise BadInput(f"{region}: the answer is a list of {str(value)[:40]!r}, not of machines")
        complete = complete or path == ("terms", "OnDemand")
    if not day or not complete:
        raise BadInput(f"{region}: the answer is no whole price list: it has no day, or no terms on demand")
    return found, day


def _price(term: object, where: str) -> float:
    dimensions = [
        mapping(one)
        for offer in mapping(term).values()
        for one in mapping(mapping(offer).get("priceDimensions")).values()
    ]
    if len(dimensions) != 1 or dimensions[0].get("unit") not in _HOURS:
        raise BadInput(f"{where}: the list has no one price for an hour")
    said = mapping(dimensions[0].get("pricePerUnit"))
    if CURRENCY not in said:
        raise BadInput(f"{where}: the list has a price in {', '.join(said)[:20] or 'no currency'}, not in {CURRENCY}")
    return amount(float(str(said[CURRENCY])), where)


def _members(text: str, inner: Collection[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Members of an object, and of those within it that are named, which are gone into in place of being built."""
    path: tuple[str, ...] = ()
    at = _open(text, 0)
    while True:
        at = _blank(text, at)
        if text[at] == "}":
            at = _blank(text, at + 1)
            if not path:
                if at < len(text):
                    raise ValueError("text behind the object")
                return
            path = path[:-1]
            if text[at] == ",":
                at += 1
            continue
        key, at = _DECODER.raw_decode(text, at)
        at = _blank(text, at)
        if not isinstance(key, str) or text[at] != ":":
            raise ValueError("no member")
        at = _blank(text, at + 1)
        if (*path, key) in inner:
            path, at = (*path, key), _open(text, at)
            continue
        value, at = _DECODER.raw_decode(text, at)
        yield path, key, value
        at = _blank(text, at)
        if text[at] == ",":
            at += 1
        elif text[at] != "}":
            raise ValueError("no comma")


def _open(text: str, at: int) -> int:
    at = _blank(text, at)
    if text[at] != "{":
        raise ValueError("no object")
    return at + 1


def _blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at
