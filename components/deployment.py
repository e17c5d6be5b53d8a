"""Workloads of ``fleet.yaml`` as Pulumi resources: the objects that ``kaitops render`` writes, and no others.

Owns which resource an object becomes and what it waits for. What the objects are is decided in ``kaitops``; Secrets and
whatever else a workload needs from outside are not made here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NotRequired, TypedDict, TypeVar, cast, get_args

import pulumi

from kaitops.components.refusals import refuse_unknown, told
from kaitops.components.resources import collecting, declaration, given, registration, takeover
from kaitops.components.resources.declaration import Declared
from kaitops.components.resources.kaito_resource import KaitoResource
from kaitops.components.resources.registration import Namespaces
from kaitops.documents.plain import Object
from kaitops.errors import BadInput
from kaitops.fleet.values import Mode
from kaitops.fleet.workload import Workload

T = TypeVar("T")


class ModelDeploymentArgs(TypedDict):
    """What :class:`ModelDeployment` takes: an entry by its name in a fleet file, or the entry itself."""

    cluster: "str | Object"
    """Name of the cluster in the fleet file; with ``entry``, the declaration of the cluster."""
    fleet: NotRequired[str]
    """Path of the fleet file."""
    model: NotRequired[str]
    """Name of the entry; the resource's own name where absent."""
    entry: NotRequired[Object]
    """The entry itself, as it would stand in the fleet file."""
    group: NotRequired[str]
    """Where the entry stands: ``models`` (the default), ``tuning``, ``rag`` or ``mirrors``."""
    kaito: NotRequired[str]
    """KAITO version; with ``entry``."""
    mode: NotRequired[str]
    """``operator`` or ``plain``; as declared where absent."""
    create_namespace: NotRequired[Namespaces]
    """Make the namespace too; with ``keep`` it stays in the cluster when the program no longer has it."""
    await_ready: NotRequired[bool]
    """Wait until the model serves."""
    blue_green: NotRequired[bool]
    """Give custom resources names that change with what KAITO does not let change."""


class ModelDeployment(pulumi.ComponentResource):
    """One workload of a fleet.

    Raises:
        kaitops.errors.KaitopsError: the declaration does not hold together, or KAITO would refuse it.
    """

    objects: pulumi.Output[dict[str, str]]
    """Provider ids by ``kind/namespace/name``."""

    def __init__(self, name: str, args: ModelDeploymentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # Not told here: the SDK takes what calls the constructor for the line of the program that declares.
        self._declare(name, args, opts)

    @told
    def _declare(self, name: str, args: ModelDeploymentArgs, opts: pulumi.ResourceOptions | None) -> None:
        _held(name, args)
        super().__init__("kaitops:model:ModelDeployment", name, None, opts)
        group, model = args.get("group", "models"), args.get("model", name)
        declared = _declared(args, group, model)
        chosen = [each for each in declared.plan.workloads if (each.group, each.name) == (group, model)]
        if not chosen:
            raise BadInput(
                f"{name}: cluster {declared.plan.name} of {declared.source.file} runs no {group}.{model}, so there is "
                "nothing to deploy; it runs "
                f"{', '.join(f'{each.group}.{each.name}' for each in declared.plan.workloads) or 'nothing'}"
            )
        registered = registration.register(
            self,
            name,
            declared,
            chosen,
            namespaces=args.get("create_namespace", False),
            await_ready=args.get("await_ready", False),
            blue_green=args.get("blue_green", False),
            depends_on=_awaited(opts),
        )
        self.objects = cast("Any", pulumi.Output.from_input({key: each.id for key, each in registered.items()}))
        self.register_outputs({"objects": self.objects})


class ClusterWorkloads(pulumi.ComponentResource):
    """All workloads of one cluster; made by :func:`declare_cluster`."""

    models: pulumi.Output[dict[str, dict[str, str]]]
    """Kind, namespace, name and mode of the main object of each workload, by ``group.name``."""

    needs: pulumi.Output[list[str]]
    """What the cluster must hold beside the objects, such as Secrets."""

    def __init__(
        self,
        name: str,
        declared: Declared,
        *,
        namespaces: Namespaces,
        await_ready: bool,
        blue_green: bool,
        depends_on: Sequence[pulumi.Resource],
        made: Mapping[str, pulumi.CustomResource],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        super().__init__("kaitops:model:ClusterWorkloads", name, None, opts)
        workloads = declared.plan.workloads
        refused = declared.build.refusals()
        if blue_green and not refused:
            refused = list(takeover.problems(declared, workloads))
        if refused:
            raise BadInput("\n".join(refused))
        last: list[pulumi.Resource] = []
        with collecting.relaxed(last):
            self.objects: Mapping[str, pulumi.CustomResource] = registration.register(
                self,
                name,
                declared,
                workloads,
                namespaces=namespaces,
                await_ready=await_ready,
                blue_green=blue_green,
                depends_on=[*depends_on, *_awaited(opts)],
                made=made,
            )
            last += list(self.objects.values())[-1:]
        models = models_of(declared)
        self.models = _named(models, self.objects) if blue_green else _known(models)
        self.needs = _known(sorted(declared.build.needs))
        self.register_outputs({"models": self.models, "needs": self.needs})


@told
def declare_cluster(
    name: str,
    *,
    fleet: Path | Declared,
    cluster: str,
    provider: pulumi.ProviderResource | None = None,
    depends_on: Sequence[pulumi.Resource] = (),
    namespaces: Namespaces = True,
    await_ready: bool = False,
    blue_green: bool = False,
    made: Mapping[str, pulumi.CustomResource] | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> ClusterWorkloads:
    """All objects of one cluster of a fleet, read and planned once.

    Args:
        name: name of the component in the program.
        fleet: path of the fleet file; its lock and recorded models lie beside it. Or what was read of it already.
        cluster: name of the cluster in it.
        provider: Kubernetes provider of the cluster.
        depends_on: what every object waits for, such as KAITO's controllers.
        namespaces: make the namespaces too, as the rendered tree does; with ``keep`` they stay in the cluster when the
            program no longer has them. To leave them to others, ``keep`` for one ``pulumi up``, then False: else they
            are deleted, and every object in them.
        await_ready: wait until every workload serves.
        blue_green: where KAITO does not let a field change, make the new object under another name before the old one
            goes.
        made: objects that the program has made already, by ``Kind/namespace/name``, such as namespaces.

    Raises:
        kaitops.errors.KaitopsError: with every problem of the fleet, one line each.
    """
    declared = fleet if isinstance(fleet, Declared) else declaration.from_file(fleet, cluster)
    if provider is not None:
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=provider))
    return ClusterWorkloads(
        name,
        declared,
        namespaces=namespaces,
        await_ready=await_ready,
        blue_green=blue_green,
        depends_on=depends_on,
        made=made or {},
        opts=opts,
    )


def models_of(declared: Declared) -> dict[str, dict[str, str]]:
    """Kind, namespace, name and mode of the main object of each workload, by ``group.name``."""
    return {f"{each.group}.{each.name}": _model(declared, each) for each in declared.plan.workloads}


def _awaited(opts: pulumi.ResourceOptions | None) -> list[pulumi.Resource]:
    """What the component waits for: its objects are told as well, or they would outlive it on the way down."""
    named = opts.depends_on if opts is not None else None
    if isinstance(named, pulumi.Resource):
        return [named]
    return [each for each in named if isinstance(each, pulumi.Resource)] if isinstance(named, Sequence) else []


def _known(value: T) -> pulumi.Output[T]:
    """A plain value as an Output as a whole: ``from_input`` makes one of each value within, thousands for a fleet."""
    return pulumi.Output.from_input(None).apply(lambda _: value)


def _named(
    models: Mapping[str, dict[str, str]], objects: Mapping[str, pulumi.CustomResource]
) -> pulumi.Output[dict[str, dict[str, str]]]:
    """The same under the names that the objects have in the cluster, which change with what cannot."""
    keys = {each: f"{one['kind']}/{one.get('namespace', '')}/{one['name']}" for each, one in models.items()}
    told = {each: one.name for each, key in keys.items() if isinstance(one := objects[key], KaitoResource)}
    both: pulumi.Output[Mapping[str, str]] = pulumi.Output.all(**told)
    return both.apply(
        lambda known: {each: {**one, "name": known.get(each, one["name"])} for each, one in models.items()}
    )


def _model(declared: Declared, workload: Workload) -> dict[str, str]:
    main = declared.build.objects(workload)[-1]
    about = main["metadata"]
    place = {"namespace": about["namespace"]} if "namespace" in about else {}
    return {"kind": main["kind"], **place, "name": about["name"], "mode": workload.mode}


def _held(name: str, args: Any) -> None:
    """Refuse arguments that say nothing, before anything is registered."""
    if not isinstance(args, Mapping):
        raise BadInput(
            f"{name}: args: is {args!r}, so nothing says what to deploy; give fleet and cluster, or an entry"
        )
    said, known = cast("Object", args), ModelDeploymentArgs.__annotations__
    refuse_unknown(name, sorted(said), known)
    if said.get("mode") not in (None, *get_args(Mode)):
        raise BadInput(
            f"{name}: mode: is {said['mode']!r}, so nothing says which objects to make; it is one of "
            f"{', '.join(get_args(Mode))}"
        )
    if late := [path for key, value in said.items() for path in given.later(value, key)]:
        raise BadInput(
            f"{name}: {', '.join(late)}: not known before the program has run, and which objects a workload has "
            "follows from it; give a plain value, such as one of the stack's configuration"
        )


def _declared(args: ModelDeploymentArgs, group: str, model: str) -> Declared:
    cluster, entry, mode = args["cluster"], args.get("entry"), args.get("mode")
    fleet = args.get("fleet")
    if entry is None and fleet is not None and isinstance(cluster, str):
        return declaration.from_file(Path(fleet), cluster, mode)
    if entry is not None and not isinstance(cluster, str):
        return declaration.from_entry(args.get("kaito", ""), cluster, group, model, entry, mode)
    raise BadInput(
        f"{model}: what to deploy is not said in full; give fleet with the name of a cluster in it, or entry with the "
        "cluster's declaration (region, provisioner) as a mapping"
    )
