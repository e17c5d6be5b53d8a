"""What Flux makes of a path: objects of its kind Kustomization that build it with fields of their own, and variables.

Owns which of its fields become which of kustomize's, and which variables it has; how those are put in, on the text of
each object after it was built, is for ``variables``. Source: Flux's documentation of Kustomization.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import NamedTuple, TypeGuard

from kaitops.documents.plain import MutableObject, Path, at, items, mapping
from kaitops.gate.files.walking import home_of, lies_in, rooted
from kaitops.gate.overlays.view import Deploying
from kaitops.gate.transforming import FLUX, FLUX_FIELDS

# Fields that have kustomize's own meaning and form.
_SAME = ("patches", "images", "components", "namePrefix", "nameSuffix")
_SUFFIXES = (".yaml", ".yml")
_FOLLOWED = frozenset({*_SAME, "postBuild", "commonMetadata", "targetNamespace"})
_PATCH = frozenset({"patch", "target"})
_OFF = f"{FLUX}/substitute"


class Variables(NamedTuple):
    """What an object of Flux puts in for variables.

    Attributes:
        places: the document and path that each value comes from.
        unknown: what holds further ones that nobody knows; empty where nothing does.
        fault: why nothing is put in at all; empty where it is.
    """

    known: Mapping[str, str]
    places: Mapping[str, tuple[Deploying, Path]]
    unknown: str
    fault: str


def own(path: Path) -> Path:
    """Where a field of the kustomization that Flux writes stands in its own object."""
    return ("spec", *(("targetNamespace",) if path[:1] == ("namespace",) else path))


def folder_of(document: Deploying, tops: Sequence[str]) -> str | None:
    """The folder that it deploys, by real path.

    None where it is not in the repository that the object lies in, or is changed by fields that are not followed.
    """
    spec = mapping(at(document.data, "spec"))
    if any(spec.get(key) for key in FLUX_FIELDS if key not in _FOLLOWED):
        return None
    if not all(set(mapping(one)) <= _PATCH for one in items(spec.get("patches"))):
        return None  # a file that Flux does not read, and kustomize would, wherever it lies
    path = spec.get("path")
    own = os.path.realpath(document.file)
    top = home_of(own, tops)
    if not isinstance(path, str) or "\0" in path or top is None:
        return None
    real = rooted(path, top)
    return real if lies_in(real, top) and os.path.isdir(real) else None


def kustomization(document: Deploying, folder: str, names: Sequence[str]) -> MutableObject:
    """What Flux has kustomize build, its files named from the folder.

    Args:
        names: the kustomization file names that make a folder one; without any, all manifests below are taken.
    """
    spec = mapping(at(document.data, "spec"))
    is_one = any(os.path.isfile(os.path.join(folder, name)) for name in names)
    listed = ["."] if is_one else sorted(_manifests(folder, names))
    made: MutableObject = {"resources": listed, **{key: spec[key] for key in _SAME if spec.get(key)}}
    if "components" in made:
        made["components"] = [one for one in items(made["components"]) if isinstance(one, str)]
    if spec.get("targetNamespace"):
        made["namespace"] = spec["targetNamespace"]
    common = mapping(spec.get("commonMetadata"))
    if common.get("labels"):
        made["labels"] = [{"pairs": common["labels"]}]
    if common.get("annotations"):
        made["commonAnnotations"] = common["annotations"]
    return made


def _manifests(folder: str, names: Sequence[str]) -> Iterator[str]:
    """The files below a folder, and in place of those below it each folder that has a kustomization of its own."""
    for place, below, files in os.walk(folder):
        here = [name for name in below if not name.startswith(".")]
        whole = [name for name in here if any(os.path.isfile(os.path.join(place, name, one)) for one in names)]
        below[:] = [name for name in here if name not in whole]
        taken = [name for name in files if name.endswith(_SUFFIXES) and not name.startswith(".")]
        for name in (*whole, *taken):
            if not (File(place) / name).is_symlink():
                yield os.path.relpath(os.path.join(place, name), folder)


def is_filling(document: Deploying | None) -> TypeGuard[Deploying]:
    """Whether it is an object that puts in variables."""
    if document is None or mapping(document.data).get("kind") != "Kustomization":
        return False
    after = mapping(at(document.data, "spec", "postBuild"))
    return bool(after.get("substitute") or after.get("substituteFrom"))


def variables(document: Deploying, maps: Callable[[Deploying, str], Sequence[Deploying]]) -> Variables | None:
    """The variables that it puts in, None where it puts in none.

    Args:
        maps: the ConfigMaps that a name may mean to an object of Flux.
    """
    after = mapping(at(document.data, "spec", "postBuild"))
    known: dict[str, str] = {}
    places: dict[str, tuple[Deploying, Path]] = {}
    unknown = fault = ""
    for entry in items(after.get("substituteFrom")):
        held = mapping(entry)
        found = maps(document, str(held.get("name"))) if held.get("kind") == "ConfigMap" else ()
        if len(found) > 1:
            fault = (
                f"ConfigMap {held.get('name')} is there more than once with other values ({found[0].file}, "
                f"{found[-1].file}), so which it takes is not known, and what comes of it was not judged; have one "
                "kustomization list the object of Flux and its ConfigMap, or give each another name"
            )
        elif found:
            for key, value in mapping(mapping(found[0].data).get("data")).items():
                known[key], places[key] = _flat(value), (found[0], ("data", key))
        elif held.get("optional") is not True or held.get("kind") == "Secret":
            unknown = f"{held.get('kind')} {held.get('name')}"
    for key, value in mapping(after.get("substitute")).items():
        known[key], places[key] = _flat(value), (document, ("spec", "postBuild", "substitute", key))
        if not isinstance(value, str):
            fault = f"{key} is no text, so the server refuses the object of Flux; quote its value"
    for key in known:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key):
            fault = f"{key[:80]} can be no variable's name, so Flux fails; write letters, digits and '_'"
    # Without a variable Flux leaves the text as it is, defaults and all.
    return Variables(known, places, unknown, fault) if known or unknown or fault else None


def _flat(value: object) -> str:
    """A value as Flux puts it in: its lines as one."""
    return (value if isinstance(value, str) else json.dumps(value)).replace("\n", "")


def takes_variables(data: object) -> bool:
    """Flux leaves an object alone that says so, by a label or an annotation."""
    metadata = mapping(mapping(data).get("metadata"))
    return not any(mapping(metadata.get(key)).get(_OFF) == "disabled" for key in ("labels", "annotations"))
