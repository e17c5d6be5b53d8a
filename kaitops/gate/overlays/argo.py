"""What Argo CD makes of a folder of the same repository: Applications with fields of kustomize's, and sets of them.

Owns which of their fields become which of kustomize's. Argo CD writes them into the folder's own kustomization before
it builds it, so that they take the place of what stands there: where both say it, nothing is followed.
"""

import os
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path as File
from typing import Any, NamedTuple

from kaitops.documents import applications, reader
from kaitops.documents.plain import MutableObject, Object, Path, at, items, mapping
from kaitops.errors import BadInput
from kaitops.gate.files.sniffing import CHART, kustomization_of
from kaitops.gate.files.walking import home_of, lies_in, rooted
from kaitops.gate.overlays.view import Deploying, View

_SAME = ("namePrefix", "nameSuffix", "namespace", "replicas", "patches", "components", "commonAnnotations")
_FOLLOWED = frozenset(
    {*_SAME, "images", "commonLabels", "labelWithoutSelector", "labelIncludeTemplates", "forceCommonLabels",
     "forceCommonAnnotations", "version"}
)  # fmt: skip
# Set in both places, one of them is not what the cluster gets.
_REPLACED = ("namePrefix", "nameSuffix", "images", "replicas")
_MAKING = ("kustomize", "helm", "plugin", "chart")
_OTHER = ("plugin", "helm", "chart", "directory")
_INSTEAD = ("sourceHydrator", "templatePatch")
_PARAMETER = r"\{\{\s*\.?([A-Za-z0-9_.-]+)\s*\}\}"
_OPEN = "{{"
_MOST = 200


class Deployed(NamedTuple):
    """A folder, by its real path, and what is built of it."""

    folder: str
    view: View


def _own(where: Path, path: Path) -> Path:
    """Where a field of the kustomization stands in the Application whose source is at a path."""
    steps = ("commonLabels", *path[3:]) if path[:1] == ("labels",) else path
    return (*where, "kustomize", *steps)


def is_building(data: object) -> bool:
    """Whether it is an Application, or a set of them, that changes what it deploys by kustomize's fields."""
    held = mapping(data)
    if held.get("kind") not in ("Application", "ApplicationSet"):
        return False
    if str(held.get("apiVersion")).partition("/")[0] != applications.GROUP:
        return False
    return any(changes(source) for _, source in applications.sources(held))


def deployed(document: Deploying, tops: Sequence[str]) -> list[Deployed] | None:
    """What it deploys, each folder once; None where a part of that is not followed.

    Args:
        tops: real paths of the repositories that are under judgement.
    """
    data = mapping(document.data)
    own = os.path.realpath(document.file)
    top = home_of(own, tops)
    spec = mapping(data.get("spec"))
    inner = mapping(at(spec, "template", "spec"))
    if top is None or any(one.get(key) for one in (spec, inner, data) for key in (*_INSTEAD, "operation")):
        return None
    if any(applications.own_templates(data)):
        return None
    found: list[Deployed] = []
    for where, source in applications.sources(data):
        if not changes(source):
            if any(source.get(key) for key in _OTHER):
                return None
            continue
        ways: list[dict[str, str]] | None = [{}] if data["kind"] == "Application" else parameters(spec, top)
        if ways is None:
            return None
        for values in ways:
            one = _one(document, filled(source, values), where, top)
            if one is None:
                return None
            found.append(one)
    return found


def changes(source: Object) -> bool:
    """Whether a source has kustomize change what lies in its folder."""
    return bool(set(mapping(source.get("kustomize"))) - {"version"})


def _one(document: Deploying, source: Object, where: Path, top: str) -> Deployed | None:
    fields, path = mapping(source.get("kustomize")), source.get("path")
    if set(fields) - _FOLLOWED or any(source.get(key) for key in _OTHER):
        return None
    if "$" in f"{fields.get('images')}":  # a variable of Argo CD's, or what it takes for one
        return None
    if not isinstance(path, str) or _OPEN in f"{source}" or "\0" in path or not is_here(source.get("repoURL"), top):
        return None
    folder = rooted(path, top)
    own = kustomization_of(folder)
    if not lies_in(folder, top) or own is None or _is_twice(own, fields):
        return None
    return Deployed(folder, View(document, _kustomization(fields), partial(_own, where)))


def _is_twice(own: File, fields: Object) -> bool:
    try:
        held = mapping(reader.read_file(str(own))[0].data)
    except (BadInput, OSError, IndexError):
        return True
    return any(held.get(key) and fields.get(key) for key in _REPLACED)


def _kustomization(fields: Object) -> MutableObject:
    made: MutableObject = {"resources": ["."], **{key: fields[key] for key in _SAME if fields.get(key)}}
    if "components" in made:
        made["components"] = [one for one in items(made["components"]) if isinstance(one, str)]
    if fields.get("images"):
        made["images"] = [_image(str(one)) for one in items(fields["images"])]
    if fields.get("commonLabels"):
        made["labels"] = [
            {
                "pairs": fields["commonLabels"],
                "includeSelectors": not fields.get("labelWithoutSelector"),
                "includeTemplates": bool(fields.get("labelIncludeTemplates")) or not fields.get("labelWithoutSelector"),
            }
        ]
    return made


def _image(text: str) -> dict[str, str]:
    """``name=new:tag``, ``name:tag`` or either with a digest, as kustomize has it."""
    name, equals, new = text.partition("=")
    whole, at_sign, digest = (new or name).partition("@")
    head, colon, tag = whole.rpartition(":")
    if not colon or "/" in tag:
        head, tag = whole, ""
    made = {"name": name if equals else head}
    if equals:
        made["newName"] = head
    if at_sign:
        made["digest"] = digest
    elif tag:
        made["newTag"] = tag
    return made


def parameters(spec: Object, top: str) -> list[dict[str, str]] | None:
    """What the generators of a set fill in; None where one is not followed."""
    found: list[dict[str, str]] = []
    for generator in items(spec.get("generators")):
        held = mapping(generator)
        if held.get("list") is not None and len(held) == 1 and not at(held, "list", "elementsYaml"):
            found += [
                {key: str(value) for key, value in mapping(one).items()} for one in items(at(held, "list", "elements"))
            ]
        elif at(held, "git", "directories") and len(held) == 1 and is_here(at(held, "git", "repoURL"), top):
            found += [
                {"path": place, "path.path": place, "path.basename": os.path.basename(place)}
                for place in _matching(items(at(held, "git", "directories")), top)
            ]
        else:
            return None
    return found if len(found) <= _MOST else None


def _matching(listed: Sequence[Any], top: str) -> list[str]:
    wanted = [str(mapping(one).get("path")) for one in listed if not mapping(one).get("exclude")]
    unwanted = [str(mapping(one).get("path")) for one in listed if mapping(one).get("exclude")]
    found: list[str] = []
    for place, below, _ in os.walk(top):
        below[:] = sorted(name for name in below if not name.startswith("."))
        path = os.path.relpath(place, top)
        # A star stands for one folder, as in a path of a shell.
        if any(_fits(path, one) for one in wanted) and not any(_fits(path, one) for one in unwanted):
            found.append(path)
    return found


def _fits(path: str, pattern: str) -> bool:
    parts, wanted = path.split("/"), pattern.strip("/").split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def filled(node: Any, values: Mapping[str, str]) -> Any:
    """A part of a template with what a generator says put in; what it does not say stays open."""
    if isinstance(node, str):
        return re.sub(_PARAMETER, lambda found: values.get(found[1], found[0]), node) if _OPEN in node else node
    if isinstance(node, dict):
        return {key: filled(value, values) for key, value in mapping(node).items()}
    return [filled(one, values) for one in items(node)] if isinstance(node, list) else node


def asked(text: str) -> list[str]:
    """The values that a text of a template asks its generators for, where it does nothing else with them."""
    return re.findall(_PARAMETER, text)


def is_made(source: Object, folder: str) -> bool:
    """Whether Argo CD has a program make the objects of a source's folder, and does not read its files as they are."""
    told = any(source.get(key) for key in _MAKING) or kustomization_of(folder) is not None
    return told or os.path.isfile(os.path.join(folder, CHART))


def is_here(url: object, top: str) -> bool:
    """The repository is the one under judgement, as far as its clone says where it comes from."""
    if not isinstance(url, str) or _OPEN in url:
        return False
    # A work tree of another place, or no clone: the folder is what there is to go by.
    known = _addresses(top)
    return not known or _short(url) in map(_short, known)


def is_surely_here(url: object, top: str) -> bool:
    """The clone says so."""
    return isinstance(url, str) and _short(url) in map(_short, _addresses(top))


def _addresses(top: str) -> list[str]:
    """Where a clone comes from; nothing where that is not known."""
    try:
        text = (File(top) / ".git" / "config").read_text("utf-8", "replace")
    except OSError:
        return []
    return re.findall(r"^\s*url\s*=\s*(\S+)", text, re.MULTILINE)


def _short(url: str) -> str:
    """Owner and name, however the address is written."""
    parts = re.split(r"[/:]+", url.strip().rstrip("/").removesuffix(".git"))
    return "/".join(parts[-2:]).lower()
