"""What a typed model says of its fields, in the form that `schema.json` has."""

from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Len
from pydantic import BaseModel

from kaitops.api.resource import Format, Schemaless


def facts_of(model: type[BaseModel]) -> dict[str, Any]:
    """The facts of a model and all below it."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in model.model_fields.values():
        assert field.alias is not None
        properties[field.alias] = _node(field.annotation, list(field.metadata))
        if field.is_required():
            required.append(field.alias)
    return {"type": "object", "properties": properties, **({"required": sorted(required)} if required else {})}


def _unwrapped(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """The type behind ``Annotated`` and ``| None``, with all that was said about it."""
    while True:
        if hasattr(annotation, "__metadata__"):
            metadata = [*metadata, *annotation.__metadata__]
            annotation = get_args(annotation)[0]
        elif type(None) in get_args(annotation):
            (annotation,) = (part for part in get_args(annotation) if part is not type(None))
        else:
            return annotation, metadata


def _node(annotation: Any, metadata: list[Any]) -> dict[str, Any]:
    annotation, metadata = _unwrapped(annotation, metadata)
    if any(mark is Schemaless or isinstance(mark, Schemaless) for mark in metadata):
        return {}
    node: dict[str, Any] = {}
    for mark in metadata:
        if isinstance(mark, Ge):
            node["minimum"] = mark.ge
        elif isinstance(mark, Format):
            node["format"] = mark.name
        elif isinstance(mark, Len):
            node |= {"min_items": mark.min_length, "max_items": mark.max_length}
    if get_origin(annotation) is Literal:
        return {"type": "string", "enum": list(get_args(annotation)), **node}
    if get_origin(annotation) is list:
        return {"type": "array", "items": _node(get_args(annotation)[0], []), **node}
    if get_origin(annotation) is dict:
        return {"type": "object", "values": _node(get_args(annotation)[1], []), **node}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return facts_of(annotation)
    return {"type": {str: "string", int: "integer", bool: "boolean"}[annotation], **node}
