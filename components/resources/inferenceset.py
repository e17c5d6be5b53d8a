"""KAITO's InferenceSet: replicas of a model behind one name."""

from typing import TYPE_CHECKING

from kaitops.components.resources.spec_resource import SpecResource

if TYPE_CHECKING:
    # Used in the base's arguments, which ruff does not read.
    from kaitops.components.resources.arguments.kaito_v1beta1 import InferenceSetSpec, InferenceSetStatus  # noqa: F401


class InferenceSet(SpecResource["InferenceSetSpec", "InferenceSetStatus"]):
    """An InferenceSet of ``kaito.sh/v1beta1``.

    Args:
        name: name of the resource in the program.
        spec: replicas, the selector of their nodes, and the Workspace that each becomes.
        metadata: name, namespace, labels and annotations; without a name Pulumi makes one up.
        await_ready: wait until all replicas are ready.
        blue_green, controllers: as of :class:`kaitops.components.resources.Workspace`.

    Raises:
        kaitops.errors.BadInput: KAITO would refuse the object.
    """

    KIND, VERSION = "InferenceSet", "v1beta1"
