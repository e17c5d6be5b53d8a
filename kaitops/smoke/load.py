"""First token and throughput at some parallel requests, bounded in time."""

import statistics
import threading
import time
from typing import Any

from . import question
from .shape import at
from .wire import Trouble, Wire


def measure(wire: Wire, model: str, parallel: int, seconds: float) -> dict[str, Any]:
    """Figures of so many requests at once, again and again until the time is over.

    Busy answers (429) are counted apart from failures.
    """
    ends = time.monotonic() + seconds
    first: list[float] = []
    counts = {"done": 0, "busy": 0, "failed": 0, "tokens": 0}
    lock = threading.Lock()

    def work() -> None:
        while time.monotonic() < ends:
            body = question.chat(model, stream=True, max_tokens=64, stream_options={"include_usage": True})
            try:
                found = wire.stream("/v1/chat/completions", body)
            except Trouble:
                with lock:
                    counts["failed"] += 1
                # A server that is gone is not asked in a tight loop.
                time.sleep(0.05)
                continue
            with lock:
                kind = "busy" if found.status == 429 else "done" if found.status == 200 and not found.cut else "failed"
                counts[kind] += 1
                counts["tokens"] += _tokens(found.chunks) if kind == "done" else 0
                if kind == "done" and found.first is not None:
                    first.append(found.first)
            if found.status == 429:
                time.sleep(0.05)

    start = time.monotonic()
    threads = [threading.Thread(target=work, daemon=True) for _ in range(parallel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends + wire.seconds - time.monotonic()))
    lasted = time.monotonic() - start
    return {
        "parallel": parallel,
        "seconds": round(lasted, 2),
        "requests": counts["done"],
        "busy": counts["busy"],
        "failed": counts["failed"],
        "tokensPerSecond": round(counts["tokens"] / lasted, 1) if lasted else 0.0,
        "firstTokenMedianSeconds": round(statistics.median(first), 3) if first else None,
        "firstTokenWorstSeconds": round(max(first), 3) if first else None,
    }


def _tokens(chunks: list[Any]) -> int:
    for one in reversed(chunks):
        count = at(one, "usage", "completion_tokens")
        if isinstance(count, int):
            return count
    return len(chunks)
