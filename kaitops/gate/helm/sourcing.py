"""Which value of a release a line of a template puts in, and who gives it: what somebody edits to mend a finding there.

Only what one line says plainly is told: one value, by its path, in a template of the chart itself. A value that a
template works out, or that a chart within the chart reads, is for the template alone.
"""

import os
import re

from kaitops.documents import reader
from kaitops.documents.plain import Object, at, mapping
from kaitops.errors import BadInput
from kaitops.gate.helm.release import Release

_VALUE = re.compile(r"\$?\.Values((?:\.[A-Za-z0-9_]+)+)")
_OWN = "values.yaml"


def origin(line: str, template: str, folder: str, release: Release) -> str:
    """The key, and the file or object that holds it; empty where the line does not say it plainly.

    Args:
        template: the file that the line is of.
        folder: of the chart.
    """
    named = {found[1:] for found in _VALUE.findall(line)}
    if len(named) != 1 or not os.path.relpath(template, folder or ".").startswith(f"templates{os.sep}"):
        return ""
    (key,) = named
    return f"{key} of {_giver(key, folder, release)}"


def _giver(key: str, folder: str, release: Release) -> str:
    if any(word.startswith(f"{key}=") for word in release.words):
        return release.told.get("words") or f"the parameters of release {release.name}"
    for number, held in reversed(list(enumerate(release.values))):
        values = read(held) if isinstance(held, str) else held
        if _has(values, key):
            file = os.path.relpath(held) if isinstance(held, str) else ""
            return file or release.told.get(str(number)) or f"the values of release {release.name}"
    own = os.path.join(folder, _OWN)
    return own if _has(read(own), key) else "the chart's values"


def _has(values: Object, key: str) -> bool:
    return at(values, *key.split(".")) is not None


def read(file: str) -> Object:
    """The values that a file holds; none where it is not there, or holds something else."""
    try:
        documents = reader.read_file(file)
    except (BadInput, OSError):
        return {}
    return mapping(documents[0].data) if len(documents) == 1 else {}
