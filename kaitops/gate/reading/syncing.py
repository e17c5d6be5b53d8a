"""How Argo CD is told to apply: options and places that it does not know, two Applications of one name or folder.

Argo CD passes over a word that is none of its options. An object is of one Application: two take it from each other.
Source: ``common.go`` of Argo CD's gitops-engine, and its guide of sync options.
"""

import os
from collections.abc import Iterable, Iterator

from kaitops.documents import applications
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.objects import Item
from kaitops.gate.overlays import argo
from kaitops.gate.reading import annotated

_POLICY: Path = ("syncPolicy", "syncOptions")


def problems(tree: Iterable[Item]) -> Iterator[tuple[Item, Path, str]]:
    """Each of these."""
    known: dict[str, Item] = {}
    for item in tree:
        if str(item.data["apiVersion"]).partition("/")[0] != applications.GROUP:
            continue
        spec = applications.SPECS.get(item.data["kind"])
        for number, option in enumerate(items(at(item.data, *spec, *_POLICY)) if spec else ()):
            if text := annotated.option(str(option)):
                yield item, (*spec, *_POLICY, number) if spec else (), text
        if spec:
            yield from ((item, (*spec, *path), text) for path, text in _places(mapping(at(item.data, *spec))))
            yield from ((item, path, text) for path, text in _repeated(item.data))
        if item.data["kind"] == "Application" and (deployed := _deployed(item)):
            first = known.setdefault(deployed, item)
            if first is not item and first.data["metadata"]["name"] != item.data["metadata"]["name"]:
                text = (
                    f"deploys what {first.subject} deploys, to the same place, so each sync takes the objects from the "
                )
                yield item, ("spec", "source"), f"{text}other, and pruning one deletes them; drop one of both"


def _places(spec: Object) -> Iterator[tuple[Path, str]]:
    """A cluster that is named twice, and fields that are named in a form by which none is found."""
    goal = mapping(spec.get("destination"))
    if goal.get("name") and goal.get("server"):
        yield ("destination",), "has name and server, of which one may be there, so Argo CD deploys nothing; drop one"
    for number, one in enumerate(items(spec.get("ignoreDifferences"))):
        for place, pointer in enumerate(items(at(one, "jsonPointers"))):
            if isinstance(pointer, str) and not pointer.startswith("/") and "{{" not in pointer:
                meant = "/" + pointer.lstrip(".").replace(".", "/")
                text = (
                    f"is {pointer[:80]}, which is no JSON pointer, so no difference is passed over; write {meant[:81]}"
                )
                yield ("ignoreDifferences", number, "jsonPointers", place), text


def _repeated(data: Object) -> Iterator[tuple[Path, str]]:
    """Elements of a set whose Application has the name of an earlier one, as far as lists say what fills it."""
    name, known = at(data, "spec", "template", "metadata", "name"), set[str]()
    for number, generator in enumerate(items(at(data, "spec", "generators"))):
        for place, one in enumerate(items(at(generator, "list", "elements"))):
            made = argo.filled(name, {key: str(value) for key, value in mapping(one).items()})
            if isinstance(made, str) and "{{" not in made and made in known:
                text = f"makes an Application {made[:120]}, as an element before it does, so Argo CD never makes this "
                yield ("spec", "generators", number, "list", "elements", place), f"{text}one; give it another name"
            known.add(str(made))


def _deployed(item: Item) -> str:
    """What is deployed from where and to where, as far as one word of it makes a difference; empty where it may not.

    Beside each other stand Applications of one Argo CD: those of several have folders of their own.
    """
    spec: Object = mapping(item.data.get("spec"))
    if not spec.get("source") or spec.get("sources") or at(spec, "source", "path") is None:
        return ""
    beside, space = os.path.split(item.document.file)[0], item.data["metadata"].get("namespace")
    return repr((beside, space, _sorted(spec["source"]), _sorted(spec.get("destination"))))


def _sorted(held: object) -> list[tuple[str, str]]:
    return sorted((str(key), repr(value)) for key, value in mapping(held).items())
