"""What a fleet declares, as components: a cluster, KAITO's controllers on it, one of its models."""

from pathlib import Path
from typing import Any

import pulumi

from kaitops.components.deployment import ModelDeployment
from kaitops.components.infra_stack import Infra
from kaitops.components.operator import KaitoOperator
from kaitops.components.packaged.inputs import plain, refusing
from kaitops.components.packaged.types import ClusterArgs, ModelArgs, OperatorArgs
from kaitops.components.resources import declaration
from kaitops.components.settings.infra import InfraSettings
from kaitops.documents.plain import MutableObject, mapping
from kaitops.errors import BadInput

_ENTRIES = {"models": "entry", "tuning": "tuning_entry", "rag": "rag_entry", "mirrors": "mirror_entry"}


class Cluster(pulumi.ComponentResource):
    """One AKS cluster with network, identities, GPU pools, registry, vault, weights and monitoring."""

    cluster_name: pulumi.Output[str]
    """Name of the cluster in Azure."""
    resource_group_name: pulumi.Output[str]
    """Resource group of the cluster and what stands beside it."""
    oidc_issuer_url: pulumi.Output[str]
    """Issuer that federated credentials trust."""
    kubeconfig: pulumi.Output[str]
    """How the cluster is reached; a secret."""
    registry_login_server: pulumi.Output[str]
    """Host name of the registry; empty where there is none."""
    identities: pulumi.Output[dict[str, str]]
    """Client ids of workload identities, by purpose."""
    chart_values: pulumi.Output[MutableObject]
    """Values by key of the chart, for an Operator on this cluster."""

    @refusing(infra="settings", fleet="fleet.**", clusters="cluster.**")
    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:index:Cluster", name, None, opts)
        given = plain(args)
        declared = declaration.from_file(Path(given["fleet"]), given["cluster"])
        infra = Infra(
            name,
            {
                "settings": InfraSettings.read(given.get("settings", {})),
                "cluster_name": given["cluster"],
                "cluster": declared.plan.cluster,
                "version": declared.version,
            },
            pulumi.ResourceOptions(parent=self),
        )
        values: MutableObject = {chart.name: chart.values for chart in infra.extra_charts}
        self.cluster_name, self.resource_group_name = infra.cluster_name, infra.resource_group_name
        self.oidc_issuer_url, self.kubeconfig = infra.oidc_issuer_url, infra.kubeconfig
        self.registry_login_server, self.identities = infra.registry_login_server, infra.identities
        self.chart_values = pulumi.Output.from_input({**values, "workspace": infra.capacity.chart_values or {}})
        self.register_outputs(
            {
                "clusterName": self.cluster_name,
                "resourceGroupName": self.resource_group_name,
                "oidcIssuerUrl": self.oidc_issuer_url,
                "kubeconfig": self.kubeconfig,
                "registryLoginServer": self.registry_login_server,
                "identities": self.identities,
                "chartValues": self.chart_values,
            }
        )


class Operator(pulumi.ComponentResource):
    """KAITO's controllers, as a fleet's cluster declares them."""

    releases: pulumi.Output[dict[str, str]]
    """Versions by chart."""

    @refusing(fleet="fleet.**", clusters="cluster.**")
    def __init__(self, name: str, args: OperatorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:index:Operator", name, None, opts)
        given = plain(args)
        declared = declaration.from_file(Path(given["fleet"]), given["cluster"])
        found = declared.charts
        late: pulumi.Output[Any] = pulumi.Output.from_input(given.get("values", {}))
        operator = KaitoOperator(
            name,
            {
                "charts": found,
                "archives": given.get("archives", ""),
                "values": {each.key: late.apply(lambda told, key=each.key: mapping(told.get(key))) for each in found},
                "protect": given.get("protect", True),
            },
            pulumi.ResourceOptions(parent=self),
        )
        self.releases = operator.releases
        self.register_outputs({"releases": self.releases})


class Model(pulumi.ComponentResource):
    """One workload of a fleet, with all objects that belong to it."""

    objects: pulumi.Output[dict[str, str]]
    """Provider ids by ``kind/namespace/name``."""

    @refusing(
        models="entry.*",
        tuning="tuningEntry.*",
        rag="ragEntry.*",
        mirrors="mirrorEntry.*",
        clusters="clusterDeclaration.*",
    )
    def __init__(self, name: str, args: ModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:index:Model", name, None, opts)
        given = plain(args)
        declared = given.pop("cluster_declaration", None)
        if "cluster" not in given and declared is None:
            raise BadInput(
                f"{name}: neither cluster nor clusterDeclaration is given, so nothing is known of where it runs; give "
                "the name of a cluster of the fleet, or with entry the declaration"
            )
        given["cluster"] = declared if declared is not None else given["cluster"]
        given |= _entry(name, given)
        made = ModelDeployment(given.pop("model", name), given, pulumi.ResourceOptions(parent=self))
        self.objects = made.objects
        self.register_outputs({"objects": self.objects})


def _entry(name: str, given: MutableObject) -> MutableObject:
    """The one entry that is given, with its group; the inputs named after groups are taken out."""
    found = {group: given.pop(key) for group, key in _ENTRIES.items() if key in given}
    if len(found) > 1:
        raise BadInput(
            f"{name}: entries of {' and '.join(sorted(found))} are given, and a Model is one workload; make one of each"
        )
    for group, entry in found.items():
        return {"entry": entry, "group": group}
    return {}
