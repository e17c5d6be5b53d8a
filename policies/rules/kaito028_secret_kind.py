"""No Secret with content lies in the repository."""

from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
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
    kinds=("Secret",),
    check=_check,
)
