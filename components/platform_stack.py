"""The ``platform`` stack: KAITO's controllers on a cluster that a kubeconfig reaches, wherever it runs."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from kaitops.components.model_monitoring import ModelMonitoring
from kaitops.components.model_secrets import ModelSecrets, ModelSecretsArgs
from kaitops.components.operator import KaitoOperator, OperatorArgs
from kaitops.components.settings.platform import PlatformSettings
from kaitops.operator.charts import Chart


class PlatformArgs(TypedDict):
    """What the stack needs."""

    settings: PlatformSettings
    charts: Sequence[Chart]
    """Charts of the cluster; none where the AKS add-on brings KAITO."""
    values: NotRequired[Mapping[str, pulumi.Input[Any]]]
    """Values by key of the chart that the infrastructure knows at run time only."""
    secrets: NotRequired[ModelSecretsArgs]
    """Tokens from a key vault."""


class Platform(pulumi.ComponentResource):
    """The controllers and what they stand on."""

    releases: pulumi.Output[dict[str, str]]
    """Versions by chart."""

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:stack:Platform", name, None, opts)
        self.ready: list[pulumi.Resource] = []
        self.within: list[pulumi.Output[Any]] = []
        self.releases = pulumi.Output.from_input(dict[str, str]())
        if args["charts"]:
            folder = args["settings"].charts
            minutes = f"{args['settings'].timeout_minutes}m"
            wanted: OperatorArgs = {
                "charts": args["charts"],
                "values": args.get("values", {}),
                "protect": args["settings"].protect,
            }
            if folder:
                wanted["archives"] = folder
            operator = KaitoOperator(
                f"{name}-kaito",
                wanted,
                pulumi.ResourceOptions(
                    parent=self, custom_timeouts=pulumi.CustomTimeouts(create=minutes, update=minutes, delete=minutes)
                ),
            )
            self.ready, self.within = [operator], operator.within
            self.releases = operator.releases
        after = pulumi.ResourceOptions(parent=self, depends_on=list(self.ready))
        watched = args["settings"].monitoring
        if watched is not None:
            ModelMonitoring(
                f"{name}-monitoring",
                {
                    "namespace": watched.namespace,
                    "azure": watched.prometheus == "azure",
                    "dashboard": watched.dashboard,
                },
                after,
            )
        self.made: Mapping[str, pulumi.CustomResource] = {}
        if "secrets" in args:
            self.made = ModelSecrets(f"{name}-secrets", args["secrets"], after).made
        self.register_outputs({"releases": self.releases})
