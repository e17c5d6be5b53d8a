"""GPU nodes by the AKS add-on for KAITO, which Azure runs and updates.

The add-on has no values and no feature gates, and lags behind KAITO's releases. The Helm operator beside it would be a
second controller, so there are no chart values at all.
"""

from dataclasses import dataclass

from kaitops.components.capacity.plan import ChartContext, ClusterFragment, ExtraChart, Federation


@dataclass(frozen=True, slots=True)
class AksAddon:
    """The add-on."""

    @property
    def cluster(self) -> ClusterFragment:
        """Switches of the managed cluster."""
        return {"node_provisioning": False, "general_pools": False, "ai_toolchain": True}

    @property
    def federations(self) -> tuple[Federation, ...]:
        """None: the provisioner runs in the control plane."""
        return ()

    @property
    def chart_values(self) -> None:
        """None: KAITO's chart must not be installed."""
        return

    def extra_charts(self, context: ChartContext) -> list[ExtraChart]:
        """None."""
        return []
