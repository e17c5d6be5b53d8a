"""The recordings of the real controllers: what is admitted, created, refused on an edit, estimated, derived, judged."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import yaml

from tests import recorded
from tests.health.cases import CASES as NAMED
from tests.net import surface
from tests.net.case import Batch, Case, Files, Text, call, kaitops
from tests.net.case import batches as parts
from tests.net.corpus import forms
from tests.version import KAITO

CREATES = ("workspaces", "other-kinds", "admission")
_TREE = 25
"""Rows of a recording that are put before the gate as the clusters of one tree."""
Row = dict[str, Any]


def batches() -> Iterator[Batch]:
    """Cases in batches."""
    for name in CREATES:
        rows = recorded.load(name)
        yield from parts([_asked(name, row["id"], partial(_create, row)) for row in rows], 60, 0.01)
        yield from parts([*_gated(name, rows)], 1, 4)
    rows = recorded.load("updates")
    yield from parts([_asked("updates", row["id"], partial(_update, row)) for row in rows], 60, 0.01)
    yield from parts([*_edited(rows)], 1, 3)
    yield from parts([_estimates(), _health(), *_derived()], 45, 0.02)


def _asked(name: str, row: str, by: Callable[[], str]) -> Case:
    return Case(f"recordings/{name}/{row}", (call("admit and expand", by=by),))


def _create(row: Row) -> str:
    release = surface.release()
    verdict = release.admit(row["documents"], row["settings"])
    made = release.expand(row["documents"], row["settings"])
    told = {
        "admission": _verdict(verdict),
        "objects": made.objects,
        "errors": made.errors,
        "claims": made.node_claim_count,
    }
    return surface.plain(told)


def _update(row: Row) -> str:
    return surface.plain(
        _verdict(surface.release().admit([*row["documents"], row["new"]], row["settings"], row["old"]))
    )


def _verdict(verdict: Any) -> dict[str, Any]:
    missing = [str(one) for one in verdict.missing]
    return {
        "admitted": verdict.admitted,
        "code": verdict.code,
        "message": verdict.message,
        "errors": verdict.errors,
        "missing": missing,
    }


def _tree(rows: Sequence[Row], documents: Callable[[Row], Sequence[Any]]) -> Files:
    """A tree of clusters, one a row, each with the settings that the row was recorded with."""
    files: dict[str, Text] = {}
    for row in rows:
        held = list(documents(row))
        nodes = [one for one in held if one["kind"] == "Node"]
        context: Row = {"kaito": KAITO, "cluster": row["id"], "region": "westeurope", "settings": row["settings"]}
        context |= {"nodes": nodes} if nodes else {}
        files[f"tree/{row['id']}/kaitops-context.yaml"] = yaml.safe_dump(context, sort_keys=False)
        files[f"tree/{row['id']}/objects.yaml"] = _all([one for one in held if one["kind"] != "Node"])
    return files


def _all(documents: Sequence[Any]) -> str:
    # Through JSON, so that no document of a recording is written by reference to a part of another.
    return yaml.safe_dump_all(json.loads(json.dumps(documents)), sort_keys=False)


def _gated(name: str, rows: Sequence[Row]) -> Iterator[Case]:
    for start in range(0, len(rows), _TREE):
        part = rows[start : start + _TREE]
        files = _tree(part, lambda row: row["documents"])
        steps = (
            forms.gate("tree", "--trust-context", "-o", "json"),
            *(forms.all_of("tree", "--trust-context", "--cost") if not start else ()),
        )
        more = [kaitops("upgrade", "tree", "--to", version, "-o", "json") for version in surface.versions()[-2:-1]]
        yield Case(f"recordings/gate/{name}-{start:03d}", (*steps, *more), files)


def _edited(rows: Sequence[Row]) -> Iterator[Case]:
    """Every recorded edit as a change of a tree against its base, with the ways around what is refused."""
    commit = (("init", "-q"), ("add", "."), ("commit", "-qm", "base"))
    for start in range(0, len(rows), _TREE):
        part = rows[start : start + _TREE]
        before = _tree(part, lambda row: [*row["documents"], row["old"]])
        after = _tree(part, lambda row: [*row["documents"], row["new"]])
        words = forms.gate("tree", "--trust-context", "--base", "HEAD", "--write-plan", "plans", "-o", "json").words
        yield Case(f"recordings/gate/updates-{start:03d}", (kaitops(*words, files=after, git=commit),), before)


def _estimates() -> Case:
    held: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in recorded.estimates():
        held[row["cloud"]].append(row)
    return Case(
        "recordings/estimates", tuple(call(cloud, by=partial(_nodes, rows)) for cloud, rows in sorted(held.items()))
    )


def _nodes(rows: Sequence[dict[str, str]]) -> str:
    estimate = surface.release().node_estimate
    lines = []
    for row in rows:
        nodes = estimate(cloud=row["cloud"], preset=row["preset"], sku=row["sku"], context=int(row["context"]))
        lines.append(f"{row['preset']} {row['sku']} {row['context']}: {nodes}\n")
    return "".join(lines)


def _derived() -> Iterator[Case]:
    rows = recorded.load("huggingface")
    for row in rows:
        yield _asked("huggingface", row["repo"].replace("/", "--"), partial(_preset, row))
    files: Files = {f"presets/huggingface/{n:02d}.json": json.dumps(row) for n, row in enumerate(rows)}
    steps = (kaitops("catalogue", "contoso"), kaitops("catalogue", "-o", "json"), kaitops("fit", rows[0]["repo"]))
    yield Case("recordings/huggingface-store", steps, files)


def _preset(row: Row) -> str:
    try:
        return surface.plain(surface.release().derive_preset(row["repo"], row["tree"], row["config"]))
    except Exception as error:
        # Named by its text alone: where the class lives is the product's business.
        return f"refused: {error}\n"


def _health() -> Case:
    objects = [_named(row["object"], row["id"]) for row in recorded.load("status")]
    named = [_named(document, f"named-{number:02d}") for number, (*_, document) in enumerate(NAMED.values())]
    files: Files = {"recorded.yaml": _all(objects), "named.yaml": _all(named)}
    steps = [
        kaitops("health", f"{name}.yaml", "-o", form)
        for name in ("recorded", "named")
        for form in ("table", "json", "yaml", "name")
    ]
    steps += [kaitops("health", "recorded.yaml", "--kaito", version) for version in surface.versions()]
    return Case("recordings/health", tuple(steps), files)


def _named(document: Any, name: str) -> Any:
    return {**document, "metadata": {**document["metadata"], "name": name}}
