"""A tuning Job that gave up."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    job = signs.tuning_job(view)
    if job is None:
        return None
    failed = condition(job, "Failed")
    if failed.get("status") != "True":
        return None
    evidence = (signs.cited(failed), *(signs.shown(one) for one in view.containers() if signs.ended(one)))
    since = str(failed.get("lastTransitionTime") or "")
    remedy = (*signs.commands(view, "logs"), "mend the cause, then let the Workspace be made anew under another name")
    return Said("the Job gave up: " + signs.short(failed.get("message")), evidence, remedy, since)


RULE = Rule(
    "job-failed",
    "engine",
    "degraded",
    "the tuning Job failed for good",
    "KAITO makes no other Job for it, and there is no result",
    _find,
    asks=True,
)
