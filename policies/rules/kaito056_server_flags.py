"""The server takes each flag of an inference configuration, as it is meant."""

from kaitops.policies import vllm
from kaitops.policies.anatomy import CONFIGMAP
from kaitops.policies.reading import INFERENCE_KEY
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    section = vllm.section(document)
    if not section:
        return
    # Only a configuration with flags pays for reading them as the server does.
    from kaitops.kaito.vllm.flags import table
    from kaitops.kaito.vllm.judging import problems

    flags = table(context.release.version)
    for problem in problems(section, flags) if flags is not None else ():
        yield ("data", INFERENCE_KEY, "vllm", problem.key), f"vllm.{problem.key}: {problem.message}"


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
