"""Fine-tuning asks for what KAITO can tune, and its data and result have names that work."""

from kaitops.kaito.training import METHODS, nameless, repeated, unpushable
from kaitops.policies.anatomy import WORKSPACE
from kaitops.policies.reading import at, items, mapping, number, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


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
    if text(tuning.get("method")).lower() not in METHODS:
        yield ("tuning", "method"), f"the method has to be one of {', '.join(METHODS)}"
    urls = [text(url) for url in items(at(tuning, "input", "urls"))]
    for place, url in enumerate(urls):
        if (wrong := nameless(url)) is not None:
            yield ("tuning", "input", "urls", place), wrong
    for place, first, name in repeated(urls):
        yield (
            ("tuning", "input", "urls", place),
            f"is kept as {name!r}, as urls[{first}] is, so the data of one is lost",
        )
    if (wrong := unpushable(text(at(tuning, "output", "image")))) is not None:
        yield ("tuning", "output", "image"), wrong


RULE = Rule(
    id="KAITO027",
    severity=Severity.MEDIUM,
    title="tunable preset, one node, known method, names that work",
    why=(
        "Few presets have tuning parameters; data is kept under its file's name, which a folder has not, and of two of "
        "one name one is lost; a push fails at the very end."
    ),
    source="KAITO presets/workspace/models, pkg/workspace/tuning",
    remedy=(
        "take a preset that kaitops catalogue marks as tunable, one node, lora or qlora, files with names of their "
        "own, and a tag of a registry of yours"
    ),
    kinds=(WORKSPACE,),
    check=_check,
)
