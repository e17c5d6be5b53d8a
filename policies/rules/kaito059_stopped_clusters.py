"""Nothing stops a cluster that KAITO runs in."""

import re

from kaitops.documents.plain import Object
from kaitops.policies.anatomy import PODS
from kaitops.policies.reading import containers, items
from kaitops.policies.rule import Context, Document, Found, Path, Rule, Severity

# Options may stand before the words of the command.
_STOP = re.compile(r"(?<![\w-])(az(\s+-\S+)*\s+aks\s+stop|Stop-AzAksCluster)(?![\w-])", re.IGNORECASE)


def _check(document: Document, context: Context) -> Found:
    for path, container in containers(document):
        if place := _stops(container):
            yield (*path, *place), "KAITO's nodes may stay behind and be billed, and the start races with them"


def _stops(container: Object) -> Path | None:
    """Where the container's own command line stops a cluster; the line may be cut anywhere into words."""
    line, ends = "", list[tuple[int, Path]]()
    for key in ("command", "args"):
        for number, word in enumerate(items(container.get(key))):
            line += f"{word} "
            ends.append((len(line), (key, number)))
    found = _STOP.search(line)
    return next((place for end, place in ends if found.end() < end), None) if found else None


RULE = Rule(
    id="KAITO059",
    severity=Severity.HIGH,
    title="clusters with KAITO are not stopped",
    why=(
        "Stopping is not supported with live workloads: the nodes that KAITO made are taken for lost, made again and "
        "left behind, and with node auto-provisioning Azure refuses it."
    ),
    source="kaito#2075, kaito#2122; azure-aks-docs: AI toolchain operator, node auto-provisioning",
    remedy="park models by autoscale.hours or by deleting them, and stop single pools; the system pool stays",
    kinds=PODS,
    check=_check,
)
