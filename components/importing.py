"""Commands that take an existing deployment into the ``infra`` stack's state.

Owns one ``pulumi import`` for each Azure resource that the stack would register, found by running the program without
an engine, so that a new resource of a component needs nothing here. It changes nothing and asks nobody. The name of a
role assignment is a GUID that only Azure knows, so its command looks that up when it runs.
"""

import argparse
import asyncio
import json
import re
import shlex
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pulumi
from pulumi.runtime import mocks, rpc
from pulumi.runtime.stack import run_pulumi_func

from kaitops.components.arm_template import PREFIX, SUBSCRIPTION, TENANT, azure_id, short, unknown
from kaitops.components.infra import Infra
from kaitops.components.resources import declaration
from kaitops.components.settings.infra import InfraSettings
from kaitops.documents import reader
from kaitops.documents.plain import at, mapping
from kaitops.errors import BadInput, KaitopsError

_TOKEN = re.compile(r"<<(\d+)\.([\w.]+)>>")
_ROOT = "pulumi:pulumi:Stack"
# Where Azure's own answer holds an output, if not under ``properties``.
_TOP = ("identity.",)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the state is: names of the Pulumi project and stack, and of the ``Infra`` resource in it."""

    project: str = "kaitops"
    stack: str = "prod"
    name: str = "infra"


@dataclass(frozen=True, slots=True)
class Imports:
    """What an import takes.

    Attributes:
        components: content of a file for ``pulumi import --file``: the components, which the commands name as parents.
        commands: one shell command for each Azure resource.
    """

    components: dict[str, Any]
    commands: list[str]


def commands(
    settings: InfraSettings, cluster: Mapping[str, Any], subscription: str, *, cluster_name: str, version: str
) -> list[str]:
    """One shell command for each Azure resource of the stack, in the place where states are by default."""
    return imports(settings, cluster, subscription, cluster_name=cluster_name, version=version).commands


def imports(
    settings: InfraSettings,
    cluster: Mapping[str, Any],
    subscription: str,
    *,
    cluster_name: str,
    version: str,
    place: Place | None = None,
) -> Imports:
    """What takes the stack's resources into its state, parents first.

    Args:
        cluster: the fleet's declaration of the cluster with its defaults filled in.
        subscription: id of the subscription that the resources are in.
        version: KAITO version of the fleet.

    Raises:
        BadInput: the settings do not hold together.
    """
    where = place or Place()

    def program() -> None:
        Infra(where.name, {"settings": settings, "cluster_name": cluster_name, "cluster": cluster, "version": version})

    monitor = _Monitor(where)
    _run(program, monitor, where)
    lines = [monitor.command(number).replace(SUBSCRIPTION, subscription) for number in range(len(monitor.azure.ids))]
    return Imports({"resources": monitor.components}, lines)


class _Azure(mocks.Mocks):
    def __init__(self) -> None:
        self.ids: list[str] = []
        self.inputs: list[Mapping[str, Any]] = []

    def call(self, args: mocks.MockCallArgs) -> Any:
        if args.token.endswith(":getClientConfig"):
            return {"subscriptionId": SUBSCRIPTION, "tenantId": TENANT, "clientId": TENANT, "objectId": TENANT}
        return {"kubeconfigs": [{"name": "clusterUser", "value": ""}]}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if not args.typ.startswith(PREFIX):
            return "", {}
        inputs: dict[str, Any] = dict(_opened(cast("Any", args).inputs))
        token = short(args.typ)
        identity = azure_id(token, args.name, inputs)
        state = {"name": identity.rpartition("/")[2], **inputs, **unknown(len(self.ids), token), "id": identity}
        given = at(inputs, "identity", "userAssignedIdentities")
        if isinstance(given, list):
            state["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
        self.ids.append(identity)
        self.inputs.append(inputs)
        return identity, state


class _Monitor(mocks.MockMonitor):
    """Knows the real URN of each resource; the mocks of the SDK name only the nearest parent in theirs."""

    def __init__(self, place: Place) -> None:
        self.azure = _Azure()
        super().__init__(self.azure)
        self._place = place
        self._chains: dict[str, tuple[str, str]] = {}
        self._made: list[tuple[str, str, str]] = []
        self.components: list[dict[str, Any]] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name is the SDK's
        response: Any = cast("Any", super()).RegisterResource(request)
        if request.type != _ROOT:
            above = self._chains.get(request.parent)
            chain = request.type if above is None else f"{above[0]}${request.type}"
            self._chains[response.urn] = (chain, request.name)
            if request.custom:
                self._made.append((request.type, request.name, request.parent))
            else:
                found = {"type": request.type, "name": request.name, "component": True}
                self.components.append(found if above is None else {**found, "parent": above[1]})
        return response

    def command(self, number: int) -> str:
        """The command for one resource, by the order of registration."""
        type_, name, parent = self._made[number]
        chain, parent_name = self._chains[parent]
        urn = f"urn:pulumi:{self._place.stack}::{self._place.project}::{chain}::{parent_name}"
        words = ["pulumi", "import", "--yes", "--generate-code=false", "--stack", self._place.stack]
        words += ["--parent", f"parent={urn}", type_, name]
        return f"{shlex.join(words)} {self._id(number)}"

    def _id(self, number: int) -> str:
        if self._made[number][0] != f"{PREFIX}authorization:RoleAssignment":
            return shlex.quote(self.azure.ids[number])
        inputs = self.azure.inputs[number]
        role = str(inputs["roleDefinitionId"]).rpartition("/")[2]
        scope, principal = shlex.quote(inputs["scope"]), self._principal(inputs["principalId"])
        return (
            f'"$(az role assignment list --scope {scope} --role {role} --query '
            f'"[?principalId==\'{principal}\'].id | [0]" --output tsv)"'
        )

    def _principal(self, told: str) -> str:
        found = _TOKEN.fullmatch(told)
        if found is None:
            return told
        path = found[2] if found[2].startswith(_TOP) else f"properties.{found[2]}"
        return f"$(az resource show --ids {shlex.quote(self.azure.ids[int(found[1])])} --query {path} --output tsv)"


def _run(program: Any, monitor: _Monitor, place: Place) -> None:
    loop, worker = asyncio.new_event_loop(), asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(1, initializer=asyncio.set_event_loop, initargs=(worker,)))

    async def whole() -> None:
        pulumi.runtime.set_mocks(monitor.azure, place.project, place.stack, preview=False, monitor=monitor)
        await run_pulumi_func(program)

    try:
        loop.run_until_complete(whole())
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        worker.close()
        asyncio.set_event_loop(None)


def _opened(value: Any) -> Any:
    if rpc.is_rpc_secret(value):
        return _opened(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: _opened(entry) for key, entry in mapping(value).items()}
    return value


def main(arguments: list[str] | None = None) -> int:
    """Print the commands, one a line, or the file of the components.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(
        prog="python -m kaitops.components.importing", description="Commands that import an existing deployment."
    )
    parser.add_argument("--subscription", required=True, help="id of the subscription")
    parser.add_argument("--fleet", type=Path, default=Path("fleet.yaml"), help="the fleet's declaration")
    parser.add_argument("--cluster", required=True, help="name of the cluster in the fleet")
    parser.add_argument("--stack", default="prod", help="Pulumi stack; Pulumi.<stack>.yaml holds kaitops:infra")
    parser.add_argument("--project", default="kaitops", help="Pulumi project")
    parser.add_argument("--name", help="name of the Infra resource in the program; the cluster's where absent")
    parser.add_argument(
        "--components", action="store_true", help="print the components' import file instead, which goes first"
    )
    given = parser.parse_args(arguments)
    try:
        declared = declaration.from_file(given.fleet, given.cluster)
        found = imports(
            _settings(Path(f"Pulumi.{given.stack}.yaml"), given.project),
            declared.plan.cluster,
            given.subscription,
            cluster_name=given.cluster,
            version=declared.release.version,
            place=Place(given.project, given.stack, given.name or given.cluster),
        )
    except KaitopsError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(json.dumps(found.components, indent=1) if given.components else "\n".join(found.commands))
    return 0


def _settings(file: Path, project: str) -> InfraSettings:
    if not file.is_file():
        raise BadInput(f"{file}: not there, so the settings of the stack are not known; correct --stack")
    documents = reader.read_file(str(file))
    found = at(documents[0].data, "config", f"{project}:infra") if documents else None
    return InfraSettings.read(mapping(found))


if __name__ == "__main__":
    sys.exit(main())
