"""Serves the progress of a model download as Prometheus gauges.

Runs beside the download, on the same volume. Environment: MODEL_ID; EXCLUDE_PATTERNS, comma-separated; HF_TOKEN;
MIRROR_ROOT (default /models); SAMPLER_PORT (default 9100); SAMPLE_SECONDS (default 60).
"""

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SPEED = "model_mirror_download_speed_bytes_per_second"
REMAINING = "model_mirror_download_remaining_seconds"
UNKNOWN = -1


def measure(directory):
    """Bytes below a directory, and whether a file is still being fetched."""
    size, fetching = 0, False
    for parent, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(parent, name)
            fetching = fetching or name.endswith(".incomplete")
            # What is renamed under our feet counts at the next look.
            with suppress(FileNotFoundError):
                size += 0 if os.path.islink(path) else os.path.getsize(path)
    return size, fetching


def expected_bytes(model, patterns):
    """Bytes that the download will fetch, None where nobody can tell."""
    try:
        from huggingface_hub import HfFileSystem

        listing = HfFileSystem(token=os.environ.get("HF_TOKEN") or None).ls(model, detail=True)
    except Exception:  # progress is a courtesy: no failure here may disturb the download
        return None
    sizes = [
        entry.get("size") or 0
        for entry in listing
        if entry.get("type") == "file" and not excluded(entry["name"].removeprefix(model + "/"), patterns)
    ]
    return sum(sizes) or None


def excluded(name, patterns):
    """A pattern leaves the file out."""
    return any(fnmatch(name, pattern) for pattern in patterns)


def gauges(started_with, seconds, size, fetching, expected):
    """Bytes per second since the start, and seconds to go; 0 and 0 once everything is there."""
    if size and not fetching:
        return 0.0, 0
    speed = max(0, size - started_with) / seconds if seconds > 0 else 0.0
    if not expected or not speed:
        return speed, UNKNOWN
    return speed, int(max(0, expected - size) / speed)


def exposition(speed, remaining):
    """The text that Prometheus reads."""
    return (
        f"# HELP {SPEED} Average speed since the download started.\n# TYPE {SPEED} gauge\n{SPEED} {speed:g}\n"
        f"# HELP {REMAINING} Estimated seconds to go, -1 where unknown.\n# TYPE {REMAINING} gauge\n"
        f"{REMAINING} {remaining}\n"
    )


class Page(BaseHTTPRequestHandler):
    """Answers /metrics with the latest text."""

    latest = exposition(0.0, UNKNOWN)

    def do_GET(self):
        """Send the latest text, or say that there is nothing else here."""
        found = self.path == "/metrics"
        body = Page.latest.encode() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing: the page is asked for every few seconds."""


def main():
    """Sample until the container ends."""
    # The first process of a container gets no signal that it does not handle.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    model = os.environ["MODEL_ID"]
    directory = os.path.join(os.environ.get("MIRROR_ROOT", "/models"), model)
    patterns = [pattern for pattern in os.environ.get("EXCLUDE_PATTERNS", "").split(",") if pattern]
    # A retry finds what an earlier attempt left; only what is fetched from now on counts for the speed.
    started_with, start = measure(directory)[0], time.time()
    server = ThreadingHTTPServer(("", int(os.environ.get("SAMPLER_PORT", "9100"))), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    expected = expected_bytes(model, patterns)
    while True:
        size, fetching = measure(directory)
        Page.latest = exposition(*gauges(started_with, time.time() - start, size, fetching, expected))
        time.sleep(float(os.environ.get("SAMPLE_SECONDS", "60")))


if __name__ == "__main__":
    main()
