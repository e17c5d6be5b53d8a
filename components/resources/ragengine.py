"""KAITO's RAGEngine: retrieval and generation over an index."""

from typing import TYPE_CHECKING

from kaitops.components.resources.spec_resource import SpecResource

if TYPE_CHECKING:
    # Used in the base's arguments, which ruff does not read.
    from kaitops.components.resources.arguments.kaito_v1beta1 import RAGEngineSpec, RAGEngineStatus  # noqa: F401


class RAGEngine(SpecResource["RAGEngineSpec", "RAGEngineStatus"]):
    """A RAGEngine of ``kaito.sh/v1beta1``.

    Args:
        name: name of the resource in the program.
        spec: nodes, embedding, storage and the model that answers.
        metadata: name, namespace, labels and annotations; without a name Pulumi makes one up.
        await_ready: wait until the engine answers.
        blue_green, controllers: as of :class:`kaitops.components.resources.Workspace`.

    Raises:
        kaitops.errors.BadInput: KAITO would refuse the object.
    """

    KIND, VERSION = "RAGEngine", "v1beta1"
