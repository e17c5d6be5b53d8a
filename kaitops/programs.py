"""Finding programs of the machine.

Owns the promise that none of the tree under judgement is run in their place: what the PATH names relative to the
folder that the command runs in, or within its repository, is passed over.
"""

import os
import shutil
from pathlib import Path


def find(name: str) -> str | None:
    """The path of a program; None where the machine has none of that name."""
    here = Path.cwd()
    tree = next((one for one in (here, *here.parents) if (one / ".git").exists()), here)
    trusted = [entry for entry in os.get_exec_path() if Path(entry).is_absolute() and not _lies_in(entry, str(tree))]
    return shutil.which(name, path=os.pathsep.join(trusted)) if trusted else None


def _lies_in(entry: str, tree: str) -> bool:
    real = os.path.realpath(entry)
    return any(one == tree or one.startswith(tree.rstrip(os.sep) + os.sep) for one in (os.path.normpath(entry), real))
