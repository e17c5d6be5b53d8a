"""Plays Karpenter: machines for NodePools, and for NodeClaims that somebody else made.

Owns what a NodePool or NodeClaim becomes, as far as objects show it: claims, their conditions in the order in which
a real one goes through them, nodes of the size that is asked for, and their removal. A test says by name what goes
wrong. Does not drain, weigh prices or consolidate.
"""

from fnmatch import fnmatchcase
from typing import Any

from tests.e2e.client import ApiError, Client, Object
from tests.e2e.players import machines
from tests.e2e.players.player import Player

KARPENTER = "karpenter.sh/v1"
TERMINATION = "karpenter.sh/termination"
POOL_LABEL = "karpenter.sh/nodepool"
SIZE_KEY = "node.kubernetes.io/instance-type"
EPOCH = "2026-01-01T00:00:00Z"
STEPS = ("Launched", "Registered", "Initialized", "Ready")

QUOTA = "quota"
SLOW = "slow"
PLAYS = {
    QUOTA: ("SubscriptionQuotaReached", "the subscription's quota of this family of machines is used up"),
    SLOW: ("NodeNotFound", "Node not registered with cluster"),
}
"""What a claim may be stuck with: reason and message of its condition Launched or Registered."""

UNKNOWN_SIZE = ("InsufficientCapacityError", "no machine of this size is known")


class Provisioner(Player):
    """Makes nodes for NodePools and NodeClaims.

    Attributes:
        plays: by the name of a NodePool or NodeClaim, or a pattern like `models-*`, what happens to its machines:
            `quota` (never launched) or `slow` (launched, never registered). Absent: a machine comes up at once.
    """

    def __init__(self, client: Client) -> None:
        """Prepares; nothing goes wrong unless a test says so."""
        super().__init__(client)
        self.plays: dict[str, str] = {}

    def step(self) -> None:
        """Claims for pools, then machines for claims."""
        claims = self.items(KARPENTER, "NodeClaim")
        for pool in self.items(KARPENTER, "NodePool"):
            if "deletionTimestamp" not in pool["metadata"]:
                self._pool(pool, claims)
        for claim in claims:
            if "deletionTimestamp" in claim["metadata"]:
                self._remove(claim)
            else:
                self._claim(claim)

    def add(self, name: str, machine: machines.Machine, labels: dict[str, str]) -> None:
        """Brings a node that no claim asked for, as the user of `byo` does."""
        self.create(machine.node(name, labels))

    def _tell_pool(self, pool: Object) -> None:
        """What a pool says of itself: that it can be used, whether or not its machines come."""
        condition = {"status": "True", "reason": "Ready", "message": "", "lastTransitionTime": EPOCH}
        types = ("NodeClassReady", "Ready", "ValidationSucceeded")
        self.tell(pool, {"conditions": [{"type": kind, **condition} for kind in types]})

    def _pool(self, pool: Object, claims: list[Object]) -> None:
        self._tell_pool(pool)
        name, template = pool["metadata"]["name"], pool["spec"]["template"]
        if size_of(template["spec"]) is None:
            # Karpenter offers nothing for a size that it does not know, and makes no claim.
            return
        wanted = [f"{name}-{number}" for number in range(pool["spec"].get("replicas", 0))]
        own = [claim for claim in claims if claim["metadata"].get("labels", {}).get(POOL_LABEL) == name]
        for claim in own:
            if claim["metadata"]["name"] not in wanted and "deletionTimestamp" not in claim["metadata"]:
                self.client.delete(claim)
        for missing in set(wanted) - {claim["metadata"]["name"] for claim in own}:
            self.create(self._new_claim(missing, pool, template))

    def _new_claim(self, name: str, pool: Object, template: dict[str, Any]) -> Object:
        owner = {key: pool[key] for key in ("apiVersion", "kind")}
        owner |= {key: pool["metadata"][key] for key in ("name", "uid")} | {"blockOwnerDeletion": True}
        metadata = template.get("metadata", {})
        return {
            "apiVersion": KARPENTER,
            "kind": "NodeClaim",
            "metadata": {
                "name": name,
                "labels": metadata.get("labels", {}) | {POOL_LABEL: pool["metadata"]["name"]},
                "finalizers": [TERMINATION],
                "ownerReferences": [owner],
            },
            "spec": template["spec"],
        }

    def _claim(self, claim: Object) -> None:
        name, labels = claim["metadata"]["name"], claim["metadata"].get("labels", {})
        if _is_true(claim, "Ready"):
            return
        if TERMINATION not in claim["metadata"].get("finalizers", []):
            self.merge(claim, {"metadata": {"finalizers": [*claim["metadata"].get("finalizers", []), TERMINATION]}})
        play = self.play(name, labels.get(POOL_LABEL, ""))
        machine = machines.azure(size_of(claim["spec"]) or "")
        if play == QUOTA or machine is None:
            self._tell(claim, 0, PLAYS[QUOTA] if play == QUOTA else UNKNOWN_SIZE)
        elif play == SLOW:
            self._tell(claim, 1, PLAYS[SLOW])
        else:
            self.create(machine.node(node_name(name), labels, claim["spec"].get("taints", []), provider="azure"))
            node = self.client.get("v1", "Node", node_name(name))
            registered = any(
                condition["type"] == "Ready" and condition["status"] == "True"
                for condition in node["status"].get("conditions", [])
            )
            self._tell(claim, 4 if registered else 1, PLAYS[SLOW], machine)

    def _tell(
        self, claim: Object, done: int, trouble: tuple[str, str], machine: machines.Machine | None = None
    ) -> None:
        """Writes the conditions: `done` of the steps are True, the next has the trouble, the rest is unknown."""
        now = claim["metadata"]["creationTimestamp"]
        conditions: list[dict[str, Any]] = []
        for number, step in enumerate(STEPS):
            status = "True" if number < done else "False" if number == done or step == "Ready" else "Unknown"
            reason, message = (step, "") if number < done else trouble
            conditions.append(
                {"type": step, "status": status, "reason": reason, "message": message, "lastTransitionTime": now}
            )
        status = {"conditions": conditions}
        name = node_name(claim["metadata"]["name"])
        if done and machine:
            status |= {"providerID": f"azure://{name}", "nodeName": name, "capacity": machine.capacity()}
        if [(c["type"], c["status"], c["reason"]) for c in claim.get("status", {}).get("conditions", [])] != [
            (c["type"], c["status"], c["reason"]) for c in conditions
        ]:
            self.merge(claim, {"status": status}, status=True)

    def _remove(self, claim: Object) -> None:
        name = node_name(claim["metadata"]["name"])
        for pod in self.items("v1", "Pod"):
            if pod["spec"].get("nodeName") == name:
                self.client.request("DELETE", self.client.path(pod), {"gracePeriodSeconds": 0})
        try:
            self.client.delete(self.client.get("v1", "Node", name))
        except ApiError as error:
            if error.code != 404:
                raise
        left = [finalizer for finalizer in claim["metadata"].get("finalizers", []) if finalizer != TERMINATION]
        self.merge(claim, {"metadata": {"finalizers": left}})

    def play(self, *names: str) -> str:
        """What the test asks for; the latest pattern that fits one of the names wins."""
        fitting = [play for pattern, play in self.plays.items() if any(fnmatchcase(name, pattern) for name in names)]
        return fitting[-1] if fitting else ""


def node_name(claim: str) -> str:
    """The name of the node that a claim gets."""
    return f"node-{claim}"


def size_of(spec: dict[str, Any]) -> str | None:
    """The machine size that requirements ask for; None where it is in no table."""
    for requirement in spec.get("requirements", []):
        if requirement["key"] == SIZE_KEY and requirement.get("operator") == "In":
            return next((value for value in requirement["values"] if machines.azure(value)), None)
    return None


def _is_true(obj: Object, condition: str) -> bool:
    return any(c["type"] == condition and c["status"] == "True" for c in obj.get("status", {}).get("conditions", []))
