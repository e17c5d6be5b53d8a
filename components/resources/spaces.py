"""Namespaces that one part of a stack makes and then another: under either name they are the same resource.

Owns those names. Without it the second part would make what is there already, and the first would delete it, with
every object in it.
"""

import pulumi

_TYPE = "kubernetes:core/v1:Namespace"
# By the ending of the component's name: its type, and how it names a namespace.
_PARTS = {
    "-workloads": ("kaitops:model:ClusterWorkloads", ""),
    "-platform-secrets": ("kaitops:stack:Platform$kaitops:platform:ModelSecrets", "-namespace"),
}


def elsewhere(name: str, space: str) -> list[str]:
    """URNs that a namespace has where another part of the same stack makes it.

    Args:
        name: of the component that makes it now.
    """
    root = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}"
    for ending in _PARTS:
        if name.endswith(ending):
            cluster = name.removesuffix(ending)
            others = [(part, *about) for part, about in _PARTS.items() if part != ending]
            return [f"{root}::{type_}${_TYPE}::{cluster}{part}/{space}{tail}" for part, type_, tail in others]
    return []
