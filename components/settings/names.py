"""Names and ids that follow from the settings.

Owns every name that Azure sees, and the fixed facts in ``presets/azure.json``. A name is always sent: what Pulumi
would make up is too long for some types, and a lost state could not be imported again.
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaitops.components.settings.infra import GivenNames, InfraSettings
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput
from kaitops.kaito import facts

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

LOADER, READER, PUSHER = "model-loader", "secret-reader", "adapter-pusher"
"""Purposes of workload identities."""


def azure_facts() -> MutableObject:
    """The facts about Azure; callers must not change what they get."""
    return facts.load(".", "azure.json")


def role_id(role: str) -> str:
    """GUID of a built-in role.

    Raises:
        BadInput: the role is none that this bundle grants.
    """
    known = azure_facts()["roles"]
    if role not in known:
        raise BadInput(f"role {role!r}: its id is not recorded, so it cannot be granted; add it to presets/azure.json")
    return known[role]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one stack.

    Attributes:
        base: what all of them begin with.
        given: names that are not made up.
        compact: ``base`` and suffix without dashes, for names that Azure shares between all customers.
    """

    base: str
    compact: str
    resource_group: str
    location: str
    given: GivenNames

    @classmethod
    def of(cls, settings: InfraSettings, cluster_name: str, cluster: "Cluster") -> "Names":
        """Names that follow from settings and the fleet's declaration of the cluster."""
        base = settings.name or cluster_name
        location = settings.location or str(cluster["region"])
        suffix = settings.suffix or hashlib.sha256(f"{base}|{location}".encode()).hexdigest()[:5]
        return cls(
            base, base.replace("-", "") + suffix, settings.resource_group or f"rg-{base}", location, settings.names
        )

    @property
    def cluster(self) -> str:
        """The managed cluster."""
        return self.given.cluster or f"aks-{self.base}"

    @property
    def dns_prefix(self) -> str:
        """What the cluster's addresses begin with."""
        return self.given.dns_prefix or self.cluster

    @property
    def registry(self) -> str:
        """The container registry."""
        return self.given.registry or f"cr{self.compact}"

    @property
    def vault(self) -> str:
        """The key vault."""
        return self.given.vault or f"kv-{self.compact}"

    @property
    def storage(self) -> str:
        """The storage account of the weights."""
        return self.given.storage or f"st{self.compact}"

    @property
    def grafana(self) -> str:
        """The Grafana workspace."""
        return self.given.grafana or f"amg-{self.compact}"

    @property
    def vnet(self) -> str:
        """The virtual network."""
        return self.given.vnet or f"vnet-{self.base}"

    @property
    def logs(self) -> str:
        """The Log Analytics workspace."""
        return self.given.logs or f"log-{self.base}"

    @property
    def metrics(self) -> str:
        """The Azure Monitor workspace."""
        return self.given.metrics or f"amw-{self.base}"

    def identity(self, purpose: str) -> str:
        """A user-assigned identity."""
        return f"id-{self.base}-{purpose}"

    def pool(self, name: str, generation: int) -> str:
        """A GPU pool; the generation tells old and new apart while both are there."""
        return f"{name}{generation}"
