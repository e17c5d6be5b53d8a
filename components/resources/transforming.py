"""Transforms of a user's program reach KAITO's kinds: one defect of Pulumi's Python SDK, worked around.

Owns the workaround and its reason. Answering the engine after a transform, SDK 3.272 puts the replacement trigger of a
resource where a message of another form belongs, so with ``register_resource_transform`` every resource that has a
trigger fails ("Protocol message Value has no ... field"). Here the answer is made without it and completed after that;
an SDK that does it right is given the same answer.
"""

import copy
from typing import Any

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime import _callbacks  # pyright: ignore[reportPrivateUsage] - the defect lies there
from pulumi.runtime.rpc import serialize_property

_ANSWER = "_transformation_resource_options"


def mend() -> None:
    """Let answers after a transform carry a replacement trigger; once, and nothing where the SDK has no such place."""
    servicer: Any = getattr(_callbacks, "_CallbackServicer", None)
    known: Any = getattr(servicer, _ANSWER, None)
    if known is None or hasattr(known, "mended"):
        return

    async def answer(self: object, opts: pulumi.ResourceOptions, *rest: Any, **more: Any) -> Any:
        trigger: Any = opts.replacement_trigger
        if trigger is None or (isinstance(trigger, struct_pb2.Value) and trigger.WhichOneof("kind") is None):
            return await known(self, opts, *rest, **more)
        without = copy.copy(opts)
        without.replacement_trigger = None
        made = await known(self, without, *rest, **more)
        made.replacement_trigger.CopyFrom(await _value(trigger))
        return made

    answer.mended = True  # pyright: ignore[reportFunctionMemberAccess] - a mark of ours
    setattr(servicer, _ANSWER, answer)


async def _value(trigger: object) -> struct_pb2.Value:
    # The engine's own value where the transform left it alone.
    if isinstance(trigger, struct_pb2.Value):
        return trigger
    whole: pulumi.Output[Any] = pulumi.Output.from_input(trigger)
    found: Any = await serialize_property(
        whole, [], property_key="replacement_trigger", keep_output_values=False, return_protobuf_value=True
    )
    return found
