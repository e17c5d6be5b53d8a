"""What k9s reads to show KAITO's kinds with the columns that matter, and to call these commands by a key.

k9s reads ``plugins.yaml`` and ``views.yaml`` of its folder ('k9s info' names it). ``$NAME``, ``$NAMESPACE`` and
``$CONTEXT`` are its own, put in by it as arguments, never by a shell.
"""

from kaitops.documents.plain import MutableObject

_SCOPES = ["workspaces", "inferencesets", "ragengines", "multiroleinferences"]
_COMMANDS = {
    "kaitops-why": ("Shift-W", "Why does it not serve", ["why"], False),
    "kaitops-chat": ("Shift-T", "Chat", ["chat"], False),
    "kaitops-smoke": ("Shift-K", "Is it what was declared", ["smoke"], False),
    "kaitops-connect": ("Shift-O", "Connect", ["connect"], False),
}
_VIEWS = {
    "kaito.sh/v1beta1/workspaces": [
        "NAME",
        "STATE:.status.state",
        "PRESET:.inference.preset.name",
        "SIZE:.resource.instanceType",
        "NODES:.status.targetNodeCount",
        "TOKENS/MIN:.status.performance.metrics.peakTokensPerMinute.value",
        "AGE",
    ],
    "kaito.sh/v1beta1/inferencesets": [
        "NAME",
        "REPLICAS:.status.replicas",
        "READY:.status.readyReplicas",
        "PRESET:.spec.template.inference.preset.name",
        "AGE",
    ],
    "kaito.sh/v1alpha1/modelmirrors": ["NAME", "PHASE:.status.phase", "MODEL:.spec.source.modelID", "AGE"],
}


def plugins() -> MutableObject:
    """``plugins.yaml``."""
    made: MutableObject = {}
    for name, (key, text, verb, background) in _COMMANDS.items():
        made[name] = {
            "shortCut": key,
            "description": text,
            "scopes": list(_SCOPES),
            "command": "kaitops",
            "args": [*verb, "$NAMESPACE/$NAME", "--context", "$CONTEXT"],
            "background": background,
            "confirm": False,
        }
    return {"plugins": made}


def views() -> MutableObject:
    """``views.yaml``; k9s 0.40 or newer reads it."""
    return {"views": {kind: {"columns": list(columns)} for kind, columns in _VIEWS.items()}}
