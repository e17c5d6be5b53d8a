"""What another KAITO version makes of the objects of a fleet: what it refuses, what it treats differently.

Compares the facts of two versions (sizes, models, fields, kinds, feature gates, rules) for the objects at hand, upwards
and downwards, and says which edit carries an object over. Full admission and expansion are those of the newest version
only; for others the report says what was judged and what was not.

* :func:`examine`: one :class:`Impact` per thing found.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object
from kaitops.upgrade.impacts import Impact, Report

if TYPE_CHECKING:
    from kaitops.kaito.release import Release

__all__ = ["Impact", "Report", "examine"]


def examine(
    objects: Sequence[Object],
    source: "Release",
    target: "Release",
    settings: Object,
    *,
    beside: Sequence[Object] = (),
) -> Report:
    """What the step from one version to another means for the objects of a cluster.

    Args:
        objects: plain Kubernetes objects; of other groups than KAITO's only inference configurations are judged.
        settings: of the controllers as they run now, plain form.
        beside: what is in the cluster besides, such as nodes.
    """
    from kaitops.upgrade.examining import examine as run

    return run(objects, source, target, settings, beside=beside)
