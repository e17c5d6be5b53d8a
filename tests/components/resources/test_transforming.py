"""A transform of the user's reaches the kinds that have a replacement trigger, which the SDK alone gets wrong."""

import asyncio
from typing import Any

import pulumi
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime import _callbacks
from pulumi.runtime.proto import resource_pb2

from kaitops.components.resources import transforming

ANSWER = "_transformation_resource_options"
TRIGGER = {"inference": True, "tuning": False}


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK as it comes."""
    known = getattr(_callbacks._CallbackServicer, ANSWER)
    cells = dict(zip(known.__code__.co_freevars, known.__closure__ or (), strict=True))
    monkeypatch.setattr(
        _callbacks._CallbackServicer, ANSWER, cells["known"].cell_contents if hasattr(known, "mended") else known
    )


def value(plain: dict[str, Any]) -> struct_pb2.Value:
    made = struct_pb2.Value()
    made.struct_value.update(plain)
    return made


def transformed(trigger: dict[str, Any] | None, change: pulumi.ResourceTransform) -> Any:
    """What the SDK answers the engine for a resource, over the callback that it would call."""

    async def run() -> Any:
        servicer = _callbacks._CallbackServicer.__new__(_callbacks._CallbackServicer)
        servicer._callbacks, servicer._transforms, servicer._target = {}, {}, "nowhere"
        callback = servicer.register_transform(change)
        options = resource_pb2.TransformResourceOptions()
        if trigger is not None:
            options.replacement_trigger.CopyFrom(value(trigger))
        request = resource_pb2.TransformRequest(
            type="kubernetes:kaito.sh/v1beta1:Workspace", name="phi", custom=True, options=options
        )
        return await servicer._callbacks[callback.token](request.SerializeToString())

    return asyncio.run(run())


def protected(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
    return pulumi.ResourceTransformResult(args.props, opts)


def replaced(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(replacement_trigger={"mine": 1}))
    return pulumi.ResourceTransformResult(args.props, opts)


def test_the_sdk_alone_fails_and_the_workaround_is_still_needed(alone: None) -> None:
    with pytest.raises((ValueError, TypeError), match=r"Protocol message Value has no|initialized with a dict"):
        transformed(TRIGGER, protected)


def test_a_transform_keeps_the_trigger_and_changes_the_rest(alone: None) -> None:
    transforming.mend()
    once = getattr(_callbacks._CallbackServicer, ANSWER)
    transforming.mend()
    assert getattr(_callbacks._CallbackServicer, ANSWER) is once
    told = transformed(TRIGGER, protected).options
    assert told.protect is True and told.replacement_trigger == value(TRIGGER)
    assert transformed(TRIGGER, replaced).options.replacement_trigger == value({"mine": 1})
    # What the SDK answers for a resource without one is left to it.
    assert transformed(None, protected).options.replacement_trigger == struct_pb2.Value()
