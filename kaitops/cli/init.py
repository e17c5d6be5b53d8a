"""``kaitops init``: a first fleet.yaml, and with ``--ci`` all that a repository around it needs."""

import argparse
from pathlib import Path

from kaitops.cli import beginning, files, models, output
from kaitops.documents import writer
from kaitops.errors import BadInput
from kaitops.fleet import names, reading
from kaitops.kaito import facts
from kaitops.prices import meant
from kaitops.tree import single


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the file to write")
    parser.add_argument("--cluster", default="dev", help="name of the cluster")
    parser.add_argument("--region", default="westeurope")
    parser.add_argument("--provisioner", choices=("karpenter", "azure-gpu-provisioner"), default="karpenter")
    parser.add_argument("--gitops", choices=("none", "argocd", "flux"), default="none", help="what applies the tree")
    parser.add_argument("--repository", metavar="URL", help="git repository that Argo CD or Flux reads the tree from")
    parser.add_argument(
        "--ci", choices=("github", "gitlab", "azure"),
        help="make the repository whole: the gate in this CI system, hooks, .gitignore, the schema for editors",
    )  # fmt: skip
    parser.add_argument("--model", default="phi-4-mini-instruct", help="catalogue name of the first model")


def run(arguments: argparse.Namespace) -> int:
    """Write the file, never over an existing one."""
    path = Path(arguments.fleet)
    if path.exists():
        raise BadInput(f"{path}: exists and is left as it is; name another file with --fleet")
    if (arguments.gitops == "none") != (arguments.repository is None):
        raise BadInput(
            "--gitops and --repository belong together: the engine is told where its tree is; give both, or neither"
        )
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
    fleet: dict[str, object] = {
        "kaito": version,
        **({"gitops": {"repository": arguments.repository}} if arguments.repository else {}),
        "defaults": {"namespace": "models"},
        "clusters": {
            arguments.cluster: {
                "region": arguments.region,
                "provisioner": arguments.provisioner,
                "gitops": arguments.gitops,
            }
        },
        "models": {names.of_model(preset): model},
    }
    text = writer.dump(fleet)
    beside: dict[Path, str] = {}
    if arguments.ci:
        text = beginning.editor_line() + text
        beside = beginning.files(path.parent, arguments.ci)
    # As a render would, so that what cannot be is found before anything is written.
    reading.read(text.encode(), str(path))
    for place, held in beside.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        single.write_whole(place, held)
    single.write_whole(path, text)
    print(f"{path}: written; 'kaitops render' makes its manifests, 'kaitops gate manifests' checks them")
    if beside:
        print(f"beside it: {', '.join(str(place) for place in beside)}")
        print(f"replace {beginning.SOURCE} in them by your copy of kaitops and the full commit of a release")
    return 0
