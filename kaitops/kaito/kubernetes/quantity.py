"""Kubernetes resource quantities: exact values and the canonical text that Go prints.

Source of the rules: k8s.io/apimachinery ``pkg/api/resource``. Amounts are kept as fractions, rounded up to the
nano as Kubernetes does. Owns nothing about what a quantity measures.
"""

import re
from fractions import Fraction
from functools import lru_cache
from math import ceil

_FORM = re.compile(r"^([+-]?)(\d+\.?\d*|\.\d*)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d+)?$")
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_NANO = 10**9
# Beyond these nobody compares amounts, and to write one out costs more than reading a tree.
_MAX_DIGITS = 100

GIB = 1 << 30


@lru_cache(maxsize=4096)
def parse(text: str) -> Fraction:
    """The amount of a quantity such as ``7.15Gi``: exact to the nano, and of at most 100 digits before it.

    Raises:
        ValueError: the text is not a quantity.
    """
    match = _FORM.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not a Kubernetes quantity")
    sign, digits, suffix = match.group(1), match.group(2), match.group(3) or ""
    amount = _amount(digits, suffix)
    return -amount if sign == "-" else amount


def read(given: object) -> Fraction | None:
    """The amount that somebody wrote, as text or as a number; None where it is none."""
    try:
        return parse(str(given))
    except ValueError:
        return None


def _amount(digits: str, suffix: str) -> Fraction:
    whole, _, rest = digits.partition(".")
    whole, rest = whole.lstrip("0"), rest.rstrip("0")
    if not whole and not rest:
        return Fraction(0)
    exponent = 0
    if suffix not in _BINARY:
        # An exponent of more digits is as good as endless.
        exponent = _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:10])
    if len(whole) + exponent > _MAX_DIGITS:
        return Fraction(10**_MAX_DIGITS)
    if len(whole) + exponent < -_MAX_DIGITS:
        return Fraction(1, _NANO)
    # What is beyond the nano only rounds it up.
    kept = rest[:_MAX_DIGITS] + ("1" if rest[_MAX_DIGITS:] else "")
    amount = Fraction(f"{whole or 0}.{kept or 0}") * (1 << (10 * _BINARY.get(suffix, 0))) * Fraction(10) ** exponent
    amount = Fraction(ceil(amount * _NANO), _NANO)
    # Kubernetes caps what has a binary suffix, and nothing else.
    return min(amount, Fraction((1 << 63) - 1)) if suffix in _BINARY else amount


def to_bytes(text: str) -> int:
    """The whole number that Go's ``Quantity.Value()`` gives: rounded away from zero."""
    amount = parse(text)
    return ceil(amount) if amount >= 0 else -ceil(-amount)


def canonical(amount: Fraction | int, *, binary: bool) -> str:
    """The text that Go's ``Quantity.String()`` gives for an amount.

    Args:
        amount: what to print.
        binary: True for quantities that were written with a binary suffix (``Gi``); fractions of a unit and
            amounts below 1024 fall back to decimal suffixes, as Go does.
    """
    amount = Fraction(amount)
    if amount == 0:
        return "0"
    if binary and amount.denominator == 1 and abs(amount) >= 1024:
        whole, step = int(amount), 0
        while step < 6 and whole % 1024 == 0:
            whole, step = whole // 1024, step + 1
        return f"{whole}{['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'][step]}"
    for suffix, exponent in sorted(_DECIMAL.items(), key=lambda item: -item[1]):
        scaled = amount / Fraction(10) ** exponent
        if scaled.denominator == 1:
            return f"{int(scaled)}{suffix}"
    raise ValueError(f"{amount} has more than nine decimals")
