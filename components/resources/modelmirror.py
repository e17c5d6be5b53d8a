"""KAITO's ModelMirror: a copy of a model's weights inside the cluster."""

from typing import TYPE_CHECKING

from kaitops.components.resources.spec_resource import SpecResource

if TYPE_CHECKING:
    # Used in the base's arguments, which ruff does not read.
    from kaitops.components.resources.arguments.kaito_v1alpha1 import ModelMirrorSpec, ModelMirrorStatus  # noqa: F401


class ModelMirror(SpecResource["ModelMirrorSpec", "ModelMirrorStatus"]):
    """A ModelMirror of ``kaito.sh/v1alpha1``, for all namespaces. Nothing of its spec can change.

    Args:
        name: name of the resource in the program.
        spec: the model and the volume that holds it.
        metadata: name, labels and annotations; without a name Pulumi makes one up.
        await_ready: wait until the weights are downloaded.
        blue_green, controllers: as of :class:`kaitops.components.resources.Workspace`.

    Raises:
        kaitops.errors.BadInput: KAITO would refuse the object.
    """

    KIND, VERSION = "ModelMirror", "v1alpha1"
