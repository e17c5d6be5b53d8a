"""Settings of the ``platform`` part: KAITO's controllers, what watches models from inside, tokens from the key vault.

Owns form, and what of it does not hold together with the infrastructure of the same stack.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.values import Guid, Section

_NAME = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SecretPlace = Annotated[str, Field(pattern=rf"^{_NAME}/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")]
VaultSecret = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,127}$")]


class ModelMonitoringSettings(Section):
    """What watches the models from inside of the cluster."""

    namespace: str = Field(pattern=rf"^{_NAME}$")
    """Namespace of the objects; it is there already."""
    prometheus: Literal["azure", "operator"] = "azure"
    """Who scrapes: Azure's managed Prometheus, or the Prometheus operator of your own, which gets the alerts too."""
    dashboard: bool = False
    """A ConfigMap with the dashboard, for Grafana in the cluster."""


class ModelSecretSettings(Section):
    """Tokens that come from a key vault; what is absent is taken from the part infra of the same stack."""

    secrets: dict[SecretPlace, dict[str, VaultSecret]] = Field(min_length=1)
    """Secrets by ``namespace/name``: keys with the names of secrets in the vault, such as ``HF_TOKEN: hf-token``."""
    kind: Literal["csi", "externalSecrets"] | None = None
    """The Key Vault CSI driver, whose Secrets exist while a pod mounts the class, or External Secrets."""
    vault: str | None = None
    """Name of the vault."""
    tenant_id: Guid | None = None
    """Tenant of the vault."""
    client_id: Guid | None = None
    """Client id of the identity that may read."""
    service_account: str | None = None
    """Service account that acts as the identity."""


class PlatformSettings(Section):
    """The ``platform`` stack: KAITO's controllers and what they stand on."""

    charts: str | None = None
    """Folder with the archives of the charts, for a network without their repositories."""
    timeout_minutes: int = Field(default=15, ge=1, le=240)
    """How long to wait for the controllers."""
    protect: bool = True
    """Refuse to delete the controllers and KAITO's definitions, with which every model of the cluster would go."""
    monitoring: ModelMonitoringSettings | None = None
    """Metrics, alerts and dashboard of the models; none where absent."""
    secrets: ModelSecretSettings | None = None
    """Tokens from a key vault; none where absent."""


def problems(settings: PlatformSettings, infra: InfraSettings | None) -> Iterator[str]:
    """What does not hold together.

    Args:
        infra: settings of the infrastructure of the same stack; None where it is another's.
    """
    wanted = settings.secrets
    if wanted is None:
        return
    known = None if infra is None or infra.existing is not None else infra.secrets
    if known is None:
        given = {"kind": wanted.kind, "vault": wanted.vault, "tenantId": wanted.tenant_id, "clientId": wanted.client_id}
        given["serviceAccount"] = wanted.service_account
        for key, value in given.items():
            if value is None:
                yield (
                    f"platform.secrets.{key}: is not said, and this stack makes no vault to take it from, so no token "
                    "would come; say it"
                )
        return
    for place in wanted.secrets:
        space = place.partition("/")[0]
        if wanted.client_id is None and space != known.namespace:
            yield (
                f"platform.secrets.secrets.{place}: the identity of this stack trusts service accounts of "
                f"{known.namespace} only (infra.secrets.namespace), so no token would come to {space}; move the "
                "secret, or say clientId of an identity that trusts it"
            )
