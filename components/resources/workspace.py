"""KAITO's Workspace: one model on its nodes, or one fine-tuning run."""

from typing import TYPE_CHECKING

import pulumi

from kaitops.components.resources.kaito_resource import KaitoResource
from kaitops.components.resources.readiness import Readiness
from kaitops.documents.plain import Object

if TYPE_CHECKING:
    from kaitops.components.resources.arguments.kaito_v1beta1 import (
        InferenceSpec,
        ResourceSpec,
        TuningSpec,
        WorkspaceStatus,
    )
    from kaitops.components.resources.arguments.meta import Metadata, ObjectMeta


class Workspace(KaitoResource):
    """A Workspace of ``kaito.sh/v1beta1``; it has no ``spec``.

    Args:
        name: name of the resource in the program.
        metadata: name, namespace, labels and annotations; without a name Pulumi makes one up.
        resource: the nodes.
        inference: what is served; either this or ``tuning``.
        tuning: the fine-tuning run.
        await_ready: wait until the model serves or the run has succeeded.
        blue_green: the name gets a suffix that changes with whatever KAITO does not let change, so that a new object
            is created before the old one goes.
        controllers: how KAITO's controllers run, in the form of a rendered context file's ``settings``; None to take
            what the object implies.

    Raises:
        kaitops.errors.BadInput: KAITO would refuse the object.
    """

    KIND, VERSION = "Workspace", "v1beta1"

    def __init__(
        self,
        name: str,
        *,
        resource: "pulumi.Input[ResourceSpec]",
        metadata: "pulumi.Input[ObjectMeta] | None" = None,
        inference: "pulumi.Input[InferenceSpec] | None" = None,
        tuning: "pulumi.Input[TuningSpec] | None" = None,
        await_ready: bool | Readiness = False,
        blue_green: bool = False,
        controllers: Object | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._declare(
            name,
            metadata,
            {"resource": resource, "inference": inference, "tuning": tuning},
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
    def status(self) -> "pulumi.Output[WorkspaceStatus | None]":
        """What KAITO observed; None until it has."""
        return self._output("status")
