"""No Secret with content lies in the repository."""

from kaitops.policies.anatomy import STORES
from kaitops.policies.reading import at, group_kind
from kaitops.policies.rule import Context, Document, Found, Path, Rule, Severity

# A store that hands out what is written in it.
_FAKE: Path = ("spec", "provider", "fake", "data")


def _check(document: Document, context: Context) -> Found:
    if group_kind(document) in STORES:
        if at(document, *_FAKE):
            yield _FAKE, "holds values, which everyone who reads the files can read"
        return
    for part in ("data", "stringData"):
        if document.get(part):
            yield (part,), "holds values, which everyone who reads the files can read"


RULE = Rule(
    id="KAITO028",
    severity=Severity.CRITICAL,
    title="no Secret with content in git",
    why="Base64 is no protection, and history keeps it.",
    source="CIS Kubernetes 5.4",
    remedy="declare an ExternalSecret, SealedSecret or SecretProviderClass instead, and rotate what was there",
    kinds=("Secret", *STORES),
    check=_check,
)
