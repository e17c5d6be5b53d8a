"""Mirrors whose volume does not hold the model that is fetched into it: the download ends without space."""

from collections.abc import Iterator

from kaitops.documents.plain import Path, at
from kaitops.gate.effects.state import State
from kaitops.gate.native.forms import amount
from kaitops.gate.objects import Item


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """Each of a model whose weights are known to be larger."""
    for item in state.items:
        name, asked = at(item.data, "spec", "source", "modelID"), at(item.data, "spec", "storage", "size")
        if item.data["kind"] != "ModelMirror" or not isinstance(name, str) or not asked:
            continue
        preset = state.release.catalogue.find(name)
        held, needed = amount(asked), amount(preset.size) if preset is not None else None
        if preset is not None and held is not None and needed is not None and held < needed:
            text = (
                f"is less than the weights of {preset.repo}, {preset.size}, so their download ends without "
                f"space; write {preset.disk}"
            )
            yield item, ("spec", "storage", "size"), text
