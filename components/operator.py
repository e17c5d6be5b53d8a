"""KAITO's controllers on a cluster: their namespaces and charts, in order, by the versions that the facts name.

Owns how a chart becomes a resource. Which charts with which values is ``kaitops.operator``'s decision, the same for
this stack and for the trees of Argo CD and Flux.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi_kubernetes import core
from pulumi_kubernetes.helm import v4

from kaitops.components.refusals import told
from kaitops.documents.plain import MutableObject, Object, mapping, merged
from kaitops.errors import BadInput
from kaitops.fleet.kinds.metadata import MANAGED_BY
from kaitops.operator.charts import Chart

_DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
_KAITO = ".kaito.sh"


class OperatorArgs(TypedDict):
    """What the controllers need."""

    charts: Sequence[Chart]
    """Charts in the order of installation."""
    archives: NotRequired[str]
    """Folder with the charts' archives, ``<chart>-<version>.tgz``; their repositories where absent."""
    protect: NotRequired[bool]
    """Refuse to delete KAITO's definitions, with which every object of theirs would go."""
    values: NotRequired[Mapping[str, pulumi.Input[Any]]]
    """Further values by key of the chart that are known at run time only, such as client ids."""


class KaitoOperator(pulumi.ComponentResource):
    """The controllers.

    Raises:
        BadInput: an archive is missing, or is not what was recorded.
    """

    releases: pulumi.Output[dict[str, str]]
    """Versions by chart."""

    @told
    def __init__(self, name: str, args: OperatorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        folder = args.get("archives")
        sources = [_source(chart, Path(folder) if folder else None) for chart in args["charts"]]
        super().__init__("kaitops:platform:KaitoOperator", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        late = args.get("values", {})
        self.installed: list[pulumi.Resource] = []
        self.within: list[pulumi.Output[Any]] = []
        """What the provider makes of each chart, as a list of resources once they are there."""
        for chart, source in zip(args["charts"], sources, strict=True):
            namespace = core.v1.Namespace(
                f"{name}-{chart.namespace}",
                metadata={"name": chart.namespace, "labels": _labels(chart)},
                opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=list(self.installed))),
            )
            after = pulumi.ResourceOptions(
                depends_on=[namespace, *self.installed],
                transforms=[held] if args.get("protect", True) else [],
            )
            made = v4.Chart(
                f"{name}-{chart.key}",
                name=chart.name,
                namespace=chart.namespace,
                values=_values(chart, late.get(chart.key)),
                skip_crds=chart.skip_crds,
                opts=pulumi.ResourceOptions.merge(child, after),
                **source,
            )
            self.installed.append(made)
            self.within.append(made.resources)
        self.releases = pulumi.Output.from_input({chart.key: chart.version for chart in args["charts"]})
        self.register_outputs({"releases": self.releases})


def held(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Protects KAITO's definitions among the resources of a chart; the provider makes them, so nothing else reaches."""
    name = str(mapping(args.props.get("metadata")).get("name", ""))
    if args.type_ != _DEFINITION or not name.endswith(_KAITO):
        return None
    options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
    return pulumi.ResourceTransformResult(args.props, options)


def _labels(chart: Chart) -> dict[str, str]:
    # KAITO's DaemonSets for disks and devices need the host; everything else does not.
    return {**MANAGED_BY, **chart.namespace_labels}


def _values(chart: Chart, late: pulumi.Input[Any] | None) -> pulumi.Input[Object]:
    if late is None:
        return dict(chart.values)
    return pulumi.Output.from_input(late).apply(lambda given: merged(chart.values, given))


def _source(chart: Chart, folder: Path | None) -> MutableObject:
    """Where the provider finds the chart."""
    if folder is None:
        if chart.repository.startswith("oci://"):
            return {"chart": f"{chart.repository}/{chart.chart}", "version": chart.version}
        return {
            "chart": chart.chart,
            "version": chart.version,
            "repository_opts": {"repo": chart.repository},
        }
    path = folder / f"{chart.chart}-{chart.version}.tgz"
    try:
        found = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    except OSError as error:
        raise BadInput(
            f"{path}: cannot be read ({error.strerror}), so chart {chart.chart} {chart.version} cannot be installed; "
            f"fetch it from {chart.repository} into the folder"
        ) from None
    if chart.digest and found != chart.digest:
        raise BadInput(
            f"{path}: its checksum is {found}, and {chart.digest} was recorded in images.lock, so it is another chart; "
            "fetch it again, or record it anew with 'kaitops images lock' and review the diff"
        )
    return {"chart": str(path)}
