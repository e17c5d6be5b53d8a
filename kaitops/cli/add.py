"""``kaitops add``: one more model in ``fleet.yaml``, with why it runs on what and what that costs."""

import argparse
from collections.abc import Sequence

from kaitops.cli import bringing, changing, models
from kaitops.documents.editing import Edit
from kaitops.documents.plain import MutableObject, Object, at, mapping
from kaitops.errors import BadInput, nearest
from kaitops.fleet import files, names
from kaitops.fleet.machines import AUTO
from kaitops.kaito.preset import Preset


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("model", metavar="MODEL", help="catalogue name, alias or recorded model")
    parser.add_argument("--name", help="what it is called in the fleet (default: the model's own name)")
    parser.add_argument(
        "--cluster", action="append", metavar="NAME", help="where it runs; may be said again (default: all)"
    )
    parser.add_argument("--size", metavar="SIZE", help="machine size, or a pool of brought nodes (default: auto)")
    parser.add_argument("--context", metavar="TOKENS", help="such as 32k (default: 16k, or what the model holds)")
    parser.add_argument("--replicas", type=int, metavar="N", help="copies of it behind an InferenceSet")
    parser.add_argument("--secret", metavar="NAME", help="Secret with the key HF_TOKEN, for a gated model")
    changing.add_fleet(parser)


def run(arguments: argparse.Namespace) -> int:
    """Say what is chosen and why, show the change, make it, render."""
    source = changing.read(arguments.fleet)
    release = files.release_for(source.data["kaito"], files.base(arguments.fleet))
    preset = models.known(release, arguments.model)
    name: str = arguments.name or names.of_model(preset)
    if name in mapping(source.data.get("models")):
        raise BadInput(
            source.at(["models", name], "is there already and was left as it is; name another with --name, or change "
            f"this one with 'kaitops set models.{name}.KEY VALUE'")
        )  # fmt: skip
    clusters = _clusters(source.data["clusters"], arguments.cluster)
    entry: MutableObject = {"preset": arguments.model}
    context = _context(preset, arguments.context)
    size = arguments.size or _size(source.data["clusters"], clusters)
    only = source.data["clusters"][clusters[0]]
    if size is None and len(clusters) == 1 and len(only.get("nodes") or ()) > 1:
        size = bringing.chosen(release, preset, only, AUTO, context)
    if size:
        entry["gpu"] = size
    entry["context"] = context
    if secret := _secret(preset, arguments.secret, source.data):
        entry["secret"] = secret
    if arguments.replicas is not None:
        entry["replicas"] = arguments.replicas
    if arguments.cluster:
        entry["clusters"] = clusters
    change = changing.changed(arguments.fleet, [Edit(("models", name), entry)])
    change.explain(name, release)
    return changing.finish(change, arguments)


def _clusters(declared: Object, named: Sequence[str] | None) -> list[str]:
    for name in named or ():
        if name not in declared:
            near = nearest(name, declared)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(declared)}"
            raise BadInput(f"--cluster: no cluster {name!r} in the fleet; {hint}")
    return list(dict.fromkeys(named or declared))


def _size(declared: Object, clusters: Sequence[str]) -> str | None:
    """``auto`` where machines are made; nothing where nodes are brought, which the only pool of a cluster answers."""
    brought = [name for name in clusters if declared[name]["provisioner"] == "byo"]
    if brought and len(brought) < len(clusters):
        made = [name for name in clusters if name not in brought]
        raise BadInput(
            f"--cluster: {', '.join(brought)} brings its nodes and {', '.join(made)} has them made, so one size cannot "
            f"serve both; add the model for each with a --name of its own, first with --cluster {made[0]}"
        )
    return None if brought else AUTO


def _context(preset: Preset, asked: str | None) -> int:
    if asked is None:
        return min(models.MAX_CONTEXT, preset.token_limit)
    try:
        context = models.tokens(asked)
    except ValueError:
        context = 0
    if context < 1:
        raise BadInput(f"--context: {asked!r} is not a number of tokens; write such as 32768 or 32k")
    if context > preset.token_limit:
        raise BadInput(
            f"--context: {preset.title} holds {preset.token_limit} tokens at most, so a server with {context} would "
            "not start; shorten the context"
        )
    return context


def _secret(preset: Preset, named: str | None, fleet: Object) -> str | None:
    if named is None and preset.gated and not at(fleet, "defaults", "secret"):
        space = at(fleet, "defaults", "namespace") or "default"
        raise BadInput(
            f"--secret: {preset.title} is gated: its owner gives the weights to accepted accounts only, and without a "
            f"token the pod cannot load them; name the Secret of namespace {space} that holds it under HF_TOKEN, such "
            "as --secret hf-token"
        )
    return named
