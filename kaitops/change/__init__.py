"""What a change of manifests does to a running cluster.

Compares the objects of a base with those of a head as the API server, KAITO's webhooks and its controllers would take
the step, reads a base from git, and plans the way around an edit that is refused. Judges no object on its own: that is
admission's. Nothing here talks to a cluster.

* :func:`compare`: one :class:`Change` per object.
* :func:`tree_at`: the base as it is at a git reference.
* :func:`plan`, :func:`write_plan`: the blue/green way for an edit that is refused because a field is immutable.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kaitops.change.changes import Change, Edit, Outcome
from kaitops.documents.plain import Object

if TYPE_CHECKING:
    from kaitops.change.history import Past
    from kaitops.change.planning import Plan
    from kaitops.kaito.release import Release

__all__ = ["Change", "Edit", "Outcome", "compare", "plan", "tree_at", "write_plan"]


def compare(
    base: Sequence[Object],
    head: Sequence[Object],
    release: "Release",
    settings: Object,
    *,
    beside: Sequence[Object] = (),
    whole: bool = False,
    left: Mapping[int, str] = MappingProxyType({}),
) -> "list[Change]":
    """What becomes of every object of one cluster, in the order of the head; deleted ones last.

    Args:
        base: objects as they are.
        head: objects as they are to be.
        release: the KAITO version that runs.
        settings: of its controllers, plain form.
        beside: what is in the cluster besides, such as the nodes of the context file.
        whole: head and ``beside`` are all that the cluster holds, so a reference to anything else is refused;
            elsewhere such references are taken to be there.
        left: why objects of the base stay although the head has them no more, by their identity.
    """
    from kaitops.change.comparing import compare as run

    return run(base, head, release, settings, beside=beside, whole=whole, left=left)


def tree_at(ref: str, paths: Sequence[str], into: Path, folder: str | Path = ".", beside: Sequence[str] = ()) -> "Past":
    """Lay out the files below some paths at a git reference in a folder.

    The layout of the repository is kept, so whatever reads trees of manifests reads the base the way it reads the
    head. Links stay links where they lead to something of the same reference.

    Args:
        ref: branch, tag or commit.
        paths: files or folders, relative to ``folder`` or absolute within the same repository.
        into: an empty folder.
        folder: where git is run.
        beside: further files or folders; one that lies outside of the repository is passed over.

    Raises:
        BadInput: not a repository, an unknown reference, a shallow clone that lacks it, or too much to read.
        ToolMissing: git is not installed, or the clone is damaged.
    """
    from kaitops.change.history import tree_at as run

    return run(ref, paths, into, folder, beside)


def plan(change: Change, *, gitops: str = "none", taken: frozenset[str] = frozenset()) -> "Plan":
    """The blue/green way to make an edit that is refused because a field is immutable.

    Args:
        change: an edit for which :attr:`Change.immutable` holds.
        gitops: ``argocd``, ``flux`` or ``none``.
        taken: names of the kind that are in use in the namespace.

    Raises:
        BadInput: the change is not such an edit.
    """
    from kaitops.change.planning import plan as run

    return run(change, gitops=gitops, taken=taken)


def write_plan(made: "Plan", folder: Path) -> list[Path]:
    """Write a plan as Markdown with the new manifest beside it; returns the files.

    Raises:
        BadInput: a file of that name with another content is there; it is left as it is.
        ToolMissing: the folder cannot be written.
    """
    from kaitops.change.plan_text import write as run

    return run(made, folder)
