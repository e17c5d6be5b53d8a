"""A tuning Job of which a pod failed and which tries again, while KAITO calls it Failed."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    job = signs.tuning_job(view)
    if job is None or condition(job, "Failed").get("status") == "True":
        return None
    failed = at(job, "status", "failed")
    if not isinstance(failed, int) or failed < 1 or next(signs.waiting(view, ("ImagePullBackOff",)), None):
        return None
    limit = at(job, "spec", "backoffLimit")
    evidence = (f"status of Job {view.name}: failed {failed}, backoffLimit {limit}",)
    ended = tuple(signs.shown(one) for one in view.containers() if signs.ended(one))
    return Said(
        f"{failed} {'pod' if failed == 1 else 'pods'} of the Job failed, and it tries again",
        (*evidence, *ended),
        signs.commands(view, "logs"),
    )


RULE = Rule(
    "job-retries",
    "engine",
    "progressing",
    "a pod of the tuning Job failed, and the Job tries again",
    "KAITO's state stays Failed whatever the next pod does; the Job tells the truth",
    _find,
    decisive=True,
    asks=True,
)
