"""A small Hugging Face on this machine, for what records models."""

import http.server
import json
import threading
from collections.abc import Iterator

import pytest

TREE = [{"path": "model.safetensors", "size": 15_000_000_000, "type": "file", "oid": "x"}]
CONFIG = '{"architectures": ["Qwen2ForCausalLM"], "max_position_embeddings": 32768, "hidden_size": 3584, "num_hidden_layers": 28, "num_attention_heads": 28, "num_key_value_heads": 4, "rope": Infinity}'


@pytest.fixture
def hub() -> Iterator[tuple[str, list[str]]]:
    """A small Hugging Face: one public model, one that needs a token, one with an unknown architecture."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            token = self.headers.get("Authorization", "")
            seen.append(token)
            path = self.path.split("?")[0]
            answers = {
                "/api/models/Contoso/House-7B/tree/main": json.dumps(TREE),
                "/api/models/Contoso/House-7B": json.dumps(
                    {"sha": "abc", "gated": False, "cardData": {"license": "mit"}}
                ),
                "/Contoso/House-7B/resolve/main/config.json": CONFIG,
                "/api/models/a/odd/tree/main": json.dumps(TREE),
                "/api/models/a/odd": "{}",
                "/a/odd/resolve/main/config.json": '{"architectures": ["Odd"]}',
                "/api/models/a/text/tree/main": "hello",
            }
            if "Private" in path and token != "Bearer hf_test":
                self.send_response(401)
                self.end_headers()
                return
            body = answers.get(path.replace("Private", "House"))
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *args: object) -> None:
            del args

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()
