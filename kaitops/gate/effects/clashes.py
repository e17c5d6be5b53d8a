"""What would carry one name twice, and what a tuning job of the tree makes: for whom, and in whose place."""

from collections.abc import Iterator

from kaitops.documents.plain import MutableObject, Path, at
from kaitops.documents.plain import items as listed
from kaitops.documents.ref import Ref, namespace_of
from kaitops.gate.effects import absent
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP, SERVING
from kaitops.kaito.training import Result

Found = Iterator[tuple[Item, Path, str]]
_CLAIM = ("volumeSource", "persistentVolumeClaim", "claimName")
_UNIQUE = ("Service", "StatefulSet", "Deployment", "Job")


def shared_names(state: State) -> Found:
    """Objects that two workloads bring under one name: the second is never made, or overwrites the first."""
    first: dict[tuple[str, str, str], Item] = {
        (one.data["kind"], namespace_of(one.data), one.data["metadata"].get("name") or ""): one
        for one in state.items
        if one.data["kind"] in _UNIQUE and not one.data["apiVersion"].startswith(GROUP)
    }
    for item in state.items:
        expansion = state.made.get(id(item.data))
        told = False
        created: list[MutableObject] = [] if expansion is None else expansion.objects
        for one in created:
            # The names of an InferenceSet's children are drawn when they are made.
            if one["kind"] not in _UNIQUE or not one["metadata"].get("name"):
                continue
            name = one["metadata"]["name"]
            other = first.setdefault(Ref.of(one).local, item)
            # An object that is declared twice is told as that.
            if other is not item and not told and other.key != item.key:
                told = True
                text = f"leads to {one['kind']} {name} in its namespace, which {other.subject} brings as well, so one "
                yield item, ("metadata", "name"), f"{text}of both is never reached; rename one"


def results(state: State) -> Found:
    """Tuning jobs whose result goes where that of another one does."""
    first: dict[tuple[str, Result], Item] = {}
    for item in state.items:
        output = at(item.data, "tuning", "output") if item.data["kind"] == "Workspace" else None
        result = Result.of(at(output, "image"), at(output, *_CLAIM))
        if result is None:
            continue
        # A registry is everybody's, a claim its namespace's.
        other = first.setdefault(("" if result.image else namespace_of(item.data), result), item)
        if other.key != item.key:
            path = ("image",) if result.image else _CLAIM
            yield item, ("tuning", "output", *path), result.lost(other.subject)


def tuned(state: State) -> Found:
    """Adapters that a tuning job of the tree makes: of the model that they are used on."""
    jobs = {
        str(image): one
        for one in state.items
        if one.data["kind"] == "Workspace" and (image := at(one.data, "tuning", "output", "image"))
    }
    for item in state.items:
        path = SERVING.get(item.data["kind"])
        if path is None:
            continue
        model = at(item.data, *path, "preset", "name")
        for number, adapter in enumerate(listed(at(item.data, *path, "adapters"))):
            image = at(adapter, "source", "image")
            job = jobs.get(str(image))
            if job is None:
                if absent.is_name(image) and (meant := absent.slip(image, jobs)):
                    text = f"is {image}, and {jobs[meant].subject} makes {meant}, which differs by a slip; write that"
                    yield item, (*path, "adapters", number, "source", "image"), text
                continue
            base = at(job.data, "tuning", "preset", "name")
            if isinstance(base, str) and isinstance(model, str) and base.lower() != model.lower():
                text = f"is what {job.subject} makes for {base}, and here it is put on {model}, which cannot load it"
                yield item, (*path, "adapters", number, "source", "image"), f"{text}; tune {model}, or serve {base}"
            else:
                state.needs.add(f"image {image}, which {job.subject} makes first")
