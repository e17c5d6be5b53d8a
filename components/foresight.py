"""What a preview knows of a resource that changes in place.

Owns one remedy: the provider tells of such a resource only what the program says of it, so ids that Azure once made up
are unknown in the preview, and whatever is named after them looks as if it were replaced. They are read from Azure
instead. Outside of a preview the provider tells them itself, and a resource that is made or made anew has none yet.
"""

from collections.abc import Callable
from typing import TypeVar

import pulumi

T = TypeVar("T")


def foreseen(
    told: pulumi.Output[T], resource_id: pulumi.Output[str], read: Callable[[], pulumi.Output[T]]
) -> pulumi.Output[T]:
    """A value that Azure made up, known in previews too.

    Args:
        told: what the resource tells of it.
        resource_id: id of the resource, which is known where it stays.
        read: asks Azure.
    """
    if not pulumi.runtime.is_dry_run():
        return told
    return resource_id.apply(lambda _: read())
