"""What weights are fetched from, played on the loopback: blob storage and the Azure CLI, and Hugging Face."""

import http.server
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from tests.e2e.pods.llama import program

TOKEN = "played-identity"
"""What the token file of workload identity holds."""

# The parts of the Azure CLI that our scripts call: it keeps its state below the home, adds extensions there, fetches
# blobs under their whole name, and a model into a folder of its name with the last part of its path below.
_AZ = """#!PYTHON
import fnmatch, os, pathlib, sys, urllib.request
words = sys.argv[1:]
def option(name):
    return words[words.index(name) + 1]
def get(path, token=""):
    store = pathlib.Path("/image/store").read_text()
    return urllib.request.urlopen(urllib.request.Request(store + path, headers={"x-token": token}), timeout=30).read()
home = pathlib.Path(os.environ["HOME"]) / ".azure"
home.mkdir(exist_ok=True)
def fetch(names, target):
    token = (home / "token").read_text()
    for name, place in names:
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        (target / place).write_bytes(get("/blob/" + name, token))
if words[0] == "login":
    (home / "token").write_text(option("--federated-token"))
    assert option("--username") == "client" and option("--tenant") == "tenant"
elif words[:2] == ["extension", "show"]:
    sys.exit(0 if (home / "ml").exists() else 3)
elif words[:2] == ["extension", "add"]:
    (home / "ml").touch()
elif words[:3] == ["storage", "blob", "download-batch"]:
    names = get("/list/" + option("--account-name") + "/" + option("--source")).decode().split()
    found = [one for one in names if fnmatch.fnmatch(one, option("--pattern"))]
    fetch([(option("--source") + "/" + one, one) for one in found], pathlib.Path(option("--destination")))
elif words[:3] == ["ml", "model", "download"]:
    assert (home / "ml").exists(), "'ml' is not in the 'az' command group"
    names = get("/list/" + option("--registry-name") + "/" + option("--version")).decode().split()
    path = pathlib.Path(option("--download-path")) / option("--name")
    fetch([(option("--version") + "/" + one, one) for one in names], path)
else:
    sys.exit(f"az {words}: not played")
"""


@contextmanager
def blobs(folder: Path, held: Mapping[str, bytes]) -> Iterator[None]:
    """Blob storage for an image, and the CLI that reads it.

    Args:
        folder: of the image.
        held: content by name; a name begins with its container.
    """
    program(folder, "az", _AZ.replace("PYTHON", str(Path(sys.executable).resolve())))

    def answer(path: str, headers: Mapping[str, str]) -> bytes | None:
        kind, _, rest = path.removeprefix("/").partition("/")
        if kind == "list":
            container = rest.partition("/")[2]
            return "\n".join(name.partition("/")[2] for name in held if name.startswith(f"{container}/")).encode()
        return held.get(rest) if headers.get("x-token") == TOKEN else None

    with _served(answer) as address:
        (folder / "store").write_text(address)
        yield


@contextmanager
def hub(models: Mapping[str, bytes], private: Mapping[str, str]) -> Iterator[str]:
    """Hugging Face: yields its address.

    Args:
        models: content by path, as in ``owner/model/resolve/main/file``.
        private: the token that a model asks for, by ``owner/model``.
    """

    def answer(path: str, headers: Mapping[str, str]) -> bytes | None:
        name = path.removeprefix("/")
        token = private.get("/".join(name.split("/")[:2]))
        return models.get(name) if token is None or headers.get("authorization") == f"Bearer {token}" else None

    with _served(answer) as address:
        yield address


@contextmanager
def service(answers: Mapping[str, bytes]) -> Iterator[str]:
    """Something that answers by path, whatever is asked with it: yields its address."""
    with _served(lambda path, _: answers.get(path.removeprefix("/").partition("?")[0])) as address:
        yield address


@contextmanager
def _served(answer: Callable[[str, Mapping[str, str]], bytes | None]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answer(unquote(self.path), {name.lower(): value for name, value in self.headers.items()})
            self.send_response(401 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
