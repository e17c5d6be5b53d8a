"""A remote embedding service is asked with a credential."""

from kaitops.policies import cel
from kaitops.policies.anatomy import RAGENGINE
from kaitops.policies.reading import at, mapping
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    remote = mapping(at(document, "spec", "embedding")).get("remote")
    if remote is not None and not mapping(remote).get("accessSecret"):
        yield ("spec", "embedding", "remote"), "no accessSecret, so the service is either open to all or refuses"


_REMOTE = "object.spec.embedding.remote"

RULE = Rule(
    id="KAITO022",
    severity=Severity.MEDIUM,
    title="remote embedding has an access secret",
    why="A service that embeds the organisation's documents for anyone is a leak.",
    source="KAITO api/v1beta1/ragengine_types.go, RemoteEmbeddingSpec",
    remedy="set accessSecret, or embed locally",
    kinds=(RAGENGINE,),
    check=_check,
    cel=cel.same(cel.unless(_REMOTE, cel.given(f"{_REMOTE}.accessSecret", f"{_REMOTE}.accessSecret != ''"))),
)
