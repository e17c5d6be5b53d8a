"""Charts that a kustomization takes: helm renders those that lie in the repository; others would have to be fetched.

kustomize hands names of files on to helm as they are, so what they lead to is looked at here.
"""

import os
from collections.abc import Iterator, Sequence

from kaitops.documents.plain import at, items, mapping
from kaitops.gate.files import leading
from kaitops.gate.files.sniffing import CHART
from kaitops.gate.files.walking import lies_in_any
from kaitops.gate.overlays.graph import Kustomization
from kaitops.gate.overlays.kustomizing import shown
from kaitops.gate.overlays.taking import KEY, chart_folder, is_step
from kaitops.gate.rendering import offline, probing

# What may be a generator of charts as well, with fields that nobody looks at here.
_OTHERS = ("generators", "transformers", "validators", "configurations")
_FIELDS = ("releaseName", "namespace", "nameTemplate", "kubeVersion", "version", "repo", "name", "valuesMerge")


def problem(
    taken: Sequence[Kustomization], within: Sequence[str], helm: str | None
) -> tuple[Kustomization, str] | None:
    """Why the charts are not rendered, and of which kustomization.

    Args:
        within: real folders that are under judgement.
        helm: the program, where the machine has it.
    """
    for one in taken:
        for text in _problems(one, within):
            return one, f"{text}, so what the cluster gets was not judged"
        if one.held.get(KEY) and helm is None:
            text = "helm is not on the search path to render its charts, so what the cluster gets was not judged"
            return one, f"{KEY}: {text}; install helm, or commit what it renders"
    return None


def _problems(one: Kustomization, within: Sequence[str]) -> Iterator[str]:
    for key in _OTHERS:
        if one.held.get(key):
            yield f"{key} beside {KEY} may render further charts; commit what they make"
    if at(one.held, "helmGlobals", "configHome"):
        yield "helmGlobals.configHome has helm read settings of the tree; remove it"
    for number, entry in enumerate(items(one.held.get(KEY))):
        held = mapping(entry)
        where = f"{KEY}[{number}]"
        if any(not isinstance(held.get(key, ""), str) for key in _FIELDS):
            yield f"{where} holds what is no text where one has to be; correct it"
            return
        name = held.get("releaseName")
        if not is_step(held.get("name")) or (name is not None and not offline.is_name(name)):
            yield f"{where}: {shown(str(name or held.get('name')))} can be no name there; correct it"
            return
        folder = chart_folder(one, held)
        if folder is None or not os.path.isfile(os.path.join(folder, CHART)):
            source = f" is fetched from {shown(held['repo'])}" if held.get("repo") else " is not there"
            home = os.path.relpath(folder or one.folder or ".", one.folder or ".")
            yield f"{where}: chart {shown(held.get('name') or '')}{source}; vendor it as {home}"
        elif not _is_inside(folder, within):
            yield f"{where}: {shown(held['name'])} lies outside of the repository; move it in"
        elif (out := leading.out_of(os.path.realpath(folder), within)) is not None:
            yield f"{where}: {shown(out)} leads out of the repository; remove it"
        elif asks := _asks(folder):
            yield f"{where}: {asks}; give it as a value"
        for name in (held.get("valuesFile"), *items(held.get("additionalValuesFiles"))):
            if name is not None and not _is_file(one, name, within):
                yield f"{where}: {shown(str(name))} is no file of values in the repository; correct the name"


def _asks(folder: str) -> str:
    try:
        return probing.asked(probing.templates(os.path.realpath(folder)), offline=True).problem
    except OSError as error:
        return f"the chart cannot be read: {error.strerror or error}"


def _is_inside(path: str, within: Sequence[str]) -> bool:
    real = os.path.realpath(path)
    return lies_in_any(real, within)


def _is_file(one: Kustomization, name: object, within: Sequence[str]) -> bool:
    if not isinstance(name, str) or "\0" in name or "://" in name:
        return False
    path = os.path.join(one.folder, name)
    return os.path.isfile(path) and _is_inside(path, within)
