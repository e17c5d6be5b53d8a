"""What stands in an inference configuration beside the flags: KAITO's server reads three keys, and no other.

Source: KAITO's ``presets/workspace/inference/vllm/inference_api.py``, which takes the three by name.
"""

from collections.abc import Iterator

from kaitops.documents.plain import Object
from kaitops.errors import nearest
from kaitops.kaito.vllm.flags import Table

SECTION, STEPS, SHARE = "vllm", "max_probe_steps", "kv_cache_cpu_memory_utilization"
KNOWN = (SECTION, STEPS, SHARE)


def problems(config: Object, table: Table) -> Iterator[tuple[str, str]]:
    """Key and message of each that does nothing, or that the server ends on."""
    for key in config:
        if key not in KNOWN:
            yield key, f"is read by nobody, so it does nothing; {_meant(key, table)}"
    if SECTION in config and config[SECTION] is None:
        yield SECTION, "holds nothing, on which KAITO's server ends at its start; write {} or drop it"
    share = config.get(SHARE)
    if share is not None:
        number = isinstance(share, int | float) and not isinstance(share, bool)
        if not number:
            yield SHARE, f"is {share!r}, which is no number, so the server ends at its start; write one from 0 to 1"
        elif share > 1:
            yield SHARE, f"is {share}, more memory than the machine has, so the server is killed; write at most 1"


def _meant(key: str, table: Table) -> str:
    if table.get(key.replace("_", "-")) is not None:
        return f"it is a flag of vLLM, move it below '{SECTION}'"
    near = nearest(key.lower().replace("-", "_"), KNOWN, 1, 0.7)
    return f"meant is {near[0]}?" if near else "drop it"
