"""Values of a release that no template of its chart reads, where one of the chart's own was meant by a slip.

Helm passes over what nothing reads, so the chart is deployed with its own value. A chart within the chart may read any
key, and so may a template that takes all values at once: of those nothing is said.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from kaitops.documents.plain import items, mapping
from kaitops.errors import nearest
from kaitops.gate.files.sniffing import CHART
from kaitops.gate.helm import sourcing
from kaitops.gate.helm.release import Release

_NAMED = re.compile(r"\.Values\.([A-Za-z0-9_]+)")
_WHOLE = re.compile(r"\.Values(?!\.[A-Za-z0-9_])")
_SHARED = "global"
_LIKE = 0.75


def problems(folder: str, release: Release | None) -> Iterator[str]:
    """Each key at the top of the release's values that is told for nothing."""
    given: dict[str, str] = {} if release is None else dict(_given(release))
    own = [str(one) for one in sourcing.read(os.path.join(folder, "values.yaml"))] if given else []
    lost = [key for key in given if key not in own and key != _SHARED]
    if not lost or not own or items(sourcing.read(os.path.join(folder, CHART)).get("dependencies")):
        return
    text = "\n".join(_texts(os.path.join(folder, "templates")))
    read = set(_NAMED.findall(text))
    for key in lost if not _WHOLE.search(text) else ():
        if key not in read and (near := nearest(key, [one for one in own if one in read], 1, _LIKE)):
            text = f"{key[:80]} of {given[key]} is read by no template of the chart, so it does nothing; meant is "
            yield f"{text}{near[0]}?"


def _given(release: Release) -> Iterator[tuple[str, str]]:
    """The keys, and who gives each, the last of them."""
    for number, held in enumerate(release.values):
        by = os.path.relpath(held) if isinstance(held, str) else release.told.get(str(number), "")
        values = sourcing.read(held) if isinstance(held, str) else held
        yield from ((str(key), by or f"the values of release {release.name}") for key in mapping(values))
    for word in release.words:
        if not word.startswith("-") and "=" in word:
            by = release.told.get("words") or f"the parameters of release {release.name}"
            yield re.split(r"[.=\[]", word)[0], by


def _texts(folder: str) -> Iterator[str]:
    for above, _, names in os.walk(folder):
        for name in names:
            try:
                yield Path(above, name).read_text("utf-8", "replace")
            except OSError:
                continue  # the one that renders it says so
