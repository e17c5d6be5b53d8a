"""The Kubernetes kinds that stand around KAITO's, as deep as we write them.

Pod templates, volumes and node templates stay plain data: their schema is the cluster's business.
"""

from typing import ClassVar, Literal

from pydantic import Field

from kaitops.api.meta import LabelSelector, ObjectMeta
from kaitops.api.resource import Anything, Part, Resource


class ConfigMap(Resource):
    """Configuration as text by key."""

    api_version: Literal["v1"] = "v1"
    kind: Literal["ConfigMap"] = "ConfigMap"
    metadata: ObjectMeta
    data: dict[str, str] | None = None
    binary_data: dict[str, str] | None = None
    immutable: bool | None = None


class Secret(Resource):
    """Secret values; ``data`` is base64."""

    api_version: Literal["v1"] = "v1"
    kind: Literal["Secret"] = "Secret"
    metadata: ObjectMeta
    type: str | None = None
    data: dict[str, str] | None = None
    string_data: dict[str, str] | None = None
    immutable: bool | None = None


class Namespace(Resource):
    """A namespace."""

    api_version: Literal["v1"] = "v1"
    kind: Literal["Namespace"] = "Namespace"
    namespaced: ClassVar[bool] = False

    metadata: ObjectMeta
    spec: Anything | None = None
    status: Anything | None = None


class ServicePort(Part):
    """One port of a Service."""

    name: str | None = None
    protocol: str | None = None
    port: int
    target_port: int | str | None = None
    node_port: int | None = None
    app_protocol: str | None = None


class ServiceSpec(Part):
    """How pods are reached."""

    type: str | None = None
    cluster_ip: str | None = Field(default=None, alias="clusterIP")
    selector: dict[str, str] | None = None
    ports: list[ServicePort] | None = None
    publish_not_ready_addresses: bool | None = None
    session_affinity: str | None = None
    external_traffic_policy: str | None = None


class Service(Resource):
    """A stable address for pods."""

    api_version: Literal["v1"] = "v1"
    kind: Literal["Service"] = "Service"
    metadata: ObjectMeta
    spec: ServiceSpec
    status: Anything | None = None


class StatefulSetSpec(Part):
    """Pods with stable names."""

    replicas: int | None = None
    service_name: str | None = None
    pod_management_policy: str | None = None
    selector: LabelSelector
    template: Anything
    volume_claim_templates: list[Anything] | None = None
    update_strategy: Anything | None = None
    persistent_volume_claim_retention_policy: Anything | None = None
    min_ready_seconds: int | None = None
    revision_history_limit: int | None = None


class StatefulSet(Resource):
    """Pods with stable names and volumes."""

    api_version: Literal["apps/v1"] = "apps/v1"
    kind: Literal["StatefulSet"] = "StatefulSet"
    metadata: ObjectMeta
    spec: StatefulSetSpec
    status: Anything | None = None


class DeploymentSpec(Part):
    """Interchangeable pods."""

    replicas: int | None = None
    selector: LabelSelector
    template: Anything
    strategy: Anything | None = None
    min_ready_seconds: int | None = None
    revision_history_limit: int | None = None
    progress_deadline_seconds: int | None = None


class Deployment(Resource):
    """Interchangeable pods."""

    api_version: Literal["apps/v1"] = "apps/v1"
    kind: Literal["Deployment"] = "Deployment"
    metadata: ObjectMeta
    spec: DeploymentSpec
    status: Anything | None = None


class JobSpec(Part):
    """Work that ends."""

    template: Anything
    selector: LabelSelector | None = None
    backoff_limit: int | None = None
    completions: int | None = None
    parallelism: int | None = None
    active_deadline_seconds: int | None = None
    ttl_seconds_after_finished: int | None = None
    suspend: bool | None = None


class Job(Resource):
    """Work that ends."""

    api_version: Literal["batch/v1"] = "batch/v1"
    kind: Literal["Job"] = "Job"
    metadata: ObjectMeta
    spec: JobSpec
    status: Anything | None = None


class NodePoolSpec(Part):
    """Karpenter's rule for making nodes."""

    template: Anything
    replicas: int | None = None
    disruption: Anything | None = None
    limits: dict[str, str | int] | None = None
    weight: int | None = None


class NodePool(Resource):
    """Nodes that Karpenter makes."""

    api_version: Literal["karpenter.sh/v1"] = "karpenter.sh/v1"
    kind: Literal["NodePool"] = "NodePool"
    namespaced: ClassVar[bool] = False

    metadata: ObjectMeta
    spec: NodePoolSpec
    status: Anything | None = None


MODELS: dict[tuple[str, str], type[Resource]] = {
    model.group_version_kind(): model
    for model in (ConfigMap, Secret, Namespace, Service, StatefulSet, Deployment, Job, NodePool)
}
