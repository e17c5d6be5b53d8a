"""A server that ends by itself, for a cause that no other rule knows."""

from kaitops.live import containers
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of
from kaitops.live.view import View

_MEANING: dict[str, str] = {
    "126": ": its command may not be run",
    "127": ": its image does not have the command, or one that it calls",
}
"""What a shell says by an exit code."""


def _find(view: View) -> Said | None:
    for one in view.containers():
        end = signs.ended(one)
        if end and end.get("exitCode") != 0:
            last = [line for line in view.log(one.pod).splitlines() if line.strip()][-5:]
            log = tuple(f"log of {name_of(one.pod)}: {signs.short(line)}" for line in last)
            what = containers.role(one, view.name)
            verbs = "logs --previous" if what == containers.SERVER else f"logs --previous -c {one.name}"
            code = end.get("exitCode")
            text = f"{what} ended with exit code {code}, {one.restarts} restarts{_MEANING.get(str(code), '')}"
            since = str(end.get("finishedAt") or "") or signs.first_since(view)
            return Said(text, (signs.shown(one), *log), signs.commands(view, verbs), since)
    for found in signs.conditions(view, ("ContainerCrashLoopBackOff",)):
        text = signs.short(found.get("message"))
        since = str(found.get("lastTransitionTime") or "")
        return Said(text, (signs.cited(found),), signs.commands(view, "logs --previous"), since)
    for one in signs.waiting(view, ("CrashLoopBackOff",)):
        return Said("the server ends on every start", (signs.shown(one),), signs.commands(view, "logs --previous"))
    return None


RULE = Rule(
    "crash",
    "engine",
    "degraded",
    "the server ends again and again, or ended once, for a cause that only its log tells",
    "a restart alone does not help",
    _find,
)
