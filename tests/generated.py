"""How many inputs a test has generated; how long that takes on a busy machine is no fault of what is tested."""

from typing import Any

from hypothesis import HealthCheck, settings


def inputs(count: int, **more: Any) -> settings:
    """The settings of a test of so many inputs."""
    return settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow], **more)
