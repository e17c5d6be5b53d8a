"""Finding and reading what the verbs work on: the fleet, its lock, its recorded models."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kaitops.errors import BadInput
from kaitops.fleet import reading
from kaitops.fleet.lock import Lock
from kaitops.kaito.release import Release

if TYPE_CHECKING:
    from kaitops.operator.image_lock import ImageLock

STORE = Path("presets") / "huggingface"


def read_fleet(name: str) -> reading.Source:
    """The fleet in a file, ``-`` for standard input."""
    if name == "-":
        return reading.read(sys.stdin.buffer.read(), "-")
    try:
        raw = Path(name).read_bytes()
    except FileNotFoundError:
        raise BadInput(
            f"{name}: no such file; name the fleet with --fleet, or write a first one with 'kaitops init'"
        ) from None
    except OSError as error:
        raise BadInput(f"{name}: cannot be read: {error.strerror}") from None
    return reading.read(raw, name)


def base(fleet: str) -> Path:
    """The folder that the lock and the recorded models of a fleet lie in."""
    return Path() if fleet == "-" else Path(fleet).parent


class Beside(NamedTuple):
    """What lies beside a fleet, and the release that it is rendered by."""

    release: Release
    sizes: Lock
    images: "ImageLock"


def beside(fleet: str, version: str) -> Beside:
    """What a fleet of a KAITO version is rendered with."""
    # Not every verb that reads a fleet looks at images.
    from kaitops.operator.image_lock import FILE, ImageLock

    folder = base(fleet)
    return Beside(release_for(version, folder), read_lock(folder / "fleet.lock"), ImageLock.read(folder / FILE))


def release_for(version: str, folder: Path) -> Release:
    """The KAITO release, its catalogue extended by the models recorded in a folder."""
    return Release.load(version, snapshots(folder / STORE))


def snapshots(folder: Path) -> dict[str, dict[str, Any]]:
    """Recorded Hugging Face models by repository id in lower case."""
    if not folder.is_dir():
        return {}
    import json

    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            document = json.loads(path.read_text("utf-8"))
            repo, tree, config = document["repo"], document["tree"], document["config"]
            if not (isinstance(repo, str) and isinstance(tree, list) and isinstance(config, dict)):
                raise TypeError("its parts are of other kinds")  # noqa: TRY301
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadInput(
                f"{path}: is not a recorded model ({type(error).__name__}); record it again with 'kaitops preset "
                "record', or delete it"
            ) from None
        found[str(repo).lower()] = document
    return found


def read_lock(path: Path) -> Lock:
    """The lock beside a fleet; an empty one where there is none."""
    try:
        return Lock.parse(path.read_text("utf-8"), str(path))
    except FileNotFoundError:
        return Lock()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None
