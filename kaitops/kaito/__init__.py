"""What KAITO does, per KAITO version: presets, node estimates, admission, expansion. Nothing of ours."""

from kaitops.kaito.release import Release

__all__ = ["Release"]
