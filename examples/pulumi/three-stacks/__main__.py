"""What a stack declares is said in its file: parts, and the settings of each."""

import pulumi

from kaitops.components.program import declare

for name, value in declare().items():
    pulumi.export(name, value)
