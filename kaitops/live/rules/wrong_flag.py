"""A flag that the server does not know or does not take."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_CAUSE = "the server does not take one of its flags"
_GATE = "kaitops gate manifests (judges flags by the vLLM of this KAITO version)"
_WAYS = (
    (
        r"max_model_len \S+ is greater than the derived",
        "the context is longer than the model's own",
        "fleet.yaml: {entry}.context: at most the number that the line above gives",
    ),
    (
        r"invalid (tool call|reasoning) parser|(tool|reasoning)( call)? parser '?[^']+'? not found",
        "it has no parser of that name",
        "fleet.yaml: {entry}.vllm: one of the names in the line above",
    ),
    (
        r"enable-auto-tool-choice requires",
        "tool calls are switched on without a parser that reads them",
        "fleet.yaml: {entry}.vllm.tool-call-parser: the parser for the model's form of tool calls",
    ),
    (
        r"GPU memory utilization must be|gpu_memory_utilization must be",
        "the share of the GPU's memory is no number above 0 and up to 1",
        "fleet.yaml: {entry}.vllm.gpu-memory-utilization: such as 0.9, or take it out",
    ),
    (
        r"max_num_batched_tokens \S+ must be greater than or equal to max_num_seqs",
        "fewer tokens may be worked on at a time than there may be requests",
        "fleet.yaml: {entry}.vllm.max-num-seqs: a smaller number, or a larger max-num-batched-tokens",
    ),
    (
        r"Quantization method specified in the model config",
        "the weights are quantised in another way than the flag says",
        "fleet.yaml: {entry}.vllm.quantization: take it out, the model's own files tell",
    ),
    (
        r"Cannot find the config file for \w+$",
        "the weights are not quantised, and the flag says they are",
        "fleet.yaml: {entry}.vllm.quantization: take it out, the model's own files tell",
    ),
    (
        r"max_tokens_per_mm_item \S+ is larger than max_num_batched_tokens",
        "fewer tokens may be worked on at a time than one image or clip may hold",
        "fleet.yaml: {entry}.vllm.max-num-batched-tokens: at least the first number in the line above",
    ),
    (
        r"max_num_batched_tokens \S+ is smaller than max_model_len",
        "fewer tokens may be worked on at a time than a request may hold",
        "fleet.yaml: {entry}.vllm.max-num-batched-tokens: at least the context, or take it out",
    ),
    (
        r"World size \S+ is larger than the number of available GPUs",
        "more GPUs are asked for than the pod has",
        "fleet.yaml: {entry}.vllm: without tensor-parallel-size and pipeline-parallel-size, which KAITO sets",
    ),
    (
        r"yaml\.(scanner|parser|constructor|composer)\.\w+Error",
        "the file that holds them is not YAML",
        "kubectl get configmaps -o yaml, in its namespace (the one that inference.config names)",
    ),
    (
        r"Unknown quantization method",
        "it knows no quantisation of that name",
        "fleet.yaml: {entry}.vllm.quantization: one of the names in the line above, or take it out",
    ),
    (
        r"Selected backend \S+ is not valid|attention backend",
        "the attention backend that is named does not fit the model or GPU",
        "fleet.yaml: {entry}.vllm: without attention-backend, and without the variable VLLM_ATTENTION_BACKEND",
    ),
    (
        r"VLLM_PORT '?\S+ appears to be a URI|get_vllm_port|invalid literal for int\(\) with base 10: 'tcp://",
        "a Service called vllm in its namespace gives it a variable VLLM_PORT that is no number",
        "rename that Service, or enableServiceLinks: false in a template of your own",
    ),
    (
        r"Speculative decoding .* not supported",
        "it cannot guess ahead in that way",
        "fleet.yaml: {entry}.vllm.speculative-config: another method, or take it out",
    ),
    (
        r"(Chunked prefill|Prefix caching|LoRA|Pipeline parallelism?) is not supported",
        "the model cannot do what a flag asks",
        "fleet.yaml: {entry}.vllm: without the flag that the line above names",
    ),
    (
        r"AssertionError: \d+ is not divisible by \d+|vocab\S* .*divisible"
        r"|attention heads .*must be divisible by tensor parallel size",
        "the model cannot be parted among so many GPUs",
        "fleet.yaml: {entry}.gpu: a size whose number of GPUs divides the number of heads",
    ),
)
_PATTERN = (
    r"unrecognized arguments|error: argument|invalid choice|ambiguous option|expected one argument"
    r"|validation errors? for \w*(Config|Args)\b|Value error, .*input_value=ArgsKwargs"
    r"|got an unexpected keyword argument"
)


def _find(view: View) -> Said | None:
    if said := signs.by_ways(view, _WAYS, _CAUSE, _GATE):
        return said
    return signs.by_crash(
        view,
        _PATTERN,
        _CAUSE,
        f"fleet.yaml: {view.entry}.vllm: take the flag out or correct it",
        _GATE,
    )


RULE = Rule(
    "wrong-flag",
    "engine",
    "degraded",
    "the server does not know a flag, or refuses its value",
    "it ends on every start",
    _find,
)
