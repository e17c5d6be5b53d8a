"""An adapter that the server does not load."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_WAYS = (
    (
        r"No adapter found for|adapter_(config|model)\.\w+'? .*(not found|not exist)|Can't find 'adapter_config\.json'"
        r"|No such file or directory: .*adapter_(config|model)",
        "its files are not where the server looks",
        "fleet.yaml: {entry}.adapters: an image or volume that holds adapter_config.json and adapter_model.safetensors",
    ),
)
_PATTERN = (
    r"LoRA rank \d+ is greater than|expected target modules in|max_lora_rank|adapter_config\.json"
    r"|[Ll]oading lora .* failed|unsupported LoRA weight|does not support LoRA"
)


def _find(view: View) -> Said | None:
    if said := signs.by_ways(view, _WAYS, "the server does not load an adapter"):
        return said
    return signs.by_crash(
        view,
        _PATTERN,
        "the server does not load an adapter: it is larger than allowed, or of another model",
        f"fleet.yaml: {view.entry}.vllm.max-lora-rank: the rank of the adapter",
        f"fleet.yaml: {view.entry}.adapters: adapters that were tuned from this model",
    )


RULE = Rule(
    "adapter-refused",
    "engine",
    "degraded",
    "an adapter does not load: not there, its rank above what the server allows, or of another model",
    "the server ends on every start",
    _find,
)
