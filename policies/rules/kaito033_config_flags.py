"""An inference configuration can be read and opens nothing."""

import re

from kaitops.policies import vllm
from kaitops.policies.anatomy import CONFIGMAP
from kaitops.policies.reading import INFERENCE_KEY, at, mapping, parsed, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_MODEL = re.compile(r"""\bmodel['"]?\s*:""")


def _check(document: Document, context: Context) -> Found:
    written = mapping(document.get("data")).get(INFERENCE_KEY)
    if written is None:
        return
    path = ("data", INFERENCE_KEY)
    if parsed(written) is None:
        yield path, "is not one YAML mapping with each key once, so what the server gets is not known"
        return
    for key, value in mapping(mapping(parsed(written)).get("vllm")).items():
        if known := vllm.forbidden(key):
            yield path, f"vllm.{known[0]}: {known[1]}"
        choices = vllm.CHOICES.get(key.replace("_", "-"))
        if choices and text(value) not in choices:
            yield path, f"vllm.{key}: is none of {', '.join(choices)}, so it names code that is loaded"
        if any(name in f"{key}: {value}" for name in vllm.MODULES):
            yield path, f"vllm.{key}: names a module that is loaded as code"
        if key.replace("_", "-").startswith(vllm.DRAFTS) and _MODEL.search(f"{key}: {value}"):
            yield path, f"vllm.{key}: loads a second model that nobody reviewed, with the code of its repository"
        if key.replace("_", "-") == "allowed-origins" and _is_any(value):
            yield path, "vllm.allowed-origins: any web page may send requests with the user's access"


def _is_any(origins: object) -> bool:
    return origins == "*" or (isinstance(origins, str) and '"*"' in origins) or at(origins, 0) == "*"


RULE = Rule(
    id="KAITO033",
    severity=Severity.HIGH,
    title="inference configuration is sound",
    why="Every key below vllm becomes a flag of the server.",
    source="KAITO presets/workspace/inference/vllm/inference_api.py",
    remedy="drop the flag; where it is no mapping, write one with each key once",
    kinds=(CONFIGMAP,),
    check=_check,
)
