"""Workspaces that serve a preset."""

from tests.situations.making import A10, A100, A100_2, H100_2, RETIRED, Situation, adapter, serve, settings

_TOKEN = "model-token"
_PLACE = "SIZE-OF-YOUR-MACHINE"
_NODES = ["edge-box-1"]
_AWS = "g5.4xlarge"
_BLANK = "{registry}/{adapter}:v1"
_SMALL = "max_probe_steps: 4\nvllm:\n  max-model-len: 8192\n  swap-space: 2\n  cpu-offload-gb: 0\n"
_SHARE = "vllm:\n  gpu-memory-utilization: {}\n"
_SPLIT = (
    "max_probe_steps: 5\nvllm:\n  tensor-parallel-size: 2\n  max-model-len: 65536\n  gpu-memory-utilization: 0.9\n"
    "  swap-space: 2\n  max-seq-len-to-capture: 4096\n  num-scheduler-steps: 1\n  enable-chunked-prefill: true\n"
)
_LONG = "vllm:\n  max-model-len: 8192\n  gpu-memory-utilization: 0.9\n  swap-space: 2\n  cpu-offload-gb: 0\n"
_TOOLS = (
    "vllm:\n  max-model-len: 8192\n  swap-space: 2\n  tool-call-parser: phi4_mini_json\n"
    '  chat-template: "/workspace/chat_templates/tool-chat-phi4-mini.jinja"\n'
)


def _edge(name: str, preset: str, like: str, **wishes: object) -> Situation:
    """On a cluster outside of Azure, with the size left to fill in."""
    maps = {"edge-settings": settings(_SMALL)} if "config" in wishes else {}
    return Situation(
        serve(name, preset, _PLACE, nodes=_NODES, **wishes), f"inference/arc-examples/{like}", maps, cloud="arc"
    )


def _example(name: str, preset: str, like: str, size: str = A100, text: str = "", **wishes: object) -> Situation:
    """On Azure; with settings of the server where there is a text."""
    if not text:
        return Situation(serve(name, preset, size, **wishes), f"inference/{like}")
    document = serve(name, preset, size, config=f"{name}-settings", **wishes)
    return Situation(document, f"inference/{like}", {f"{name}-settings": settings(text)})


def _page(
    name: str, preset: str, like: str, size: str | None = A100, cloud: str = "azure", **wishes: object
) -> Situation:
    """As a page of documentation shows it."""
    return Situation(serve(name, preset, size, **wishes), f"docs/{like}", cloud=cloud)


SITUATIONS = (
    _edge("edge-reasoner", "deepseek-r1-distill-llama-8b", "kaito_workspace_deepseek_r1_distill_llama_8b.yaml"),
    _edge(
        "edge-reasoner-tuned",
        "deepseek-r1-distill-llama-8b",
        "kaito_workspace_deepseek_r1_distill_llama_8b_with_customized_config.yaml",
        config="edge-settings",
    ),
    _edge("edge-thinker", "deepseek-r1-distill-qwen-14b", "kaito_workspace_deepseek_r1_distill_qwen_14b.yaml"),
    _edge("edge-chat", "phi-3.5-mini-instruct", "kaito_workspace_phi_3.5-instruct.yaml"),
    _edge("edge-long-reader", "phi-3-medium-128k-instruct", "kaito_workspace_phi_3_medium_128k.yaml"),
    _edge("edge-short-reader", "phi-3-medium-4k-instruct", "kaito_workspace_phi_3_medium_4k.yaml"),
    _edge("edge-long-helper", "phi-3-mini-128k-instruct", "kaito_workspace_phi_3_mini_128k.yaml"),
    _edge("edge-short-helper", "phi-3-mini-4k-instruct", "kaito_workspace_phi_3_mini_4k.yaml"),
    _edge(
        "edge-adapted",
        "phi-3-mini-128k-instruct",
        "kaito_workspace_phi_3_with_adapters.yaml",
        adapters=[adapter("house-style", "registry.example.com/adapters/style:1", "1.0")],
    ),
    _edge("edge-assistant", "phi-4-mini-instruct", "kaito_workspace_phi_4_mini.yaml"),
    _edge("edge-coder", "qwen2.5-coder-7b-instruct", "kaito_workspace_qwen_2.5_coder_7b-instruct.yaml"),
    Situation(
        serve(
            "sliced-llama",
            "llama-3.1-8b-instruct",
            None,
            secret=_TOKEN,
            partition={"mode": "accelerator", "count": 2},
        ),
        "inference/kaito_workspace_accelerator.yaml",
    ),
    _example("split-thinker", "deepseek-r1-distill-qwen-14b", "kaito_workspace_custom_config.yaml", text=_SPLIT),
    _example("giant-reasoner", "deepseek-r1-0528", "kaito_workspace_deepseek_r1.yaml", H100_2, count=6),
    _example("small-reasoner", "deepseek-r1-distill-llama-8b", "kaito_workspace_deepseek_r1_distill_llama_8b.yaml"),
    _example("middle-thinker", "deepseek-r1-distill-qwen-14b", "kaito_workspace_deepseek_r1_distill_qwen_14b.yaml"),
    _example("giant-writer", "deepseek-v3-0324", "kaito_workspace_deepseek_v3.yaml", H100_2, count=6),
    _example("gated-painter", "gemma-3-27b-instruct", "kaito_workspace_gemma_3_27b_instruct.yaml", secret=_TOKEN),
    _example("gated-sketcher", "gemma-3-4b-instruct", "kaito_workspace_gemma_3_4b_instruct.yaml", A10, secret=_TOKEN),
    _example("open-giant", "gpt-oss-120b", "kaito_workspace_gpt_oss_120b.yaml", text=_SHARE.format(0.9), secret=_TOKEN),
    _example("open-small", "gpt-oss-20b", "kaito_workspace_gpt_oss_20b.yaml", A10, text=_SHARE.format(0.8)),
    _example(
        "roomy-llama",
        "llama-3.1-8b-instruct",
        "kaito_workspace_llama-3.1_8b_instruct.yaml",
        "Standard_NC96ads_A100_v4",
        secret=_TOKEN,
    ),
    _example(
        "wide-llama",
        "llama-3.3-70b-instruct",
        "kaito_workspace_llama-3.3_70b_instruct.yaml",
        A100_2,
        text=_LONG,
        count=2,
        secret=_TOKEN,
    ),
    _example("breeze-large", "ministral-3-14b-instruct", "kaito_workspace_ministral_3_14b_instruct.yaml"),
    _example("breeze-small", "ministral-3-3b-instruct", "kaito_workspace_ministral_3_3b_instruct.yaml", A10),
    _example("breeze-middle", "ministral-3-8b-instruct", "kaito_workspace_ministral_3_8b_instruct.yaml"),
    _example("wind-instructed", "mistral-7b-instruct", "kaito_workspace_mistral_7b-instruct.yaml"),
    _example("wind-plain", "mistral-7b", "kaito_workspace_mistral_7b.yaml"),
    _example(
        "storm", "mistral-large-3-675b-instruct", "kaito_workspace_mistral_large_3_675b_instruct.yaml", H100_2, count=6
    ),
    _example("pocket-chat", "phi-3.5-mini-instruct", "kaito_workspace_phi_3.5-instruct.yaml"),
    _example("long-reader", "phi-3-medium-128k-instruct", "kaito_workspace_phi_3_medium_128k.yaml"),
    _example("short-reader", "phi-3-medium-4k-instruct", "kaito_workspace_phi_3_medium_4k.yaml"),
    _example("long-helper", "phi-3-mini-128k-instruct", "kaito_workspace_phi_3_mini_128k.yaml"),
    _example("short-helper", "phi-3-mini-4k-instruct", "kaito_workspace_phi_3_mini_4k.yaml"),
    _example(
        "strong-adapter",
        "phi-3-mini-128k-instruct",
        "kaito_workspace_phi_3_with_adapters.yaml",
        adapters=[adapter("house-style", "registry.example.com/adapters/style:1", "1.0")],
    ),
    _example("desk", "phi-4", "kaito_workspace_phi_4.yaml"),
    _example("desk-mini", "phi-4-mini-instruct", "kaito_workspace_phi_4_mini.yaml"),
    _example(
        "desk-busy", "phi-4-mini-instruct", "kaito_workspace_phi_4_mini_throughput.yaml", performance_mode="throughput"
    ),
    _example("code-large", "qwen2.5-coder-32b-instruct", "kaito_workspace_qwen_2.5_coder_32b-instruct.yaml"),
    _example("code-small", "qwen2.5-coder-7b-instruct", "kaito_workspace_qwen_2.5_coder_7b-instruct.yaml"),
    _example("tool-user", "phi-4-mini-instruct", "kaito_workspace_tool_calling.yaml", text=_TOOLS),
    _page("other-cloud", "phi-4-mini-instruct", "aws.md:183", _AWS, "aws"),
    _page("first-on-azure", "phi-4-mini-instruct", "azure.md:148"),
    _page("own-node-class", "phi-4-mini-instruct", "azure.md:209", node_class_name="own-image-family"),
    _page("brought-falcon", "falcon-7b", "kaito-on-byo-gpu-nodes.md:203", "${SIZE}"),
    _page(
        "runtime-adapter",
        "phi-3-mini-128k-instruct",
        "lora-adapters.md:100",
        runtime="transformers",
        adapters=[adapter("legal-tone", _BLANK, "1.0")],
    ),
    _page(
        "blank-adapter", "phi-3-mini-128k-instruct", "lora-adapters.md:124", adapters=[adapter("legal-tone", _BLANK)]
    ),
    _page(
        "volume-adapter",
        "phi-4-mini-instruct",
        "lora-adapters.md:147",
        adapters=[{"source": {"name": "on-disk", "volume": {"persistentVolumeClaim": {"claimName": "adapter-disk"}}}}],
    ),
    _page(
        "two-adapters",
        "falcon-7b",
        "lora-adapters.md:215",
        runtime="transformers",
        adapters=[adapter("contracts", _BLANK, "0.7"), adapter("abstracts", _BLANK, "0.4")],
    ),
    _page("streamed", "phi-4-mini-instruct", "model-mirror-streaming.md:177", A100_2),
    _page("not-streamed", "phi-4-mini-instruct", "model-mirror-streaming.md:216", A100_2, model_streaming="disabled"),
    _page(
        "sliced-mini",
        "microsoft/Phi-4-mini-instruct",
        "multi-gpu-instance.md:101",
        None,
        partition={"mode": "mig", "profile": "2g.24gb"},
    ),
    _page("many-nodes", "llama-3.3-70b-instruct", "multi-node-inference.md:39", H100_2),
    _page("not-recorded", "Qwen/Qwen3-0.6B", "presets.md:79", secret=_TOKEN),
    _page("first-retired", "phi-4-mini-instruct", "quick-start.mdx:25", RETIRED),
    _page("first-elsewhere", "phi-4-mini-instruct", "quick-start.mdx:49", _AWS, "aws"),
    _page("first-brought", "phi-4-mini-instruct", "quick-start.mdx:85", None),
    _page("by-repository", "google/gemma-4-31B-it", "workspace.md:53"),
    _page("not-measured", "microsoft/Phi-4-mini-instruct", "workspace.md:92", disable_benchmark="true"),
)
