"""A tuning Job that trains: its container runs, which may take hours."""

from kaitops.live import containers
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    job = signs.tuning_job(view)
    if job is None or any(condition(job, kind).get("status") == "True" for kind in ("Complete", "Failed")):
        return None
    for one in view.containers():
        if one.state == "running" and containers.role(one, view.name) == containers.SERVER:
            since = str(one.detail.get("startedAt") or "")
            return Said(f"pod {name_of(one.pod)} trains", (signs.shown(one),), since=since)
    return None


RULE = Rule(
    "job-runs",
    "engine",
    "progressing",
    "the tuning Job trains",
    "how long it takes depends on data and settings; its log counts the steps",
    _find,
)
