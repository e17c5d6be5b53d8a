"""Flags of vLLM that another KAITO version's server takes no more, or takes otherwise."""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, at, mapping
from kaitops.kaito.release import Release
from kaitops.kaito.vllm.flags import Table, table
from kaitops.kaito.vllm.judging import Problem, problems
from kaitops.policies.reading import INFERENCE_KEY, parsed
from kaitops.report.printable import counted
from kaitops.upgrade.impacts import CHANGED, REFUSED, Impact


def impacts(objects: Sequence[Object], source: Release, target: Release) -> Iterator[Impact]:
    """What the server of the target version makes of the configurations that the source's takes."""
    before, after = table(source.version), table(target.version)
    if after is None:
        return
    for number, document in enumerate(objects):
        section = _section(document)
        if not section:
            continue
        known = _by_key(section, before) if before is not None else {}
        for key, problem in _by_key(section, after).items():
            if key in known:
                continue
            fact, _, fix = problem.message.partition("; ")
            yield Impact(
                REFUSED if problem.refused else CHANGED, "flag", number, ("data", INFERENCE_KEY, "vllm", key),
                f"vllm.{key}: {fact}", fix,
            )  # fmt: skip


def compared(objects: Sequence[Object], source: Release, target: Release) -> tuple[list[str], list[str]]:
    """What was compared and what was not, in words; nothing where no object has flags."""
    count = sum(bool(_section(document)) for document in objects)
    missing = [release.version for release in (source, target) if table(release.version) is None]
    if not count:
        return [], []
    what = f"flags of vLLM in {counted(count, 'inference configuration')}"
    return ([], [f"{what}: those of KAITO {missing[0]} are not held"]) if missing else ([what], [])


def _by_key(section: Object, flags: Table) -> dict[str, Problem]:
    return {one.key: one for one in reversed(problems(section, flags))}


def _section(document: Object) -> Object:
    text = at(document, "data", INFERENCE_KEY) if document.get("kind") == "ConfigMap" else None
    return mapping(mapping(parsed(text)).get("vllm"))
