"""``kaitops why``: the steps from declaration to server, and the first that fails with its cause and what to do."""

import argparse
from collections.abc import Sequence

from kaitops.cli import output, reaching
from kaitops.cli.reaching import Cluster, Reach
from kaitops.cli.rows import WORDS
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput, ToolMissing
from kaitops.live import appliers, explaining, logs, reading
from kaitops.live.explaining import Explanation
from kaitops.live.redacting import Redaction
from kaitops.live.snapshot import Snapshot, name_of, namespace_of
from kaitops.live.view import View
from kaitops.live.workloads import hidden, select, workloads

_MARKS = {"ok": ("ok  ", "32"), "wait": ("wait", "33"), "fail": ("FAIL", "31"), "-": ("-   ", "2")}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = "exit codes: 0 it serves or is on its way, 1 it failed or is absent, 2 bad input, 3 not readable"
    parser.add_argument("name", metavar="NAME", help="of the workload: NAME, NAMESPACE/NAME or KIND/NAME")
    reaching.add(parser)
    parser.add_argument(
        "--log", action="append", metavar="FILE", default=[],
        help="with --from: the end of the server's log, as 'kubectl logs --previous' wrote it; repeatable",
    )  # fmt: skip
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look for the workload, explain it."""
    if arguments.log and not arguments.files:
        raise BadInput("--log: is read in place of a cluster's own, so it takes --from beside it")
    if arguments.output == "name":
        raise BadInput("--output: an explanation has no names to print; use table, json or yaml")
    reach = reaching.reach(arguments)
    found: list[tuple[Cluster, View]] = []
    problems: list[str] = []
    absent: list[str] = []
    seen: list[str] = []
    for cluster in reach.clusters:
        try:
            snapshot = reach.read(cluster)
        except ToolMissing as error:
            if len(reach.clusters) == 1:
                raise
            problems.append(str(error))
            continue
        views = _select(reach, snapshot, arguments.name)
        found += [(cluster, view) for view in views]
        if not views:
            bare = arguments.name.rpartition("/")[2]
            is_declared = any(name_of(one) == bare for one in cluster.documents or ())
            absent += [cluster.name or "the cluster"] if is_declared else []
            clean = Redaction(snapshot)
            seen += map(clean.text, appliers.refusals(snapshot, bare, declared=is_declared))
        problems += hidden(snapshot) if not views else []
    if not found or len(reach.clusters) > 1:
        for text in problems:
            output.note(text)
    if not found:
        return _absent(arguments.name, absent, problems, seen)
    explained = [_explain(cluster, view, arguments.log) for cluster, view in found]
    _print(explained, arguments.output)
    return int(any(one.state.phase in ("degraded", "absent") for one in explained))


def _select(reach: Reach, snapshot: Snapshot, name: str) -> list[View]:
    views = select(workloads(snapshot, reach.version), [name])
    if views:
        return views
    # A replica that an InferenceSet made is asked for by its own name.
    return select([View(one, snapshot, reach.version) for one in snapshot.of("Workspace")], [name])


def _absent(name: str, clusters: Sequence[str], problems: Sequence[str], seen: Sequence[str]) -> int:
    if seen and not problems:
        declared = f"declared for {', '.join(clusters)} and " if clusters else ""
        output.note(f"{name}: {declared}not there, for the tool that applies it fails:")
        for text in seen:
            output.note(f"  seen: {text}")
        output.note("  do: kaitops gate manifests --server (says the same before it is merged), and mend what it names")
        return 1
    if clusters and not problems:
        output.note(
            f"{name}: declared for {', '.join(clusters)} and not there: the tree is not applied yet, its tool does not "
            "sync, or it was refused; look at what Argo CD or Flux says of it, then 'kaitops gate manifests --server'"
        )
        return 1
    if problems:
        raise ToolMissing(f"{name}: not found where clusters could be read; see above for those that could not")
    raise BadInput(f"{name}: no workload of that name is there; 'kaitops status' lists those there are")


def _explain(cluster: Cluster, view: View, files: Sequence[str]) -> Explanation:
    wanted = explaining.suspects(view)
    if cluster.kubectl is not None and wanted:
        snapshot = reading.with_logs(view.snapshot, cluster.kubectl, wanted)
    elif files:
        snapshot = _given(view, files, wanted)
    else:
        return explaining.explain(view)
    return explaining.explain(View(view.obj, snapshot, view.version))


def _given(view: View, files: Sequence[str], wanted: Sequence[tuple[str, str, str, bool]]) -> Snapshot:
    from kaitops.documents import source

    content = "\n".join(logs.read(source.read(name)) for name in files)
    pods = [(namespace, pod) for namespace, pod, *_ in wanted]
    pods = pods or [(namespace_of(one), name_of(one)) for one in view.unready]
    held = view.snapshot
    return Snapshot(held.objects, held.unread, held.now, dict.fromkeys(pods, content), held.cluster)


def _print(explained: Sequence[Explanation], form: str) -> None:
    if form == "table":
        for number, one in enumerate(explained):
            if number:
                print()
            _show(one)
        return
    documents: list[MutableObject] = [one.plain() | {"state": WORDS[one.state.phase]} for one in explained]
    output.emit(documents, form)


def _show(one: Explanation) -> None:
    import sys

    state, found = one.state, one.state.finding
    since = f" for {output.lasting(state.age)}" if state.since else ""
    print(f"{state.subject}: {WORDS[state.phase]}{since}")
    for step in one.steps:
        mark, colour = _MARKS[step.mark]
        took = output.lasting(step.seconds)
        usual = "" if step.usual is None else f"usually {output.lasting(step.usual)}"
        times = ", ".join(text for text in (took, usual) if text)
        output.plain(f"  {output.paint(mark, colour, sys.stdout)}")
        print(f"  {step.name:<13}  {step.text}{f'  [{times}]' if times and step.mark != '-' else ''}")
    print(f"cause: {state.cause}")
    if found is not None:
        for text in found.evidence:
            print(f"  seen: {text}")
        if found.consequence:
            print(f"consequence: {found.consequence}")
        for text in found.remedy:
            print(f"  do: {text}")
    elif state.phase == "degraded":
        print("no rule knows this cause; what KAITO says of it stands above")
    elif state.phase == "progressing":
        print("nothing that was read shows a failure; what KAITO says of it stands above")
    for other in one.also:
        print(f"also: {other.step}: {other.cause}")
    print(f"looked at: {', '.join(one.looked)}")
    for text in state.unread:
        print(f"not looked at: {text}")
