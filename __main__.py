"""The Pulumi program: one cluster of the fleet, or a part of it, as the stack's configuration says."""

import pulumi

from kaitops.components.program import declare

for name, value in declare().items():
    pulumi.export(name, value)
