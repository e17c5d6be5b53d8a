"""What an API server says to every object of a tree.

Owns the order, and what becomes of an answer. On a cluster that is there nothing is written: every request is a dry
run, and an object of a namespace that is only declared is tried in ``default``. A throw-away server gets KAITO's kinds
from the facts and the tree applied for real, cluster by cluster.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path as File
from time import monotonic, sleep

from kaitops.documents.plain import Path, at
from kaitops.documents.ref import namespace_of
from kaitops.errors import BadInput, ToolMissing
from kaitops.gate import checks
from kaitops.gate.objects import Group, Item
from kaitops.gate.server.api import Answer, Api
from kaitops.gate.tree import Tree
from kaitops.kaito.definitions import definitions
from kaitops.report.findings import Finding, Report
from kaitops.tree import layout

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]|\[([^\]]+)\]")
_SECONDS = 20.0
_DEFINITION = "CustomResourceDefinition"


@dataclass(frozen=True, slots=True)
class Server:
    """Who is asked.

    Attributes:
        assets: programs of a control plane that is made for it; None to ask a cluster.
        context: of the kubeconfig; the current one where None.
    """

    assets: File | None = None
    context: str | None = None


def ask(server: Server, tree: Tree, report: Report, version: str) -> None:
    """Ask about every object; refusals become findings.

    Args:
        version: of KAITO, for groups that do not say theirs.

    Raises:
        ToolMissing: the server cannot be reached or started.
        BadInput: it knows none of the tree's kinds.
    """
    if server.assets is None:
        from kaitops.gate.server.context import current

        with current(server.context) as api:
            declared = {item.data["metadata"]["name"] for item in _all(tree) if item.data["kind"] == "Namespace"}
            counts = [_ask_group(api, group, report, declared) for group in tree.groups]
            _finish(api, counts, report)
        return
    from kaitops.gate.server.throwaway import throwaway

    counts: list[tuple[int, dict[str, int]]] = []
    with ExitStack() as stack:
        api: Api | None = None
        held: dict[str, object] = {}
        for group in tree.groups:
            kaito = str(group.context.get("kaito") or version)
            objects = {item.subject: item.data for item in group.items} | {"": kaito}
            # Clusters may differ in an object of one name: then the next one gets a server without the other's.
            if api is None or any(held.get(name, each) != each for name, each in objects.items()):
                stack.close()
                api, held = stack.enter_context(throwaway(server.assets)), {}
                _define(api, kaito)
            held.update(objects)
            counts.append(_ask_group(api, group, report, None))
        if api is not None:
            _finish(api, counts, report)


def _finish(api: Api, counts: list[tuple[int, dict[str, int]]], report: Report) -> None:
    asked = sum(count for count, _ in counts)
    unknown: dict[str, int] = {}
    for _, kinds in counts:
        for kind, count in kinds.items():
            unknown[kind] = unknown.get(kind, 0) + count
    if not asked and unknown:
        raise BadInput(
            f"--server: {api.name} knows none of the tree's kinds ({', '.join(sorted(unknown))}), so it judged "
            "nothing; install their definitions, or ask another server"
        )
    report.notes.append(f"server: {api.name} ({api.version()}) was asked about {asked} objects")
    for kind, count in sorted(unknown.items()):
        report.notes.append(f"server: does not know {kind}, so {count} of its objects were not judged by it")


def _define(api: Api, version: str) -> None:
    for document in definitions(version):
        kind = api.kind(document)
        answer = api.apply(document, kind, dry_run=False) if kind else Answer(404, "no definitions are served")
        if not answer.taken:
            raise ToolMissing(f"--server: {api.name} does not take {document['metadata']['name']}: {answer.message}")
        _await(api, document)


def _await(api: Api, definition: "dict[str, object]") -> None:
    """Until the kinds of a definition are served."""
    group = str(at(definition, "spec", "group"))
    kind = str(at(definition, "spec", "names", "kind"))
    deadline = monotonic() + _SECONDS
    for number in range(10):
        name = at(definition, "spec", "versions", number, "name")
        if name is None:
            return
        wanted = {"apiVersion": f"{group}/{name}", "kind": kind}
        while api.kind(wanted) is None and monotonic() < deadline:
            api.forget(f"{group}/{name}")
            sleep(0.1)


def _all(tree: Tree) -> Iterator[Item]:
    for group in tree.groups:
        yield from group.items


def _ask_group(api: Api, group: Group, report: Report, declared: set[str] | None) -> tuple[int, dict[str, int]]:
    """How many objects were asked about, and how many of which kinds the server does not know.

    Args:
        declared: namespaces that the tree declares, for a dry run; None to apply for real.
    """
    asked, unknown = 0, dict[str, int]()
    dry_run = declared is not None
    for item in sorted(group.items, key=_order):
        kind = api.kind(item.data)
        if kind is None:
            name = f"{item.data['apiVersion']} {item.data['kind']}"
            unknown[name] = unknown.get(name, 0) + 1
            continue
        space = namespace_of(item.data)
        answer = api.apply(item.data, kind, dry_run=dry_run)
        if answer.code == 404 and kind.namespaced and (declared is None or space in declared):
            if dry_run:
                answer = api.apply(item.data, kind, dry_run=True, namespace="default")
            else:
                _make_namespace(api, space)
                answer = api.apply(item.data, kind, dry_run=False)
        asked += 1
        if not answer.taken:
            report.findings.append(_finding(item, answer, api.name))
        elif item.data["kind"] == _DEFINITION and not dry_run:
            _await(api, item.data)
    return asked, unknown


def _order(item: Item) -> tuple[int, int, tuple[int, str]]:
    stage = layout.stage(item.data)
    return item.data["kind"] != _DEFINITION, layout.STAGES.index(stage), layout.rank(layout.file_name(item.data))


def _make_namespace(api: Api, name: str) -> None:
    """A namespace that the cluster has and the tree does not declare."""
    document = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    kind = api.kind(document)
    if kind is not None:
        api.apply(document, kind, dry_run=False)


def _finding(item: Item, answer: Answer, server: str) -> Finding:
    path = _steps(answer.fields[0]) if answer.fields else ("metadata", "name")
    text = f"{server} refuses it ({answer.code}): {answer.message}"
    return item.finding(checks.SERVER, path, text)


def _steps(field: str) -> Path:
    """A path as the server writes it, ``spec.ports[0].port``, as steps."""
    return tuple(int(number) if number else name or key for name, number, key in _STEP.findall(field.lstrip(".")))
