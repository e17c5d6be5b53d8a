"""Configurations of vLLM that KAITO refuses, passes over or ends on."""

from tests.gate.mended import Case, edited
from tests.gate.objects import WORKSPACE

_TREE = (
    WORKSPACE
    + """\
  config: flags
---
apiVersion: v1
kind: ConfigMap
metadata: {name: flags, namespace: team}
data:
  inference_config.yaml: |
    kv_cache_cpu_memory_utilization: 0.5
    vllm:
      max-model-len: 8192
      dtype: bfloat16
      speculative-config: '{"method": "ngram", "num_speculative_tokens": 3, "prompt_lookup_max": 4}'
"""
)
_SMALL = _TREE[: _TREE.index("      max-model-len")] + "      gpu-memory-utilization: 0.05\n"
_REFUSED = "KAITO reads one value for each flag, so it refuses the workload"


def _edited(before: str, after: str, *words: str, count: int = 1) -> Case:
    return edited(_TREE, before, after, *words, count=count)


_BATCHED = _TREE.replace("dtype: bfloat16", "max-num-seqs: 64").replace(
    "      spec", "      max-num-batched-tokens: 8192\n      spec"
)
_WHOLE = _BATCHED.replace("      max-num-seqs: 64\n", "      no-enable-chunked-prefill: --no-enable-chunked-prefill\n")
CASES = {
    "a share of nothing": Case(
        _SMALL.replace("0.05", "0"), _SMALL.replace("0.05", "0.9"), ("is 0, which is not more than 0", "up to 1")
    ),
    "flags under another name of a file": _edited(
        "  inference-config.yaml:", "  inference_config.yaml:", "missing field(s): inference_config.yaml in ConfigMap"
    ),
    "fewer tokens in a step than questions": edited(
        _BATCHED, "tokens: 32", "tokens: 8192", "is 32, less than the 64 of max-num-seqs", "write 64 or more"
    ),
    "fewer tokens in a step than a prompt has": edited(
        _WHOLE, "tokens: 4096", "tokens: 8192", "is 4096, less than the 8192 of max-model-len", "drop no-enable-chunked-prefill"
    ),
    "more parts than the machine has GPUs": Case(
        _TREE.replace("dtype: bfloat16", "pipeline-parallel-size: 2"), _TREE,
        ("pipeline-parallel-size 2 takes 2 GPUs, and 1 x Standard_NC24ads_A100_v4 has 1", "drop the flag"),
    ),
    "a mapping for a number": _edited(
        "max-model-len: {tokens: 8192}", "max-model-len: 8192",
        f"vllm.max-model-len of ConfigMap team/flags is a mapping, and {_REFUSED}", "write one value", count=2,
    ),
    "a list for a word": _edited(
        "dtype: [bfloat16]", "dtype: bfloat16", f"vllm.dtype of ConfigMap team/flags is a list, and {_REFUSED}", count=2
    ),
    "a mapping for JSON": _edited(
        '{"method": "ngram", "num_speculative_tokens": 3, "prompt_lookup_max": 4}\n',
        """'{"method": "ngram", "num_speculative_tokens": 3, "prompt_lookup_max": 4}'\n""",
        """write it as JSON in quotes: '{"method": "ngram", "num_speculative_tokens": 3, "prompt_lookup_max": 4}'""",
        count=2,
    ),
    "a list of flags": Case(
        _TREE.replace("      max", "    - max").replace("      dtype", "      # ").replace("      spec", "      # "),
        _TREE, ("vllm of ConfigMap team/flags is a list, and KAITO reads a mapping of flags there",),
    ),
    "a length with a letter": _edited(
        "max-model-len: 8k", "max-model-len: 8192", "max-model-len must be an integer", "Write a whole number of tokens"
    ),
    "a length beyond the model": _edited(
        "max-model-len: 131073", "max-model-len: 8192", "exceeds model's maximum supported context window 131072"
    ),
    "no flags at all": Case(
        _TREE.split("      max-model-len")[0], _TREE, ("vllm: holds nothing, on which KAITO's server ends",)
    ),
    "a section in other letters": _edited("    vLLM:", "    vllm:", "vLLM: is read by nobody", "meant is vllm?"),
    "a flag beside the section": _edited(
        "    max-num-seqs: 16\n    vllm:\n", "    vllm:\n", "max-num-seqs: is read by nobody", "move it below 'vllm'"
    ),
    "more GPUs than the machine has": Case(
        _TREE.replace("dtype: bfloat16", "tensor-parallel-size: 2"), _TREE,
        ("tensor-parallel-size 2 takes 2 GPUs, and 1 x Standard_NC24ads_A100_v4 has 1", "drop the flag"),
    ),
    "a share that does not hold the weights": Case(
        _SMALL, _SMALL.replace("gpu-memory-utilization: 0.05", "gpu-memory-utilization: 0.9"),
        ("leave nothing of 3.9 GiB on each GPU for a KV cache", "raise gpu-memory-utilization"),
    ),
    "a share beyond the whole": _edited(
        "utilization: 1.5", "utilization: 0.5", "is 1.5, more memory than the machine has", "write at most 1"
    ),
    "a share in words": _edited("utilization: half", "utilization: 0.5", "is 'half', which is no number"),
}  # fmt: skip
FINE: dict[str, str] = {
    # KAITO gives most models a parser of tools itself.
    "tools without a parser": _TREE.replace("dtype: bfloat16", "enable-auto-tool-choice: --enable-auto-tool-choice"),
}
