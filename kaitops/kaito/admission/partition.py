"""Shares of GPUs: MIG slices and whole GPUs, on nodes that the user brings."""

import re
from math import floor

from kaitops.kaito.admission.review import Document, PresetUnavailable, Review
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.golang.text import slice_text
from kaitops.kaito.kubernetes import quantity
from kaitops.kaito.kubernetes.field_errors import Findings, generic, invalid_value, missing_field

_PROFILE = r"([0-9]+)g\.([0-9.]+)gb"
_GO_FLOAT = r"[0-9]+\.?[0-9]*|\.[0-9]+"


def check_partition(review: Review, partition: Document) -> Findings:
    """The partition's mode is known, switched on and complete."""
    mode = partition.get("mode") or ""
    if mode == "mig":
        return _check_mig(review, partition)
    if mode == "accelerator":
        return _check_accelerator(review, partition)
    text = f'unsupported partition mode {quote(mode)}, supported modes are "mig" and "accelerator"'
    return [invalid_value(text, "partition.mode")]


def _check_mig(review: Review, partition: Document) -> Findings:
    if not review.gate("enableMIG"):
        return [generic("MIG support is not enabled, set feature gate enableMIG=true", "partition")]
    if partition.get("count") is not None:
        return [invalid_value("count is only valid for accelerator mode", "partition.count")]
    try:
        _check_profile(review, partition.get("profile") or "")
    except ValueError as error:
        return [invalid_value(error, "partition.profile")]
    return []


def _check_accelerator(review: Review, partition: Document) -> Findings:
    if not review.gate("enableAccelerator"):
        text = "accelerator partition support is not enabled, set feature gate enableAccelerator=true"
        return [generic(text, "partition")]
    found: Findings = []
    if partition.get("profile"):
        found.append(invalid_value("profile is not valid for accelerator mode", "partition.profile"))
    if partition.get("count") is None:
        found.append(missing_field("partition.count"))
    return found


def _check_profile(review: Review, profile: str) -> None:
    slice_memory_gib(profile)
    known = review.release.mig_profiles
    if profile not in known:
        raise ValueError(f"unknown MIG profile {quote(profile)}: must be one of {slice_text(sorted(known))}")


def slice_memory_gib(profile: str) -> int:
    """Memory of one slice, as its profile's name says.

    Raises:
        ValueError: the name has no such form; the message is KAITO's.
    """
    match = re.fullmatch(_PROFILE, profile)
    if match is None:
        raise ValueError(f"invalid MIG profile format {quote(profile)}: expected format like '1g.10gb'")
    if not re.fullmatch(_GO_FLOAT, match.group(2)):
        raise ValueError(f"invalid MIG profile {quote(profile)}: cannot parse memory value")
    memory = floor(float(match.group(2)))
    if int(match.group(1)) == 0:
        raise ValueError(f"invalid MIG profile {quote(profile)}: compute slices must be > 0")
    if memory == 0:
        raise ValueError(f"invalid MIG profile {quote(profile)}: memory must be > 0")
    return memory


def check_slice_holds(review: Review, preset_name: str, profile: str, *, bypass: bool) -> Findings:
    """The weights of a preset are no larger than one slice."""
    memory_gib = slice_memory_gib(profile)
    try:
        preset = review.preset(preset_name)
    except PresetUnavailable as error:
        return [invalid_value(f"failed to get model preset: {error}", "preset")]
    if bypass or not preset.size or memory_gib * quantity.GIB >= quantity.parse(preset.size):
        return []
    text = (
        f"Model {preset_name} requires at least {preset.size} for weights, which exceeds the {profile} MIG slice "
        f"capacity of {quantity.canonical(memory_gib * quantity.GIB, binary=True)}"
    )
    return [invalid_value(text, "partition")]
