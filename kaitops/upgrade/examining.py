"""Comparing two KAITO versions over the objects of one cluster."""

from collections.abc import Iterator, Sequence
from functools import partial

from kaitops.documents.plain import Object, at, mapping
from kaitops.kaito import facts
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.release import Release
from kaitops.report import printable
from kaitops.upgrade import catalogue, conditions, flags, installation, shape
from kaitops.upgrade.impacts import CHANGED, NOTE, REFUSED, Impact, Report
from kaitops.upgrade.objects import Subject

_ORDER = {REFUSED: 0, CHANGED: 1, NOTE: 2}


def examine(
    objects: Sequence[Object],
    source: Release,
    target: Release,
    settings: Object,
    *,
    beside: Sequence[Object] = (),
) -> Report:
    """See :func:`kaitops.upgrade.examine`."""
    report = Report(source.version, target.version)
    served = partial(catalogue.is_served, target)
    subjects = [
        Subject(number, document, served)
        for number, document in enumerate(objects)
        if str(document.get("apiVersion", "")).startswith(GROUP)
    ]
    found = list(installation.impacts(source, target, settings))
    for subject in subjects:
        if dropped := shape.api(subject, target, settings):
            found += dropped
            if any(one.severity == REFUSED for one in dropped):
                continue
        found += shape.fields(subject, source, target)
        found += catalogue.sizes(subject, source, target, settings)
        found += catalogue.models(subject, source, target)
        found += _rules(subject, source, target, settings)
        found += _annotations(subject, source, target)
    found += flags.impacts(objects, source, target)
    if facts.is_complete(target.version):
        found += _admission(subjects, objects, target, settings, beside)
    report.impacts = sorted(found, key=lambda one: (_ORDER[one.severity], -1 if one.index is None else one.index))
    _say(report, len(subjects), len(objects) - len(subjects), target)
    judged, left = flags.compared(objects, source, target)
    report.judged += judged
    report.not_judged += left
    return report


def number(version: str) -> tuple[int, ...]:
    """A version as numbers, for comparing."""
    return tuple(int(part) for part in version.split("."))


def _rules(subject: Subject, source: Release, target: Release, settings: Object) -> Iterator[Impact]:
    upwards = number(source.version) <= number(target.version)
    low, high = sorted((source.version, target.version), key=number)
    passed = [version for version in facts.versions() if number(low) < number(version) <= number(high)]
    for version in passed:
        for change in facts.load(version, "rule-changes.json")["changes"]:
            told = change.get("up" if upwards else "down")
            if told is None or subject.kind not in change["kinds"]:
                continue
            places = conditions.where(change["when"], subject, settings)
            for place in places or ():
                yield Impact(
                    told["severity"], "rule", subject.index, place, told["message"], told["fix"], change["since"]
                )


def _annotations(subject: Subject, source: Release, target: Release) -> Iterator[Impact]:
    before, after = (frozenset(release.facts["annotations"]) for release in (source, target))
    path = (*subject.head, "metadata", "annotations")
    for name in mapping(at(subject.document, *path)):
        if name in before and name not in after and name != "kaito.sh/run-benchmark":
            message = f"KAITO {target.version} does not read the annotation {name}, so it has no effect"
            yield Impact(CHANGED, "annotation", subject.index, (*path, name), message, "remove the annotation")


def _admission(
    subjects: Sequence[Subject],
    objects: Sequence[Object],
    target: Release,
    settings: Object,
    beside: Sequence[Object],
) -> Iterator[Impact]:
    """What the target refuses when the object is created anew; full rules are held for a complete version only."""
    from kaitops.fleet.objects import refusals
    from kaitops.kaito.admission.remedies import remedy_for

    known = installation.settings_for(settings, target, subjects)
    for subject in subjects:
        others = [other for other in objects if other is not subject.document]
        verdict = target.admit([*beside, *others, subject.document], known)
        if verdict.code == 404:
            continue  # the check of the API has said so
        for one in refusals(verdict):
            message = f"KAITO {target.version} refuses to create it: {one.text.rstrip(': ')}"
            remedy = remedy_for(one.text, target.version, subject.document) or "correct the field"
            yield Impact(REFUSED, "admission", subject.index, (), message, remedy)


def _say(report: Report, judged: int, others: int, target: Release) -> None:
    report.judged = [
        f"{printable.counted(judged, 'object')} of KAITO's kinds: API version, fields, machine sizes, models, "
        "annotations, changed rules",
        "feature gates and the node provisioner of the installation",
    ]
    if facts.is_complete(target.version):
        report.judged.append(f"admission of every object by the rules of KAITO {target.version}, as created anew")
    else:
        report.not_judged.append(
            f"admission and expansion by KAITO {target.version}: all its rules are not held, only those that changed"
        )
    report.not_judged.append("values of the chart, subcharts, and what runs in the cluster beside the tree")
    if others:
        report.not_judged.append(f"{others} objects of other kinds")
