"""URLs as Go's ``net/url`` reads them in a request, and the addresses that KAITO will not fetch from.

Source of the rules: ``url.ParseRequestURI`` of Go 1.26. Owns nothing about who calls it.
"""

import re
from typing import NamedTuple

from kaitops.kaito.golang.quote import quote

_PORT = r"(?::[0-9]*)?\Z"
_ESCAPE = r"%(?![0-9A-Fa-f]{2})"
_HOST_ESCAPE = r"%[0-9A-Fa-f]{2}"
_USERINFO = r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*\Z"
# Characters below 0x80 that Go takes unescaped in a host.
_HOST_ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!$&'()*+,;=:[]<>\"%")


class URL(NamedTuple):
    """The parts of a URL that KAITO looks at. ``host`` keeps the port."""

    scheme: str
    host: str

    @property
    def hostname(self) -> str:
        """The host without port and brackets."""
        if self.host.startswith("["):
            return self.host[1:].partition("]")[0]
        return self.host.partition(":")[0]


def parse_request_uri(text: str) -> URL:
    """Read a URL as a server reads the target of a request.

    Raises:
        ValueError: with Go's message.
    """
    try:
        return _parse(text)
    except ValueError as error:
        raise ValueError(f"parse {quote(text)}: {error}") from None


def _parse(text: str) -> URL:
    if any(char < " " or char == "\x7f" for char in text):
        raise ValueError("net/url: invalid control character in URL")
    if not text:
        raise ValueError("empty url")
    if text == "*":
        return URL("", "")
    scheme, rest = _scheme(text)
    rest = rest.partition("?")[0]
    if not rest.startswith("/"):
        if scheme:
            return URL(scheme.lower(), "")
        raise ValueError("invalid URI for request")
    host = ""
    if scheme and rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        host, rest = _authority(scheme.lower(), authority), slash + path
    if bad := re.search(_ESCAPE, rest):
        raise ValueError(f"invalid URL escape {quote(rest[bad.start() : bad.start() + 3])}")
    return URL(scheme.lower(), host)


def _scheme(text: str) -> tuple[str, str]:
    for index, char in enumerate(text):
        if char.isascii() and char.isalpha():
            continue
        if char in "0123456789+-.":
            if index == 0:
                return "", text
            continue
        if char == ":":
            if index == 0:
                raise ValueError("missing protocol scheme")
            return text[:index], text[index + 1 :]
        return "", text
    return "", text


def _authority(scheme: str, authority: str) -> str:
    userinfo, at, host_text = authority.rpartition("@")
    host = _host(scheme, host_text)
    if at:
        if not re.match(_USERINFO, userinfo):
            raise ValueError("net/url: invalid userinfo")
        # Name and password are unescaped apart, so a cut-off escape shows as Go sees it.
        for part in userinfo.split(":", 1):
            if bad := re.search(_ESCAPE, part):
                raise ValueError(f"invalid URL escape {quote(part[bad.start() : bad.start() + 3])}")
    return host


def _host(scheme: str, text: str) -> str:
    bracket = text.rfind("[")
    if bracket > 0:
        raise ValueError("invalid IP-literal")
    if bracket == 0:
        return _ip_literal(text)
    colon = text.find(":") if scheme in ("http", "https") else text.rfind(":")
    if colon != -1 and not re.match(_PORT, text[colon:]):
        raise ValueError(f"invalid port {quote(text[colon:])} after host")
    return _unescape_host(text)


def _ip_literal(text: str) -> str:
    end = text.rfind("]")
    if end < 0:
        raise ValueError("missing ']' in host")
    port = text[end + 1 :]
    if not re.match(_PORT, port):
        raise ValueError(f"invalid port {quote(port)} after host")
    name = text[1:end]
    zone = name.find("%25")
    host = _unescape_host(name) if zone < 0 else _unescape_host(name[:zone]) + _unescape_zone(name[zone:])
    from ipaddress import AddressValueError, IPv6Address

    # Python refuses a zone with a percent sign in it; Go takes any that is not empty.
    address, percent, scope = host.partition("%")
    try:
        IPv6Address("" if percent and not scope else address)
    except AddressValueError:
        if re.fullmatch(r"[0-9.]+", host):
            raise ValueError("invalid IP-literal") from None
        raise ValueError(f"invalid host: ParseAddr({quote(host)}): unable to parse IP") from None
    return f"[{host}]{port}"


def _unescape_host(text: str) -> str:
    for index, char in enumerate(text):
        if char == "%":
            escape = text[index : index + 3]
            # A host may escape only bytes beyond ASCII; "%25" begins an IPv6 zone and nothing else.
            if not re.match(_HOST_ESCAPE, escape) or (int(escape[1], 16) < 8 and escape != "%25"):
                raise ValueError(f"invalid URL escape {quote(escape)}")
        elif char < "\x80" and char not in _HOST_ALLOWED:
            raise ValueError(f"invalid character {quote(char)} in host name")
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)


def _unescape_zone(text: str) -> str:
    if bad := re.search(_ESCAPE, text):
        raise ValueError(f"invalid URL escape {quote(text[bad.start() : bad.start() + 3])}")
    from urllib.parse import unquote

    return unquote(text)


def is_internal_address(text: str) -> bool:
    """Is this a loopback, private or link-local IP address? Names are not."""
    if not any(char.isdigit() or char == ":" for char in text):
        return False
    from ipaddress import IPv4Address, IPv6Address, ip_address

    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        first, second, third = address.packed[:3]
        return (
            first in (127, 10)
            or (first == 172 and 16 <= second <= 31)
            or (first == 192 and second == 168)
            or (first == 169 and second == 254)
            or (first == 224 and second == 0 and third == 0)
        )
    first, second = address.packed[:2]
    return (
        address.packed == bytes(15) + b"\x01"
        or first & 0xFE == 0xFC
        or (first == 0xFE and second & 0xC0 == 0x80)
        or (first == 0xFF and second & 0x0F == 0x02)
    )
