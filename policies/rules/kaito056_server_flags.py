"""The server takes each flag of an inference configuration, as it is meant."""

from kaitops.policies import vllm
from kaitops.policies.anatomy import CONFIGMAP
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    return vllm.told(document, context.release.version, overridden=False)


RULE = Rule(
    id="KAITO056",
    severity=Severity.HIGH,
    title="flags of an inference configuration are ones that vLLM takes",
    why=(
        "KAITO writes each entry as two words, --key and the value. vLLM ends at start on a flag that it does not know "
        "or a value that it does not take, and a flag without a value does not look at the word behind it."
    ),
    source="vLLM vllm/engine/arg_utils.py; KAITO presets/workspace/inference/vllm/inference_api.py",
    remedy="give the corrected ConfigMap a new name, as KAITO does not look at it again",
    kinds=(CONFIGMAP,),
    check=_check,
)
