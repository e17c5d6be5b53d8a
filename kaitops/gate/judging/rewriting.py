"""What the webhooks ask of an adapter on an update alone: KAITO's own first write to a Workspace is one."""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import MutableObject, Object, at, mapping
from kaitops.fleet.objects import refusals
from kaitops.gate.checks import FIT
from kaitops.gate.objects import Item
from kaitops.kaito.admission.remedies import remedy_for
from kaitops.kaito.anatomy import SERVING
from kaitops.kaito.kubernetes.field_errors import steps
from kaitops.kaito.release import Release
from kaitops.kaito.settings import Settings
from kaitops.report.findings import Finding

# Of images the gate speaks itself.
_PULLED = "Unable to parse"


def findings(item: Item, documents: Sequence[Object], release: Release, settings: Settings) -> Iterator[Finding]:
    """What is wrong with the adapters of a Workspace, or of those that a set makes.

    Args:
        documents: that it was admitted beside, itself the last.
    """
    above = SERVING[item.data["kind"]][:-1]
    held: MutableObject = dict(item.data)
    if above:  # a set, whose Workspaces its controller makes
        template = mapping(at(item.data, *above))
        held = {
            **item.data,
            "kind": "Workspace",
            "inference": template["inference"],
            "metadata": {
                **item.data["metadata"],
                **mapping(template.get("metadata")),
                "name": item.data["metadata"]["name"],
            },
        }
        held["resource"] = {
            **mapping(template.get("resource")),
            "labelSelector": item.data["spec"]["labelSelector"],
        }
        del held["spec"]
    verdict = release.admit([*documents[:-1], held], settings, held)
    told = [one for one in refusals(verdict) if _PULLED not in one.text]
    for refusal in told[:1]:  # the others follow from it
        advice = remedy_for(refusal.text, release.version, held)
        text = f"KAITO admits it and then refuses its own first write to the Workspace: {refusal.text.rstrip(': ')}"
        places = [path for one in refusal.fields if "adapters" in (path := steps(held, one))]
        path = max(places, key=len) if places else [*SERVING["Workspace"], "adapters"]
        yield item.finding(FIT, (*above, *path), f"{text}; {advice}" if advice else text)
