"""Servers that answer what nobody asked for: a hub, a registry and an API server."""

import http.client
import http.server
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kaitops.errors import KaitopsError
from kaitops.gate.server.api import Api
from kaitops.operator import registries
from tests.cli.hub import CONFIG, TREE
from tests.redteam.attack import Attack, Held, called, verdict

_TOKEN = "hf_" + "aB3dE6gH9jK2mN5pQ8" + "sT1vW4yZ7cF0hJ3k"


@dataclass(frozen=True)
class Reply:
    """One answer: a status, headers, and a body that may be announced otherwise."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    length: int | None = None


Answer = Callable[[str, str], Reply]
_ODD: Mapping[str, Reply] = {
    "empty": Reply(), "text": Reply(b"hello"), "html": Reply(b"<html>"), "null": Reply(b"null"), "number": Reply(b"5"), "list": Reply(b"[]"),
    "text-in-json": Reply(b'"x"'), "object": Reply(b"{}"), "nested": Reply(b"[" * 100_000), "bytes": Reply(b"\xff\xfe\x00"),
    "half": Reply(b'{"a": ', length=1000), "digits": Reply(b'{"a": ' + b"9" * 5000 + b"}"), "infinite": Reply(b'{"a": Infinity}'),
    "unauthorised": Reply(status=401), "forbidden": Reply(status=403), "gone": Reply(status=410), "many": Reply(status=429),
    "broken": Reply(status=500), "away": Reply(status=302, headers={"Location": "http://localhost:1/x"}),
    "file": Reply(status=302, headers={"Location": "file:///etc/passwd"}), "loop": Reply(status=302, headers={"Location": "/x"}),
}  # fmt: skip


@contextmanager
def _serving(answer: Answer) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    seen: list[tuple[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.headers.get("Host", ""), self.headers.get("Authorization", "")))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply = answer(self.path, self.headers.get("Host", ""))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = True

        do_POST = do_PATCH = do_PUT = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port, seen
        server.shutdown()


_TREES: Mapping[str, object] = {
    "number-entry": [5], "null-entry": [None], "text-size": [{"path": "a.safetensors", "size": "x"}], "minus": [{"path": "a.safetensors", "size": -1}],
    "huge": [{"path": "a.safetensors", "size": 10**30}], "path-list": [{"path": [], "size": 1}], "path-out": [{"path": "../../x.safetensors", "size": 1}],
    "no-path": [{"size": 1}], "map": {"a": 1}, "many": [{"path": f"{n}.safetensors", "size": 1} for n in range(20_000)],
}  # fmt: skip
_CONFIGS: Mapping[str, str] = {
    "list": "[]", "null": "null", "text-hidden": '{"architectures": ["Qwen2ForCausalLM"], "hidden_size": "x"}', "minus": '{"architectures": ["Qwen2ForCausalLM"], "hidden_size": -1}',
    "zero": '{"architectures": ["Qwen2ForCausalLM"], "num_attention_heads": 0, "hidden_size": 1}', "architecture-number": '{"architectures": 5}',
    "nested": '{"a":' * 5000 + "1" + "}" * 5000,
}  # fmt: skip


def hub() -> Iterator[Attack]:
    """Odd answers to each question that recording a model asks, and trees and configurations that cannot be."""
    for name, reply in _ODD.items():
        yield Attack(f"tree {name}", _recorded({"tree": reply}))
        yield Attack(f"config {name}", _recorded({"config": reply}))
    for name, held in _TREES.items():
        yield Attack(f"tree of {name}", _recorded({"tree": Reply(json.dumps(held).encode())}))
    for name, text in _CONFIGS.items():
        yield Attack(f"config of {name}", _recorded({"config": Reply(text.encode())}))


def _recorded(replies: Mapping[str, Reply]) -> Callable[[Path], Held]:
    def answer(path: str, _: str) -> Reply:
        if "/tree/" in path:
            return replies.get("tree", Reply(json.dumps(TREE).encode()))
        if "/resolve/" in path:
            return replies.get("config", Reply(CONFIG.encode()))
        return Reply(b'{"sha": "abc"}') if path.startswith("/api") else Reply(status=404)

    def run(folder: Path) -> Held:
        with _serving(answer) as (port, seen):
            words = ("preset", "record", "Contoso/House-7B", "--host", f"http://127.0.0.1:{port}")
            said = called(*words, environment={"HF_TOKEN": _TOKEN})
        if any(host.startswith("localhost") and token for host, token in seen):
            return "the token was sent to another host"
        outside = [str(one) for one in folder.rglob("*") if one.is_file() and one.parent.name != "huggingface"]
        return verdict(said, {0, 1, 2, 3}, absent=(_TOKEN,)) or ("; ".join(outside) and f"{outside} were written")

    return run


def registry() -> Iterator[Attack]:
    """Odd answers to the question for a manifest, and challenges that would take a credential elsewhere."""
    for name, reply in _ODD.items():
        yield Attack(name, _asked(lambda *_, reply=reply: reply))
    for realm in ("http://localhost.evil.example/t", "file:///etc/passwd", "ftp://x/t", "//x", "", "http://[::1"):
        challenge = {"WWW-Authenticate": f'Bearer realm="{realm}",service="s"'}
        yield Attack(f"realm {realm!r}", _asked(lambda *_, challenge=challenge: Reply(status=401, headers=challenge)))

    yield Attack("no realm", _asked(lambda *_: Reply(status=401, headers={"WWW-Authenticate": 'Bearer service="s"'})))
    for name, reply in _ODD.items():
        yield Attack(f"token {name}", _asked(_tokens(reply)))


def _tokens(reply: Reply) -> Answer:
    """Ask for a token at this server itself, and give an odd one."""

    def answer(path: str, host: str) -> Reply:
        challenge = {"WWW-Authenticate": f'Bearer realm="http://{host}/token",service="s"'}
        return reply if path.startswith("/token") else Reply(status=401, headers=challenge)

    return answer


def _asked(answer: Answer) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        with _serving(answer) as (port, _):
            try:
                registries.image_digest(f"127.0.0.1:{port}/a/b:1")
            except KaitopsError:
                return ""
        return "a digest was taken from an odd answer"

    return run


_ASKS: Mapping[str, Callable[[Api], object]] = {
    "version": lambda api: api.version(), "kind": lambda api: api.kind({"apiVersion": "v1", "kind": "Pod"}),
}  # fmt: skip


def api() -> Iterator[Attack]:
    """Odd answers to what an API server is asked: an error that says so, or no kind, never an object that counts as taken."""
    for ask, call in _ASKS.items():
        for name, reply in _ODD.items():
            yield Attack(f"{ask} {name}", _served(call, reply))


def _served(call: Callable[[Api], object], reply: Reply) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        with _serving(lambda *_: reply) as (port, _):
            api = Api(lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=5), {}, "the server", seconds=5)
            try:
                found = call(api)
            except KaitopsError:
                return ""
            finally:
                api.close()
        return f"{found!r} was made of an odd answer" if getattr(found, "plural", None) else ""

    return run
