"""What takes an existing deployment into a stack's state: an import file with each resource that the stack would make.

Owns which part is meant and where its settings stand. It changes nothing and asks nobody; what only Azure knows, the
script that writes the file asks for when it runs.
"""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kaitops.components.import_monitor import Place, registered
from kaitops.components.import_script import Entry, script
from kaitops.components.resources import declaration
from kaitops.components.resources.declaration import Declared
from kaitops.components.settings.infra import InfraSettings
from kaitops.documents import reader
from kaitops.documents.plain import Object, at, mapping
from kaitops.errors import BadInput, KaitopsError

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

_OURS = "kaitops"


@dataclass(frozen=True, slots=True)
class Imports:
    """What an import takes.

    Attributes:
        entries: components and what they hold, parents first.
        names: URNs of providers that have to be in the state before, by name.
    """

    entries: list[Entry]
    names: dict[str, str] = field(default_factory=dict[str, str])


def of_infra(
    settings: InfraSettings,
    cluster: "Cluster",
    subscription: str,
    *,
    cluster_name: str,
    version: str,
    place: Place | None = None,
) -> Imports:
    """What takes the resources of the part ``infra`` into its state.

    Args:
        cluster: the fleet's declaration of the cluster with its defaults filled in.
        subscription: id of the subscription that the resources are in.
        version: KAITO version of the fleet.

    Raises:
        BadInput: the settings do not hold together.
    """
    # What only declares workloads is installed without azure-native.
    from kaitops.components.infra_stack import Infra

    where = place or Place()

    def program() -> None:
        Infra(where.name, {"settings": settings, "cluster_name": cluster_name, "cluster": cluster, "version": version})

    return Imports(*registered(program, where, subscription))


def of_workloads(declared: Declared, *, place: Place, namespaces: bool = True) -> Imports:
    """What takes the objects of the part ``workloads`` into its state.

    Raises:
        BadInput: the fleet does not hold together.
    """
    from pulumi_kubernetes import Provider

    from kaitops.components.deployment import declare_cluster

    cluster = declared.plan.name

    def program() -> None:
        provider = Provider(f"{cluster}-objects")
        declare_cluster(
            f"{cluster}-workloads", fleet=declared, cluster=cluster, provider=provider, namespaces=namespaces
        )

    return Imports(*registered(program, place))


def main(arguments: list[str] | None = None) -> int:
    """Print the script that writes the import file.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(
        prog="python -m kaitops.components.importing", description="A script that writes the file of an import."
    )
    parser.add_argument("part", choices=("infra", "workloads"), help="which part of the stack is there already")
    parser.add_argument("--subscription", default="", help="id of the subscription; needed for infra")
    parser.add_argument("--fleet", type=Path, default=Path("fleet.yaml"), help="the fleet's declaration")
    parser.add_argument("--cluster", required=True, help="name of the cluster in the fleet")
    parser.add_argument("--stack", default="prod", help="Pulumi stack; Pulumi.<stack>.yaml holds its settings")
    parser.add_argument("--project", default="kaitops", help="Pulumi project")
    parser.add_argument("--name", help="name of the Infra resource in the program; the cluster's where absent")
    given = parser.parse_args(arguments)
    try:
        found = _asked(given)
    except KaitopsError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(script(found.entries, found.names), end="")
    return 0


def _asked(given: argparse.Namespace) -> Imports:
    declared = declaration.from_file(given.fleet, given.cluster)
    place = Place(given.project, given.stack, given.name or given.cluster)
    values = _values(Path(f"Pulumi.{given.stack}.yaml"), given.project)
    if given.part == "workloads":
        spaces = at(values, "workloads", "namespaces")
        return of_workloads(declared, place=place, namespaces=spaces is not False)
    if not given.subscription:
        raise BadInput(
            "--subscription: not given, so no id of an Azure resource is known; give the id that 'az account show' has"
        )
    return of_infra(
        InfraSettings.read(mapping(values.get("infra"))),
        declared.plan.cluster,
        given.subscription,
        cluster_name=given.cluster,
        version=declared.release.version,
        place=place,
    )


def _values(file: Path, project: str) -> Object:
    """The stack's settings by key; they begin with the project's name or with ours, as the program reads them."""
    if not file.is_file():
        raise BadInput(f"{file}: not there, so the settings of the stack are not known; correct --stack")
    documents = reader.read_file(str(file))
    found: Object = mapping(at(documents[0].data, "config")) if documents else {}
    space = _OURS if any(key.startswith(f"{_OURS}:") for key in found) else project
    return {key.partition(":")[2]: value for key, value in found.items() if key.startswith(f"{space}:")}


if __name__ == "__main__":
    sys.exit(main())
