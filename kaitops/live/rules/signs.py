"""Where rules look: the same sign found in a condition, an error, an event, a container's state or a log.

Owns how each of these is written as evidence.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from kaitops.documents.plain import Object, at
from kaitops.live import logs
from kaitops.live.containers import Container
from kaitops.live.finding import Said
from kaitops.live.snapshot import condition, name_of, time_of, when
from kaitops.live.view import View

LONGEST = 400
_UNMADE = frozenset({"RunContainerError", "CreateContainerError", "StartError", "ContainerCannotRun"})
_DEAD = (
    r"EngineDeadError|EngineCore (failed to start|encountered a fatal error)|Engine core initialization failed"
    r"|Worker proc \S+ died unexpectedly"
)
"""What vLLM writes when its engine has ended, which may be a while before the server itself has."""

_TRIED_AGAIN = (
    r"^(\(\w+( pid=\d+)?\) )*(DEBUG|INFO|WARNING) \d\d-\d\d |^(DEBUG|INFO|WARNING)\b|thrown while requesting"
    r"|^\[\S+ \S+ [DIW] \d+ \d+\]|NCCL INFO|\bretrying\b|trying to resume|stats\.vllm\.ai|opentelemetry|port=431[78]\b"
)
"""What servers, Ray and the hub's library write of what they get over, and of what they send without need."""
_IMAGES = ("Pulling", "Pulled", "Created", "Started")
_DONE_BY: Mapping[str, tuple[str, ...]] = {
    "FailedAttachVolume": ("SuccessfulAttachVolume", *_IMAGES),
    "FailedMount": _IMAGES,
    "FailedCreatePodSandBox": _IMAGES,
}
"""What the kubelet reports only after it has got over a failure."""
_NOT_YET = ("ContainerCreating", "PodInitializing")
"""Why a container waits that was never started."""
_BEFORE_IT_RUNS = frozenset({"Failed", "FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox", "Pulling"})


def cited(one: Object) -> str:
    """A condition as evidence."""
    told = (f"{one.get('type')}={one.get('status')}", str(one.get("reason") or ""), short(one.get("message")))
    return f"condition {': '.join(text for text in told if text)}"


def reported(event: Object) -> str:
    """An event as evidence."""
    about = f"{at(event, 'involvedObject', 'kind')} {at(event, 'involvedObject', 'name')}"
    count = event.get("count")
    times = f" ({count} times)" if isinstance(count, int) and count > 1 else ""
    return f"event of {about}: {event.get('reason')}: {short(event.get('message'))}{times}"


def shown(one: Container) -> str:
    """A container's state as evidence."""
    text = f"{one.where}: {one.state or 'no state yet'}"
    for key in ("reason", "message"):
        if one.detail.get(key):
            text += f": {short(one.detail[key])}"
    if one.state == "terminated":
        text += f", exit code {one.detail.get('exitCode')}"
    if one.last:
        text += f"; before: {one.last.get('reason')}, exit code {one.last.get('exitCode')}"
        if one.last.get("message"):
            text += f": {short(one.last['message'])}"
    return f"{text}; restarts: {one.restarts}"


def short(text: object) -> str:
    """A text of one line."""
    return " ".join(logs.plain(str(text or "")).split())[:LONGEST]


def error(view: View, pattern: str) -> str:
    """The reconcile error where it matches."""
    return view.error if view.error and re.search(pattern, view.error, re.IGNORECASE) else ""


def by_error(view: View, pattern: str, cause: str, *remedy: str) -> Said | None:
    """A reconcile error that matches; ``{error}`` in the cause is its text."""
    text = error(view, pattern)
    if not text:
        return None
    since = first_since(view)
    return Said(cause.replace("{error}", short(text)), (f"reconcile error: {short(text)}",), remedy, since)


def by_condition(holder: Object, kind: str, cause: str, *remedy: str) -> Said | None:
    """A condition that is False; ``{message}`` in the cause is its text."""
    found = condition(holder, kind)
    if found.get("status") != "False":
        return None
    text = cause.replace("{message}", short(found.get("message")))
    return Said(text, (cited(found),), remedy, str(found.get("lastTransitionTime") or ""))


def by_crash(view: View, pattern: str, cause: str, *remedy: str) -> Said | None:
    """A container that ended for what its log, its last message or KAITO's condition shows."""
    evidence = crashed(view, pattern)
    return Said(cause, evidence, remedy, first_since(view)) if evidence else None


def by_ways(view: View, ways: Iterable[tuple[str, str, str]], cause: str, *remedy: str) -> Said | None:
    """A container that ended for the first of some signs; ``{entry}`` in a remedy is its path in a fleet."""
    for sign, particular, first in ways:
        if evidence := crashed(view, sign):
            named = tuple(one.replace("{entry}", view.entry) for one in (first, *remedy))
            return Said(f"{cause}: {particular}", evidence, named, first_since(view))
    return None


def way(ways: Iterable[tuple[str, str, str]], text: str, flags: int = 0) -> tuple[str, str] | None:
    """Cause and remedy of the first sign, a pattern, that a text shows."""
    return next(((cause, remedy) for sign, cause, remedy in ways if re.search(sign, text, flags)), None)


def by_launch(view: View, reasons: Collection[str], pattern: str, cause: str, *remedy: str) -> Said | None:
    """A machine that is not made for one of some reasons; what was told of it stands behind the cause."""
    said = launch(view, reasons, pattern)
    return replace(said, cause=f"{cause}: {said.cause}", remedy=remedy) if said else None


def tuning_job(view: View) -> Object | None:
    """The Job of a tuning. A mirror's is none: it says itself how its download went."""
    job = view.controller
    return job if view.kind != "ModelMirror" and job is not None and job.get("kind") == "Job" else None


def first_since(view: View) -> str:
    """The moment from which on the object is not ready, or was made."""
    for kind in ("WorkspaceSucceeded", "RAGEngineSucceeded", "InferenceSetReady", "Ready"):
        found = view.condition(kind)
        if found and found.get("status") != "True":
            return str(found.get("lastTransitionTime") or "")
    return str(at(view.obj, "metadata", "creationTimestamp") or "")


def conditions(view: View, reasons: Collection[str]) -> Iterator[Object]:
    """Conditions that are not True for one of some reasons."""
    return (one for one in view.troubles if one.get("reason") in reasons)


def claim_trouble(view: View) -> Iterator[tuple[Object, Object]]:
    """NodeClaims with the first of their conditions that is not met."""
    for claim in view.claims:
        for kind in ("Launched", "Registered", "Initialized", "Ready"):
            found = condition(claim, kind)
            if found and found.get("status") != "True":
                yield claim, found
                break


def launch(view: View, reasons: Collection[str], pattern: str = "") -> Said | None:
    """A machine that is not made for one of some reasons, whoever tells: the object, the claim or an event."""
    for claim, found in claim_trouble(view):
        if _fits(found, reasons, pattern):
            evidence = f"NodeClaim {name_of(claim)}: {cited(found)}"
            return Said(short(found.get("message")), (evidence,), since=str(found.get("lastTransitionTime") or ""))
    for found in view.troubles:
        if _fits(found, reasons, pattern):
            return Said(short(found.get("message")), (cited(found),), since=str(found.get("lastTransitionTime") or ""))
    for event in reversed(view.claim_events):
        fits = event.get("reason") in reasons or (pattern and re.search(pattern, str(event.get("message")), re.I))
        if fits and not _made_since(view):
            return Said(short(event.get("message")), (reported(event),), since=when(event) or "")
    return None


def _fits(found: Object, reasons: Collection[str], pattern: str) -> bool:
    by_text = bool(pattern) and re.search(pattern, str(found.get("message")), re.IGNORECASE) is not None
    return found.get("reason") in reasons or by_text


def _made_since(view: View) -> bool:
    """Every claim that there is has its machine, so that what was reported of an earlier one is over."""
    return bool(view.claims) and all(condition(one, "Launched").get("status") == "True" for one in view.claims)


def waiting(view: View, reasons: Collection[str]) -> Iterator[Container]:
    """Containers that wait for one of some reasons."""
    for one in view.containers():
        if one.state == "waiting" and one.detail.get("reason") in reasons:
            yield one


def ended(one: Container) -> Object:
    """How a container ended: now or before this run; empty where it did not."""
    return one.detail if one.state == "terminated" else one.last


def pod_events(view: View, reasons: Collection[str], pattern: str = "") -> Iterator[Object]:
    """Events of pods that do not serve, newest first, for one of some reasons; none that the pod has got over."""
    for pod in view.unready:
        runs = any(one.state == "running" for one in view.containers([pod]))
        told = view.events(pod)
        for event in reversed(told):
            fits = not pattern or re.search(pattern, str(event.get("message")), re.IGNORECASE)
            reason = str(event.get("reason"))
            is_over = reason in _BEFORE_IT_RUNS if runs else _is_over(event, told)
            if reason in reasons and fits and not is_over:
                yield event


def _is_over(event: Object, told: Iterable[Object]) -> bool:
    """A later event says that what failed was done after all."""
    done, moment = _DONE_BY.get(str(event.get("reason")), ()), time_of(when(event))
    later = (time_of(when(one)) for one in told if one.get("reason") in done)
    return moment is not None and any(one is not None and one > moment for one in later)


def log_lines(view: View, pattern: str, but: str = r"(?!)") -> tuple[str, ...]:
    """The last lines of logs of pods that do not serve that match, as evidence.

    Args:
        but: what a line must not match.
    """
    found: list[str] = []
    for pod in view.unready:
        lines = [line for line in view.log(pod).splitlines() if re.search(pattern, line, re.IGNORECASE)]
        lines = [line for line in lines if not re.search(but, line, re.IGNORECASE)]
        found += [f"log of {name_of(pod)}: {short(line)}" for line in lines[-3:]]
    return tuple(found)


def has_ended(view: View) -> bool:
    """A container has ended, or the engine within it; of a server that is on its way the log tells no failure."""
    return any(map(_failed, view.containers())) or bool(log_lines(view, _DEAD))


def _failed(one: Container) -> bool:
    waits = one.state == "waiting" and one.detail.get("reason") not in _NOT_YET
    return waits or one.restarts > 0 or (one.state == "terminated" and one.detail.get("exitCode") != 0)


def crash_lines(view: View, pattern: str) -> tuple[str, ...]:
    """The same of servers that have ended, without what they wrote of what is tried again."""
    return log_lines(view, pattern, _TRIED_AGAIN) if has_ended(view) else ()


def crashed(view: View, pattern: str) -> tuple[str, ...]:
    """Evidence in a log, or in what a container left as its last message, that it ended for a known cause."""
    return crash_lines(view, pattern) or _told(view, pattern)


def _told(view: View, pattern: str) -> tuple[str, ...]:
    return tuple(
        shown(one) for one in view.containers() if re.search(pattern, _last_words(one), re.IGNORECASE)
    ) or tuple(
        cited(one)
        for one in view.troubles
        if one.get("type") == "InferenceReady" and re.search(pattern, str(one.get("message")), re.IGNORECASE)
    )


def _last_words(one: Container) -> str:
    """What a container left as its last message, or what kept the runtime from running it at all."""
    unmade = one.state == "waiting" and str(one.detail.get("reason")) in _UNMADE
    return logs.plain(str((one.detail if unmade else ended(one)).get("message") or ""))


def commands(view: View, *verbs: str) -> tuple[str, ...]:
    """Commands that show more of the first pod that does not serve."""
    pod = name_of(view.unready[0]) if view.unready else f"{view.name}-0"
    return tuple(f"kubectl {verb} -n {view.namespace or 'default'} {pod}" for verb in verbs)
