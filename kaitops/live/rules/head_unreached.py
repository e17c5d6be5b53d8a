"""Rule ``head-unreached``."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = (
    r"Version mismatch: The cluster was started with|no socket interface found|(failed|unable) to connect to GCS"
    r"|GCS may have been killed|Ray worker starts timeout|ray workers .*timeout"
    r"|Timed out after .* waiting for clients|client socket has timed out|Failed to connect to GCS"
    r"|network addresses of .* cannot be retrieved"
    r"|Gloo connectFullMesh failed|Cannot provide a placement group|Timed out waiting for .*placement group"
    r"|Current node has no GPU available|Could not find any running Ray instance"
    r"|NCCL WARN .*Connect to \S+ failed\b|exceeds the total number of available GPUs in the placement group"
)
_WAYS = (
    (
        r"Version mismatch",
        "they run different images, whose versions of Ray or Python differ",
        "delete all pods of it at once, so that all start with the same image; a tag that moves is no tag to serve "
        "from",
    ),
    (
        r"no socket interface found",
        "NCCL finds no network interface of the name that it is told",
        "the variable NCCL_SOCKET_IFNAME: eth0, or without it",
    ),
    (
        r"has no GPU available",
        "Ray sees no GPU in a pod",
        "kubectl describe nodes | grep nvidia.com/gpu (does each node of its pods offer one?)",
    ),
)
_SECONDS = 300
"""So long a worker may wait for its head in a start in which all goes well."""


def _find(view: View) -> Said | None:
    waits = [view.snapshot.age(one.detail.get("startedAt")) for one in view.containers() if one.state == "running"]
    is_late = any(age is not None and age > _SECONDS for age in waits)
    # A worker tries for ever, and ends for nothing.
    evidence = signs.crashed(view, _PATTERN) or (signs.log_lines(view, _PATTERN) if is_late else ())
    if not evidence:
        return None
    space = view.namespace or "default"
    if found := signs.way(_WAYS, " ".join(evidence), re.IGNORECASE):
        return Said(f"the pods of the distributed model do not work together: {found[0]}", evidence, found[1:],
                    signs.first_since(view))  # fmt: skip
    return Said(
        "the pods of the distributed model do not find each other: workers do not reach the first pod",
        evidence,
        (
            f"kubectl logs --previous -n {space} {view.name}-0 (the first pod: has it ended?)",
            f"kubectl get networkpolicies -n {space} (its pods need every port among each other, 6379 first)",
            f"kubectl get endpoints -n {space} {view.name}-headless",
        ),
        signs.first_since(view),
    )


RULE = Rule(
    "head-unreached",
    "engine",
    "degraded",
    "workers of a distributed model do not reach its first pod, where Ray's head is",
    "all its pods start anew, and the model is not served before they have found each other",
    _find,
)
