"""The objects of workloads as Pulumi resources, in the order in which they need each other.

Owns which resource an object becomes and what it waits for. What the objects are is decided in ``kaitops``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import pulumi

from kaitops import build
from kaitops.api import is_kaito
from kaitops.components import resources
from kaitops.components.refusals import told
from kaitops.components.resources import spaces
from kaitops.components.resources.declaration import Declared
from kaitops.components.resources.manifest import Manifest
from kaitops.documents.plain import Object
from kaitops.fleet.workload import Workload
from kaitops.kaito.lifecycle import Lifecycle
from kaitops.kaito.release import Release
from kaitops.references import references
from kaitops.tree import layout

Namespaces = bool | Literal["keep"]
"""Whether namespaces are made too; with ``keep`` they outlive their resource, with all that others put there."""


@told
def register(
    parent: pulumi.ComponentResource,
    name: str,
    declared: Declared,
    workloads: Sequence[Workload],
    *,
    namespaces: Namespaces,
    await_ready: bool,
    blue_green: bool,
    depends_on: Sequence[pulumi.Resource],
    made: Mapping[str, pulumi.CustomResource] | None = None,
) -> dict[str, pulumi.CustomResource]:
    """Register the objects of workloads, each after those that it refers to.

    Args:
        made: objects that the program has made already, by ``Kind/namespace/name``; they are waited for, not made.
    """
    known = dict(made or {})
    registered = dict(known)
    if namespaces:
        for document in build.namespaces(each for one in workloads for each in declared.build.objects(one)):
            space = document["metadata"]["name"]
            if object_key(document) in known:
                continue
            options = pulumi.ResourceOptions(
                parent=parent,
                depends_on=list(depends_on),
                retain_on_delete=namespaces == "keep" or None,
                aliases=list(spaces.elsewhere(name, space)),
            )
            registered[object_key(document)] = Manifest(f"{name}/{space}", document, opts=options)
    for workload in workloads:
        before: list[tuple[int, pulumi.Resource]] = []
        for document in sorted(declared.build.objects(workload), key=_rank):
            key = object_key(document)
            if key in registered:
                continue
            waits = [*depends_on, *_targets(document, registered)]
            waits += [each for rank, each in before if rank < _rank(document)]
            options = pulumi.ResourceOptions(parent=parent, depends_on=list(dict.fromkeys(waits)))
            one = _resource(name, document, declared.release, workload, await_ready, blue_green, options)
            registered[key] = one
            before.append((_rank(document), one))
    return {key: each for key, each in registered.items() if key not in known}


def _resource(
    name: str,
    document: Object,
    release: Release,
    workload: Workload,
    await_ready: bool,
    blue_green: bool,
    opts: pulumi.ResourceOptions,
) -> pulumi.CustomResource:
    about, kind = document["metadata"], document["kind"]
    title = "/".join(part for part in (name, about.get("namespace"), about["name"]) if part)
    if not is_kaito(document["apiVersion"], kind):
        seconds = _seconds(workload, release) if await_ready else None
        return Manifest(title, document, await_ready=await_ready, timeout_seconds=seconds, opts=opts)
    if "autoscale" in workload.entry:
        # The autoscaler owns the count from the first moment on.
        opts.ignore_changes = ["spec.replicas"]
    made: Any = getattr(resources, kind)
    return made.from_manifest(title, document, await_ready=await_ready, blue_green=blue_green, opts=opts, admitted=True)


def _seconds(workload: Workload, release: Release) -> int:
    named = [workload.preset.repo] if workload.preset else []
    return Lifecycle.of(release.version, workload.kind).timeout_seconds(named, release)


def _targets(document: Object, registered: Mapping[str, pulumi.CustomResource]) -> "Iterator[pulumi.Resource]":
    """The registered objects that an object refers to, its namespace first."""
    space = document["metadata"].get("namespace")
    wanted = [f"Namespace//{space}"] if space else []
    wanted += [f"{one.kind}/{one.namespace}/{one.name}" for one in references(document)]
    for key in wanted:
        if key in registered:
            yield registered[key]


def _rank(document: Object) -> int:
    return layout.rank(layout.file_name(document))[0]


def object_key(document: Object) -> str:
    """``Kind/namespace/name``; the middle is empty where there is no namespace."""
    about = document["metadata"]
    return f"{document['kind']}/{about.get('namespace', '')}/{about['name']}"
