"""The libraries that talk to a model, which are no part of the core, asked for by name where they are missing."""

from importlib.util import find_spec

from kaitops.errors import ToolMissing

_NEEDED = {
    "httpx": "httpx",
    "httpx_sse": "httpx-sse",
    "prometheus_client": "prometheus-client",
    "prompt_toolkit": "prompt-toolkit",
    "rich": "rich",
}


def demand(verb: str) -> None:
    """Make sure that they are there, before the first of them is imported.

    Raises:
        ToolMissing: one is not.
    """
    missing = [name for module, name in _NEEDED.items() if find_spec(module) is None]
    if missing:
        raise ToolMissing(
            f"{verb}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed, so no model can be "
            "talked to; install kaitops again with its extra, as kaitops[live] in the line that installed it"
        )
