"""What a run of the gate is told: what to judge, and by what."""

from collections.abc import Container, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kaitops.documents.plain import Object
from kaitops.report.findings import HIGH

if TYPE_CHECKING:
    from kaitops.gate.server.asking import Server


class Options(NamedTuple):
    """What to judge and by what.

    Attributes:
        settings: of the controllers, where the tree does not say.
        kaito: version, where the tree does not say; the newest that is known in full where None.
        assumed: what the user says is in the cluster, ``kind/name``.
        store: the folder of a fleet that the user named for its recorded models; None for the command's own.
        fleet: the fleet that the user named; what context files say is held against it.
        trust_context: the user vouches for the context files.
        policy: the file that the user named for what the organisation decides.
        rules: folders of further rules.
        accepted: kinds, ``group/Kind``, that may stay unjudged.
        exemptions: the file that the user named for them.
        complete: the tree is all that its clusters get, so rules may ask for what is not in it.
        checkov: Python of checkov's environment; None where there is none.
        without_checkov: it was switched off by the user.
        base: git reference to compare with.
        budget: the file of limits.
        prices: the file of prices that come before ours.
        quotas: files of recorded quotas.
        cost: work out costs, even without base, budget or quotas.
        select: beginnings of the ids of rules whose findings are kept; all where empty.
        ignore: beginnings of those that are left out.
        baseline: the file of findings that are known.
        write_baseline: where a file of what is found is to be written; it counts as known from then on.
        check_render: hold rendered trees against their fleet; where None, if the change touches either.
        unfolded: what the change did not bring is shown finding by finding.
        server: the API server that is asked as well; none where None.
    """

    paths: Sequence[str]
    today: date
    settings: Object
    kaito: str | None = None
    assumed: frozenset[str] = frozenset()
    store: str | None = None
    fleet: str | None = None
    trust_context: bool = False
    policy: str | None = None
    rules: Sequence[str] = ()
    accepted: Sequence[str] = ()
    exemptions: str | None = None
    complete: bool = False
    threshold: str = HIGH
    checkov: Path | None = None
    without_checkov: bool = False
    require_checkov: bool = False
    base: str | None = None
    region: str | None = None
    budget: str | None = None
    prices: str | None = None
    quotas: Sequence[str] = ()
    cost: bool = False
    server: "Server | None" = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    baseline: str | None = None
    write_baseline: str | None = None
    unfolded: bool = False
    check_render: bool | None = None


def is_assumed(need: str, known: Container[str]) -> bool:
    """Whether somebody vouches for ``Kind namespace/name``: as ``kind/name``, or with the namespace."""
    kind, _, name = need.partition(" ")
    return any(f"{kind.lower()}/{one}" in known for one in (name, name.rpartition("/")[2]))
