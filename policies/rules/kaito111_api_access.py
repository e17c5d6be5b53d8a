"""Who may reach the cluster's API server is said."""

from kaitops.policies.azure import CLUSTER, properties
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_PROFILE = "apiServerAccessProfile"


def _check(document: Document, context: Context) -> Found:
    ranges = properties(document, _PROFILE, "authorizedIPRanges")
    if properties(document, _PROFILE, "enablePrivateCluster") is True or (ranges and "0.0.0.0/0" not in ranges):
        return
    yield ("properties", _PROFILE), "neither private nor limited to ranges, so the whole internet reaches the API"


RULE = Rule(
    id="KAITO111",
    severity=Severity.HIGH,
    title="API server private or for known ranges",
    why="A leaked credential is only as good as the way to the API server, and so is the next hole in it.",
    source="Microsoft: AKS API server authorized IP ranges; private clusters",
    remedy="set apiServerAccessProfile.enablePrivateCluster, or authorizedIPRanges",
    kinds=(CLUSTER,),
    check=_check,
)
