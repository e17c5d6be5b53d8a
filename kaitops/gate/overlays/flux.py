"""What Flux makes of a path: objects of its kind Kustomization that build it with fields of their own, and variables.

Owns which of its fields become which of kustomize's, and how variables are put in: on the text of each object after it
was built, as Flux does it. Source: Flux's documentation of Kustomization, "Post build variable substitution".
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import Any, NamedTuple

from kaitops.documents.plain import Path, at, items, mapping
from kaitops.gate.overlays.view import Deploying
from kaitops.gate.transforming import FLUX, FLUX_FIELDS
from kaitops.gate.walking import home_of, lies_in

# Fields that have kustomize's own meaning and form.
_SAME = ("patches", "images", "components", "namePrefix", "nameSuffix")
_SUFFIXES = (".yaml", ".yml")
_FOLLOWED = frozenset({*_SAME, "postBuild", "commonMetadata", "targetNamespace"})
_PATCH = frozenset({"patch", "target"})
_OFF = f"{FLUX}/substitute"
# A text: nearly no run of the gate needs it compiled.
_NAME = r"\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[=-])((?:[^{}$]|\$(?!\{)|\$\{[^{}]*\})*))?\}|\$\{([^}\n]{0,80})"


class Unknown(NamedTuple):
    """Why variables cannot all be put in.

    Attributes:
        variable: that has no value, or text that is no variable.
    """

    variable: str
    reason: str


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
    real = os.path.realpath(os.path.join(top, path.lstrip("/")))
    return real if lies_in(real, top) and File(real).is_dir() else None


def kustomization(document: Deploying, folder: str, names: Sequence[str]) -> dict[str, Any]:
    """What Flux has kustomize build, its files named from the folder.

    Args:
        names: the kustomization file names that make a folder one; without any, all manifests below are taken.
    """
    spec = mapping(at(document.data, "spec"))
    listed = ["."] if any((File(folder) / name).is_file() for name in names) else sorted(_manifests(folder, names))
    made: dict[str, Any] = {"resources": listed, **{key: spec[key] for key in _SAME if spec.get(key)}}
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
        whole = [name for name in here if any((File(place) / name / one).is_file() for one in names)]
        below[:] = [name for name in here if name not in whole]
        taken = [name for name in files if name.endswith(_SUFFIXES) and not name.startswith(".")]
        for name in (*whole, *taken):
            if not (File(place) / name).is_symlink():
                yield os.path.relpath(os.path.join(place, name), folder)


def values(document: Deploying, others: Iterable[Any]) -> tuple[dict[str, str] | None, str]:
    """The variables that it has a value for, None where it puts in none; and what holds further ones that nobody knows.

    Args:
        others: all documents of the tree, among which ConfigMaps are looked for.
    """
    after = mapping(at(document.data, "spec", "postBuild"))
    if not after.get("substitute") and not after.get("substituteFrom"):
        return None, ""
    place = at(document.data, "metadata", "namespace")
    maps = {
        (str(at(one, "metadata", "name")), at(one, "metadata", "namespace") or place): mapping(mapping(one).get("data"))
        for one in others
        if mapping(one).get("kind") == "ConfigMap"
    }
    known: dict[str, str] = {}
    unknown = ""
    for entry in items(after.get("substituteFrom")):
        held = mapping(entry)
        found = maps.get((str(held.get("name")), place)) if held.get("kind") == "ConfigMap" else None
        if found is not None:
            known |= {key: str(value) for key, value in found.items()}
        elif held.get("optional") is not True or held.get("kind") == "Secret":
            unknown = f"{held.get('kind')} {held.get('name')}"
    known |= {key: _scalar(value) for key, value in mapping(after.get("substitute")).items()}
    return known, unknown


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def substituted(text: str, known: Mapping[str, str]) -> tuple[str, list[Unknown]]:
    """The text of an object with its variables put in, and those that could not be."""
    missing: list[Unknown] = []

    def value(found: re.Match[str]) -> str:
        escaped, name, sign, default, other = found.groups()
        if escaped:
            return found[0][1:]
        if name is None:
            missing.append(Unknown(f"${{{other}", "is no variable with a default that is followed here"))
            return found[0]
        if name in known and (known[name] or sign not in (":=", ":-")):
            return known[name]
        if sign:
            # A default may hold variables of its own.
            text, more = substituted(default or "", known)
            missing.extend(more)
            return text
        missing.append(Unknown(f"${{{name}}}", "has no value in the tree"))
        return found[0]

    return re.sub(_NAME, value, text), missing


def takes_variables(data: Any) -> bool:
    """Flux leaves an object alone that says so, by a label or an annotation."""
    metadata = mapping(mapping(data).get("metadata"))
    return not any(mapping(metadata.get(key)).get(_OFF) == "disabled" for key in ("labels", "annotations"))
