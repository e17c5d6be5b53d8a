"""KAITO's InferenceSet: replicas of a model behind one name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from components.resources.kaito_resource import KaitoResource
from components.resources.readiness import Readiness

if TYPE_CHECKING:
    from components.resources.arguments.kaito_v1beta1 import InferenceSetSpec, InferenceSetStatus
    from components.resources.arguments.meta import Metadata, ObjectMeta


class InferenceSet(KaitoResource):
    """An InferenceSet of ``kaito.sh/v1beta1``.

    Args:
        name: name of the resource in the program.
        spec: replicas, the selector of their nodes, and the Workspace that each becomes.
        metadata: name, namespace, labels and annotations; without a name Pulumi makes one up.
        await_ready: wait until all replicas are ready.
        blue_green, controllers: as of :class:`components.resources.Workspace`.

    Raises:
        kaitops.errors.BadInput: KAITO would refuse the object.
    """

    KIND, VERSION = "InferenceSet", "v1beta1"

    def __init__(
        self,
        name: str,
        *,
        spec: "pulumi.Input[InferenceSetSpec]",
        metadata: "pulumi.Input[ObjectMeta] | None" = None,
        await_ready: bool | Readiness = False,
        blue_green: bool = False,
        controllers: Mapping[str, Any] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._declare(
            name,
            metadata,
            {"spec": spec},
            await_ready=await_ready,
            blue_green=blue_green,
            controllers=controllers,
            opts=opts,
        )

    @property
    def metadata(self) -> "pulumi.Output[Metadata]":
        """Name, namespace, generation and the like, as the cluster has them."""
        return self._output("metadata")

    @property
    def status(self) -> "pulumi.Output[InferenceSetStatus | None]":
        """What KAITO observed; None until it has."""
        return self._output("status")
