"""What costs are held to: the files of a budget, of prices and of recorded quotas."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from kaitops.documents import reader
from kaitops.documents.plain import mapping
from kaitops.errors import BadInput
from kaitops.gate.trust.authority import Authority

if TYPE_CHECKING:
    from kaitops.cost import Budget
    from kaitops.cost.quota import Quota


def budget(name: str | None, authority: Authority) -> "Budget | None":
    """The limits in a file.

    Raises:
        BadInput: it cannot be read, or holds none.
    """
    return None if name is None else authority.named(name, _budget)


def _budget(raw: bytes, name: str) -> "Budget":
    from kaitops.cost import Budget

    documents = reader.read_bytes(raw, name)
    if len(documents) != 1 or not mapping(documents[0].data):
        raise BadInput(f"{name}: holds no budget, so nothing would be held to it; write total, cluster or clusters")
    return Budget.from_dict(documents[0].data, name)


def prices(name: str | None, authority: Authority) -> AbstractContextManager[None]:
    """The prices of a file come before ours while this lasts.

    Raises:
        BadInput: it cannot be read, or holds none.
    """
    if name is None:
        return nullcontext()
    from kaitops.cost.price_file import parse
    from kaitops.prices import including

    found = authority.excusing(name, parse)
    return nullcontext() if found is None else including(*found)


def quotas(names: Sequence[str], authority: Authority) -> "list[Quota]":
    """The recorded quotas of regions.

    Raises:
        BadInput: a file cannot be read, or is no recording.
    """
    if not names:
        return []
    from kaitops.cost.quota import Quota

    return [authority.named(name, Quota.parse) for name in names]
