"""Keys of KAITO's domain, and of pod security, that nobody reads where they stand."""

from tests.gate.mended import Case, edited
from tests.gate.objects import SERVING, WORKSPACE

_NOTED = WORKSPACE.replace("  namespace: team\n", "  namespace: team\n  annotations: {kaito.sh/runtime: vllm}\n")
_LABELLED = SERVING.replace("namespace: team}", "namespace: team, labels: {kaito.sh/workspace: phi}}")
_TIER = "{labels: {app: web, kaito.sh/tier: front}, annotations: {}}"
_DEPLOYED = (
    _LABELLED.replace("{labels: {app: web}}", _TIER)
    + """\
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: team}
spec: {selector: {kaito.sh/tier: front}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: model, namespace: team}
spec: {selector: {kaito.sh/workspace: phi}, ports: [{port: 80, targetPort: 5000}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: team, labels: {pod-security.kubernetes.io/enforce: baseline}}
"""
)


def _deployed(before: str, after: str, *words: str) -> Case:
    return edited(_DEPLOYED, before, after, *words)


CASES = {
    "another end of the domain": edited(_NOTED, "{kaito.io/", "{kaito.sh/", "of a domain that KAITO does not read", "kaito.sh/runtime?"),
    "no end of the domain": edited(_NOTED, "{kaito/", "{kaito.sh/", "of a domain that KAITO does not read", "kaito.sh/runtime?"),
    "the domain in capitals": edited(_NOTED, "{Kaito.sh/", "{kaito.sh/", "of a domain that KAITO does not read", "kaito.sh/runtime?"),
    "a value that streams all the same": edited(
        _NOTED, '{kaito.sh/model-streaming: "false"}', "{kaito.sh/runtime: vllm}", "is compared with disabled"
    ),
    "an annotation of KAITO's kinds on a Deployment": _deployed(
        'annotations: {kaito.sh/disable-benchmark: "true"}', "annotations: {}",
        "is read on KAITO's own kinds and never on kind Deployment", "drop it",
    ),
    "an annotation of the scaler on a Deployment": _deployed(
        'annotations: {scaledobject.kaito.sh/auto-provision: "true"}', "annotations: {}", "is read on an InferenceSet"
    ),
    "a label that is nearly one": _deployed("kaito.sh/work-space: phi}}", "kaito.sh/workspace: phi}}", "meant is kaito.sh/workspace?"),
    "a selector that is nearly one": _deployed(
        "selector: {kaito.sh/workspaces:", "selector: {kaito.sh/workspace:", "gives to no pod", "meant is kaito.sh/workspace?"
    ),
    "a label of pod security that there is not": _deployed(
        "pod-security.kubernetes.io/enforced", "pod-security.kubernetes.io/enforce",
        "is none that pod security reads", "meant is pod-security.kubernetes.io/enforce?",
    ),
}  # fmt: skip
