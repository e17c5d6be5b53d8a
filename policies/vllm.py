"""Flags of the vLLM server that open more than the model: what they do, and the values that do not.

Owns names and facts; judges nothing. Source: vLLM's engine and server arguments, as of the releases that KAITO runs.
"""

from bisect import bisect_left
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object, mapping
from kaitops.policies.reading import INFERENCE_KEY, parsed, whole
from kaitops.policies.rule import Found

if TYPE_CHECKING:
    from kaitops.kaito.vllm.flags import Table

_CODE, _FILES, _OUT = "loads code by name", "opens a file of the pod", "sends or takes what nobody checks"

FORBIDDEN: Mapping[str, str] = {
    "allowed-local-media-path": "requests may read files of the pod",
    "api-key": "the key stands in a ConfigMap; take a Secret at the gateway",
    "config": _FILES,
    "data-parallel-address": _OUT,
    "data-parallel-rpc-port": "opens a port that takes Python objects from whoever reaches it",
    "enable-prompt-embeds": "requests bring tensors, which are unpacked unchecked",
    "hf-config-path": _FILES,
    "hf-token": "the token stands in a ConfigMap; take modelAccessSecret",
    "host": "listens where nobody expects it",
    "io-processor-plugin": _CODE,
    "logits-processor-pattern": "requests name code that is loaded",
    "logits-processors": _CODE,
    "lora-modules": "loads adapters that nobody declared; take adapters of the Workspace",
    "master-addr": _OUT,
    "master-port": "opens a port that takes Python objects from whoever reaches it",
    "middleware": _CODE,
    "model": "serves another model than the one that was reviewed",
    "otlp-traces-endpoint": "sends prompts and answers to another host",
    "reasoning-parser-plugin": _CODE,
    "scheduler-cls": _CODE,
    "ssl-keyfile": _FILES,
    "structured-outputs-plugin": _CODE,
    "tokenizer": "takes the tokenizer and its code from another repository than the one that was reviewed",
    "tool-parser-plugin": _CODE,
    "tool-server": "calls tools of another host with what the model says",
    "trust-remote-code": "the model's repository runs code",
    "trust-request-chat-template": "requests bring templates that the server runs",
    "uds": "listens where nobody expects it",
    "worker-cls": _CODE,
    "worker-extension-cls": _CODE,
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "distributed-executor-backend": ("ray", "mp", "uni", "external_launcher"),
}
"""Flags that take a name of vLLM's own, and load any other as code."""
MODULES = ("kv_connector_module_path", "ec_connector_module_path", "auto_map")
"""Keys within a flag's value that name a module to load."""
DRAFTS = "speculative-config"
"""The flag that may name a second model, which is loaded as the first is, code included."""
_LEAST = 3
# Flags of their own that another one begins with: the server takes a whole name before it takes a start.
_WHOLE = frozenset({"reasoning-parser"})
_ORDERED = sorted(FORBIDDEN)
_PLAIN = frozenset({"max-model-len"})
_JSON = frozenset({"json", "object", "text or json"})


def section(document: Object) -> Object:
    """The ``vllm`` section of an inference configuration that the server's own flags are asked of.

    Empty where there is nothing to ask: a length alone, as nearly every configuration has it, is a flag of each vLLM.
    """
    found = mapping(mapping(parsed(mapping(document.get("data")).get(INFERENCE_KEY))).get("vllm"))
    return {} if _PLAIN.issuperset(found) and all((whole(value) or 0) > 0 for value in found.values()) else found


def told(document: Object, version: str, *, overridden: bool) -> Found:
    """What is the matter with the flags of an inference configuration, each at its key.

    Args:
        version: of KAITO, whose vLLM is asked.
        overridden: ask for flags that KAITO sets itself, else for what the server refuses or takes otherwise.
    """
    data = mapping(document.get("data"))
    if INFERENCE_KEY not in data:
        return
    flags, config = section(document), mapping(parsed(data[INFERENCE_KEY]))
    if not flags and set(config) == {"vllm"} and config["vllm"]:
        return
    # Only a configuration with flags pays for reading them as the server does.
    from kaitops.kaito.vllm import judging, outer
    from kaitops.kaito.vllm.flags import table

    known = table(version)
    if known is None:
        return
    for key, message in outer.problems(config, known) if not overridden else ():
        yield ("data", INFERENCE_KEY, key), f"{key}: {message}"
    single = {key: value for key, value in flags.items() if not isinstance(value, dict | list)}
    ask = judging.overridden if overridden else judging.problems
    for problem in ask(single, known):
        yield ("data", INFERENCE_KEY, "vllm", problem.key), f"vllm.{problem.key}: {problem.message}"
    for key, value in flags.items() if not overridden else ():
        if key not in single:
            yield ("data", INFERENCE_KEY, "vllm", key), f"vllm.{key}: {_structured(key, value, known)}"


def _structured(key: str, value: object, known: "Table") -> str:
    import json

    kind = "a mapping" if isinstance(value, dict) else "a list"
    flag = known.get(key.replace("_", "-"))
    as_text = json.dumps(value, default=str).replace("'", "''")
    remedy = f"write it as JSON in quotes: '{as_text}'" if flag is not None and flag.type in _JSON else "write one"
    return f"is {kind}, and KAITO reads one value for each flag, so it refuses what names this ConfigMap; {remedy}"


def forbidden(key: str) -> tuple[str, str] | None:
    """Flag and fact of a key, however it is written: with dashes, cut short, or with a part after a dot."""
    flag = key.strip().lstrip("-").replace("_", "-").partition(".")[0]
    if flag in FORBIDDEN:
        return flag, FORBIDDEN[flag]
    if len(flag) < _LEAST or flag in _WHOLE:
        return None
    # The first name that is not before what was written begins with it, or none does.
    place = bisect_left(_ORDERED, flag)
    name = _ORDERED[place] if place < len(_ORDERED) else ""
    return (name, FORBIDDEN[name]) if name.startswith(flag) else None
