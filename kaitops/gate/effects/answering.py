"""Guardrails of a RAGEngine that hold nothing back: the engine skips what it does not understand, and answers.

Read is the policy in a ConfigMap of the tree; one that the chart brings, or that is elsewhere, is nobody's concern.
"""

from collections.abc import Iterator

from kaitops.documents import reader
from kaitops.documents.plain import Path, at, dotted, mapping
from kaitops.documents.ref import namespace_of
from kaitops.errors import BadInput
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito import facts, guardrails


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """What is wrong with each policy that an engine reads."""
    key: str = facts.load(state.release.version, "controller.json")["rag"]["guardrails_key"]
    read = {
        (namespace_of(one.data), str(at(one.data, "spec", "guardrails", "configMapRef", "name")))
        for one in state.items
        if one.data["kind"] == "RAGEngine" and at(one.data, "spec", "guardrails", "enabled") is True
    }
    for item in state.items:
        place = namespace_of(item.data), item.data["metadata"]["name"]
        text = mapping(item.data.get("data")).get(key) if item.data["kind"] == "ConfigMap" and place in read else None
        if isinstance(text, str):
            for path, told in _wrong(text, state.release.version):
                yield item, ("data", key, *path), f"{dotted((key, *path))} {told}"


def _wrong(text: str, version: str) -> Iterator[tuple[Path, str]]:
    try:
        documents = reader.read_bytes(text.encode(), "policy")
    except BadInput as error:
        yield (), f"cannot be read ({error}), so nothing holds an answer back; correct it"
        return
    yield from guardrails.problems(documents[0].data if documents else None, version)
