"""Addresses by which a model is asked: which Service of a cluster one leads to, and whether the server answers there.

A RAGEngine posts its questions to its address as that stands and adds nothing to it.
"""

import re
from collections.abc import Collection

QUESTIONS = ("/v1/chat/completions", "/v1/completions")
"""Where vLLM answers questions."""
PARTS = re.compile(r"(https?)://(?:[^/@\s]*@)?([^/:?#\s]+)(?::([0-9]+))?", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
# The engine asks this one by a client that knows the rest of the address.
_KNOWN = "api.openai.com"


def service_of(host: str, own: str, spaces: Collection[str]) -> tuple[str, str] | None:
    """Namespace and name of the Service that a host of a cluster stands for; None for what lies outside.

    Args:
        own: the namespace of who asks.
        spaces: namespaces that are known.
    """
    name, *rest = host.rstrip(".").split(".")
    if name.isdigit():
        return None
    if not rest:
        return own, name
    if len(rest) > 1 and rest[1] != "svc":
        return None
    return (rest[0], name) if len(rest) > 1 or rest[0] in spaces else None


def off_path(url: str, service: str) -> str:
    """What is wrong with the path by which an engine asks the Service of a preset; empty where nothing is."""
    start, path = _parted(url)
    if not start or path in QUESTIONS:
        return ""
    return (
        f"asks {path or '/'} of Service {service}, which answers questions at {QUESTIONS[0]}, and the engine adds "
        f"nothing to it, so none is answered; write {start}{QUESTIONS[0]}"
    )


def port_of(match: re.Match[str]) -> int:
    """The port that an address asks, whose parts are matched."""
    return int(match[3]) if match[3] and len(match[3]) < 6 else _PORTS[match[1].lower()]


def off_port(url: str, service: str, number: int, *, preset: bool) -> str:
    """What is wrong with the port by which an engine asks a model's Service; empty where nothing is.

    Args:
        number: the one that answers HTTP.
        preset: KAITO's own server runs there, so that its path is known.
    """
    found = PARTS.match(url)
    if found is None or (asked := port_of(found)) == number:
        return ""
    _, path = _parted(url)
    path = QUESTIONS[0] if preset and path not in QUESTIONS else path
    shown = "" if number == _PORTS["http"] else f":{number}"
    return (
        f"asks port {asked} of Service {service}, which answers at {number}, so nobody answers; write "
        f"http://{found[2]}{shown}{path}"
    )


def base_only(url: str) -> str:
    """What is wrong with an address that only clients of OpenAI take, whosoever serves there; empty for others."""
    start, path = _parted(url)
    if not path.endswith("/v1") or start.lower().endswith(f"//{_KNOWN}"):
        return ""
    return (
        "ends with /v1 as clients of OpenAI take it, and the engine adds nothing to it, so no question is answered; "
        f"write {start}{path.removesuffix('/v1')}{QUESTIONS[0]}"
    )


def _parted(url: str) -> tuple[str, str]:
    """Up to the host and port, and the path behind them; both empty where it is no address."""
    found = PARTS.match(url)
    if found is None:
        return "", ""
    return found[0], re.split(r"[?#]", url[found.end() :], maxsplit=1)[0].rstrip("/")
