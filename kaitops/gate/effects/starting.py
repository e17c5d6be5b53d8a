"""All that is asked of a pod before it serves: that the server takes it, a node has room, and its Service finds it."""

from collections.abc import Iterator

from kaitops.documents.plain import Path
from kaitops.gate.effects import made_pods, pools, scheduling
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """What is wrong with the pods of users, in templates and workloads, and with Services that send to any pod."""
    known, nodes = state.services, list(pools.declared(state.items))
    if any(not one.made for one in known):
        from kaitops.gate.effects import selected

        yield from selected.problems(state.pods, known)
    for pod in state.pods:
        found: list[tuple[Path, str]] = []
        if not pod.made and pod.item.data["apiVersion"].startswith(GROUP):
            found += made_pods.template(pod)
        if pod.made:
            found += made_pods.listening(pod, known)
        else:
            found += [*made_pods.probes(pod), *made_pods.listening(pod, known), *scheduling.selecting(pod, state.cloud)]
            found += [*made_pods.volumes(pod), *made_pods.servers(pod)]
        found += scheduling.problems(pod._replace(size=pools.size(pod, nodes)), state.release, state.cloud)
        for path, text in found:
            yield pod.item, path, text
