"""Reads from a Redis on the loopback, where Argo CD keeps what it shows of an Application's objects.

Owns the two requests that the tests need. Writes nothing.
"""

import socket
from typing import IO

SECONDS = 10.0


def keys(port: int, pattern: str) -> list[str]:
    """Names that fit a pattern."""
    return sorted(name.decode() for name in _ask(port, "KEYS", pattern))


def get(port: int, key: str) -> bytes:
    """The value of a key; empty where there is none."""
    return b"".join(_ask(port, "GET", key))


def _ask(port: int, *words: str) -> list[bytes]:
    parts = [f"*{len(words)}\r\n".encode()]
    parts += [b"$%d\r\n%s\r\n" % (len(word.encode()), word.encode()) for word in words]
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection, connection.makefile("rb") as answer:
        connection.sendall(b"".join(parts))
        return _read(answer)


def _read(answer: IO[bytes]) -> list[bytes]:
    line = answer.readline().rstrip(b"\r\n")
    if line[:1] == b"*":
        return [item for _ in range(int(line[1:])) for item in _read(answer)]
    if line[:1] == b"$" and int(line[1:]) >= 0:
        content = answer.read(int(line[1:]))
        answer.readline()
        return [content]
    if line[:1] == b"-":
        raise ConnectionError(line.decode())
    return []
