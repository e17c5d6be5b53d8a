"""KAITO's ModelMirror: a copy of a model's weights inside the cluster."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from components.resources.kaito_resource import KaitoResource
from components.resources.readiness import Readiness

if TYPE_CHECKING:
    from components.resources.arguments.kaito_v1alpha1 import ModelMirrorSpec, ModelMirrorStatus
    from components.resources.arguments.meta import Metadata, ObjectMeta


class ModelMirror(KaitoResource):
    """A ModelMirror of ``kaito.sh/v1alpha1``, for all namespaces. Nothing of its spec can change.

    Args:
        name: name of the resource in the program.
        spec: the model and the volume that holds it.
        metadata: name, labels and annotations; without a name Pulumi makes one up.
        await_ready: wait until the weights are downloaded.
        blue_green, controllers: as of :class:`components.resources.Workspace`.

    Raises:
        kaitops.errors.BadInput: KAITO would refuse the object.
    """

    KIND, VERSION = "ModelMirror", "v1alpha1"

    def __init__(
        self,
        name: str,
        *,
        spec: "pulumi.Input[ModelMirrorSpec]",
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
        """Name, generation and the like, as the cluster has them."""
        return self._output("metadata")

    @property
    def status(self) -> "pulumi.Output[ModelMirrorStatus | None]":
        """What KAITO observed; None until it has."""
        return self._output("status")
