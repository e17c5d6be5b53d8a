"""Pods do not run code from a model's repository."""

import re
from collections.abc import Iterator, Mapping

from kaitops.documents.plain import Object
from kaitops.policies import cel, words
from kaitops.policies.anatomy import CONFIGMAP, PODS
from kaitops.policies.made import cel_made, cel_runs, is_made, runs_kaito
from kaitops.policies.reading import TRAINING_KEY, containers, group_kind, items, mapping, text
from kaitops.policies.reading import words as words_of
from kaitops.policies.rule import Config, Context, Document, Found, Rule, Severity

_FLAG, _LEAST = "trust-remote-code", 2
_RUN = f"{words.as_flag(_FLAG, _LEAST)}|{words.as_setting(_FLAG)}"
_VALUE = f"{_RUN}|{words.bare(_FLAG)}"  # of a variable, to which another one may bring the dashes
_WRITTEN = f"{words.as_flag(_FLAG, len('trust-rem'))}|{words.as_setting(_FLAG)}"
_NAME, _ON = "(?i:trust_remote_code)$", "^(?i:true|1|yes|on)$"
_reference = r"\$(?:\(([A-Za-z0-9_.-]+)\)|\{([A-Za-z0-9_]+)\}|([A-Za-z_][A-Za-z0-9_]*))"
_UNQUOTED = str.maketrans("", "", "\"'\\")
_FACT = "runs the code that the model's repository holds at that moment"


def _check(document: Document, context: Context) -> Found:
    if group_kind(document) == CONFIGMAP:
        # KAITO's own fine-tuning configuration says it, of the models that KAITO ships.
        for key, value in mapping(document.get("data")).items():
            if key != TRAINING_KEY and _is_near(text(value)) and re.search(_WRITTEN, text(value)):
                yield ("data", key), _FACT
        return
    made = is_made(document, context)
    for path, container in containers(document):
        if made and runs_kaito(container, context):
            continue
        variables = dict(_variables(container))
        for where, word in words_of(container):
            pattern = _VALUE if where[0] == "env" else _RUN
            if re.search(pattern, word) or re.search(pattern, _expanded(word, variables)):
                yield (*path, *where), _FACT
        for place, variable in enumerate(items(container.get("env"))):
            held = mapping(variable)
            if re.search(_NAME, text(held.get("name"))) and re.search(_ON, text(held.get("value"))):
                yield (*path, "env", place, "value"), _FACT


def _is_near(value: str) -> bool:
    """Whether a text holds the flag's first word, however it is quoted: the pattern costs more than most texts."""
    return "trust" in value.translate(_UNQUOTED).lower()


def _variables(container: Object) -> Iterator[tuple[str, str]]:
    for variable in items(container.get("env")):
        yield text(mapping(variable).get("name")), text(mapping(variable).get("value"))


def _expanded(word: str, variables: Mapping[str, str]) -> str:
    """The word as the kubelet or a shell makes it of variables whose values are written; once, as they do."""
    return re.sub(_reference, lambda found: variables.get(found[1] or found[2] or found[3], found[0]), word)


def _cel(kind: str, config: Config) -> str:
    if kind == CONFIGMAP:
        written = f"object.data.all(k, k == '{TRAINING_KEY}' || !object.data[k].matches({cel.quoted(_WRITTEN)}))"
        return cel.unless("object.data", written)
    named = f"!e.name.matches({cel.quoted(_NAME)}) || !e.value.matches({cel.quoted(_ON)})"
    parts = (
        cel.word_of(*(f"!w.matches({cel.quoted(pattern)})" for pattern in (_RUN, _VALUE))),
        cel.each("c.env", "e", cel.unless("e.value", named, "e"), "c"),
    )
    kaitos = f"({cel_made(kind, config)} && {cel_runs('c', config)})"
    return cel.containers(kind, f"({kaitos} || ({' && '.join(parts)}))")


RULE = Rule(
    id="KAITO016",
    severity=Severity.HIGH,
    title="no trust-remote-code in pods",
    why="Whoever can push to the model's repository runs code beside the data.",
    source="OWASP LLM03",
    remedy="drop the flag; take a model whose architecture the runtime knows",
    kinds=(*PODS, CONFIGMAP),
    pods=True,
    check=_check,
    cel=_cel,
)
