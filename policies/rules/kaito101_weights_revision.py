"""Plain pods download the weights of one commit."""

import re

from kaitops.policies.anatomy import WORKLOADS
from kaitops.policies.reading import containers, is_plain, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_model = "--(?:model|pretrained_model_name_or_path)=[^ ;/]+/[^ ;]+"


def _check(document: Document, context: Context) -> Found:
    if not is_plain(document):
        return
    for path, container in containers(document):
        for place, word in enumerate(items(container.get("command"))):
            if re.search(_model, text(word)) and "revision=" not in text(word):
                yield (*path, "command", place), "downloads whatever the repository holds at that moment, code included"


RULE = Rule(
    id="KAITO101",
    severity=Severity.MEDIUM,
    title="plain pods pin the weights",
    why="The preset runs the repository's code; a restart must not bring in another version of it.",
    source="kaitops plain mode, deviation of pinned weights; OWASP LLM03",
    remedy="name the revision in fleet.yaml or take a preset with a recorded one, and render again",
    kinds=WORKLOADS,
    check=_check,
)
