"""KAITO's MultiRoleInference: one model served by a prefill and a decode role."""

from typing import TYPE_CHECKING

from kaitops.components.resources.spec_resource import SpecResource

if TYPE_CHECKING:
    # Used in the base's arguments, which ruff does not read.
    from kaitops.components.resources.arguments.kaito_v1alpha1 import MultiRoleInferenceSpec, MultiRoleInferenceStatus  # noqa: F401


class MultiRoleInference(SpecResource["MultiRoleInferenceSpec", "MultiRoleInferenceStatus"]):
    """A MultiRoleInference of ``kaito.sh/v1alpha1``.

    Args:
        name: name of the resource in the program.
        spec: the model and its two roles.
        metadata: name, namespace, labels and annotations; without a name Pulumi makes one up.
        await_ready: wait until both roles are ready.
        blue_green, controllers: as of :class:`kaitops.components.resources.Workspace`.

    Raises:
        kaitops.errors.BadInput: KAITO would refuse the object.
    """

    KIND, VERSION = "MultiRoleInference", "v1alpha1"
