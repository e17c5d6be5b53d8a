"""Addresses and ranges of them, as the API server takes them of a new object: each in one form."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_NONE = "is no range of addresses such as 10.0.0.0/8; correct it"


def address_of(value: object) -> "IPv4Address | IPv6Address | None":
    """The address that a text is; None for another text, and for one of IPv4 that is written as one of IPv6."""
    import ipaddress  # few trees hold an address

    try:
        found = ipaddress.ip_address(str(value or ""))
    except ValueError:
        return None
    return None if "%" in str(value) or getattr(found, "ipv4_mapped", None) is not None else found


def block_problem(value: object) -> str | None:
    """What is wrong with a range of addresses, and what to write; None for one that the server takes."""
    import ipaddress

    address, _, length = value.partition("/") if isinstance(value, str) else ("", "", "")
    if address_of(address) is None or not length.isdecimal():
        return _NONE
    try:
        found = ipaddress.ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        return _NONE
    if ipaddress.ip_address(address) != found.network_address:
        return f"has bits beyond its length, which the server refuses; write {found}"
    is_short = length == str(int(length))
    return None if is_short else f"has a length that begins with 0, which the server refuses; write {found}"
