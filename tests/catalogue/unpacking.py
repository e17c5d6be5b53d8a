"""Reads the page's packed data as its script does, written apart from both."""

import json
import re
from typing import Any, NamedTuple


class Cell(NamedTuple):
    nodes: int
    max_context: int
    why_not: str


def data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def numbers(text: str) -> list[int]:
    return [int(one, 36) for one in text.split()]


def cells(held: dict[str, Any]) -> dict[tuple[str, str, str, int], Cell]:
    """By cloud, size, model and context."""
    every = [_cell(text, held["words"]) for text in held["cells"]]
    return {
        (cloud, size["name"], model[0], context): every[number]
        for cloud, about in held["clouds"].items()
        for size in about["sizes"]
        for model, row in zip(held["models"], numbers(size["rows"]), strict=True)
        for context, number in zip(held["contexts"], numbers(held["rows"][row]), strict=True)
    }


def _cell(text: str, words: list[str]) -> Cell:
    head, *rest = text.split(" ")
    if not head.startswith("!"):
        return Cell(int(head), int(rest[0]), "")
    gaps = iter(rest)
    return Cell(0, 0, re.sub("#", lambda _: next(gaps), words[int(head[1:])]))


def costs(held: dict[str, Any]) -> dict[tuple[str, str, str, int], str]:
    """USD an hour as the page prints it, by cloud, size, region and number of machines."""
    return {
        (cloud, size["name"], region, count): f"{hundredths // 100}.{hundredths % 100:02}"
        for cloud, about in held["clouds"].items()
        for size in about["sizes"]
        for region, number in zip(about["regions"], size["costs"], strict=True)
        if number >= 0
        for count, hundredths in zip(numbers(size["counts"]), numbers(held["costs"][number]), strict=True)
    }
