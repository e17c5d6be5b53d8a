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

from kaitops.documents import reader
from kaitops.errors import BadInput
from kaitops.gate.rendering import composing, wholes

_OPEN = "{{"
_QUOTED = {
    '"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL),
    "'": re.compile(r"(?:[^'\\]|\\.)*'", re.DOTALL),
    "`": re.compile(r"[^`]*`"),
}
_NEXT = re.compile(r"[\"'`]|\}\}")
_WORDS = re.compile(
    r"(?<![\w.$-])(lookup|getHostByName|now|uuidv4|shuffle|rand(?:Alpha(?:Num)?|Ascii|Numeric|Int|Bytes)|"
    # Of what is no time they take the present one; of one, how far away it is.
    r"date(?:_in_zone|InZone)?|htmlDate(?:InZone)?|ago|durationRound|"
    r"gen(?:PrivateKey|CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey|SignedCert|SignedCertWithKey)|htpasswd|bcrypt|encryptAES)\b"
)
_RELEASE = re.compile(r"\.Release\b(?!\s*\.\s*(?:Name|Namespace|Service|IsUpgrade|IsInstall)\b)")
_PARTS = frozenset({"Release", "Capabilities"})
_REVISION = re.compile(r"Release\s*\.\s*Revision|\"Revision\"")
_AGAIN = re.compile(r"Is(?:Upgrade|Install)\b")
_APIS = re.compile(r"APIVersions")
_API = re.compile(
    r'APIVersions\.Has\s+(?:"([^"\\]+)"|`([^`]+)`)|(?:"([^"\\]+)"|`([^`]+)`)\s*\|\s*[$.]*Capabilities\.APIVersions\.Has'
)
_WHOLE = re.compile(r"Capabilities(?!\s*\.\s*(?:APIVersions|KubeVersion))")
_DEEPEST = 8
_VALUES = re.compile(r"values[^/]*\.ya?ml|Chart\.ya?ml|requirements\.ya?ml")
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
        return [one for name, text in _texts(folder) for one in _read(name, text)]
    except (tarfile.TarError, EOFError) as error:
        raise OSError(f"a packed chart cannot be opened: {error}") from error


class _Action(NamedTuple):
    """What stands between braces.

    Attributes:
        plain: the same with each text in it as an empty one; None where one of them does not end.
        texts: those texts, as the engine reads them.
    """

    text: str
    plain: str | None
    texts: Sequence[str]


def asked(texts: Iterable[tuple[str, str]], *, offline: bool, deep: int = 0) -> Asked:
    """What some texts ask, values among them, as those may be templates as well.

    Args:
        offline: whoever deploys it renders it without asking the cluster, as Argo CD does.
        deep: how many texts these texts stand in.
    """
    again, apis = False, set[str]()
    files: list[list[tuple[str, Sequence[str]]]] = []
    within: list[tuple[str, str]] = []
    for name, text in texts:
        files.append([])
        for action in _actions(text):
            if problem := _problem(action, offline=offline):
                return _unknown(name, problem)
            again = again or bool(_AGAIN.search(action.text))
            apis |= {next(filter(None, found)) for found in _API.findall(action.text)}
            files[-1].append((action.plain or "", action.texts))
            within += [(name, held) for held in action.texts]
    if wholes.are_written(files):
        return _unknown("one of its templates", "by the whole of what it is given")
    plains = [plain for file in files for plain, _ in file]
    if composing.may_be(plains):
        return _unknown("one of its templates", "by a text that tpl gets made of parts")
    if within and any(map(composing.TPL.search, plains)):
        if deep == _DEEPEST:
            return _unknown(within[0][0], "by texts in texts")
        inner = asked([one for one in within if _OPEN in one[1]], offline=offline, deep=deep + 1)
        again, apis = again or inner.again, apis | {*inner.apis}
        if inner.problem:
            return inner
    if len(apis) > 200:
        return Asked("it asks for more than 200 APIs of the cluster")
    return Asked("", again, tuple(sorted(apis)))


def _unknown(name: str, problem: str) -> Asked:
    return Asked(f"{name} asks {problem} when it is deployed, so what comes of it is not known")


def _problem(action: _Action, *, offline: bool) -> str:
    if action.plain is None:
        return "by a text that does not end"
    for found in _WORDS.findall(action.plain):
        if not (offline and found == "lookup"):
            return f"by {found}"
    if _REVISION.search(action.text):
        return "by its Revision"
    if _RELEASE.search(action.plain) or not _PARTS.isdisjoint(action.texts):
        return "by its release in a form that is not followed here"
    if len(_APIS.findall(action.text)) != len(_API.findall(action.text)) or _WHOLE.search(action.text):
        return "by Capabilities in a form that is not followed here"
    return ""


def _actions(text: str) -> Iterator[_Action]:
    """What stands between braces, as the engine of templates finds its end, which texts in it may hold."""
    place = text.find(_OPEN)
    while place >= 0:
        start = place + len(_OPEN)
        if text.startswith(("/*", "- /*"), start):
            end = text.find("*/", start + 2)
            place = text.find(_OPEN, end) if end >= 0 else -1
            continue
        end, plain, held = start, list[str](), list[str]()
        while (found := _NEXT.search(text, end)) and found[0] in _QUOTED:
            closed = _QUOTED[found[0]].match(text, found.end())
            if closed is None:
                yield _Action(text[start:], None, held)
                return
            plain.append(text[end : found.start()])
            held.append(_unescaped(closed[0][:-1], raw=found[0] == "`"))
            end = closed.end()
        stop = found.start() if found else len(text)
        yield _Action(text[start:stop], '""'.join([*plain, text[end:stop]]), held)
        place = text.find(_OPEN, stop)


def _unescaped(text: str, *, raw: bool) -> str:
    return (
        text
        if raw or "\\" not in text
        else text.encode("latin-1", "backslashreplace").decode("unicode_escape", "replace")
    )


def _read(name: str, text: str) -> Iterator[tuple[str, str]]:
    """A text as it stands, and where it holds values as YAML reads them."""
    if _OPEN in text:
        yield name, text
    if _VALUES.fullmatch(os.path.basename(name)) and (_OPEN in text or "\\" in text):
        yield name, _parsed(name, text)


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
    files = [(one, Path(one).read_text("utf-8", "replace")) for one in values if isinstance(one, str)]
    texts = [_flat(one) for one in values if not isinstance(one, str)]
    return "\n".join([*texts, *(text for _, text in files), *(_parsed(name, text) for name, text in files)])


def _parsed(name: str, text: str) -> str:
    try:
        return "\n".join(_flat(one.data) for one in reader.read_bytes(text.encode(), name))
    except BadInput as error:
        raise OSError(str(error)) from error


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return "\n".join(map(_flat, [*value, *value.values()]))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, list):
        return "\n".join(map(_flat, value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return value if isinstance(value, str) else ""
