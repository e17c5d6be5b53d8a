"""Objects of Flux that take values from what a chart makes.

Charts are rendered last, as what they make depends on values in turn. So where a ConfigMap or Secret that Flux takes
values from comes of a chart, its objects may have been judged with others than the cluster gets.
"""

from collections.abc import Collection, Iterable, Iterator

from kaitops.documents.plain import at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.gate.checks import COVERAGE
from kaitops.gate.objects import Group
from kaitops.report.findings import Finding

_TAKING = {"Kustomization": ("spec", "postBuild", "substituteFrom"), "HelmRelease": ("spec", "valuesFrom")}


def problems(groups: Iterable[Group], rendered: Collection[int]) -> Iterator[Finding]:
    """What is said of each entry that takes values of a ConfigMap or Secret which a chart makes.

    Args:
        rendered: the identities of the documents that charts were rendered to.
    """
    every = [(group, item) for group in groups for item in group.items]
    given: dict[tuple[str, str, str], list[tuple[Group, str]]] = {}
    for group, item in every:
        if id(item.document) in rendered and item.data["kind"] in ("ConfigMap", "Secret"):
            name = (item.data["kind"], namespace_of(item.data), item.data["metadata"]["name"])
            given.setdefault(name, []).append((group, item.document.file))
    for group, item in every if given else ():
        path = _TAKING.get(item.data["kind"], ())
        for number, entry in enumerate(items(at(item.data, *path)) if path else ()):
            kind, name = str(mapping(entry).get("kind")), str(mapping(entry).get("name"))
            makers = given.get((kind, namespace_of(item.data), name), ())
            file = next((file for one, file in makers if not (one.root and group.root) or one.root == group.root), None)
            if file is not None:
                text = (
                    f"{kind} {name} is made by a chart ({file}), which is rendered after values were looked for, so "
                    "what comes of them was not judged; give the values by an object that a file holds, under a name "
                    "of its own"
                )
                yield item.finding(COVERAGE, (*path, number), text, unjudged=True)
