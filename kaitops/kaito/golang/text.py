"""How Go reads and writes the plain values that appear in KAITO's messages: numbers, lists, durations.

Source of the rules: Go's ``strconv`` and ``time`` packages. Owns no rule of KAITO's.
"""

import re

from kaitops.kaito.golang.quote import quote

_INTEGER = r"[+-]?[0-9]+"
_FLOAT = (
    r"[+-]?(?:inf(?:inity)?|nan|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?"
    r"|0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p[+-]?[0-9]+)"
)
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_LIMIT = 1 << 63


def slice_text(items: "list[str] | tuple[str, ...]") -> str:
    """A list of strings as ``%v`` prints it."""
    return f"[{' '.join(items)}]"


def atoi(text: str) -> int:
    """``strconv.Atoi``.

    Raises:
        ValueError: with Go's message.
    """
    if not re.fullmatch(_INTEGER, text):
        raise ValueError(f"strconv.Atoi: parsing {quote(text)}: invalid syntax")
    number = int(text)
    if not -_LIMIT <= number < _LIMIT:
        raise ValueError(f"strconv.Atoi: parsing {quote(text)}: value out of range")
    return number


def parse_float(text: str) -> tuple[float, str]:
    """``strconv.ParseFloat``: the number (infinite beyond the range, 0 where there is none) and Go's error, if any."""
    # Single underscores between digits, or after 0x, are taken out as Go does.
    plain = text
    if "_" in text:
        digit = "[0-9a-f]" if "0x" in text.lower() else "[0-9]"
        plain = re.sub(rf"(?i)(?<={digit}|x)_(?={digit})", "", text)
    if not re.fullmatch(_FLOAT, plain, re.IGNORECASE):
        return 0.0, f"strconv.ParseFloat: parsing {quote(text)}: invalid syntax"
    lower = plain.lower()
    try:
        number = float.fromhex(lower) if "0x" in lower else float(lower)
    except OverflowError:
        number = float("-inf") if lower.startswith("-") else float("inf")
    if number in (float("inf"), float("-inf")) and "inf" not in lower:
        return number, f"strconv.ParseFloat: parsing {quote(text)}: value out of range"
    return number, ""


def parse_duration(text: str) -> int:
    """``time.ParseDuration``: nanoseconds.

    Raises:
        ValueError: with Go's message.
    """
    rest, negative = text, False
    if rest[:1] in ("-", "+"):
        negative, rest = rest[0] == "-", rest[1:]
    if rest == "0":
        return 0
    bad = ValueError(f"time: invalid duration {_byte_quote(text)}")
    if not rest:
        raise bad
    total = 0
    while rest:
        whole, rest = _digits(rest)
        fraction = ""
        if rest.startswith("."):
            fraction, rest = _digits(rest[1:])
        if not whole and not fraction:
            raise bad
        if int(whole or 0) > _LIMIT:
            raise bad
        end = next((index for index, char in enumerate(rest) if char == "." or char.isdigit()), len(rest))
        unit, rest = rest[:end], rest[end:]
        if not unit:
            raise ValueError(f"time: missing unit in duration {_byte_quote(text)}")
        scale = _UNITS.get(unit)
        if scale is None:
            raise ValueError(f"time: unknown unit {_byte_quote(unit)} in duration {_byte_quote(text)}")
        total += int(whole or 0) * scale
        if fraction:
            total += int(int(fraction) * (scale / 10 ** len(fraction)))
        if total > _LIMIT:
            raise bad
    if negative:
        return -total
    if total == _LIMIT:
        raise bad
    return total


def _digits(text: str) -> tuple[str, str]:
    """The digits that a text begins with, and the rest."""
    rest = text.lstrip("0123456789")
    return text[: len(text) - len(rest)], rest


def _byte_quote(text: str) -> str:
    """A string as package ``time`` quotes it: byte by byte beyond ASCII."""
    shown: list[str] = []
    for byte in text.encode():
        char = chr(byte)
        if byte >= 0x80 or byte < 0x20:
            shown.append(f"\\x{byte:02x}")
        else:
            shown.append(f"\\{char}" if char in '"\\' else char)
    return f'"{"".join(shown)}"'


def duration_text(nanoseconds: int) -> str:
    """A duration as Go prints it, such as ``-1h0m0s`` or ``1.5ms``."""
    if nanoseconds == 0:
        return "0s"
    sign, left = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    for unit, scale in (("ns", 1), ("µs", 10**3), ("ms", 10**6)):
        if left < scale * 1000 and scale < 10**9 and left < 10**9:
            return f"{sign}{_decimal(left, scale)}{unit}"
    seconds, minutes = left % (60 * 10**9), left // (60 * 10**9)
    text = f"{_decimal(seconds, 10**9)}s"
    if minutes:
        text = f"{minutes % 60}m{text}"
        if minutes >= 60:
            text = f"{minutes // 60}h{text}"
    return sign + text


def _decimal(amount: int, scale: int) -> str:
    whole, part = divmod(amount, scale)
    if not part:
        return str(whole)
    return f"{whole}.{str(part).zfill(len(str(scale)) - 1).rstrip('0')}"


def float_text(value: float) -> str:
    """A float as the YAML library writes it: Go's shortest ``%g``."""
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    mantissa, _, exponent = f"{value:e}".partition("e")
    shortest = repr(value)
    digits = (shortest.partition("e")[0].replace("-", "").replace(".", "").strip("0")) or "0"
    power = int(exponent)
    if power < -4 or power >= 6:
        sign = "-" if mantissa.startswith("-") else ""
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}e{'-' if power < 0 else '+'}{abs(power):02d}"
    return f"{value:.{max(len(digits) - power - 1, 0)}f}"
