"""What KAITO's kinds with a ``spec`` share: all but Workspace.

Owns their arguments and outputs, typed by the kind; which spec and status a kind has is the business of its module.
"""

from typing import TYPE_CHECKING, Generic, TypeVar

import pulumi

from kaitops.components.resources.kaito_resource import KaitoResource
from kaitops.components.resources.readiness import Readiness
from kaitops.documents.plain import Object

if TYPE_CHECKING:
    from kaitops.components.resources.arguments.meta import Metadata, ObjectMeta

Spec = TypeVar("Spec")
Status = TypeVar("Status")


class SpecResource(KaitoResource, Generic[Spec, Status]):
    """A resource with a ``spec``.

    Args:
        name: name of the resource in the program.
        spec: see the kind.
        metadata: name, namespace, labels and annotations; without a name Pulumi makes one up.
        await_ready: wait until the object is ready.
        blue_green, controllers: as of :class:`kaitops.components.resources.Workspace`.

    Raises:
        kaitops.errors.BadInput: KAITO would refuse the object.
    """

    def __init__(
        self,
        name: str,
        *,
        spec: "pulumi.Input[Spec]",
        metadata: "pulumi.Input[ObjectMeta] | None" = None,
        await_ready: bool | Readiness = False,
        blue_green: bool = False,
        controllers: Object | None = None,
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
    def status(self) -> "pulumi.Output[Status | None]":
        """What KAITO observed; None until it has."""
        return self._output("status")
