"""The plugin: which components it offers, under which name and version."""

import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pulumi
from pulumi.provider import ConstructResult, main, server
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from kaitops.components.packaged.fleets import Cluster, Model, Operator
from kaitops.components.packaged.kinds import InferenceSet, ModelMirror, MultiRoleInference, RAGEngine, Workspace
from kaitops.components.packaged.mapping import misfits

NAME = "kaitops"
COMPONENTS: list[type[pulumi.ComponentResource]] = [
    Cluster, InferenceSet, Model, ModelMirror, MultiRoleInference, Operator, RAGEngine, Workspace,
]  # fmt: skip


class _Plugin(ComponentProvider):
    def map_inputs(self, inputs: pulumi.Inputs, component_def: ComponentDefinition) -> pulumi.Inputs:
        """Inputs by their names in Python, refused where the schema has no place for them."""
        found = list(misfits(inputs, component_def.inputs, self.get_type_definition))
        if found:
            details: list[pulumi.InputPropertyErrorDetails] = [
                {"property_path": path, "reason": reason} for path, reason in found
            ]
            raise pulumi.InputPropertiesError("\n".join(reason for _, reason in found), details)
        # Within an input the names are the same.
        return {component_def.inputs_mapping[key]: value for key, value in inputs.items()}

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


class _Servicer(server.ProviderServicer):
    async def Construct(self, request: Any, context: Any) -> Any:  # noqa: N802 - the name of the protocol
        """A refusal of what is known only later, such as a secret, as the message that it is.

        The SDK hands such an error on as it is, which its server tells as "Unexpected" with the name of its class.
        """
        try:
            return await super().Construct(request, context)
        except pulumi.RunError as error:
            await context.abort_with_status(self.create_grpc_invalid_properties_status(str(error), []))
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
    server.ProviderServicer = _Servicer
    main(plugin(known), sys.argv[1:])
