"""What stacks hand to one another, and to themselves: outputs of the run before.

Owns what is asked of them. The infrastructure's stack hands over the way to its cluster. A stack's own outputs say in
which mode each model runs, which no plan of single resources can see.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi

from kaitops.components.refusals import Refused
from kaitops.documents.plain import mapping

_OUTPUTS = "pulumi:pulumi:readStackOutputs"
_PAUSES = (0.0, 0.2, 0.5, 1.0, 2.0)
_STEPS = "take it out of the fleet, pulumi up, and declare it again as it is now; or give it another name"
_WHY = {
    "plain": "KAITO's objects have the names of those that would be made and go with the Workspace, which the engine "
    "deletes last, so pulumi up would stop half-way",
    "operator": "KAITO would find the objects of plain mode under the names of its own, and the engine deletes them "
    "last, under the Workspace's hands",
}


def kubeconfig_of(infrastructure: pulumi.StackReference) -> pulumi.Output[str]:
    """The way to the cluster of another stack; what has none is refused."""

    def opened(both: list[Any]) -> str:
        name, found = both
        if not isinstance(found, str) or not found:
            raise Refused(
                f"kaitops:infraStack: {name} has no output kubeconfig, so the cluster cannot be reached; run pulumi up "
                "there with the part infra, name another stack, or set the secret with 'pulumi config set --secret "
                "kubeconfig'"
            )
        return found

    outputs = pulumi.Output.all(infrastructure.name, infrastructure.get_output("kubeconfig"))
    return pulumi.Output.secret(outputs.apply(opened))


def own(output: str) -> pulumi.Output[Any]:
    """An output of this stack as the run before left it; None before the first."""
    place = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    return pulumi.Output.from_input(_asked(place)).apply(
        lambda known: mapping(mapping(known).get("outputs")).get(output)
    )


async def _asked(place: str) -> Any:
    # What a stack reference does, but for the resource, in which the outputs would lie a second time and show as read.
    # The engine may be writing the state at this moment, on some backends in place.
    error: Exception | None = None
    for pause in _PAUSES:
        await asyncio.sleep(pause)
        try:
            return await pulumi.runtime.invoke_async(_OUTPUTS, {"name": place})
        except Exception as failed:
            error = failed
    pulumi.log.warn(
        f"the outputs of the run before cannot be read, so a model that changes its mode is not seen: {error}"
    )
    return {}


def in_their_modes(before: pulumi.Output[Any], now: Mapping[str, Mapping[str, str]]) -> pulumi.Output[Any]:
    """Refuses models that ran in another mode under the same name; becomes nothing, to be waited for.

    Args:
        before: output ``models`` of the run before.
        now: what is declared, in the same form.
    """

    def compared(known: Any) -> None:
        lines = [
            f"{key}: runs in mode {was['mode']} and is declared in mode {one['mode']} under the same name; "
            f"{_WHY[one['mode']]}; {_STEPS}"
            for key, one in now.items()
            if (was := mapping(mapping(known).get(key))) and was.get("mode") != one["mode"] and _at(was) == _at(one)
        ]
        if lines:
            raise Refused("\n".join(lines))

    return before.apply(compared)


def _at(model: Mapping[str, str]) -> tuple[str | None, str]:
    return model.get("namespace"), model["name"]
