"""``kaitops health``: judge objects by their status, or print the health checks for Argo CD and Flux.

Reads what ``kubectl get -o yaml`` or ``-o json`` writes; asks no cluster.
"""

import argparse
from collections.abc import Iterator

from kaitops.cli import output
from kaitops.documents import plain, reader
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput
from kaitops.kaito import facts
from kaitops.report import printable

_TOOLS = ("argocd", "argocd-values", "flux")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="objects with their status to judge; - reads them")
    parser.add_argument("--for", dest="tool", choices=_TOOLS, help="print the health checks of a tool instead")
    parser.add_argument("--kaito", metavar="VERSION", help="version of KAITO (default: the newest known in full)")
    parser.add_argument("--kind", action="append", metavar="KIND", help="with --for flux, only this kind; repeatable")
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge or print."""
    version = arguments.kaito or facts.newest()
    if bool(arguments.tool) == bool(arguments.files):
        raise BadInput(
            "health: it either judges files or prints checks, and got "
            f"{'both' if arguments.tool else 'neither'}; give files, - for standard input, or --for"
        )
    if arguments.kind and arguments.tool != "flux":
        raise BadInput("--kind: chooses among the checks for Flux, and nothing else has a use for it; drop it")
    return _print(arguments, version) if arguments.tool else _judge(arguments, version)


def _print(arguments: argparse.Namespace, version: str) -> int:
    document = _checks(arguments.tool, version, arguments.kind)
    if arguments.output == "json":
        print(printable.as_json(document, indent=2))
    elif arguments.output == "name":
        raise BadInput("--output: checks have no names to print; use yaml or json")
    else:
        from kaitops.documents import writer

        print(writer.dump(document), end="")
    return 0


def _checks(tool: str, version: str, kinds: list[str] | None) -> MutableObject:
    if tool == "flux":
        from kaitops.health import flux

        return {"healthCheckExprs": flux.expressions(version, kinds)}
    from kaitops.gitops.argocd import settings
    from kaitops.health import argocd

    entries = argocd.customizations(version)
    return argocd.values(entries) if tool == "argocd-values" else settings("argocd", entries)


def _judge(arguments: argparse.Namespace, version: str) -> int:
    from kaitops.health import is_judged, judge

    rows: list[MutableObject] = []
    passed = 0
    for document in _objects(arguments.files):
        if not is_judged(document, version):
            passed += 1
            continue
        verdict = judge(document, version)
        names = [plain.at(document, "metadata", key) for key in ("namespace", "name")]
        rows.append(
            {
                "kind": document["kind"],
                "name": "/".join(str(one) for one in names if one),
                "verdict": verdict.phase,
                "message": verdict.message,
            }
        )
    if passed:
        output.note(f"passed over, since health is not defined for their kinds: {passed}")
    if not rows:
        raise BadInput(
            f"{', '.join(arguments.files)}: holds no object of KAITO or Karpenter, so there is nothing to judge; "
            "give what 'kubectl get workspaces -A -o yaml' writes"
        )
    output.emit(rows, arguments.output)
    return int(any(row["verdict"] == "degraded" for row in rows))


def _objects(files: list[str]) -> Iterator[MutableObject]:
    for name in files:
        for one in reader.read_given(name):
            whole = plain.mapping(one.data)
            kind = whole.get("kind")
            if not isinstance(kind, str):
                raise BadInput(
                    f"{name}: document {one.index + 1} has no kind, so it is no object that could be judged; "
                    "give what 'kubectl get -o yaml' writes"
                )
            parts = whole.get("items") if kind.endswith("List") else [whole]
            for part in plain.items(parts):
                yield dict(plain.mapping(part))
