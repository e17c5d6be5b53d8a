"""A container that KAITO puts before or beside the server or a training, and that ends with an error."""

from collections.abc import Callable, Iterable

from kaitops.live.finding import Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of
from kaitops.live.view import View


def failed(
    view: View, lost: Callable[[str], str], ways: Iterable[tuple[str, str, str]], verb: str = "logs", last: int = 3
) -> Said | None:
    """What is lost by the first such container, with the cause that its last lines show.

    Args:
        lost: from a container's name to what is not done; empty for those that are not meant.
        ways: pattern, cause and remedy; in a remedy ``{entry}`` stands for the fleet's path of the workload, and
            ``{adapter}`` for what a container's name ends with.
        verb: of kubectl, by which its log is shown.
        last: how many lines of its log are looked at.
    """
    for one in view.containers():
        end, what = signs.ended(one), lost(one.name)
        if not what or not end or end.get("exitCode") == 0:
            continue
        lines = [line for line in view.log(one.pod).splitlines() if line.strip()][-last:]
        cause, first = signs.way(ways, " ".join([*lines, str(end.get("message") or "")])) or ("", "")
        pod = name_of(one.pod)
        remedies = (
            first.format(entry=view.entry, adapter=one.name.partition("-")[2]),
            f"kubectl {verb} -n {view.namespace or 'default'} {pod} -c {one.name}",
        )
        return Said(
            f"{what}{f': {cause}' if cause else ''}",
            (signs.shown(one), *(f"log of {pod}: {signs.short(line)}" for line in lines)),
            tuple(text for text in remedies if text),
            str(end.get("finishedAt") or "") or signs.first_since(view),
        )
    return None
