"""What stacks hand to one another, and to themselves: outputs of the run before.

Owns what is asked of them. The infrastructure's stack hands over the way to its cluster. A stack's own outputs say in
which mode each model runs, which no plan of single resources can see.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi

from kaitops.components.refusals import Refused
from kaitops.documents.plain import Object, items, mapping

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


def own() -> pulumi.Output[Object]:
    """The outputs of this stack as the run before left them; none before the first."""
    place = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    return pulumi.Output.from_input(_asked(place)).apply(lambda known: mapping(mapping(known).get("outputs")))


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
        "the outputs of the run before cannot be read, so a model that changes its mode and a cluster that changes "
        f"its name are not seen: {error}"
    )
    return {}


def under_its_name(before: object, name: str, uid: str, former: str | None) -> dict[str, str]:
    """Refuses the cluster of the run before under another name; else what the next run is told of it.

    Args:
        before: what the run before told; nothing where there was none.
        former: the name that the stack says it had.
    """
    was = mapping(before)
    if was.get("uid") == uid and was.get("name") not in (name, former):
        raise Refused(
            f"kaitops:cluster: is {name}, and the stack has the objects of the same cluster under the name "
            f"{was.get('name')}, so all of them would be made a second time and the server refuses what is there "
            f"already; set 'renamedFrom: {was.get('name')}' for one pulumi up, which takes them over"
        )
    return {"name": name, "uid": uid}


def in_their_modes(before: pulumi.Output[Object], now: Mapping[str, Mapping[str, str]]) -> pulumi.Output[Any]:
    """Refuses models that ran in another mode under the same name; becomes nothing, to be waited for.

    Args:
        before: outputs of the run before.
        now: what is declared, in the form of the output ``models``.
    """

    def compared(outputs: Object) -> None:
        known = mapping(outputs.get("models"))
        lines = [
            f"{key}: runs in mode {was['mode']} and is declared in mode {one['mode']} under the same name; "
            f"{_WHY[one['mode']]}; {_STEPS}"
            for key, one in now.items()
            if (was := mapping(known.get(key))) and was.get("mode") != one["mode"] and _at(was) == _at(one)
        ]
        if lines:
            raise Refused("\n".join(lines))

    return before.apply(compared)


def in_their_namespaces(before: pulumi.Output[Object], made: bool) -> pulumi.Output[Any]:
    """Refuses to let go of namespaces that the run before would not leave in the cluster; becomes nothing.

    Args:
        before: outputs of the run before.
        made: whether this run makes namespaces.
    """

    def compared(outputs: Object) -> None:
        held = [str(each) for each in items(outputs.get("namespaces"))]
        if held and not made:
            raise Refused(
                f"kaitops:workloads.namespaces: is false, and this stack made {', '.join(held)}, which would be "
                "deleted with every object in it, models that are still declared and Secrets of others among them; "
                "set it to keep for one pulumi up, which leaves them in the cluster, and to false after that"
            )

    return before.apply(compared)


def _at(model: Mapping[str, str]) -> tuple[str | None, str]:
    return model.get("namespace"), model["name"]
