"""``kaitops init``: a first fleet.yaml."""

import argparse
from pathlib import Path

from kaitops.cli import files, models, output
from kaitops.documents import writer
from kaitops.errors import BadInput
from kaitops.kaito import facts
from kaitops.prices import meant
from kaitops.tree import single


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the file to write")
    parser.add_argument("--cluster", default="dev", help="name of the cluster")
    parser.add_argument("--region", default="westeurope")
    parser.add_argument("--provisioner", choices=("karpenter", "azure-gpu-provisioner"), default="karpenter")
    parser.add_argument("--model", default="phi-4-mini-instruct", help="catalogue name of the first model")


def run(arguments: argparse.Namespace) -> int:
    """Write the file, never over an existing one."""
    path = Path(arguments.fleet)
    if path.exists():
        raise BadInput(f"{path}: exists and is left as it is; name another file with --fleet")
    version = facts.newest()
    release = files.release_for(version, path.parent)
    preset = models.known(release, arguments.model, "--model")
    if near := meant("azure", arguments.region):
        hint = f"nearest: {', '.join(near)}"
        output.note(f"--region: no price is known in {arguments.region!r}, so 'auto' cannot choose; {hint}")
    model: dict[str, object] = {
        "preset": arguments.model,
        "gpu": "auto",
        "context": min(models.MAX_CONTEXT, preset.token_limit),
    }
    if preset.gated:
        model["secret"] = "hf-token"  # noqa: S105 - the name of a Secret
    fleet = {
        "kaito": version,
        "defaults": {"namespace": "models"},
        "clusters": {
            arguments.cluster: {"region": arguments.region, "provisioner": arguments.provisioner, "gitops": "none"}
        },
        "models": {models.entry_name(preset): model},
    }
    single.write_whole(path, writer.dump(fleet))
    print(f"{path}: written; 'kaitops render' makes its manifests, 'kaitops gate manifests' checks them")
    return 0
