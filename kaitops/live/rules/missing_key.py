"""A Secret or ConfigMap that is there and lacks the key that is asked of it."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import when
from kaitops.live.view import View

_PATTERN = r"couldn't find key|references non-existent (secret|config) key"


def _find(view: View) -> Said | None:
    remedy = (
        f"kubectl get secrets -n {view.namespace} -o custom-columns=NAME:.metadata.name,KEYS:.data",
        "a token for Hugging Face stands under the key HF_TOKEN",
    )
    for one in signs.waiting(view, ("CreateContainerConfigError",)):
        text = signs.short(one.detail.get("message"))
        if "find key" in text:
            return Said(f"a key is missing: {text}", (signs.shown(one),), remedy)
    for event in signs.pod_events(view, ("Failed", "FailedMount"), _PATTERN):
        text = signs.short(event.get("message"))
        return Said(f"a key is missing: {text}", (signs.reported(event),), remedy, when(event) or "")
    return None


RULE = Rule(
    "missing-key",
    "configuration",
    "degraded",
    "a Secret or ConfigMap lacks the key that the pod asks of it",
    "the container cannot start until the key is there",
    _find,
)
