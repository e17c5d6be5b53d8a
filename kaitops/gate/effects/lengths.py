"""Names that are taken as they are, and too long for what is made under them.

The pods of a StatefulSet bear its name and a number of its revision in one label, ``controller-revision-hash``; a label
has 63 signs at most. KAITO makes a StatefulSet for each model, with more behind the name where a set or a split model
stands before it. Source: Kubernetes' pkg/controller/statefulset.
"""

from collections.abc import Iterator

from kaitops.documents.plain import MutableObject, Path
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item

_MOST = 52
"""Signs of a StatefulSet's name: a dash and ten digits come behind it."""


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """Each object whose pods the server refuses for it."""
    for item in state.items:
        expansion = state.made.get(id(item.data))
        made: list[MutableObject] = [] if expansion is None else expansion.objects
        name = str(item.data["metadata"].get("name") or "")
        # Of a set and of a split model the Workspaces' names are as long as those that are drawn later.
        longest = max((str(one["metadata"].get("name") or "") for one in (*made, item.data)
                       if one["kind"] == "StatefulSet"), key=len, default="")  # fmt: skip
        if len(longest) > _MOST:
            more = len(longest) - len(name)
            whose = f", with the {more} signs that KAITO puts behind it," if more else ""
            text = f"has {len(name)} signs, and StatefulSets{whose} may have {_MOST}, or the server refuses "
            yield (
                item,
                ("metadata", "name"),
                f"{text}their pods for controller-revision-hash; take {_MOST - more} at most",
            )
