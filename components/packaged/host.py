"""The plugin: which components it offers, under which name and version."""

import sys
from importlib.metadata import PackageNotFoundError, version

import pulumi
from pulumi.provider import ConstructResult, main
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
