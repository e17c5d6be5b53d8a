"""``kaitops replace``: a model on other machines without a gap, in three steps that the fleet holds.

A Workspace's machines cannot be changed in place. The second model is an entry of its own, so each render knows both
until the last step; nothing is kept beside the fleet, and each step can be looked at, committed and waited for.
"""

import argparse
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from kaitops.cli import callers, changing, models, output, repeating
from kaitops.documents.editing import Edit
from kaitops.documents.plain import MutableObject, at, mapping
from kaitops.errors import BadInput, Findings, nearest
from kaitops.fleet import files
from kaitops.fleet.reading import Source
from kaitops.render import ROOT

_CHANGED = ("gpu", "preset", "context")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("name", metavar="NAME", help="of the model that runs")
    parser.add_argument(
        "--gpu", metavar="SIZE", help="machine size of the second one, auto, or a pool of brought nodes"
    )
    parser.add_argument("--preset", metavar="MODEL", help="another model (default: the same)")
    parser.add_argument("--context", metavar="TOKENS", help="another context, such as 32k (default: the same)")
    parser.add_argument("--to", metavar="NAME", help="what the second one is called (default: NAME-2, NAME-3, ...)")
    step = parser.add_mutually_exclusive_group()
    step.add_argument(
        "--move", action="store_true", help="second step: lead what the fleet leads there to the second one"
    )
    step.add_argument("--finish", action="store_true", help="last step: remove the first one")
    parser.add_argument("--anyway", action="store_true", help="finish although something still calls the first one")
    changing.add_fleet(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make one step, and name the next."""
    source = changing.read(arguments.fleet)
    name: str = arguments.name
    declared = mapping(source.data.get("models"))
    if name not in declared:
        near = nearest(name, declared)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(declared) or 'none'}"
        raise BadInput(f"NAME: the fleet has no model {name!r}, so nothing is replaced; {hint}")
    asked = [key for key in _CHANGED if getattr(arguments, key) is not None]
    if arguments.move or arguments.finish:
        if asked:
            raise BadInput(f"--{asked[0]}: the second model is there already; change it with 'kaitops set'")
        if arguments.to is None or arguments.to not in declared or arguments.to == name:
            raise BadInput(
                f"--to: name the model that takes the place of {name}, which 'kaitops replace {name} --gpu SIZE' adds"
            )
        return _finish(source, arguments) if arguments.finish else _move(source, arguments)
    if not asked:
        raise BadInput("--gpu: nothing would be different; name another size, --preset or --context")
    return _add(source, arguments, declared)


def _add(source: Source, arguments: argparse.Namespace, declared: Any) -> int:
    name: str = arguments.name
    new: str = arguments.to or _free(name, declared)
    if new in declared:
        raise BadInput(source.at(["models", new], "is there already and was left as it is; name another with --to"))
    if roles := [role for role in ("prefill", "decode") if role in declared[name]]:
        raise BadInput(
            source.at(["models", name, roles[0]], "has machines of its own, so one --gpu cannot say all; copy the "
            "model under another name by hand, then go on with --move and --finish")
        )  # fmt: skip
    values = {key: getattr(arguments, key) for key in _CHANGED if getattr(arguments, key) is not None}
    release = files.release_for(source.data["kaito"], files.base(arguments.fleet))
    if "preset" in values:
        models.known(release, values["preset"], "--preset")
    if "context" in values:
        try:
            values["context"] = models.tokens(values["context"])
        except ValueError:
            raise BadInput(f"--context: {values['context']!r} is no number of tokens; write such as 32k") from None
    edits = [Edit(("models", new), {**_copied(declared[name]), **values})]
    for part, about in source.parts():
        patch = _copied(mapping(at(about, "models", name)))
        if rest := {key: value for key, value in patch.items() if key not in values}:
            edits.append(Edit((*part, "models", new), rest))
    change = changing.changed(arguments.fleet, edits)
    print(f"step 1 of 3: {new} beside {name}; both run, and cost, until step 3")
    change.explain(new, release)
    code = changing.finish(change, arguments)
    command = f"kaitops replace {name} --to {new} --move{repeating.options(arguments.fleet, arguments.out)}"
    output.note(f"then, once 'kaitops status {new}' says that it serves: {command}")
    return code


def _free(name: str, declared: Any) -> str:
    """A name for the second one, whose number counts the times that it was replaced: phi-4 is none of them yet."""
    stem, number = name, 2
    of_model = re.findall(r"[0-9]+", str(declared[name].get("preset", "")))
    if (found := re.fullmatch(r"(.+)-([2-9][0-9]*)", name)) and found[2] not in of_model:
        stem, number = found[1], int(found[2]) + 1
    while f"{stem}-{number}" in declared:
        number += 1
    return f"{stem}-{number}"


def _copied(entry: Any) -> MutableObject:
    """The declaration without its route: two models behind one address would take turns."""
    return {key: deepcopy(value) for key, value in entry.items() if key != "route" and value is not None}


def _move(source: Source, arguments: argparse.Namespace) -> int:
    name, new = str(arguments.name), str(arguments.to)
    edits: list[Edit] = []
    for path, _ in callers.in_fleet(source.data, name):
        if path[-1] == "route":
            edits += [Edit(("models", new, "route"), at(source.data, *path)), Edit(path, None)]
        else:
            edits.append(Edit(path, new))
    for part, about in source.parts():
        if route := at(about, "models", name, "route"):
            edits += [
                Edit((*part, "models", new, "route"), route),
                Edit((*part, "models", name, "route"), None),
            ]
    change = changing.changed(arguments.fleet, edits)
    print(f"step 2 of 3: what leads to {name} leads to {new}")
    for one in _outside(changing.changed(arguments.fleet, []), arguments, name):
        print(f"to be moved by hand: {one}")
    code = changing.finish(change, arguments) if edits else 0
    if not edits:
        output.note(f"{change.path}: nothing in the fleet leads to {name}, so nothing was written")
    more = repeating.options(arguments.fleet, arguments.out)
    output.note(f"then, once nobody calls {name}: kaitops replace {name} --to {new} --finish{more}")
    return code


def _finish(source: Source, arguments: argparse.Namespace) -> int:
    name, new = str(arguments.name), str(arguments.to)
    if left := callers.in_fleet(source.data, name):
        raise Findings(
            source.at(left[0][0], f"still leads to {name}, which would be gone; 'kaitops replace {name} --to {new} "
            "--move' comes first")
        )  # fmt: skip
    change = changing.changed(arguments.fleet, changing.without(source, "models", name))
    found = _outside(changing.changed(arguments.fleet, []), arguments, name)
    if found and not arguments.anyway:
        lines = [f"{one} still calls {name}, whose Service would be gone" for one in found]
        raise Findings("\n".join([*lines, f"let them call {new}, or say --anyway; nothing was written"]))
    print(f"step 3 of 3: {name} goes, {new} stays")
    return changing.finish(change, arguments)


def _outside(before: changing.Change, arguments: argparse.Namespace, name: str) -> "list[callers.Caller]":
    """Who calls the first model from files that the fleet, as it was before the step, does not render."""
    root = Path(arguments.out) / ROOT
    rendered = {(root / file).resolve() for file in before.rendering.files} | {before.path.resolve()}
    spaces = {workload.namespace for _, workload in before.of_model(name)}
    folder = files.base(arguments.fleet)
    return [one for space in sorted(spaces) for one in callers.find(folder, name, space, rendered)]
