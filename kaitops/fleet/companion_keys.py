"""The schema of what stands around a model: scaler, route, Secrets, who may reach it, what a drain may take.

Owns shape and types. What it becomes is in ``kaitops.fleet.kinds``; what contradicts what, in ``kaitops.fleet.rules``.
"""

from typing import Annotated, Literal

from pydantic import Field

from kaitops.fleet.kinds.externalsecret import REFRESH
from kaitops.fleet.values import Count, Declared, Name, ObjectName, SecretName, Url

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_SEGMENT = r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
Host = Annotated[
    str,
    Field(pattern=rf"^(\*\.)?{_LABEL}(\.{_LABEL})*$", description="DNS name; its first label may be *"),
]
Cron = Annotated[str, Field(pattern=r"^\S+( \S+){4}$", description="Five fields of cron")]
RemoteName = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,252}$", description="Name in the store; never a secret itself")
]


class Hours(Declared):
    """When a model is served; KEDA gives its machines back outside of these hours."""

    start: Cron
    """When they begin, as five fields of cron."""
    end: Cron
    """When they end."""
    timezone: str = Field(default="UTC", pattern=r"^[A-Za-z0-9]+([/_+-][A-Za-z0-9]+)*$")
    """Zone of both, by its name in the IANA database such as Europe/Berlin."""
    outside: int = Field(default=0, ge=0)
    """Replicas outside of them."""


class Autoscale(Declared):
    """Autoscaling of the replicas: by KAITO's scaler for KEDA, or by KEDA where it asks a Prometheus or a clock."""

    max: Count
    """Most replicas."""
    min: Count | None = None
    """Fewest replicas; those under replicas where absent."""
    metric: str = "vllm:num_requests_waiting"
    """Metric of the runtime that is watched."""
    up: int = Field(default=10, ge=0)
    """Scale up above this value of the metric; with prometheus, what one replica is meant to bear."""
    down: int | None = Field(default=None, ge=0)
    """Scale down below this value of the metric, 1 where absent; only KAITO's scaler has it."""
    prometheus: Url | None = None
    """Address of a Prometheus; KEDA then scales by the sum over the replicas that it finds there."""
    authentication: ObjectName | None = None
    """TriggerAuthentication that KEDA shows Prometheus."""
    hours: Hours | None = None
    """Hours in which there are the fewest replicas and more; outside of them there are others or none."""


class Route(Declared):
    """A way to the model through a Gateway of the Gateway API."""

    gateway: ObjectName
    """Name of the Gateway; one of its listeners must admit routes of the model's namespace."""
    namespace: Name | None = None
    """Namespace of the Gateway; the model's where absent."""
    listener: ObjectName | None = None
    """Listener of the Gateway; all that admit the route where absent."""
    hosts: list[Host] = []
    """Host names; those of the listener where empty."""
    path: str | None = Field(default=None, pattern=rf"^/({_SEGMENT}(/{_SEGMENT})*)?$")
    """Requests whose path starts so go to the model; all where absent."""
    strip: bool | None = None
    """Cut the path off before the model sees it, as it serves /v1 itself."""


class Disruption(Declared):
    """How much a drain of nodes may take at once: exactly one of the two."""

    minAvailable: int | None = Field(default=None, ge=0)
    """Replicas that stay."""
    maxUnavailable: int | None = Field(default=None, ge=0)
    """Pods that may be missing."""


class Secrets(Declared):
    """Where the Secrets that workloads name come from, by the External Secrets operator."""

    store: ObjectName
    """Store that they are fetched from."""
    kind: Literal["ClusterSecretStore", "SecretStore"] = "ClusterSecretStore"
    """Kind of the store; a SecretStore is looked up in each namespace."""
    names: dict[SecretName, RemoteName] = {}
    """Names in the store by name of the Secret; <namespace>-<name> where absent."""
    refresh: str = Field(default=REFRESH, pattern=r"^[0-9]+[smh]$")
    """How often they are fetched again."""


class Isolation(Declared):
    """Who may reach the models of a cluster; Ray, its dashboard and the cache's events are for their own pods alone."""

    allowFrom: list[Name] = []
    """Namespaces that may ask the models; that of a model's Gateway may anyway."""
    metricsFrom: list[Name] = []
    """Namespaces that may read metrics: that of Prometheus, and of KAITO's scaler where it is used."""
