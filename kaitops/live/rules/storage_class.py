"""A storage class or claim that volumes wait for."""

from kaitops.documents.plain import at, items, mapping
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import when
from kaitops.live.view import View

_REASONS = ("ModelStreamingStorageClassNotFound", "InvalidStorageClass", "PVCCreateFailed")


def _find(view: View) -> Said | None:
    remedy = ("kubectl get storageclasses", f"kubectl get pvc -n {view.place or 'NAMESPACE'}")
    if said := signs.by_error(view, r"storage ?class", "the storage class cannot be used: {error}", *remedy):
        return said
    for found in signs.conditions(view, _REASONS):
        since = str(found.get("lastTransitionTime") or "")
        return Said(signs.short(found.get("message")), (signs.cited(found),), remedy, since)
    claims = [name for pod in view.unready for name in _claims(pod)]
    if view.kind == "ModelMirror" and view.said is not None and view.said.phase == "progressing":
        claims = [*claims, view.name] if view.condition("StorageReady").get("status") == "False" else claims
    for name in claims:
        claim = view.snapshot.find("PersistentVolumeClaim", view.place, name)
        if claim is not None and at(claim, "status", "phase") == "Bound":
            continue
        for event in reversed(view.snapshot.events("PersistentVolumeClaim", view.place, name)):
            text = signs.short(event.get("message"))
            # A write that somebody else's write came before is tried again at once.
            if event.get("reason") in ("ProvisioningFailed", "FailedBinding") and "has been modified" not in text:
                return Said(
                    f"the volume {name} is not made: {text}", (signs.reported(event),), remedy, when(event) or ""
                )
        if claim is None and view.snapshot.knows("PersistentVolumeClaim"):
            text = f"the claim {view.place}/{name} that its pod mounts is not there"
            return Said(text, (f"no PersistentVolumeClaim {view.place}/{name}",), remedy)
    return None


def _claims(pod: object) -> list[str]:
    volumes = [mapping(one) for one in items(at(pod, "spec", "volumes"))]
    return [str(name) for one in volumes if (name := at(one, "persistentVolumeClaim", "claimName"))]


RULE = Rule(
    "storage-class",
    "configuration",
    "degraded",
    "a storage class or claim is missing, or no volume is made for it",
    "the weights have no place, so nothing starts",
    _find,
)
