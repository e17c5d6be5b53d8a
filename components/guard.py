"""What stands before everything else when a stack is destroyed.

Owns the order of a refusal. The engine deletes what nothing else needs first, and meets a protected cluster only after
the roles, addresses and controllers that rest on it are gone. A guard needs all of it, so it is met first, and where it
is protected nothing is deleted.
"""

from collections.abc import Sequence
from typing import Any

import pulumi


class Guard(pulumi.ComponentResource):
    """Makes nothing; it is deleted before all that it is given, or refuses to be.

    Args:
        name: name of the resource in the program.
        before: what is not to be deleted before the guard, components with all that is in them.
        protect: refuse.
        within: lists of what a provider makes within a component, such as the objects of a chart. The engine waits for
            these by the component, but when the guard refuses it spares only what the guard names.
    """

    def __init__(
        self,
        name: str,
        before: Sequence[pulumi.Resource],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
        within: Sequence[pulumi.Output[Any]] = (),
    ) -> None:
        def named(lists: list[Any]) -> list[pulumi.Input[pulumi.Resource]]:
            made = [each for one in lists for each in one or () if isinstance(each, pulumi.Resource)]
            return [*before, *made]

        whole = pulumi.Output.all(*within).apply(named) if within else list(before)
        ours = pulumi.ResourceOptions(protect=protect, depends_on=whole)
        super().__init__("kaitops:stack:Guard", name, None, pulumi.ResourceOptions.merge(opts, ours))
        self.register_outputs({"protected": protect})
