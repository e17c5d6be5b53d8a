"""No Secret with content lies in the repository."""

from kaitops.documents.plain import mapping
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
        # A key without a value is one that SOPS has encrypted, or none at all.
        held = document.get(part)
        if held and any(value is not None for value in list(mapping(held).values()) or [held]):
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
