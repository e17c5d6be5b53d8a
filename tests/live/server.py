"""Servers for tests, in-process: one that keeps to OpenAI's protocol as vLLM does, some that lie, and a RAG service.

They stream for real: each chunk is written by itself, in chunked encoding.
"""

import contextlib
import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

METRICS = """\
# HELP vllm:num_requests_running x
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{model_name="m"} 0.0
vllm:num_requests_waiting{model_name="m"} 2.0
vllm:kv_cache_usage_perc{model_name="m"} 0.25
"""
DOWNLOADING = "kaito_model_download_speed_bytes_per_second 1.0e+08\nkaito_model_download_remaining_seconds 240.0\n"


_CALLS_IN_WORDS: dict[str, dict[str, Any]] = {
    "call in Python": {"content": '[get_weather(city="Paris")]'},
    "call of a channel": {"content": '<|channel|>commentary to=functions.get_weather<|message|>{"city": "Paris"}'},
    "call in thought": {"content": None, "reasoning": '<tool_call>{"name": "get_weather"}'},
}
_TYPES = {"wrong type": "text/html", "type in capitals": "Text/Event-Stream"}


class Handler(BaseHTTPRequestHandler):
    """A server of one model with the adapter ``support``; ``lie`` says how it departs from that."""

    protocol_version = "HTTP/1.1"
    lie = ""
    model = "m"
    slow = 5.0
    asked: ClassVar[list[str]] = []
    busy = 0
    documents: ClassVar[dict[str, list[dict[str, Any]]]] = {}
    key = ""
    sent: ClassVar[list[str]] = []
    """What stood where a key does, by question."""

    def parse_request(self) -> bool:
        """As vLLM does, whose `--api-key` guards what is below /v1 and nothing else."""
        if not super().parse_request():
            return False
        found = self.headers.get("Authorization", "")
        type(self).sent.append(found)
        guarded = self.path.startswith("/v1") or self.lie == "proxied"
        if self.key and guarded and found != f"Bearer {self.key}":
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._json(401, {"error": f"Unauthorized: {found.removeprefix('Bearer ')}"})
            return False
        return True

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if self.lie == "redirect" and path == "/health":
            self.send_response(302)
            self.send_header("Location", "http://elsewhere.example/health")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.lie == "downloading":
            self._send(200 if path == "/metrics" else 404, DOWNLOADING if path == "/metrics" else "", "text/plain")
        elif self.lie == "trickle":
            self._trickle()
        elif path == "/health":
            self._send(200, "", "text/plain")
        elif path == "/metrics":
            self._send(200, METRICS.replace("vllm:", "rag_") if self.lie == "rag" else METRICS, "text/plain")
        elif path == "/v1/models" and self.lie != "rag":
            self._models()
        elif self.lie == "objects for lists":
            self._json(200, {})
        elif self.lie == "fails in words":
            self._send(500, "Internal Server Error", "text/plain")
        elif self.lie == "words for documents":
            self._json(200, [{"name": "books"}] if path == "/indexes" else {"documents": ["The lamp is green."]})
        elif path == "/indexes":
            self._json(200, list(self.documents))
        elif path.startswith("/indexes/") and path.endswith("/documents"):
            found = self.documents.get(path.split("/")[2], [])
            self._json(200, {"documents": found, "count": len(found), "total_items": len(found)})
        else:
            self._json(404, {"error": {"message": "no such path"}})

    def do_DELETE(self) -> None:
        name = self.path.rpartition("/")[2]
        if self.lie == "keeps":
            self._json(200, {"message": "deleted"})
            return
        if self.lie == "no words":
            self.send_response(204)
            self.end_headers()
            return
        gone = self.documents.pop(name, None)
        self._json(
            200 if gone is not None else 404,
            {"message": "deleted"} if gone is not None else {"detail": f"No such index: '{name}' exists."},
        )

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.lie == "objects for lists":
            self._json(200, {"status": "ok"})
        elif self.lie == "fails in words":
            self._send(500, "Internal Server Error", "text/plain")
        elif self.lie in ("takes fewer", "takes nothing by name") and self.path == "/index":
            self._json(200, [] if self.lie == "takes fewer" else ["d0"])
        elif self.lie == "words for documents":
            self._json(200, {"results": ["The lamp is green."]})
        elif self.path == "/index":
            made = [{"doc_id": f"d{number}", **one} for number, one in enumerate(body["documents"])]
            self.documents.setdefault(body["index_name"], []).extend(made)
            self._json(200, made)
        elif self.path == "/retrieve":
            found = [{**one, "score": 0.5} for one in self.documents.get(body["index_name"], [])]
            self._json(
                200, {"query": body["query"], "results": found if self.lie != "forgets" else [], "count": len(found)}
            )
        else:
            self._chat(body)

    def _models(self) -> None:
        entries: list[dict[str, Any]] = [
            {"id": self.model, "object": "model", "owned_by": "vllm", "max_model_len": 16384, "parent": None}
        ]
        if self.lie != "no adapter":
            entries.append(
                {"id": "support", "object": "model", "owned_by": "vllm", "max_model_len": None, "parent": self.model}
            )
        if self.lie == "odd ids":
            entries = [{"id": one} for one in (7, None, "", "m\nEVIL=1", "m\x1b[2J", "m\ud83d", "m" * 600)]
        if self.lie == "packed":
            raw = gzip.compress(b" " * 20_000_000)
            self.send_response(200)
            for name, value in (
                ("Content-Type", "application/json"),
                ("Content-Encoding", "gzip"),
                ("Content-Length", len(raw)),
            ):
                self.send_header(name, str(value))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(raw)
            return
        if self.lie == "deep":
            self._send(200, "[" * 100_000, "application/json")
            return
        if self.lie == "sign in":
            self._send(200, "<html>Sign in</html>", "text/html")
            return
        if self.lie == "moved":
            self.send_response(302)
            self.send_header("Location", "http://elsewhere.example/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.lie == "huge":
            self._send(200, json.dumps({"data": entries, "x": "y" * 9_000_000}), "application/json")
            return
        self._json(200, {"object": "list", "data": [] if self.lie == "no model" else entries})

    def _chat(self, body: dict[str, Any]) -> None:
        type(self).asked.append(body.get("model", ""))
        if self.lie in ("busy", "busy once") and type(self).busy < (10**6 if self.lie == "busy" else 2):
            type(self).busy += 1
            self._json(429, {"error": {"code": "rate_limit_exceeded"}})
            return
        if self.lie == "error as an answer":
            self._json(200, {"error": {"message": "CUDA error"}})
            return
        if self.lie == "late":
            time.sleep(self.slow)
        if self.lie == "head without end":
            self._trickle()
            return
        if self.lie == "page":
            self._send(401, "<html><script>x</script></html>", "text/html")
            return
        if self.lie == "fails":
            self._json(500, {"error": {"message": "engine is dead"}})
            return
        if self.lie == "deep error" and body["model"] not in (self.model, "support"):
            self._send(404, "[" * 100_000, "application/json")
            return
        if self.lie != "rag" and body["model"] not in (self.model, "support"):
            self._json(404, {"error": {"message": f"The model `{body['model']}` does not exist.", "code": 404}})
            return
        if body.get("stream"):
            self._stream(body)
            return
        message: dict[str, Any] = {"role": "assistant", "content": "Hello."}
        if self.lie == "content of another kind":
            message["content"] = {"answer": "Hello."}
        if body.get("response_format"):
            message["content"] = '{"ok": true}'
        if body.get("tools") and body["messages"][-1]["role"] == "user":
            call = '{"name": "get_weather", "arguments": {"city": "Paris"}}'
            message["content"] = f"<tool_call>{call}</tool_call>" if self.lie == "tool as text" else None
            if self.lie != "tool as text":
                message["tool_calls"] = [
                    {
                        "id": None if self.lie == "call of no id" else "c1",
                        "type": "function",
                        "function": {
                            "name": "get_weather",
                            "arguments": "{}" if self.lie == "call of no city" else '{"city": "Paris"}',
                        },
                    }
                ]
            if self.lie in _CALLS_IN_WORDS:
                message = {"role": "assistant", **_CALLS_IN_WORDS[self.lie]}
        answer: dict[str, Any] = {
            "id": "x", "object": "chat.completion", "model": "other" if self.lie == "other model" else body["model"],
            "choices": [
                {"index": 0, "message": message, "finish_reason": "abort" if self.lie == "given up" else "stop"}
            ],
            "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8},
        }  # fmt: skip
        if self.lie == "counts of no tokens":
            answer["usage"]["completion_tokens"] = -4
        if body.get("index_name"):
            answer["source_nodes"] = self.documents.get(body["index_name"], [])
        if self.lie == "sources in words":
            answer["source_nodes"] = ["The lamp is green."]
        self._json(200, answer)

    def _stream(self, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", _TYPES.get(self.lie, "text/event-stream; charset=utf-8"))
        if self.lie == "packed otherwise":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        pieces: list[dict[str, Any]] = [{"reasoning": "Think."}, {"content": "Hel"}, {"content": "lo."}]
        if self.lie == "half a sign":
            pieces = [{"content": "a\ud83d"}, {"content": "\ude00b"}]
        if self.lie == "orders":
            pieces = [{"content": "a\x1b]52;c;Zm9v\x07b"}, {"content": "\x1b[2J"}]
        if self.lie == "signs of life":
            self._part(f"data: {json.dumps({'choices': [{'delta': pieces[1]}]})}\n\n")
            with contextlib.suppress(OSError):
                for _ in range(200):
                    self._part(": ping\n\n")
                    time.sleep(0.05)
        if self.lie == "forms of events":
            self._forms(body)
            return
        if self.lie == "parts of content":
            pieces = [{"content": [{"type": "text", "text": "Hel"}]}, {"content": [{"type": "text", "text": "lo."}]}]
        if self.lie == "no choice":
            self._part(f"data: {json.dumps({'choices': [], 'usage': {'completion_tokens': 3}})}\n\ndata: [DONE]\n\n")
            self._part("")
            return
        if self.lie == "words in the stream":
            self._part('data: "Hello."\n\n')
        if self.lie == "another choice alone":
            pieces = []
            other = {"model": body["model"], "choices": [{"index": 1, "delta": {"content": "Other."}}]}
            self._part(f"data: {json.dumps(other)}\n\n")
        if self.lie == "error in the stream":
            self._part(f"data: {json.dumps({'error': {'message': 'engine died'}})}\n\n")
        if self.lie == "error object":
            self._part(f"data: {json.dumps({'object': 'error', 'message': 'engine died', 'code': 500})}\n\n")
        if self.lie == "two choices":
            other = {"index": 1, "delta": {"content": "Other."}}
            self._part(f"data: {json.dumps({'choices': [other, {'index': 0, 'delta': {'content': 'Mine.'}}]})}\n\n")
            pieces = []
        for number, piece in enumerate(pieces):
            told = "other" if self.lie == "other model in the stream" else body["model"]
            chunk = {"model": told, "choices": [{"index": 0, "delta": piece, "finish_reason": None}]}
            text = f"data: {json.dumps(chunk)}\n\n"
            if self.lie == "cut" and number == 1:
                self._part(text[:20])
                self.close_connection = True
                self.connection.close()
                return
            self._part(text)
        end = {"ends by an error": "error", "cut at the length": "length"}.get(self.lie, "stop")
        self._part(f"data: {json.dumps({'choices': [{'index': 0, 'delta': {}, 'finish_reason': end}]})}\n\n")
        usage = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}}
        self._part(f"data: {json.dumps(usage)}\n\n")
        if self.lie != "no done":
            self._part("data: [DONE]\n\n")
        if self.lie == "goes on":
            self._part(f"data: {json.dumps({'choices': []})}\n\n")
        self._part("")

    def _forms(self, body: dict[str, Any]) -> None:
        """Every form that an event may have: a mark of the byte order, a comment, CR and CRLF, data of two lines."""
        chunk = {
            "model": body["model"],
            "choices": [{"index": 0, "delta": {"content": "Hello."}, "finish_reason": "stop"}],
        }
        usage = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}}
        before, _, after = json.dumps(chunk).partition(", ")
        self._part(f"\ufeff: ping\r\n\r\nevent: message\rdata:{before},\r")
        self._part(f"\ndata: {after}\r\r")
        self._part(f"data: {json.dumps(usage)}\n\ndata: [DONE]\r\n\r\n")
        self._part("")

    def _part(self, text: str) -> None:
        raw = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))
        self.wfile.flush()

    def _trickle(self) -> None:
        """A header that never ends, a byte now and then."""
        with contextlib.suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            for _ in range(200):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)

    def _json(self, status: int, data: Any) -> None:
        self._send(status, json.dumps(data), "application/json")

    def _send(self, status: int, text: str, kind: str) -> None:
        raw = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(raw)

    def log_message(self, *given: object) -> None:
        """Say nothing."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that had seen enough is no error."""


@contextmanager
def served(lie: str = "", slow: float = 5.0, model: str = "m", key: str = "") -> Iterator[tuple[str, type[Handler]]]:
    """A server, its address and its handler."""
    handler = type(
        "One",
        (Handler,),
        {"lie": lie, "asked": [], "busy": 0, "documents": {}, "slow": slow, "model": model, "key": key, "sent": []},
    )
    server = _Quiet(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", handler
    finally:
        server.shutdown()
        server.server_close()
