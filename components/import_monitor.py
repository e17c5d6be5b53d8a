"""What a program registers, as entries of an import file: it is run without an engine.

Owns the run and the ids. A new resource of a component needs nothing here: ids follow from inputs, as Azure and
Kubernetes name what they hold. The name of a role assignment is a GUID that only Azure knows; its entry has a command
that asks.
"""

import asyncio
import shlex
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi.runtime import mocks, rpc
from pulumi.runtime.stack import run_pulumi_func

from kaitops.components.arm_template import PREFIX, SUBSCRIPTION, TENANT, TOKEN, Registered, azure_id, short, unknown
from kaitops.components.import_script import Entry
from kaitops.documents.plain import MutableObject, Object, at, mapping

_ROOT = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:"
# Where Azure's own answer holds an output, if not under ``properties``.
_TOP = ("identity.",)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the state is: names of the Pulumi project and stack, and of the ``Infra`` resource in it."""

    project: str = "kaitops"
    stack: str = "prod"
    name: str = "infra"


def registered(program: Callable[[], None], place: Place, subscription: str = "") -> tuple[list[Entry], dict[str, str]]:
    """Entries of what a program registers, parents first, and URNs of its providers by name.

    Args:
        subscription: that Azure's resources are in.
    """
    monitor = _Monitor(place)
    _run(program, monitor, place)
    return [monitor.entry(number, subscription) for number in range(len(monitor.made))], monitor.providers


class _Answers(mocks.Mocks):
    def __init__(self) -> None:
        self.azure: dict[str, str] = {}
        self.last: Object = {}

    def call(self, args: mocks.MockCallArgs) -> Any:
        if args.token.endswith(":getClientConfig"):
            return {"subscriptionId": SUBSCRIPTION, "tenantId": TENANT, "clientId": TENANT, "objectId": TENANT}
        return {"kubeconfigs": [{"name": "clusterUser", "value": ""}]}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, MutableObject]:
        inputs: MutableObject = dict(_opened(cast("Any", args).inputs))
        if not args.typ.startswith(PREFIX):
            about = mapping(inputs.get("metadata"))
            spaced = f"{about['namespace']}/{about['name']}" if "namespace" in about else about.get("name", "")
            return spaced, inputs
        token = short(args.typ)
        identity = azure_id(token, args.name, inputs)
        one = Registered(token, args.name, inputs, identity)
        state = {"name": identity.rpartition("/")[2], **inputs, **unknown(one), "id": identity}
        given = at(inputs, "identity", "userAssignedIdentities")
        if isinstance(given, list):
            state["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
        self.azure[one.key], self.last = identity, inputs
        return identity, state


class _Monitor(mocks.MockMonitor):
    """Knows what was registered, with its parent and provider."""

    def __init__(self, place: Place) -> None:
        self.answers = _Answers()
        super().__init__(self.answers)
        self._place = place
        self._names: dict[str, str] = {}
        self.made: list[tuple[Any, str, Object]] = []
        self.providers: dict[str, str] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name is the SDK's
        response: Any = cast("Any", super()).RegisterResource(request)
        if request.type == _ROOT:
            return response
        self._names[response.urn] = request.name
        if request.type.startswith(_PROVIDER):
            # At the top of the stack, as every provider here.
            self.providers[request.name] = (
                f"urn:pulumi:{self._place.stack}::{self._place.project}::{request.type}::{request.name}"
            )
        else:
            azure = request.type.startswith(PREFIX)
            self.made.append((request, response.id, self.answers.last if azure else {}))
        return response

    def entry(self, number: int, subscription: str) -> Entry:
        """One resource, by the order of registration."""
        request, identity, inputs = self.made[number]
        provider = self._names.get(request.provider.rpartition("::")[0], "")
        lookup = self._lookup(inputs) if request.type == f"{PREFIX}authorization:RoleAssignment" else ""
        return Entry(
            request.type,
            request.name,
            self._names.get(request.parent, ""),
            provider if request.custom else "",
            identity.replace(SUBSCRIPTION, subscription) if request.custom else None,
            lookup.replace(SUBSCRIPTION, subscription),
        )

    def _lookup(self, inputs: Object) -> str:
        role = str(inputs["roleDefinitionId"]).rpartition("/")[2]
        scope, principal = shlex.quote(inputs["scope"]), self._principal(inputs["principalId"])
        return (
            f"az role assignment list --scope {scope} --role {role} --query \"[?principalId=='{principal}'].id | [0]\" "
            "--output tsv"
        )

    def _principal(self, told: str) -> str:
        found = TOKEN.fullmatch(told)
        if found is None:
            return told
        path = found[2] if found[2].startswith(_TOP) else f"properties.{found[2]}"
        identity = self.answers.azure[found[1]]
        return f"$(az resource show --ids {shlex.quote(identity)} --query {path} --output tsv)"


def _run(program: Any, monitor: _Monitor, place: Place) -> None:
    loop, worker = asyncio.new_event_loop(), asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(1, initializer=asyncio.set_event_loop, initargs=(worker,)))

    async def whole() -> None:
        pulumi.runtime.set_mocks(monitor.answers, place.project, place.stack, preview=False, monitor=monitor)
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
