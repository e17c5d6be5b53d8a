"""``kaitops init``: a first fleet.yaml."""

import argparse
from pathlib import Path

from kaitops.cli import files, output
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
    preset = release.catalogue.find(arguments.model)
    if preset is None:
        near = release.catalogue.nearest(arguments.model)
        hint = f"nearest: {', '.join(near)}" if near else "'kaitops catalogue' lists them"
        raise BadInput(f"--model: no model {arguments.model!r} in the catalogue of KAITO {version}; {hint}")
    if near := meant("azure", arguments.region):
        hint = f"nearest: {', '.join(near)}"
        output.note(f"--region: no price is known in {arguments.region!r}, so 'auto' cannot choose; {hint}")
    model: dict[str, object] = {"preset": arguments.model, "gpu": "auto", "context": min(16384, preset.token_limit)}
    if preset.gated:
        model["secret"] = "hf-token"  # noqa: S105 - the name of a Secret
    fleet = {
        "kaito": version,
        "defaults": {"namespace": "models"},
        "clusters": {
            arguments.cluster: {"region": arguments.region, "provisioner": arguments.provisioner, "gitops": "none"}
        },
        "models": {preset.name.replace(".", "-").replace("_", "-")[:40].strip("-"): model},
    }
    single.write_whole(path, writer.dump(fleet))
    print(f"{path}: written; 'kaitops render' makes its manifests, 'kaitops gate manifests' checks them")
    return 0
