"""``kaitops init``: a first fleet.yaml, and with ``--ci`` all that a repository around it needs."""

import argparse
from pathlib import Path

from kaitops import fit
from kaitops.cli import beginning, bringing, models, repeating
from kaitops.documents import writer
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput, Findings
from kaitops.fleet import files, names, reading
from kaitops.fleet.controllers import ADDON
from kaitops.fleet.engines import ENGINES
from kaitops.fleet.machines import AUTO
from kaitops.fleet.objects import addon_refuses
from kaitops.kaito import facts
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release
from kaitops.kaito.settings import PROVISIONERS
from kaitops.prices import meant, regions
from kaitops.tree import single

_CLOUD = "azure"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--fleet", default=repeating.FLEET, metavar="FILE", help="the file to write")
    model = parser.add_argument_group("the first model")
    model.add_argument("--model", default="phi-4-mini-instruct", help="catalogue name (default: phi-4-mini-instruct)")
    model.add_argument(
        "--size",
        default=AUTO,
        help="machine size, or a pool of --nodes (default: auto, the cheapest that holds the model)",
    )
    cluster = parser.add_argument_group("the first cluster")
    cluster.add_argument("--cluster", default="dev", metavar="NAME", help="what it is called (default: dev)")
    cluster.add_argument("--region", default="westeurope", help="where it is (default: westeurope)")
    cluster.add_argument(
        "--provisioner", choices=(*PROVISIONERS, ADDON), default="karpenter",
        help="what makes its machines (default: karpenter, which is node auto-provisioning); byo: nobody, they are "
        "there; aks-addon: KAITO as AKS installs it",
    )  # fmt: skip
    cluster.add_argument(
        "--nodes", metavar="FILE",
        help="with byo: what 'kubectl get nodes -o json' prints of the nodes with GPUs; - reads it",
    )  # fmt: skip
    around = parser.add_argument_group("what is around it")
    around.add_argument("--gitops", choices=("none", *ENGINES), default="none", help="what applies the tree")
    around.add_argument("--repository", metavar="URL", help="git repository that Argo CD or Flux reads the tree from")
    around.add_argument(
        "--ci", choices=tuple(beginning.FILES),
        help="make the repository whole: the gate in this CI system, hooks, .gitignore",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Write the file, never over an existing one."""
    path = Path(arguments.fleet)
    if path.exists():
        raise BadInput(f"{path}: exists and is left as it is; name another file with --fleet")
    if (arguments.gitops == "none") != (arguments.repository is None):
        raise BadInput(
            "--gitops and --repository belong together: the engine is told where its tree is; give both, or neither"
        )
    if (arguments.provisioner == "byo") != (arguments.nodes is not None):
        raise BadInput(
            "--provisioner byo and --nodes belong together: KAITO takes the GPUs from nodes that are there, and from "
            "none with another provisioner; give both, as in 'kubectl get nodes -o json | kaitops init --provisioner "
            "byo --nodes -'"
        )
    version = facts.newest()
    release = files.release_for(version, path.parent)
    preset = models.known(release, arguments.model, "--model")
    context = min(models.MAX_CONTEXT, preset.token_limit)
    cluster: MutableObject = {
        "region": arguments.region,
        "provisioner": arguments.provisioner,
        "gitops": arguments.gitops,
    }
    gpu = arguments.size
    if arguments.nodes is not None:
        cluster["nodes"] = bringing.pools(arguments.nodes)
        gpu = bringing.chosen(release, preset, cluster, gpu, context)
    else:
        _check_machine(release, preset, gpu, context, arguments.region)
    if arguments.provisioner == ADDON and (reason := addon_refuses(arguments.model)):
        raise Findings(f"--model: {reason}")
    model: dict[str, object] = {
        "preset": arguments.model,
        "gpu": gpu,
        "context": context,
    }
    if preset.gated:
        model["secret"] = "hf-token"  # noqa: S105 - the name of a Secret
    fleet: dict[str, object] = {
        "kaito": version,
        **({"gitops": {"repository": arguments.repository}} if arguments.repository else {}),
        "defaults": {"namespace": "models"},
        "clusters": {arguments.cluster: cluster},
        "models": {names.of_model(preset): model},
    }
    text = beginning.editor_line() + writer.dump(fleet)
    # As a render would, so that what cannot be is found before anything is written.
    reading.read(text.encode(), str(path))
    schema, beside = beginning.schema(path.parent), beginning.files(path.parent, arguments.ci)
    for place, held in {**schema, **beside, path: text}.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        single.write_whole(place, held)
    made = ", ".join(str(place) for place in (path, *schema))
    more = repeating.options(str(path))
    print(f"{made}: written; 'kaitops render{more}' makes its manifests, 'kaitops gate manifests{more}' checks them")
    if beside:
        print(f"beside it: {', '.join(str(place) for place in beside)}")
        print(f"replace {beginning.SOURCE} in them by your copy of kaitops and the full commit of a release")
    return 0


def _check_machine(release: Release, preset: Preset, size: str, context: int, region: str) -> None:
    """Refuse what the first render would refuse.

    Raises:
        BadInput: the size is not known, or ``auto`` has no prices to choose by.
    """
    if size != AUTO:
        found = release.skus(_CLOUD).find(size)
        if found is None:
            raise BadInput(f"--size: no size {size!r} on {_CLOUD}; {release.skus(_CLOUD).hint(size)}")
        if fit.fit(release, preset, found, _CLOUD, context, region) is None:
            raise fit.why_not(release, preset, found, _CLOUD, context, region)
    elif region not in regions(_CLOUD):
        near = meant(_CLOUD, region)
        hint = f"nearest: {', '.join(near)}" if near else "write it as Azure does, such as westeurope"
        raise BadInput(
            f"--region: no price is known in {region!r}, so 'auto' could not choose a machine; {hint}; where it is "
            "spelt right, name the machine by --size"
        )
