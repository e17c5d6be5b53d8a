"""Fine-tuning asks for what KAITO can tune."""

from kaitops.policies.anatomy import WORKSPACE
from kaitops.policies.reading import at, mapping, number, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_METHODS = ("lora", "qlora")


def _check(document: Document, context: Context) -> Found:
    tuning = mapping(document.get("tuning"))
    if not tuning:
        return
    name = text(at(tuning, "preset", "name"))
    preset = context.release.catalogue.find(name)
    if name and (preset is None or preset.tuning is None):
        yield ("tuning", "preset", "name"), f"{name} cannot be tuned by KAITO {context.release.version}"
    if (number(at(document, "resource", "count")) or 1) > 1:
        yield ("resource", "count"), "tuning runs on one node; the others would idle"
    if text(tuning.get("method")).lower() not in _METHODS:
        yield ("tuning", "method"), f"the method has to be one of {', '.join(_METHODS)}"


RULE = Rule(
    id="KAITO027",
    severity=Severity.MEDIUM,
    title="tunable preset, one node, known method",
    why="Few presets have tuning parameters; examples for withdrawn ones are still around.",
    source="KAITO presets/workspace/models, pkg/workspace/tuning",
    remedy="take a preset that kaitops catalogue marks as tunable, one node, and lora or qlora",
    kinds=(WORKSPACE,),
    check=_check,
)
