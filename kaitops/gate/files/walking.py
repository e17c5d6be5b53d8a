"""Which files a gate reads, and which it refuses to pass over.

Hidden folders are read. Files that look like manifests and would not be read, folders that are passed over and hold
what others would apply, links that lead out, and files that switch other tools off are findings: a green gate must
mean that everything was looked at.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kaitops.errors import BadInput
from kaitops.gate.checks import COVERAGE, finding
from kaitops.gate.files.sniffing import KUSTOMIZATIONS, cluster_of, file_may_hold_object, looks_like_manifest, switch
from kaitops.report.findings import Report
from kaitops.tree import staging

_SUFFIXES = (".yaml", ".yml", ".json")
_SKIPPED_FOLDERS = {".git", ".venv", ".venv-checkov", "node_modules", "__pycache__"}
# Prose and programs show manifests without being any.
_PROSE = (".md", ".rst", ".adoc", ".txt", ".html", ".py", ".go", ".sh", ".ts", ".js", ".lock", ".toml")
_EVALUATED = (".jsonnet", ".libsonnet")
_MAX_FILES = 50_000
_MAX_PASSED = 20_000
_MAX_DEPTH = 60


class Walk:
    """The files below what was named, each once whatever links lead to it.

    Raises:
        BadInput: a path does not exist, or a folder holds nothing to read.
    """

    def __init__(self, paths: Sequence[str], report: Report) -> None:
        self._report = report
        self._bounds: set[str] = set()
        self._roots: list[str] = []
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self._waiting: list[str] = []
        self._links: list[str] = []
        self._count = 0
        self._real: dict[str, str] = {}
        for name in paths:
            if name != "-":
                self._bound(name)
        for name in paths:
            self._waiting += self._named(name)

    def __iter__(self) -> Iterator[str]:
        """Every file to read; ``-`` stands for itself. What is added meanwhile comes as well."""
        while self._waiting:
            yield self._waiting.pop(0)

    @property
    def bounds(self) -> list[str]:
        """The repositories, or else the folders, that what was named lies in, by real path."""
        return sorted(self._bounds)

    def covers(self, path: str) -> bool:
        """Whether a real path lies below what was named."""
        return lies_in_any(path, self._roots)

    def add(self, path: str) -> None:
        """A file or folder that something within the tree lists; once, whatever its name."""
        if os.path.isdir(path):
            self._waiting += self._below(path)
        elif self._is_new(os.path.realpath(path)):
            self._waiting.append(path)

    def add_plain(self, folder: str, name: str, path: str) -> bool:
        """Add a regular file of a folder; false where it is anything else, which is looked at in full.

        Most entries of a kustomization are such files: to follow links that are not there costs more than to read them.
        """
        try:
            if os.sep in name or not stat.S_ISREG(os.lstat(path).st_mode):
                return False
        except (OSError, ValueError):
            return False
        if folder not in self._real:
            self._real[folder] = os.path.join(os.path.realpath(folder), "")
        real = f"{self._real[folder]}{name}"
        if not self.covers(real):
            return False
        if self._is_new(real):
            self._waiting.append(path)
        return True

    def _bound(self, name: str) -> None:
        real = os.path.realpath(name)
        folder = real if os.path.isdir(real) else os.path.split(real)[0]
        # Naming a kustomization names what it lists.
        self._roots.append(folder if os.path.basename(name) in KUSTOMIZATIONS else real)
        tops = (one for one in (Path(folder), *Path(folder).parents) if (one / ".git").exists())
        self._bounds.add(str(next(tops, folder)))

    def _named(self, name: str) -> list[str]:
        if name == "-":
            return ["-"] if self._is_new("-") else []
        if os.path.isdir(name):
            before = len(self._report.findings)
            found = self._below(name)
            if not found and len(self._report.findings) == before and not self._files:
                raise BadInput(
                    f"{name}: holds no YAML file, so nothing would be checked; name the folder of the manifests"
                )
            return found
        if not os.path.lexists(name):
            raise BadInput(f"{name}: no such file or folder")
        if self._is_switch(name, os.path.basename(name)) or not self._is_new(os.path.realpath(name)):
            return []
        return [name]

    def _is_new(self, real: str) -> bool:
        new = real not in self._files
        self._files.add(real)
        return new

    def _below(self, folder: str) -> list[str]:
        """The files of a folder and all below it, links last: what they lead to has a name of its own."""
        found = sorted(self._plain(folder), key=_parts)
        while self._links:
            links, self._links = sorted(self._links, key=_parts), []
            for link in links:
                found += self._linked(link)
        return found

    def _plain(self, top: str) -> Iterator[str]:
        folders = [(top, os.path.realpath(top), 0)]
        while folders:
            folder, real, depth = folders.pop()
            if real in self._folders:
                continue
            self._folders.add(real)
            if depth > _MAX_DEPTH:
                self._tell(folder, f"lies more than {_MAX_DEPTH} folders deep, so it was not judged; lift it up")
                continue
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                text = f"the folder cannot be read: {error.strerror}, so it was not judged; correct its permissions"
                self._tell(folder, text)
                continue
            above, real_above = "" if folder == "." else os.path.join(folder, ""), os.path.join(real, "")
            for entry in entries:
                path = f"{above}{entry.name}"
                if entry.is_symlink():
                    self._links.append(path)
                elif entry.is_dir():
                    if staging.is_ours(path):  # where a render makes a tree: nobody's business while it runs
                        if not staging.is_live(path):
                            self._tell(path, "was left by a render that was killed, and is no tree; render again")
                    elif entry.name in _SKIPPED_FOLDERS:
                        self._pass_over(path)
                    else:
                        folders.append((path, f"{real_above}{entry.name}", depth + 1))
                elif self._is_read(path, entry.name, is_file=entry.is_file()) and self._is_new(
                    f"{real_above}{entry.name}"
                ):
                    if self._is_too_many(path):
                        return
                    yield path

    def _linked(self, link: str) -> list[str]:
        name = os.path.basename(link)
        real = os.path.realpath(link)
        if not os.path.lexists(real):
            # Said by whoever reads it: it leads nowhere, or in a circle.
            return [link] if name.endswith(_SUFFIXES) or name in KUSTOMIZATIONS else []
        is_folder = os.path.isdir(real)
        if not lies_in_any(real, self._bounds):
            if is_folder or name.endswith(_SUFFIXES) or name in KUSTOMIZATIONS:
                text = "is a link that leads out of the repository, so it was not read; put what it shows in its place"
                self._tell(link, text)
            return []
        shown = cluster_of(str(Path.cwd() / link))
        if shown and os.path.realpath(shown) != cluster_of(real):
            text = (
                "is a link to what is judged as of another cluster, or of none, so it was not judged as of its own; "
                "put what it shows in its place"
            )
            self._tell(link, text)
        if is_folder:
            return [] if name in _SKIPPED_FOLDERS else sorted(self._plain(link), key=_parts)
        return [link] if self._is_read(link, name, is_file=True) and self._is_new(real) else []

    def _is_too_many(self, path: str) -> bool:
        self._count += 1
        if self._count == _MAX_FILES:
            self._tell(path, f"more than {_MAX_FILES} files, so the rest was not judged; judge parts of the tree")
        return self._count >= _MAX_FILES

    def _is_switch(self, path: str, name: str) -> bool:
        text = switch(name)
        if text is not None:
            self._tell(path, text)
        return text is not None

    def _is_read(self, path: str, name: str, *, is_file: bool) -> bool:
        if self._is_switch(path, name):
            return False
        if name.endswith(_SUFFIXES) or name in KUSTOMIZATIONS:
            return True
        if name.endswith(_EVALUATED):
            self._tell(
                path, "is evaluated by Argo CD and by nothing here, so it was not judged; commit what it renders"
            )
        elif is_file and not name.endswith(_PROSE) and looks_like_manifest(path):
            text = (
                "holds what looks like a manifest, but a file of this name is read by neither kubectl nor this gate; "
                "name it .yaml, or render it first if it is a template"
            )
            self._tell(path, text)
        return False

    def _pass_over(self, top: str) -> None:
        """A folder of tools: nothing in it is judged, so nothing in it may be what kubectl would apply."""
        if os.path.basename(top) == ".git":
            return
        count = 0
        for folder, _, names in os.walk(top):
            for name in names:
                count += 1
                path = os.path.join(folder, name)
                if count > _MAX_PASSED:
                    self._tell(top, f"holds more than {_MAX_PASSED} files that are not judged; keep it out of the tree")
                    return
                if name.endswith(_SUFFIXES) and file_may_hold_object(path):
                    text = (
                        f"is passed over, and {os.path.relpath(path, top)} in it may be an object, which kubectl and "
                        "Argo CD would apply; keep the folder out of the tree that is judged"
                    )
                    self._tell(top, text)
                    return

    def _tell(self, path: str, text: str) -> None:
        self._report.findings.append(finding(COVERAGE, path, (1, 1), "", text, unjudged=True))


def lies_in(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it; both as real paths."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def named(text: str, folder: str) -> str:
    """The real path of what a text names in a folder; what holds a NUL, as no file's name does, leads to none."""
    return os.path.realpath(os.path.join(folder, text.replace("\0", "\ufffd")))


def rooted(text: str, top: str) -> str:
    """The real path of what is named from a folder of a repository, mostly its top, with or without a slash before."""
    return named(text.lstrip("/"), top)


def home_of(path: str, folders: Iterable[str]) -> str | None:
    """The first of some folders that a path is or lies below, all as real paths; None where there is none."""
    return next((one for one in folders if lies_in(path, one)), None)


def lies_in_any(path: str, folders: Iterable[str]) -> bool:
    """Whether a path is one of some folders or lies below one; all as real paths."""
    return home_of(path, folders) is not None


def _parts(file: str) -> list[str]:
    return file.replace(os.sep, "/").split("/")
