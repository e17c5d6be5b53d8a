"""No secret value is written into a manifest."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from kaitops.documents.plain import Object, at, mapping, texts
from kaitops.policies.rule import Context, Document, Found, Path, Rule, Severity
from kaitops.secrets import sealed, secret_hints, secret_names, tokens

_SEALED: Path = ("spec", "encryptedData")


def _check(document: Document, context: Context) -> Found:
    if document["kind"] == "Secret":
        return
    # Paths are worked out for an object that may hold something, which is seldom one.
    if not secret_hints.may_hold(texts(document)):
        return
    told: set[Path] = set()
    if document["kind"] == "SealedSecret":
        told |= {(*_SEALED, key) for key in sealed.keys(mapping(at(document, *_SEALED)))}
    for path, text in _texts(document, ()):
        if path in told:
            continue
        for token in tokens.find(text):
            told.add(path)
            yield path, f"looks like {token.kind} ({token.length} characters), which everyone who reads the files has"
    for path, name, value in secret_names.literals(document):
        if path not in told:
            told.add(path)
            yield path, f"holds a value ({len(value)} characters) under a name that means a secret ({name[:60]})"


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, entry in cast("Object", value).items():
            yield path, key
            yield from _texts(entry, (*path, key))
    elif isinstance(value, list):
        for place, entry in enumerate(cast("list[Any]", value)):
            yield from _texts(entry, (*path, place))


RULE = Rule(
    id="KAITO008",
    severity=Severity.CRITICAL,
    title="no inline secret",
    why="A token in version control is known to all who can read it, for good.",
    source="OWASP LLM02; CIS Kubernetes 5.4",
    remedy="revoke the value; refer to a Secret (secretKeyRef, modelAccessSecret) that a secret store fills",
    kinds=("*",),
    check=_check,
)
