"""An inference configuration can be read and opens nothing."""

from policies.reading import CONFIGMAP, INFERENCE_KEY, at, mapping, parsed, vllm_flags
from policies.rule import Context, Document, Found, Rule, Severity

_FORBIDDEN = {
    "api-key": "the key stands in a ConfigMap; take a Secret at the gateway",
    "allowed-local-media-path": "requests may read files of the pod",
    "trust-remote-code": "the model's repository runs code",
}


def _check(document: Document, context: Context) -> Found:
    written = mapping(document.get("data")).get(INFERENCE_KEY)
    if written is None:
        return
    path = ("data", INFERENCE_KEY)
    if parsed(written) is None:
        yield path, "is not one YAML mapping, so the pod cannot start"
        return
    flags = vllm_flags(written)
    for key, fact in _FORBIDDEN.items():
        if key in flags:
            yield path, f"vllm.{key}: {fact}"
    origins = flags.get("allowed-origins")
    if origins == "*" or (isinstance(origins, str) and '"*"' in origins) or at(origins, 0) == "*":
        yield path, "vllm.allowed-origins: any web page may send requests with the user's access"


RULE = Rule(
    id="KAITO033",
    severity=Severity.HIGH,
    title="inference configuration is sound",
    why="Every key below vllm becomes a flag of the server.",
    source="KAITO presets/workspace/inference/vllm/inference_api.py",
    remedy="drop the flag",
    kinds=(CONFIGMAP,),
    check=_check,
)
