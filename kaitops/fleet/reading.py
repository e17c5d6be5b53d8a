"""Reading ``fleet.yaml``: text in, checked plain data with positions out.

Owns the errors about the form of the file. What the declarations mean together is the plan's business.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import MutableObject, Object, Path, Steps, at, dotted, items, mapping
from kaitops.errors import BadInput, nearest
from kaitops.fleet import layers, shape
from kaitops.secrets import secret_names, tokens

INLINE = "the arguments"
"""Name of a fleet that a program holds: it has no lines, so messages name the path alone."""
_GROUPS = ("models", "tuning", "rag", "mirrors", layers.KEY)
_NAMES = "secretEnv"
# As the command line takes it.
_NUMBER = re.compile(r"(\d{1,6})(k?)", re.IGNORECASE)
_REMOTE = ("secrets", "names")


class Source(NamedTuple):
    """A fleet as declared: plain data of the right shape, and where each part is written.

    Attributes:
        data: with what an environment says of its clusters in each of them.
        document: as it is written.
    """

    data: MutableObject
    document: reader.Document

    def parts(self) -> Iterator[tuple[tuple[str, str], Object]]:
        """What is written of each cluster and each environment, with its path: what an edit may name."""
        for key in ("clusters", layers.KEY):
            for name, declared in mapping(mapping(self.document.data).get(key)).items():
                yield (key, name), mapping(declared)

    @property
    def file(self) -> str:
        """The file's name as given."""
        return self.document.file

    def at(self, path: Steps, message: str) -> str:
        """A message with file, line and column of a path, and the path itself."""
        return f"{_place(self.document, path)}: {message}"


def read(raw: bytes, name: str) -> Source:
    """Read a fleet from the bytes of a file.

    Raises:
        BadInput: everything that is wrong with the form of the file, one line each with its position.
    """
    documents = reader.read_bytes(raw, name)
    if not documents:
        raise BadInput(f"{name}: the file is empty; 'kaitops init' writes a first fleet")
    if len(documents) > 1:
        raise BadInput(f"{name}: holds {len(documents)} documents; a fleet is one document, remove the '---' lines")
    document = documents[0]
    _refuse_secrets(raw.decode("utf-8-sig", "replace"), name)
    _refuse_named(document)
    layered = layers.applied(_without_empty(document.data))
    if not shape.load().accepts(layered):
        raise _explain(document, layered)
    return Source(layered, document)


def _place(document: reader.Document, path: Steps) -> str:
    if document.file == INLINE:
        return dotted(path)
    line, column = document.locate(path)
    return f"{document.file}:{line}:{column}: {dotted(path)}"


def _without_empty(data: Any) -> Any:
    """A group with nothing written below it declares nothing, as where the last model was commented out."""
    if not isinstance(data, dict):
        return data
    return {key: value for key, value in mapping(data).items() if value is not None or key not in _GROUPS}


def _refuse_secrets(text: str, name: str) -> None:
    found = tokens.find(text)
    if found:
        lines = [
            f"{_line(name, text, token.offset)}: this looks like {token.kind} "
            f"({token.length} characters); whoever reads the repository could use it, so it is refused: put it into a "
            "Kubernetes Secret, name the Secret here, and revoke the value if it is real"
            for token in found
        ]
        raise BadInput("\n".join(lines))


def _line(name: str, text: str, offset: int) -> str:
    return name if name == INLINE else f"{name}:{text.count(chr(10), 0, offset) + 1}"


def _refuse_named(document: reader.Document) -> None:
    """Values under a name that means a secret: no pattern knows them, and they would be in the tree for good."""
    messages: list[str] = []
    for path, name, value in secret_names.literals(document.data):
        if _NAMES in path[-2:-1] or path[-3:-1] == _REMOTE:
            continue  # names of Secrets, here or in a store, held to the form of one
        messages.append(
            f"{_place(document, path)}: {name[:60]} means a secret, and its value "
            f"({len(value)} characters) would lie in the tree for whoever reads it, so it is refused: put it into a "
            f"Kubernetes Secret and name that ({_remedy(path)}), and revoke the value if it is real"
        )
    if messages:
        raise BadInput("\n".join(messages))


def _remedy(path: Steps) -> str:
    if "custom" in path:
        return "secretEnv: {VARIABLE: SECRET} gives it to the container"
    if "vllm" in path:
        return "a flag shows its value to all; ask for credentials at the gateway in front of the model"
    return "secret: NAME where the part takes one"


def check_part(source: Source, part: str, data: Object, path: Steps) -> None:
    """Check merged data of one part, such as a model with the differences of a cluster.

    Raises:
        BadInput: with the position of the difference.
    """
    if shape.load().accepts_part(part, data):
        return
    from kaitops.fleet import schema

    errors = _errors(getattr(schema, part), data)
    messages = [source.at([*path, *where], text) for where, text in errors]
    raise BadInput("\n".join(messages) or source.at(path, "does not have the form of a declaration"))


def _explain(document: reader.Document, data: Any) -> BadInput:
    from kaitops.fleet import schema

    if not isinstance(data, dict):
        return BadInput(f"{document.file}:1: a fleet is a mapping with the keys kaito, clusters and models")
    messages: list[str] = []
    for path, text in _errors(schema.Fleet, mapping(data)):
        messages.append(f"{_place(document, path)}: {text}")
    if not messages:
        # The quick check and the models disagree: a defect of ours, and rendering on would hide it.
        raise AssertionError("the fleet schema file does not match the models; run 'kaitops schema' and compare")
    return BadInput("\n".join(messages))


def _errors(model: Any, data: Any) -> list[tuple[list[str | int], str]]:
    from pydantic import ValidationError

    try:
        model.model_validate(data)
    except ValidationError as error:
        found: dict[Path, str] = {}
        for each in error.errors(include_url=False):
            path = _real_path(each["loc"], data)
            # A union reports each branch; the first one is the one that people mean.
            found.setdefault(tuple(path), _say(each, model, path))
        return [(list(path), text) for path, text in found.items()]
    return []


def _real_path(location: Steps, data: Any) -> list[str | int]:
    """The location without the steps that name a branch of a union or a key's own check."""
    path: list[str | int] = []
    for step in location:
        if step in mapping(data) or (isinstance(data, list) and isinstance(step, int)):
            path.append(step)
            data = at(data, step)
        elif isinstance(data, dict) and step == location[-1] and step != "[key]":
            path.append(step)
    return path


def _say(error: Object, model: object, path: list[str | int]) -> str:
    kind, value, context = error["type"], error.get("input"), mapping(error.get("ctx"))
    if kind == "extra_forbidden":
        if path[-1] == "kaito":
            # What people look for when a stage is to run another version first.
            return "unknown key; the version stands once, at the top; clusters on another one are a fleet of their own"
        known = known_keys(model, path)
        close = nearest(str(path[-1]), known)
        hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(sorted(known))}"
        return f"unknown key; {hint}"
    if kind == "missing":
        return "is missing and has no default; add it"
    if kind == "literal_error":
        return f"{value!r} is none of {context.get('expected', '')}"
    if kind == "string_pattern_mismatch":
        if any("secret" in str(step).lower() for step in path):
            # Whoever writes the secret here in place of its name must not find it in a log as well.
            return (
                f"this text of {len(str(value))} characters is not the name of a Secret; name one, never write a value"
            )
        from kaitops.fleet.spelling import WORDS  # only who is refused loads it

        pattern = str(context.get("pattern", ""))
        return f"{_short(value)} {WORDS.get(pattern, f'does not match {pattern}')}"
    if kind in {"too_short", "greater_than_equal", "less_than_equal", "string_too_short"}:
        return f"{_short(value)}: {error['msg'][:1].lower()}{error['msg'][1:]}"
    names = {"string_type": "text", "int_type": "a whole number", "bool_type": "true or false", "list_type": "a list"}
    wanted = names.get(kind) or ("a mapping" if kind in {"dict_type", "model_type"} else None)
    if wanted == "a mapping" and value is None:
        return "nothing stands below it, where keys belong; give it some, or take it out"
    if wanted:
        return f"must be {wanted}, is {_short(value)}{_in_its_form(wanted, value, takes_tokens(model, path))}"
    return f"{error['msg']}, is {_short(value)}"


def _in_its_form(wanted: str, value: object, tokens: bool) -> str:
    """How to write what was meant, where that is plain."""
    if wanted == "text" and isinstance(value, int | float):
        return "; quote it"
    number = _NUMBER.fullmatch(value) if wanted == "a whole number" and isinstance(value, str) else None
    if number is None or (number[2] and not tokens):
        return ""
    return f"; write {int(number[1]) * (1024 if number[2] else 1)}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def known_keys(model: Any, path: Steps) -> list[str]:
    """Keys that the model has where the path ends."""
    document = model.model_json_schema()
    node: Object = document
    for step in path[:-1]:
        node = _step(node, str(step), document)
    return list(mapping(node.get("properties")))


def takes_tokens(model: Any, path: Steps) -> bool:
    """Whether the value at a path is a number of tokens."""
    document = model.model_json_schema()
    node: Object = document
    for step in path:
        node = _step(node, str(step), document)
    return node.get("format") == "tokens"


def _step(node: Object, step: str, document: Object) -> Object:
    named = at(node, "properties", step) or next(iter(mapping(node.get("patternProperties")).values()), None)
    inner = mapping(named or node.get("items") or node.get("additionalProperties"))
    options = [mapping(option) for option in items(inner.get("anyOf"))]
    inner = next((option for option in options if option.get("type") != "null"), inner)
    if "$ref" in inner:
        inner = mapping(at(document, "$defs", inner["$ref"].rsplit("/", 1)[-1]))
    return inner
