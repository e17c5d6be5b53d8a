"""Where files are as seen from the root of a repository, which is how hosts of code name them."""

import posixpath

_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def relative(file: str, folder: str, root: str) -> str:
    """A file as a path from the root with forward slashes; absolute where it lies outside.

    Args:
        file: as given on the command line; ``-`` is standard input.
        folder: absolute path of the folder that ``file`` is relative to.
        root: absolute path of the repository.
    """
    if file == "-":
        return "stdin"
    path = posixpath.normpath(posixpath.join(folder.replace("\\", "/"), file.replace("\\", "/")))
    top = root.replace("\\", "/").rstrip("/") + "/"
    return path.removeprefix(top)


def uri(path: str) -> str:
    """A path as a URI reference; what a URI cannot hold is escaped."""
    quoted = "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in path.encode("utf-8", "surrogateescape"))
    return f"file://{quoted}" if quoted.startswith("/") else quoted
