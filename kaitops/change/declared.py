"""What KAITO's controllers make of an admitted edit, kind by kind.

Source: the reconcilers of KAITO 0.12. For a Workspace and a RAGEngine both states are expanded and compared, because
the controllers patch some parts of a running workload and leave others; ``running`` has that.
"""

from collections.abc import Callable, Mapping

from kaitops.change import running
from kaitops.change.changes import Edit, Outcome
from kaitops.change.fields import ABSENT, becomes, differences
from kaitops.change.pair import Pair
from kaitops.documents.plain import Path, at, mapping
from kaitops.kaito.settings import UPGRADING, Settings

_REPLICAS = (
    "delete the child Workspaces one at a time, each after the last is ready: they come back with the new template"
)


def inferenceset(pair: Pair) -> list[Edit]:
    """An InferenceSet: replicas are followed, the template is not."""
    settings = Settings.from_dict(pair.settings, pair.release.version)
    return [_inferenceset(path, old, new, settings) for path, old, new in pair.edits()]


def _inferenceset(path: Path, old: object, new: object, settings: Settings) -> Edit:
    if path[:2] == ("spec", "replicas"):
        return replicas(path, old, new)
    if path[:2] == ("spec", "autoUpgrade"):
        if settings.gates[UPGRADING]:
            reason, then = "KAITO's upgrade runner reads it every five minutes", "replicas follow it from then on"
            return Edit(Outcome.UPDATED, path, reason, then)
        reason = f"nothing reads it while the feature gate {UPGRADING} is off"
        return Edit(Outcome.IGNORED, path, reason, "no replica is ever upgraded", "turn the gate on")
    if path[1:2] in (("nodeCountLimit",), ("updateStrategy",)):
        return Edit(Outcome.IGNORED, path, f"no controller reads {path[1]}", "nothing follows", "remove the field")
    if path[:2] in (("spec", "template"), ("spec", "labelSelector")):
        reason = f"{becomes(new)}, but KAITO makes replicas from it and never updates those that run"
        return Edit(Outcome.IGNORED, path, reason, "running replicas keep the old one; only new ones differ", _REPLICAS)
    return Edit(Outcome.UPDATED, path, becomes(new), "it is written")


def replicas(path: Path, old: object, new: object) -> Edit:
    """A replica count that the controllers follow."""
    count = [number if isinstance(number, int) else 1 for number in (old, new)]
    if count[1] < count[0]:
        then = f"{count[0] - count[1]} of {count[0]} replicas are deleted with their machines"
        return Edit(Outcome.UPDATED, path, f"becomes {count[1]}", then)
    then = f"{count[1] - count[0]} replicas are added, each on machines of its own; those that run are not touched"
    return Edit(Outcome.UPDATED, path, f"becomes {count[1]}", then)


def multirole(pair: Pair) -> list[Edit]:
    """A MultiRoleInference: its roles are updated, their replicas are not made anew."""
    found: list[Edit] = []
    before, after = pair.bodies()
    by_type = [{at(role, "type"): role for role in at(body, "spec", "roles") or ()} for body in (before, after)]
    places = {at(role, "type"): number for number, role in enumerate(at(after, "spec", "roles") or ())}
    for kind, number in places.items():
        for (key, *_), old, new in differences(by_type[0].get(kind, ABSENT), by_type[1][kind]):
            path = ("spec", "roles", number, key)
            found.append(replicas(path, old, new) if key == "replicas" else _role(path, str(kind), new))
    before_rest, after_rest = (
        {key: part for key, part in mapping(body.get("spec")).items() if key != "roles"} for body in (before, after)
    )
    for path, _old, new in differences(before_rest, after_rest):
        if path[:1] == ("eppPluginsConfig",):
            then = "the endpoint picker is rolled; models keep running"
            found.append(Edit(Outcome.UPDATED, ("spec", *path), becomes(new), then))
        else:
            found.append(_role(("spec", *path), "both roles", new))
    return found


def _role(path: Path, role: str, new: object) -> Edit:
    reason = f"{becomes(new)}, and KAITO writes it to the InferenceSet of {role}, which never updates a replica"
    return Edit(Outcome.IGNORED, path, reason, "running replicas keep the old one; only new ones differ", _REPLICAS)


def unknown(pair: Pair) -> list[Edit]:
    """A ModelMirror, whose spec cannot change where its webhook runs, or a kind that we do not know."""
    kind = str(pair.head.get("kind"))
    remedy = "delete the ModelMirror and create it anew; its weights are downloaded again" if kind == _MIRROR else ""
    return [
        Edit(Outcome.IGNORED, path, f"{becomes(new)}, but KAITO reads it once", "nothing follows", remedy)
        if kind == _MIRROR
        else Edit(Outcome.UPDATED, path, becomes(new), "what follows is not known to kaitops")
        for path, _, new in pair.edits()
    ]


_MIRROR = "ModelMirror"
RULES: Mapping[str, Callable[[Pair], list[Edit]]] = {
    "Workspace": running.workspace,
    "InferenceSet": inferenceset,
    "MultiRoleInference": multirole,
    "RAGEngine": running.ragengine,
}
