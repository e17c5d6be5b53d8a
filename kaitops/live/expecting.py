"""What an endpoint is held to, from the objects of its cluster. Pure.

The flags of the running pod say what it was told; KAITO makes them of the declaration, and the rest is the declaration.
"""

import re
import shlex
from collections.abc import Mapping
from typing import Any

from kaitops.documents.plain import at, items
from kaitops.kaito import facts
from kaitops.live.view import View
from kaitops.smoke.expected import Expected, Facts

_RUNTIME = "kaito.sh/runtime"


def expected(view: View) -> Expected:
    """What the server of a workload should be."""
    if view.kind == "RAGEngine":
        spec = view.obj.get("spec")
        embedder = str(at(spec, "embedding", "local", "modelID") or "")
        return Expected(runtime="rag", rag=True, embedder=embedder, llm=bool(at(spec, "inferenceService", "url")))
    first = view
    while first.children:
        first = first.children[0]
    flags = _flags(first)
    declared = at(view.obj, "inference") or at(view.obj, "spec", "template", "inference")
    adapters = tuple(str(at(one, "source", "name")) for one in items(at(declared, "adapters")))
    runtime = str(at(first.obj, "metadata", "annotations", _RUNTIME) or "")
    context = flags.get("max-model-len", "")
    return Expected(
        runtime="transformers" if runtime == "transformers" else "",
        model=flags.get("served-model-name", ""),
        adapters=adapters,
        context=int(context) if context.isdigit() else 0,
        tools="tool-call-parser" in flags,
    )


def known(version: str) -> Facts:
    """What is known of the runtimes of a KAITO version."""
    return Facts.of(facts.load(version, "runtimes.json"))


def _flags(view: View) -> Mapping[str, str]:
    """The flags of the server, from its pod or from what makes it."""
    container: Any = None
    for one in (*view.pods, view.controller):
        container = at(one, "spec", "containers", 0) or at(one, "spec", "template", "spec", "containers", 0)
        if container:
            break
    words: list[str] = []
    for text in (*items(at(container, "command")), *items(at(container, "args"))):
        try:
            words += shlex.split(str(text)) if " " in str(text) else [str(text)]
        except ValueError:
            words += str(text).split()
    found: dict[str, str] = {}
    for number, word in enumerate(words):
        match = re.fullmatch(r"--([\w.-]+?)(?:=(.*))?", word)
        if match:
            following = words[number + 1] if number + 1 < len(words) else ""
            value = match.group(2)
            found[match.group(1).replace("_", "-")] = (
                value if value is not None else "" if following.startswith("--") else following
            )
    return found
