"""The trainer takes each setting of a tuning job."""

from kaitops.policies.anatomy import CONFIGMAP
from kaitops.policies.reading import TRAINING_KEY, mapping, parsed
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    data = mapping(document.get("data"))
    if TRAINING_KEY not in data:
        return
    from kaitops.kaito import trainer  # which only a tuning job needs

    sections = mapping(mapping(parsed(data[TRAINING_KEY])).get("training_config"))
    for path, text in trainer.problems(sections, context.release.version):
        yield ("data", TRAINING_KEY, "training_config", *path), f"{'.'.join(map(str, path))} {text}"


RULE = Rule(
    id="KAITO066",
    severity=Severity.HIGH,
    title="settings of a tuning job are ones that the trainer takes",
    why=(
        "KAITO hands each setting on as two words, --key and the value, to the parser of the trainer's libraries. The "
        "job ends on a key or a value that this does not take, when its machine has been paid for."
    ),
    source="KAITO presets/workspace/tuning/text-generation; transformers, peft and trl of that image",
    remedy="make a job that has ended on it anew",
    kinds=(CONFIGMAP,),
    check=_check,
)
