"""Reading an object into KAITO's Go types: the parts that the schema leaves open must fit there too.

The pod template, volumes and a replica's metadata are free to the API server; the webhook refuses fields that the
Kubernetes types do not have. Names and types of those fields are data (``pod-fields.json``).
"""

from collections.abc import Mapping
from typing import Any

from kaitops.documents.plain import Object
from kaitops.kaito.admission.review import EMPTY
from kaitops.kaito.golang.text import parse_duration
from kaitops.kaito.kubernetes.metadata import GO_KINDS

_FIELDS = "pod-fields.json"


def decoding_problem(version: str, kind: str, document: Object) -> str | None:
    """The first thing that does not fit, in Go's words; None where all does."""
    from kaitops.kaito import facts

    reader = _Reader(facts.load(version, _FIELDS)["types"])
    try:
        if kind == "Workspace":
            reader.inference(document.get("inference"), "inference")
            reader.tuning(document.get("tuning"))
        elif kind == "InferenceSet":
            reader.inference_set(document.get("spec") or EMPTY)
    except _Unreadable as problem:
        return str(problem)
    return reader.first


class _Unreadable(Exception):
    """A value that stops the reading at once. Others are noted, and the first of them is told at the end."""


_INTEGERS = {"int32": 1 << 31, "int64": 1 << 63}


class _Reader:
    """Walks an object in the order in which the API server writes it: keys sorted."""

    def __init__(self, types: Mapping[str, Mapping[str, str]]) -> None:
        self._types = types
        self.first: str | None = None

    def _note(self, problem: str) -> None:
        self.first = self.first or problem

    def inference(self, inference: Any, path: str) -> None:
        for adapter in (inference or EMPTY).get("adapters") or ():
            self._volume(adapter.get("source"), f"{path}.adapters.source")
        if (template := (inference or EMPTY).get("template")) is not None:
            self.read("PodTemplateSpec", template, f"{path}.template", "InferenceSpec")

    def tuning(self, tuning: Any) -> None:
        for key in ("input", "output"):
            self._volume((tuning or EMPTY).get(key), f"tuning.{key}")

    def inference_set(self, spec: Object) -> None:
        window = (spec.get("autoUpgrade") or EMPTY).get("maintenanceWindow") or EMPTY
        if (duration := window.get("duration")) is not None:
            try:
                parse_duration(duration)
            except ValueError as error:
                raise _Unreadable(str(error)) from None
        template = spec.get("template") or EMPTY
        self.inference(template.get("inference"), "spec.template.inference")
        if (metadata := template.get("metadata")) is not None:
            self.read("ObjectMeta", metadata, "spec.template.metadata", "InferenceSetTemplate")
        if (strategy := spec.get("updateStrategy")) is not None:
            self.read("StatefulSetUpdateStrategy", strategy, "spec.updateStrategy", "InferenceSetSpec")

    def _volume(self, part: Any, path: str) -> None:
        volume = (part or EMPTY).get("volumeSource")
        if volume is not None:
            owner = "DataDestination" if path.endswith("output") else "DataSource"
            self.read("VolumeSource", volume, f"{path}.volumeSource", owner)

    def read(self, wanted: str, value: Any, path: str, owner: str) -> None:
        """Check a value against a type: a name of the table, ``[]T``, ``map:T``, ``string:Named`` or a basic one."""
        kind: type[object] = value.__class__
        if value is None or wanted == "any":
            return
        if wanted.startswith("[]"):
            if kind is not list:
                self._mistyped(value, wanted, path, owner)
                return
            for item in value:
                self.read(wanted[2:], item, path, owner)
        elif wanted.startswith("map:"):
            if kind is not dict:
                self._mistyped(value, wanted, path, owner)
                return
            for key in sorted(value):
                self.read(wanted[4:], value[key], path, owner)
        elif wanted in self._types:
            self._struct(wanted, value, path, owner)
        else:
            self._basic(wanted, value, path, owner)

    def _struct(self, wanted: str, value: Any, path: str, owner: str) -> None:
        kind: type[object] = value.__class__
        if kind is not dict:
            self._mistyped(value, wanted, path, owner)
            return
        fields = self._types[wanted]
        for key in sorted(value):
            name = key if key in fields else next((name for name in fields if name.lower() == key.lower()), None)
            if name is None:
                self._note(f'json: unknown field "{key}"')
                continue
            # "Embedded.|type" is a field of an embedded struct: Go shows the struct's name on the way.
            via, _, inner = fields[name].rpartition("|")
            self.read(inner, value[key], f"{path}.{via}{name}", wanted)

    def _basic(self, wanted: str, value: Any, path: str, owner: str) -> None:
        given: type[object] = value.__class__
        if wanted.startswith("string"):
            fits = given is str
        elif wanted == "bool":
            fits = given is bool
        elif wanted in _INTEGERS:
            fits = given is int and -_INTEGERS[wanted] <= value < _INTEGERS[wanted]
            fits = fits or (given is float and value.is_integer())
        elif wanted == "intstr":
            if given not in (str, int):
                raise _Unreadable(_misfit(GO_KINDS[given], owner, path, "int32"))
            return
        elif wanted == "quantity":
            self._quantity(value)
            return
        else:
            return
        if not fits:
            self._mistyped(value, wanted, path, owner)

    def _quantity(self, value: object) -> None:
        from kaitops.kaito.kubernetes import quantity

        given: type[object] = value.__class__
        try:
            # Anything that is neither text nor a number has no amount.
            quantity.parse(str(value) if given in (str, int, float) else "none")
        except ValueError:
            if value != "":
                raise _Unreadable(
                    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
                ) from None

    def _mistyped(self, value: object, wanted: str, path: str, owner: str) -> None:
        given = GO_KINDS[type(value)]
        if wanted in _INTEGERS and given == "number":
            given = f"number {value}"
        self._note(_misfit(given, owner, path, _go_name(wanted)))


def _misfit(given: str, owner: str, path: str, go_type: str) -> str:
    return f"json: cannot unmarshal {given} into Go struct field {owner}.{path} of type {go_type}"


def _go_name(wanted: str) -> str:
    if wanted.startswith("[]"):
        return f"[]{_go_name(wanted[2:])}"
    if wanted.startswith("map:"):
        return f"map[string]{_go_name(wanted[4:])}"
    if wanted in ("string", "bool", "int32", "int64"):
        return wanted
    if wanted.startswith("string:"):
        return wanted.removeprefix("string:")
    return f"v1.{wanted}"
