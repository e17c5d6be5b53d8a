"""Secrets that are referred to are declared somewhere."""

from collections.abc import Iterator

from kaitops.documents.ref import Ref, namespace_of
from kaitops.policies.anatomy import KAITO, RAGENGINE
from kaitops.policies.reading import at, items, models, text
from kaitops.policies.rule import Context, Document, Found, Path, Rule, Scope, Severity
from kaitops.references import secrets_made

_STORES = ("Secret", "ExternalSecret", "SealedSecret")


def _check(document: Document, context: Context) -> Found:
    if not context.complete:
        return
    place = namespace_of(document)
    known = _known(context, place)
    if not known:
        return
    for path, name in _names(document):
        if name not in known:
            yield path, f"Secret {place}/{name} is declared nowhere, while others of the namespace are"


def _known(context: Context, place: str) -> set[str]:
    def there() -> dict[str, Document | None]:
        return {place: context.find("Namespace", "", place)}

    found = {name for at_, _, name in (each.partition("/") for each in context.config.known_secrets) if at_ == place}
    for each in context.objects:
        kind, where, name = Ref.of(each).local
        if where == place and kind in _STORES:
            found.add(text(at(each, "spec", "target", "name")) or name)
        elif where == place and kind == "SecretProviderClass":
            found.update(text(at(one, "secretName")) for one in items(at(each, "spec", "secretObjects")))
        elif kind == "ClusterExternalSecret":
            found.update(name for at_, name, _ in secrets_made(each, there) if at_ == place)
    return found - {""}


def _names(document: Document) -> Iterator[tuple[Path, str]]:
    if f"kaito.sh/{document['kind']}" == RAGENGINE:
        paths: list[Path] = [
            ("spec", "embedding", "remote", "accessSecret"),
            ("spec", "inferenceService", "accessSecret"),
            ("spec", "storage", "vectorDB", "accessSecret"),
        ]
    else:
        paths = [(*path, "presetOptions", "modelAccessSecret") for path, _, _ in models(document)]
        paths.append(("tuning", "output", "imagePushSecret"))
    for path in paths:
        name = text(at(document, *path))
        if name:
            yield path, name


RULE = Rule(
    id="KAITO035",
    severity=Severity.MEDIUM,
    title="referenced secrets are declared",
    why="The token's reference is optional, so a typo starts a pod without one.",
    source="KAITO pkg/workspace/manifests, HF_TOKEN secretKeyRef optional",
    remedy="declare an ExternalSecret or SealedSecret, or list the Secret under knownSecrets in kaitops-policy.yaml",
    kinds=KAITO,
    check=_check,
    scope=Scope.BUNDLE,
)
