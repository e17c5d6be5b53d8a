"""The plan of a change for people: what becomes of each object, then the cost per month before and after."""

from collections.abc import Mapping

from kaitops.documents.plain import Object
from kaitops.report import printable
from kaitops.report.findings import Report

ACTIONS: Mapping[str, tuple[str, str]] = {
    "added": ("+", "created"),
    "updated": ("~", "changed in place"),
    "left": ("=", "left in the cluster"),
    "ignored": ("~", "changed without effect"),
    "replaced": ("-/+", "replaced"),
    "restarted": ("~", "restarted"),
    "refused": ("!", "refused"),
    "deleted": ("-", "deleted"),
}
"""How each outcome is told, in the order of the plan."""
_COLOURS: Mapping[str, str] = {"=": "33", "+": "32", "~": "33", "-/+": "31", "-": "31", "!": "1;31"}
_WIDE = max(len(word) for _, word in ACTIONS.values())
REPLACED = "replaced"


def action(row: Object) -> str:
    """The outcome of a row, or that what runs is deleted and made anew."""
    return REPLACED if row.get("anew") else str(row["outcome"])


def lines(report: Report, paint: printable.Paint = printable.uncoloured) -> list[str]:
    """A line for each object that changes, and one for the cost."""
    rows = report.plan or []
    order = list(ACTIONS)
    said = [_line(row, paint) for row in sorted(rows, key=lambda row: order.index(action(row)))]
    counts = [
        f"{number} {word}"
        for outcome, (_, word) in ACTIONS.items()
        if (number := sum(1 for row in rows if action(row) == outcome))
    ]
    head = f"Plan: {', '.join(counts)}" if counts else "Plan: no object changes"
    return [paint(head, "1"), *said, *cost(report)]


def _line(row: Object, paint: printable.Paint) -> str:
    sign, word = ACTIONS[action(row)]
    where = f"cluster {row['cluster']}: " if row.get("cluster") else ""
    what = ": ".join(str(row[key]) for key in ("field", "consequence") if row.get(key))
    told = what if row["outcome"] != "added" else ""
    object_ = f"{where}{row['object']}"
    mark = paint(f"{sign:<3} {word:<{_WIDE}}", _COLOURS[sign])
    return f"  {mark}  {printable.name(f'{object_}: {told}' if told else object_)}"


def cost(report: Report) -> list[str]:
    """A line for what all of it costs, before and after where that differs; none where it was not asked for."""
    total = report.cost[-1] if report.cost else None
    if total is None:
        return []
    before, after = (_money(total.get(f"usd_per_month_{side}")) for side in ("before", "after"))
    old, new = int(total["nodes_before"]), int(total["nodes_after"])
    nodes = printable.counted(new, "node") if old == new else f"{old} -> {printable.counted(new, 'node')}"
    said = after if before == after else f"{before} -> {after}"
    return [f"Cost: {said} USD per month, {nodes}"]


def _money(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, int | float) else "unknown"
