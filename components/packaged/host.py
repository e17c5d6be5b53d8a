"""The plugin: which components it offers, under which name and version."""

import sys
from importlib.metadata import PackageNotFoundError, version

import pulumi
from pulumi.provider import ConstructResult, main
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from kaitops.components.packaged.fleets import Cluster, Model, Operator
from kaitops.components.packaged.kinds import InferenceSet, ModelMirror, MultiRoleInference, RAGEngine, Workspace

NAME = "kaitops"
COMPONENTS: list[type[pulumi.ComponentResource]] = [
    Cluster, InferenceSet, Model, ModelMirror, MultiRoleInference, Operator, RAGEngine, Workspace,
]  # fmt: skip


class _Plugin(ComponentProvider):
    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            # The SDK takes whatever a constructor raises for a fault of its program, errors of inputs among them.
            if isinstance(error.inner, pulumi.InputPropertiesError):
                raise error.inner from None
            raise


def plugin(known: str) -> ComponentProvider:
    """The plugin under a version; its schema is its interface, which a release does not change without saying so."""
    return _Plugin(COMPONENTS, NAME, version=known)


def serve() -> None:
    """Serve the components until the engine ends the process."""
    try:
        known = version("kaitops")
    except PackageNotFoundError:
        known = "0.0.0"
    main(plugin(known), sys.argv[1:])
