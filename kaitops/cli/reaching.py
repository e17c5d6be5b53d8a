"""Which clusters a verb reads, and how: by contexts of the kubeconfig or from files, and what the fleet says."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaitops.documents.plain import Object
from kaitops.errors import BadInput, ToolMissing
from kaitops.fleet import files
from kaitops.gate.trust.beside import FLEET
from kaitops.kaito import facts
from kaitops.live import reading
from kaitops.live.kubectl import Kubectl
from kaitops.live.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that is read.

    Attributes:
        name: in the fleet, or its context; empty for files.
        kubectl: None where files are read.
        documents: as the fleet renders them; None where no fleet says anything of it.
        problem: why it cannot be read, empty where it can.
    """

    name: str
    kubectl: Kubectl | None
    documents: Sequence[Object] | None = None
    region: str | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """All that a call reads.

    Attributes:
        version: of KAITO.
    """

    clusters: tuple[Cluster, ...]
    version: str
    files: tuple[str, ...] = ()
    namespace: str | None = None

    def read(self, cluster: Cluster) -> Snapshot:
        """The cluster's objects now.

        Raises:
            ToolMissing, BadInput: they cannot be read.
        """
        if cluster.problem:
            raise ToolMissing(f"{cluster.name}: {cluster.problem}")
        if cluster.kubectl is None:
            snapshot = reading.files(self.files, namespace=self.namespace)
            snapshot.cluster = cluster.name
            return snapshot
        return reading.cluster(cluster.kubectl, self.namespace, cluster.name)


def add(parser: argparse.ArgumentParser, *, offline: bool = True) -> None:
    """Add the arguments.

    Args:
        offline: a file can stand in for a cluster; where none can, it is taken only to be refused with the reason.
    """
    files = "read what 'kubectl get -o json' wrote in place of a cluster; - reads it; repeatable"
    parser.add_argument("--context", metavar="NAME", help="of the kubeconfig (default: the current one)")
    parser.add_argument("--cluster", metavar="NAME", help="of the fleet; its context has the same name, or --context")
    parser.add_argument("-n", "--namespace", metavar="NAME", help="read only this one (default: all)")
    parser.add_argument(
        "--from", dest="files", action="append", metavar="FILE", default=[],
        help=files if offline else argparse.SUPPRESS,
    )  # fmt: skip
    parser.add_argument("--fleet", metavar="FILE", help=f"what is declared (default: {FLEET} where there is one)")
    parser.add_argument("--kaito", metavar="VERSION", help="version of KAITO (default: the fleet's, or the newest)")


def reach(arguments: argparse.Namespace) -> Reach:
    """What the arguments ask for.

    Raises:
        BadInput: they contradict each other, or the fleet.
        ToolMissing: kubectl is needed and not there.
    """
    if arguments.files and arguments.context:
        raise BadInput("--from: reads no cluster, so --context means nothing beside it; drop one of the two")
    fleet = arguments.fleet or (FLEET if Path(FLEET).is_file() else None)
    if fleet is None or (arguments.files and not (arguments.fleet or arguments.cluster)):
        if arguments.cluster and fleet is None:
            raise BadInput(f"--cluster {arguments.cluster}: there is no {FLEET} that names clusters; give --fleet")
        version = arguments.kaito or facts.newest()
        kubectl = None if arguments.files else Kubectl(arguments.context)
        only = Cluster(arguments.context or "", kubectl)
        return Reach((only,), version, tuple(arguments.files), arguments.namespace)
    version, declared = _declared(fleet)
    if arguments.cluster and arguments.cluster not in declared:
        raise BadInput(f"--cluster: {fleet} has no cluster {arguments.cluster!r}; it has {', '.join(declared)}")
    if (arguments.files or arguments.context) and not arguments.cluster and len(declared) > 1:
        if not (arguments.context in declared and not arguments.files):
            raise BadInput(
                f"--{'from' if arguments.files else 'context'}: {fleet} has {len(declared)} clusters, and nothing says "
                f"which of them this is; give --cluster, one of {', '.join(declared)}"
            )
        arguments.cluster = arguments.context
    names = [arguments.cluster] if arguments.cluster else list(declared)
    found = tuple(_cluster(name, declared[name], arguments, len(declared)) for name in names)
    return Reach(found, arguments.kaito or version, tuple(arguments.files), arguments.namespace)


def _cluster(name: str, said: tuple[str, Any], arguments: argparse.Namespace, count: int) -> Cluster:
    region, documents = said
    if arguments.files:
        return Cluster(name, None, documents, region)
    kubectl = Kubectl(arguments.context)
    if arguments.context or (count == 1 and name not in kubectl.contexts()):
        return Cluster(name, kubectl, documents, region)
    if name not in kubectl.contexts():
        problem = f"the kubeconfig has no context {name}; rename one (kubectl config rename-context), or give --context"
        return Cluster(name, kubectl, documents, region, problem)
    return Cluster(name, Kubectl(name), documents, region)


def _declared(fleet: str) -> tuple[str, dict[str, tuple[str, Any]]]:
    """The fleet's version of KAITO, and by cluster its region and objects."""
    from kaitops.render import render

    declared = files.read(fleet)
    made = render(declared)
    clusters = {one.name: str(one.cluster["region"]) for one in made.plan.clusters}
    return declared.release.version, {name: (region, made.objects[name]) for name, region in clusters.items()}
