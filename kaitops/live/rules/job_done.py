"""A tuning Job that is complete after a retry, which KAITO goes on calling Failed."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    job = signs.tuning_job(view)
    if job is None:
        return None
    done = condition(job, "Complete")
    if done.get("status") != "True":
        return None
    since = str(done.get("lastTransitionTime") or "")
    return Said("the Job is complete", (f"condition Complete=True of Job {view.name}",), since=since)


RULE = Rule(
    "job-done",
    "engine",
    "healthy",
    "the tuning Job is complete, also where KAITO calls it Failed after a retry",
    "",
    _find,
    True,
)
