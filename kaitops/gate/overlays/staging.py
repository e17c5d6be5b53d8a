"""A folder laid out as Argo CD and Flux build it: their fields stand in its own kustomization, not around it.

It is no matter of taste: patches of theirs come before the folder's own labels, images and replacements, components of
theirs before its own patches. The tool is given a copy of what the kustomization reads beside itself, so that files
outside of the folder stay closed to it; other folders are built where they lie.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import Any, NamedTuple

from kaitops.documents.plain import MutableObject, Object, at, items, mapping
from kaitops.documents.source import MAX_BYTES
from kaitops.gate.files.sniffing import KUSTOMIZATIONS
from kaitops.gate.overlays import kustomizing, taking
from kaitops.gate.overlays.graph import Kustomization

# What they lay over the folder's own takes its place, or stands after it.
_PLACED = ("namespace", "namePrefix", "nameSuffix")
_AFTER = ("patches", "components", "labels")
_BY_NAME = ("images", "replicas")
# Entries of these may be folders.
_FOLDERS = (*kustomizing.FOLDERS, "transformers", "generators", "validators")


class Laid(NamedTuple):
    """A kustomization that the tool is to build.

    Attributes:
        held: its keys; folders are named from where it lies.
        copies: by the name that a file has there, the file that it is a copy of.
        error: why it could not be laid out; empty where it is.
    """

    held: Object
    copies: Mapping[str, str]
    error: str = ""


def own(root: Kustomization, taken: Sequence[Kustomization]) -> Kustomization | None:
    """The kustomization of the folder that an object of Argo CD or Flux deploys; None where it has none."""
    folder = os.path.realpath(root.folder or ".")
    here = (one for one in taken if one is not root and os.path.realpath(one.folder or ".") == folder)
    return next(here, None) if root.deploys else None


def lay(root: Kustomization, inner: Kustomization | None, top: str) -> Laid:
    """What the tool builds in a folder of its own, with what that reads copied into it.

    Args:
        inner: the kustomization of the folder that the root deploys.
    """
    folder = os.path.realpath(root.folder or ".")
    relative = os.path.relpath(folder, top)
    if not root.deploys:
        return Laid({"resources": [os.path.join(relative, ".")]}, {})
    written = [name for name in KUSTOMIZATIONS if os.path.isfile(os.path.join(folder, name))]
    if len(written) > 1:
        return Laid({}, {}, f"the folder has more than one kustomization: {' and '.join(written)}")
    made = dict(root.held) if inner is None else merged(inner.held, root.held)
    copies: dict[str, str] = {}
    for file in _read(root if inner is None else inner):
        place = os.path.relpath(os.path.realpath(file), folder)
        name = os.path.relpath(file, root.folder or ".")
        if place.startswith("..") or name.startswith("..") or name in copies or not os.path.isfile(file):
            continue  # the tool says that it is not there
        copies[name] = file
    if sum(File(file).stat().st_size for file in copies.values()) > MAX_BYTES:
        return Laid({}, {}, f"it takes more than {MAX_BYTES} bytes of files")
    for name, file in copies.items():
        place = File(top, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    for key in _FOLDERS:
        if isinstance(made.get(key), list):
            made[key] = [_led(one, folder, relative) for one in items(made[key])]
    if made.get(taking.KEY):
        globals_ = mapping(made.get("helmGlobals"))
        home = os.path.join(folder, str(globals_.get("chartHome") or "charts"))
        made["helmGlobals"] = {**globals_, "chartHome": os.path.normpath(home)}
    if inner is not None:
        copies[kustomizing.WRITTEN] = inner.document.file
    return Laid(made, copies)


def _led(entry: Any, folder: str, relative: str) -> Any:
    is_folder = isinstance(entry, str) and "\n" not in entry and os.path.isdir(os.path.join(folder, entry))
    return os.path.join(relative, entry) if is_folder else entry


def _read(one: Kustomization) -> Iterator[str]:
    """The files beside a kustomization that it reads by name."""
    yield from (file for file in one.files() if one.deploys or file != one.document.file)
    names = [at(one.held, "openapi", "path")]
    for entry in map(mapping, items(one.held.get(taking.KEY))):
        names += [entry.get("valuesFile"), *items(entry.get("additionalValuesFiles"))]
    for name in names:
        if isinstance(name, str) and name and "\0" not in name:
            yield kustomizing.joined(one.folder, name)


def merged(held: Object, fields: Object) -> MutableObject:
    """A folder's own kustomization with the fields that are written into it."""
    made = dict(held)
    for key in _PLACED:
        if key in fields:
            made[key] = fields[key]
    # Of another form than it has to be it stays, for the tool to refuse.
    for key in (key for key in (*_AFTER, *_BY_NAME) if key in fields and isinstance(held.get(key), list | None)):
        given = {mapping(one).get("name"): one for one in items(fields[key])} if key in _BY_NAME else {}
        left = [one for one in items(made.get(key)) if not given or mapping(one).get("name") not in given]
        made[key] = [*left, *(given.values() if given else items(fields[key]))]
    if "commonAnnotations" in fields and isinstance(held.get("commonAnnotations"), dict | None):
        made["commonAnnotations"] = {**mapping(held.get("commonAnnotations")), **mapping(fields["commonAnnotations"])}
    return made
