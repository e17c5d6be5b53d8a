"""Rule ``volume-zone``."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, labels_of, name_of, when
from kaitops.live.view import View

_ZONE = "topology.kubernetes.io/zone"
_UNPLACED = r"volume node affinity conflict|no topology key found|had no available volume zone"
_ATTACH = r"cannot be attached to the VM because .*zone"


def _find(view: View) -> Said | None:
    for pod in view.unready:
        found = condition(pod, "PodScheduled")
        if found.get("reason") == "Unschedulable" and re.search(_UNPLACED, str(found.get("message"))):
            evidence = f"pod {name_of(pod)}: {signs.cited(found)}"
            return _said(view, evidence, str(found.get("lastTransitionTime") or ""))
    for event in signs.pod_events(view, ("FailedAttachVolume",), _ATTACH):
        return _said(view, signs.reported(event), when(event) or "")
    return None


def _said(view: View, evidence: str, since: str) -> Said:
    zones = sorted({str(zone) for one in view.nodes if (zone := labels_of(one).get(_ZONE))})
    where = (f"its nodes are in {', '.join(zones)}",) if zones else ()
    return Said(
        "its volume is in another zone than the nodes that it may run on",
        (evidence, *where),
        (
            f"kubectl get pvc -n {view.place or 'default'}, then kubectl get pv NAME -o yaml: its nodeAffinity",
            "machines in that zone, or a disk that all zones reach (a class with skuName Premium_ZRS), or the claim "
            "made anew by a class with volumeBindingMode: WaitForFirstConsumer",
        ),
        since,
    )


RULE = Rule(
    "volume-zone",
    "placed",
    "degraded",
    "a volume is in another zone than the nodes that the pod may run on",
    "the pod waits for ever: neither the volume nor its nodes move",
    _find,
)
