"""What the values of KAITO's charts say of its controllers, as far as they are known.

Which value says what is a fact of each version. A value that stands above what is not known is known all the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kaitops.documents.plain import MutableObject, Object, Path, dotted, items, mapping
from kaitops.errors import nearest
from kaitops.gate.helm.installing import Installed, Layer
from kaitops.kaito import facts
from kaitops.kaito.settings import CLOUDS, PROVISIONERS, gates_of

_CHOICES = {"cloud": CLOUDS, "nodeProvisioner": PROVISIONERS}
_LEAVES = "so its controller leaves as it starts and nothing of KAITO runs"


class Value(NamedTuple):
    """A value of a release.

    Attributes:
        is_said: something of the tree sets it; elsewhere the chart's own counts, or nobody knows.
        path: of it in the object, as near as it is written there.
        problem: why it is not known; empty where it is.
    """

    is_said: bool = False
    held: Any = None
    path: Path = ()
    problem: str = ""


class Meaning:
    """What one release says.

    Attributes:
        settings: of the controllers, in the plain form that the engine takes.
        asked: those that its chart decides.
        places: where each of them is said, by its name, and a gate by its own.
        unknown: the values that nobody knows, by the layer that may say them.
        faults: what its controllers do not start with.
    """

    def __init__(self, one: Installed, version: str) -> None:
        self._one = one
        self._version = version
        self.settings: MutableObject = {}
        self.places: dict[str, Path] = {}
        self.unknown: dict[str, tuple[Path, list[str]]] = {}
        self.faults: list[tuple[Path, str]] = []
        charts = facts.load(version, "charts.json")
        known = mapping(charts["values"][one.chart])
        self.asked = frozenset((*known["settings"].values(), *(["featureGates"] if "gates" in known else [])))
        self.settings[known["namespace"]] = one.namespace
        for name, setting in {**known["settings"], **mapping(known.get("flags"))}.items():
            self._take(name, setting)
        if "gates" in known:
            self._gates(known["gates"], charts["needs_gate"])
        if "classes" in known:
            self._classes(known["classes"])
        if "image" in known:
            self._image(known["image"])

    def _value(self, name: str) -> Value:
        """A value by its dotted name, noted where nobody knows it."""
        found = _lookup(self._one.values, name.split("."))
        if found.problem:
            self.unknown.setdefault(found.problem, (found.path, []))[1].append(name)
        return found

    def _take(self, name: str, setting: str) -> None:
        found = self._value(name)
        if not found.is_said or found.held in (None, ""):
            return
        choices = _CHOICES.get(setting)
        if choices and found.held not in choices:
            text = f"{name} is {str(found.held)[:80]!r}, {_LEAVES}; write one of {', '.join(choices)}"
            self.faults.append((found.path, text))
            return
        if not isinstance(found.held, bool if setting == "nvmeStorageClass" else str):
            problem = f"{name} is {str(found.held)[:80]!r}, which a chart reads in its own way"
            self.unknown[problem] = (found.path, [name])
            return
        self.settings[setting] = found.held
        self.places[setting] = found.path

    def _gates(self, name: str, needs: Mapping[str, str]) -> None:
        known = gates_of(self._version)
        layers = [mapping(layer.held.get(name)) for layer in self._one.values]
        gates: dict[str, bool] = {}
        for gate in dict.fromkeys([*known, *(key for layer in layers for key in layer)]):
            found = self._value(f"{name}.{gate}")
            if not found.is_said:
                continue
            where = f"{name}.{gate}"
            if gate not in known:
                near = nearest(str(gate), known)
                hint = f"; did you mean {near[0]}?" if near else f"; those are {', '.join(sorted(known))}"
                text = f"{where} is no feature gate of KAITO {self._version}, {_LEAVES}{hint}"
                self.faults.append((found.path, text))
            elif not isinstance(found.held, bool):
                text = f"{where} is {str(found.held)[:80]!r} and has to be true or false, {_LEAVES}; correct it"
                self.faults.append((found.path, text))
            else:
                gates[gate] = found.held
                self.places[gate] = found.path
        for gate, needed in needs.items():
            if gates.get(gate) and not gates.get(needed, known.get(needed)):
                text = f"{name}.{gate} needs {needed}, {_LEAVES}; set {name}.{needed}: true"
                self.faults.append((self.places[gate], text))
        self.settings["featureGates"] = gates

    def _classes(self, known: Object) -> None:
        """The node classes that Karpenter's provisioner may use, the default first."""
        if self.settings.get("nodeProvisioner") != "karpenter":
            return
        chosen = self._value(known["chosen"])
        table = f"{known['table']}.{chosen.held if chosen.is_said else known['usual']}"
        found = self._value(f"{table}.{known['list']}")
        names = [mapping(one) for one in items(found.held)]
        if found.is_said and names:
            ordered = sorted(names, key=lambda one: one.get("default") is not True)
            self.settings[known["setting"]] = [str(one.get("name")) for one in ordered]
            self.places[known["setting"]] = found.path
        for key, flag in known["fields"].items():
            self._take(f"{table}.{key}", flag)

    def _image(self, known: Object) -> None:
        parts = {name: self._value(name) for name in known["parts"]}
        if any(one.is_said for one in parts.values()):
            registry, name, tag = (
                one.held if one.is_said and isinstance(one.held, str) and one.held else known["parts"][key]
                for key, one in parts.items()
            )
            self.settings[known["setting"]] = f"{registry}/{name}:{tag}"


def unknown_texts(meaning: Meaning) -> Iterator[tuple[Path, str]]:
    """Each layer that nobody knows, with the values that only it may say."""
    for problem, (path, names) in meaning.unknown.items():
        told = ", ".join(names[:3])
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield path, f"{problem}, so {told}{more} of KAITO's chart are not known"


def _lookup(layers: Sequence[Layer], steps: Sequence[str]) -> Value:
    for layer in reversed(layers):
        if layer.problem:
            return Value(path=layer.path, problem=layer.problem)
        node: Any = layer.held
        for number, step in enumerate(steps):
            held = mapping(node)
            if step not in held:
                if node is None or isinstance(node, dict):
                    break
                path = (*layer.path, *steps[:number]) if layer.is_there else layer.path
                return Value(path=path, problem=f"{dotted(steps[:number])} is no mapping")
            node = held[step]
        else:
            return Value(True, node, (*layer.path, *steps) if layer.is_there else layer.path)
    return Value()
