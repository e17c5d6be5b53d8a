"""What the templates of a chart ask when they are deployed: of the cluster, the clock or chance.

What is rendered without a cluster is then not what the cluster gets. Questions with two answers are both answered; a
chart that asks anything else is told. Which version Kubernetes has is asked by many, and taken as helm has it.
"""

import os
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_OPEN = "{{"
_QUOTED = {
    '"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL),
    "'": re.compile(r"(?:[^'\\]|\\.)*'", re.DOTALL),
    "`": re.compile(r"[^`]*`"),
}
_NEXT = re.compile(r"[\"'`]|\}\}")
_WORDS = re.compile(
    r"(?<![\w.$-])(lookup|getHostByName|now|uuidv4|shuffle|rand(?:Alpha(?:Num)?|Ascii|Numeric|Int|Bytes))\b"
)
_REVISION = re.compile(r"Release\s*\.\s*Revision|\"Revision\"")
_AGAIN = re.compile(r"Is(?:Upgrade|Install)\b")
_APIS = re.compile(r"APIVersions")
_API = re.compile(
    r'APIVersions\.Has\s+(?:"([^"\\]+)"|`([^`]+)`)|(?:"([^"\\]+)"|`([^`]+)`)\s*\|\s*[$.]*Capabilities\.APIVersions\.Has'
)
_WHOLE = re.compile(r"Capabilities(?!\s*\.\s*(?:APIVersions|KubeVersion|HelmVersion))")
# A template made of parts while it is rendered holds whatever they make together.
_TPL = re.compile(r"\btpl\b")
_MADE = re.compile(r"\b(?:printf?|cat|join|replace|b64dec|b32dec|nospace|trim\w*|trunc|substr|reverse|concat)\b")
_ARCHIVES = (".tgz", ".tar.gz")
_MOST_BYTES, _MOST_FILES = 64 * 1024 * 1024, 20_000


class Asked(NamedTuple):
    """What the templates of a chart ask.

    Attributes:
        problem: a question without an answer here; empty where there is none.
        again: whether it is an upgrade.
        apis: whether the cluster serves each of these.
    """

    problem: str = ""
    again: bool = False
    apis: tuple[str, ...] = ()

    def ways(self) -> list[list[str]]:
        """Arguments of helm for each further answer."""
        served = [word for api in self.apis for word in ("--api-versions", api)]
        again = ["--is-upgrade"] if self.again else []
        return (
            [way for way in ([*again], served, [*again, *served]) if way]
            if again and served
            else [way for way in (again, served) if way]
        )


def templates(folder: str) -> list[tuple[str, str]]:
    """The texts of a chart that hold a template, each with its name; archives of further charts are opened.

    Raises:
        OSError: something cannot be read, or there is too much.
    """
    try:
        return [(name, text) for name, text in _texts(folder) if _OPEN in text]
    except (tarfile.TarError, EOFError) as error:
        raise OSError(f"a packed chart cannot be opened: {error}") from error


def asked(texts: Iterable[tuple[str, str]], *, offline: bool) -> Asked:
    """What some texts ask, values among them, as those may be templates as well.

    Args:
        offline: whoever deploys it renders it without asking the cluster, as Argo CD does.
    """
    again, apis = False, set[str]()
    for name, text in texts:
        for action, plain in _actions(text):
            if problem := _problem(action, plain, offline=offline):
                return Asked(f"{name} asks {problem} when it is deployed, so what comes of it is not known")
            again = again or bool(_AGAIN.search(action))
            apis |= {next(filter(None, found)) for found in _API.findall(action)}
    if len(apis) > 200:
        return Asked("it asks for more than 200 APIs of the cluster")
    return Asked("", again, tuple(sorted(apis)))


def _problem(action: str, plain: str | None, *, offline: bool) -> str:
    if plain is None:
        return "by a text that does not end"
    for found in _WORDS.findall(plain):
        if not (offline and found == "lookup"):
            return f"by {found}"
    if _REVISION.search(action):
        return "by its Revision"
    if len(_APIS.findall(action)) != len(_API.findall(action)) or _WHOLE.search(action):
        return "by Capabilities in a form that is not followed here"
    return "by a template that tpl makes of parts" if _TPL.search(plain) and _MADE.search(plain) else ""


def _actions(text: str) -> Iterator[tuple[str, str | None]]:
    """What stands between braces, as the engine of templates finds its end, and the same without the texts in it.

    Texts may hold braces. Without the texts there is nothing where one of them does not end.
    """
    place = text.find(_OPEN)
    while place >= 0:
        start = place + len(_OPEN)
        if text.startswith(("/*", "- /*"), start):
            end = text.find("*/", start + 2)
            place = text.find(_OPEN, end) if end >= 0 else -1
            continue
        end, plain = start, list[str]()
        while (found := _NEXT.search(text, end)) and found[0] in _QUOTED:
            closed = _QUOTED[found[0]].match(text, found.end())
            if closed is None:
                yield text[start:], None
                return
            plain.append(text[end : found.start()])
            end = closed.end()
        stop = found.start() if found else len(text)
        yield text[start:stop], '""'.join([*plain, text[end:stop]])
        place = text.find(_OPEN, stop)


def _texts(folder: str) -> Iterator[tuple[str, str]]:
    count, size = 0, 0
    for path in _files(folder):
        name = path.name
        if path.is_file():
            count, size = count + 1, size + path.stat().st_size
            if count > _MOST_FILES or size > _MOST_BYTES:
                raise OSError("it is too large")
            if name.endswith(_ARCHIVES):
                yield from _packed(path)
            else:
                yield os.path.relpath(path, folder), path.read_text("utf-8", "replace")


def _files(folder: str) -> Iterator[Path]:
    """All files below a folder, behind links as well, which helm follows; each folder once."""
    seen: set[str] = set()
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        if os.path.realpath(place) in seen:
            continue
        seen.add(os.path.realpath(place))
        for path in sorted(Path(place).iterdir()):
            if path.is_dir():
                waiting.append(str(path))
            else:
                yield path


def _packed(path: Path) -> Iterator[tuple[str, str]]:
    size = 0
    with tarfile.open(path) as archive:
        for count, member in enumerate(archive):
            size += member.size
            if count > _MOST_FILES or size > _MOST_BYTES:
                raise OSError("it is too large")
            held = archive.extractfile(member) if member.isreg() else None
            if held is not None:
                yield f"{path.name}/{member.name}", held.read().decode("utf-8", "replace")


def told(values: Sequence[Mapping[str, object] | str]) -> str:
    """Values as a text to be searched; files among them are read."""
    return "\n".join(Path(one).read_text("utf-8", "replace") if isinstance(one, str) else _flat(one) for one in values)


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return "\n".join(map(_flat, value.values()))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, list):
        return "\n".join(map(_flat, value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return value if isinstance(value, str) else ""
