"""Rules between the keys of what stands around a model: its scaler, its route, its budget for drains.

Owns what one declaration can tell. What depends on the cluster is checked where the object is made.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object
from kaitops.kaito.admission.cron import schedule_problem
from kaitops.kaito.autoscaling import DOWN, least
from kaitops.kaito.kubernetes import timezones
from kaitops.kaito.vllm import metrics

if TYPE_CHECKING:
    from kaitops.fleet.entries import Autoscale, Disruption, Hours, Route

Problem = tuple[list[str | int], str]


def around(entry: Object) -> Iterator[Problem]:
    """What is wrong with the companions of a model: path below it and message."""
    if "autoscale" in entry:
        yield from _autoscale(entry["autoscale"], entry)
    if "route" in entry:
        yield from _route(entry["route"])
    if "disruption" in entry:
        yield from _disruption(entry["disruption"], entry)
    if entry.get("smoke"):
        yield from _smoke(entry)
    elif "smokeImage" in entry:
        yield ["smokeImage"], "is what the checks of 'smoke' run in, and none is declared; add 'smoke: true' or drop it"


def _autoscale(scale: "Autoscale", entry: Object) -> Iterator[Problem]:
    path: list[str | int] = ["autoscale"]
    if "min" in scale and entry.get("replicas", scale["min"]) != scale["min"]:
        message = (
            f"differs from replicas ({entry['replicas']}), and a scaled model starts from one number; drop replicas"
        )
        yield [*path, "min"], message
    elif scale["max"] < least(entry):
        key = "min" if "min" in scale else "replicas"
        yield [*path, "max"], f"is below {key} ({least(entry)}); raise it or lower {key}"
    if "hours" in scale:
        yield from _hours(scale, scale["hours"], least(entry))
    elif "prometheus" not in scale:
        yield from _thresholds(scale)
    if "prometheus" not in scale:
        if "authentication" in scale:
            yield [*path, "authentication"], "only KEDA's own trigger shows it; name the address under prometheus"
        return
    if "down" in scale:
        message = "KEDA scales a Prometheus query to one value, 'up', and would not read this; drop it"
        yield [*path, "down"], message
    if not scale["up"]:
        yield [*path, "up"], "0 a replica would ask for endless replicas; say how much one replica is meant to bear"


def metric(entry: Object, version: str) -> Iterator[Problem]:
    """A metric that is never there, so that nothing scales: told are slips, as a server may count what it likes.

    Args:
        version: of KAITO, whose vLLM serves a preset; one's own image may hold another.
    """
    scale: Object = entry["autoscale"]
    own = "custom" in entry
    wrong = metrics.problem(scale["metric"], "" if own else version)
    if wrong is None and not own and "prometheus" not in scale and (meant := metrics.whole(scale["metric"])):
        wrong = "vLLM counts nothing of that name", f"meant is {meant}?"
    if wrong is not None:
        yield ["autoscale", "metric"], f"{scale['metric']}: {wrong[0]}, so the number of replicas stays; {wrong[1]}"


def _thresholds(scale: "Autoscale") -> Iterator[Problem]:
    """What KAITO's scaler passes over without a word but an event."""
    if scale["max"] < 2:
        message = "1 leaves KAITO's scaler nothing to do, so it never scales; raise it, or write replicas instead"
        yield ["autoscale", "max"], message
    down = scale.get("down", DOWN)
    if down > scale["up"]:
        key = "down" if "down" in scale else "up"
        message = (
            f"is scaled down below {down} and up above {scale['up']}, which KAITO's scaler refuses, so it never "
            "scales; correct one of the two"
        )
        yield ["autoscale", key], message


def _hours(scale: "Autoscale", hours: "Hours", fewest: int) -> Iterator[Problem]:
    path: list[str | int] = ["autoscale", "hours"]
    for key in ("start", "end"):
        if wrong := schedule_problem(hours[key]):
            yield [*path, key], f"is no time that KEDA can read: {wrong}; write five fields such as 0 7 * * 1-5"
    zone = hours.get("timezone", "UTC")
    if zone not in timezones.known():
        meant = " or ".join(timezones.alike(zone))
        yield (
            [*path, "timezone"],
            f"{zone} is no name of the IANA database, so KEDA refuses the hours and the model keeps its machines day "
            f"and night; write {meant or 'one such as Europe/Berlin'}",
        )
    if hours["start"].split() == hours["end"].split():
        yield [*path, "end"], "is the start as well, and KEDA refuses hours without length; correct one of the two"
    outside = hours.get("outside", 0)
    if outside >= fewest:
        message = f"{outside} is no fewer than in the hours ({fewest}), so they change nothing; lower it or drop hours"
        yield [*path, "outside"], message
    if "prometheus" not in scale:
        if scale["max"] > fewest:
            yield (
                ["autoscale", "max"],
                f"beside hours only a Prometheus moves the number above {fewest}; name one, or lower max to {fewest}",
            )
        if "down" in scale:
            yield ["autoscale", "down"], "beside hours KAITO's scaler rests and would not read this; drop it"


def _smoke(entry: Object) -> Iterator[Problem]:
    if "preset" not in entry:
        message = "holds a server to what its preset makes of it, and this model has none; run 'kaitops smoke' yourself"
        yield ["smoke"], message
    elif any(key in entry for key in ("replicas", "autoscale", "prefill", "decode")):
        message = (
            "asks the Service of the model, and replicas and roles have no common one; run 'kaitops smoke' yourself, "
            "or check a model without replicas"
        )
        yield ["smoke"], message


def _route(route: "Route") -> Iterator[Problem]:
    if route.get("strip") and route.get("path", "/") == "/":
        yield ["route", "strip"], "there is no path to cut off; name one under path, or drop it"


def _disruption(budget: "Disruption", entry: Object) -> Iterator[Problem]:
    given = [key for key in ("minAvailable", "maxUnavailable") if key in budget]
    if len(given) != 1:
        yield ["disruption"], "needs exactly one of minAvailable, maxUnavailable; a budget has one of them"
        return
    if budget.get("maxUnavailable") == 0:
        yield (
            ["disruption", "maxUnavailable"],
            "0 lets no pod be evicted, so no node of the model could be drained or upgraded; allow 1, or drop it",
        )
    for where, replicas in _replicas(entry):
        stay = budget.get("minAvailable", -1)
        if stay >= replicas:
            yield (
                ["disruption", "minAvailable"],
                f"{where} has {replicas} at least and {stay} must stay, so no node of it could be "
                "drained or upgraded; lower it, raise the replicas, or take maxUnavailable",
            )


def _replicas(entry: Object) -> Iterator[tuple[str, int]]:
    """What there is at least of what the budget counts."""
    roles = [role for role in ("prefill", "decode") if role in entry]
    for role in roles:
        yield f"role {role}", entry[role]["replicas"]
    if not roles:
        yield "the model", least(entry)
