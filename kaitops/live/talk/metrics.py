"""What a server's metrics say of its load."""

from prometheus_client.parser import text_string_to_metric_families

from kaitops.smoke.wire import Trouble, Wire

_NAMES = {
    "running": ("vllm:num_requests_running", "llamacpp:requests_processing"),
    "waiting": ("vllm:num_requests_waiting", "llamacpp:requests_deferred"),
    "cache": ("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"),
}
"""The same figure has other names in other servers and versions."""


def load(wire: Wire) -> str:
    """Requests that run and wait, and how full the cache is; empty where nothing tells."""
    try:
        found = wire.ask("GET", "/metrics")
    except Trouble:
        return ""
    return told(found.body.decode(errors="replace")) if found.status == 200 else ""


def told(text: str) -> str:
    """The load in a text of metrics."""
    values: dict[str, float] = {}
    try:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                for key, names in _NAMES.items():
                    if sample.name in names:
                        values[key] = values.get(key, 0.0) + sample.value
    except ValueError:
        return ""
    parts = [f"{values[key]:.0f} {key}" for key in ("running", "waiting") if key in values]
    parts += [f"cache {values['cache']:.0%} full"] if "cache" in values else []
    return ", ".join(parts)
