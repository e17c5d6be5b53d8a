"""The pools of a first cluster whose nodes are brought: read from what ``kubectl get nodes -o json`` prints.

Owns which nodes make a pool, and by which labels it is told from the others.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from kaitops.documents import reader
from kaitops.documents.plain import MutableObject, Object, at, items, mapping
from kaitops.errors import BadInput, Findings
from kaitops.fleet.lock import Lock
from kaitops.fleet.machines import AUTO, MachinePark
from kaitops.kaito.admission.byo_nodes import GPU_LABELS, gpus_from_labels
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release

_NAMES = ("kubernetes.azure.com/agentpool", "agentpool", "eks.amazonaws.com/nodegroup")
"""Labels by which clouds name the pools of nodes."""
_GIVE = "give what 'kubectl get nodes -o json' prints"
_LONGEST = 40


def pools(file: str) -> MutableObject:
    """The entry ``nodes`` of a cluster: its nodes with GPUs, those of one kind together.

    Args:
        file: ``-`` for standard input.

    Raises:
        BadInput: it holds no node whose GPUs are labelled.
    """
    nodes = [one for one in _objects(file) if one.get("kind") == "Node"]
    labelled = [labels for labels in (mapping(at(one, "metadata", "labels")) for one in nodes) if _has_gpus(labels)]
    if not labelled:
        fact = (
            f"holds {len(nodes)} nodes, and none has the labels {', '.join(GPU_LABELS)}" if nodes else "holds no node"
        )
        todo = (
            "NVIDIA's GPU feature discovery writes them, which KAITO's chart brings with nodeProvisioner: byo"
            if nodes
            else _GIVE
        )
        raise BadInput(f"--nodes {file}: {fact}, from which KAITO reads the GPUs of brought nodes; {todo}")
    groups: dict[tuple[str, ...], list[Object]] = {}
    for labels in labelled:
        groups.setdefault(tuple(str(labels[key]) for key in GPU_LABELS), []).append(labels)
    found: MutableObject = {}
    for number, ((product, gpus, memory), members) in enumerate(sorted(groups.items()), 1):
        own = _own(members, [labels for labels in labelled if labels not in members], list(groups))
        name = _slug(next((own[key] for key in _NAMES if key in own), product)) or "gpu"
        found[name if name not in found else f"{name}-{number}"] = {
            "product": product,
            "gpus": int(gpus),
            "memoryMiB": int(memory),
            "labels": own,
            "count": len(members),
        }
    return found


def chosen(release: Release, preset: Preset, cluster: Object, size: str, context: int) -> str:
    """The pool that the first model runs on: the one that is named, else the smallest that holds it.

    Raises:
        BadInput: there is no such pool.
        Findings: the model does not fit it, or any.
    """
    declared: Mapping[str, Object] = {name: {"count": 1, **pool} for name, pool in cluster["nodes"].items()}
    park = MachinePark(release, "", {"cloud": "azure", "region": "", **cluster, "nodes": declared}, Lock())  # pyright: ignore[reportArgumentType]
    if size != AUTO and size not in declared:
        raise BadInput(f"--size: no pool {size!r} among the nodes; there are: {', '.join(declared)}")
    names = [size] if size != AUTO else sorted(declared, key=lambda name: _memory(declared[name]))
    last: Findings | None = None
    for name in names:
        try:
            park.machines("models", "", {"gpu": name, "context": context}, preset)
        except Findings as error:
            last = error
        else:
            return name
    assert last is not None  # noqa: S101 - there is a pool, and it was refused
    raise last


def _objects(file: str) -> Iterable[Object]:
    for document in reader.read_given(file):
        whole = mapping(document.data)
        parts = items(whole.get("items")) if str(whole.get("kind")).endswith("List") else [whole]
        yield from map(mapping, parts)


def _has_gpus(labels: Object) -> bool:
    try:
        gpus = gpus_from_labels("", {key: str(value) for key, value in labels.items()})
    except ValueError:
        return False
    return gpus.gpus > 0 and gpus.memory_bytes > 0


def _own(members: Sequence[Object], others: Sequence[Object], groups: Sequence[tuple[str, ...]]) -> dict[str, str]:
    """The labels that these nodes share and no others have: their pool's name, else what tells their GPUs apart."""
    for key in _NAMES:
        values = {labels.get(key) for labels in members}
        if len(values) == 1 and (value := values.pop()) and all(labels.get(key) != value for labels in others):
            return {key: str(value)}
    mine = tuple(str(members[0][key]) for key in GPU_LABELS)
    length = next(n for n in (1, 2, 3) if sum(one[:n] == mine[:n] for one in groups) == 1)
    return dict(zip(GPU_LABELS[:length], mine[:length], strict=True))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:_LONGEST].strip("-")


def _memory(pool: Object) -> int:
    return pool["gpus"] * pool["memoryMiB"]
