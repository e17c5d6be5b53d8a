"""Runs a Pulumi program without engine and cloud, and collects the Azure resources that it declares.

Owns what Azure would answer: ids of the usual form, and for what only Azure knows a token that the template makes an
expression of. It reads the stack's configuration as the engine would, but decrypts nothing: a secret becomes a
parameter of the template. It runs in a process of its own, because a program may do anything to Pulumi's state.
"""

import asyncio
import json
import os
import runpy
import sys
from base64 import b64encode
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

import pulumi
from pulumi.runtime import mocks, rpc
from pulumi.runtime.stack import run_pulumi_func

from kaitops.components.arm_template import PREFIX, SUBSCRIPTION, TENANT, Registered, azure_id, short, unknown
from kaitops.documents import reader
from kaitops.documents.plain import MutableObject, Object, at, mapping, merged
from kaitops.errors import BadInput, KaitopsError

_KUBERNETES = "kubernetes:"
_STACK = "pulumi:pulumi:StackReference"
_CREDENTIALS = ("listManagedClusterUserCredentials", "listManagedClusterAdminCredentials")


def collect(project: Path, stack: str, given: Mapping[str, str]) -> list[Registered]:
    """Run a project's program and return its Azure resources in the order of registration.

    Args:
        project: the folder with ``Pulumi.yaml``.
        given: configuration that goes before the stack's own; keys with or without the project's name.

    Raises:
        BadInput: there is no project, its files cannot be used, or the program fails.
    """
    declaration = _read(project / "Pulumi.yaml", "the project")
    name = str(declaration.get("name") or project.resolve().name)
    main = project / str(declaration.get("main") or ".")
    defaults = _defaults(mapping(declaration.get("config")))
    values, secret = _configuration(project / f"Pulumi.{stack}.yaml", name, defaults, given)
    monitor = _Monitor(_Azure())
    pulumi.runtime.set_all_config(values, secret)
    os.chdir(project)
    folder = main if main.is_dir() else main.parent
    sys.path.insert(0, str(folder.resolve()))

    async def program() -> None:
        runpy.run_path(str(main.resolve()), run_name="__main__")

    async def whole() -> None:
        # The stack's own resource is made here and belongs to this loop.
        pulumi.runtime.set_mocks(monitor.azure, project=name, stack=stack, preview=False, monitor=monitor)
        await run_pulumi_func(program)

    try:
        _run(whole())
    except KaitopsError:
        raise
    except (Exception, SystemExit) as error:
        raise BadInput(
            f"{project}: the program of stack {stack} fails with {type(error).__name__}: {error}, so what it declares "
            "is not known; mend it, or give the configuration that it wants by --config"
        ) from error
    return monitor.azure.resources


def _run(program: Coroutine[Any, Any, None]) -> None:
    # One worker, so that the order of registration is the same in each run; what it deserialises wants a loop.
    loop, other = asyncio.new_event_loop(), asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(1, initializer=asyncio.set_event_loop, initargs=(other,)))
    # After an error the SDK leaves futures that nobody asks; the error itself comes out here.
    loop.set_exception_handler(_nothing)
    try:
        loop.run_until_complete(program)
    finally:
        asyncio.set_event_loop(None)


def _nothing(loop: asyncio.AbstractEventLoop, context: MutableObject) -> None:
    return


def _read(file: Path, what: str) -> Object:
    if not file.is_file():
        raise BadInput(f"{file}: not there, so {what} is not known; name the folder of the project by --project")
    documents = reader.read_file(str(file))
    return mapping(documents[0].data) if documents else {}


def _stack(file: Path) -> Object:
    return mapping(_read(file, "the stack").get("config"))


def _defaults(declared: Object) -> MutableObject:
    """What the project says of its own keys, where the stack says nothing."""
    found = {key: mapping(entry).get("default", mapping(entry).get("value")) for key, entry in declared.items()}
    plain = {key: entry for key, entry in declared.items() if not isinstance(entry, Mapping)}
    return {key: value for key, value in {**found, **plain}.items() if value is not None}


def _configuration(
    file: Path, project: str, defaults: Object, given: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """All values as the engine hands them over, and the keys of secret ones."""
    entries: MutableObject = dict(defaults)
    if file.is_file():
        entries |= {key.removeprefix(f"{project}:"): one for key, one in _stack(file).items()}
    elif not given:
        raise BadInput(f"{file}: not there, so the stack has no configuration; correct --stack, or give --config")
    entries |= {key.removeprefix(f"{project}:"): one for key, one in given.items()}
    values: dict[str, str] = {}
    secret: list[str] = []
    full_keys = {(key if ":" in key else f"{project}:{key}"): value for key, value in entries.items()}
    for full, value in full_keys.items():
        if isinstance(value, Mapping) and list(cast("Object", value)) == ["secure"]:
            values[full] = f"<<secret.{full.replace(':', '-')}>>"
            secret.append(full)
        else:
            values[full] = value if isinstance(value, str) else json.dumps(value)
    return values, secret


class _Azure(mocks.Mocks):
    """Answers registrations and calls, and keeps the former."""

    def __init__(self) -> None:
        self.resources: list[Registered] = []
        self._hidden = 0

    def call(self, args: mocks.MockCallArgs) -> Any:
        """What a function of the provider returns."""
        given = self.plain(cast("Any", args).args)
        token = short(args.token)
        function = token.rpartition(":")[2]
        if token == "authorization:getClientConfig":  # noqa: S105 - a function's token
            nobody = "00000000-0000-0000-0000-000000000003"
            return {"subscriptionId": SUBSCRIPTION, "tenantId": TENANT, "clientId": nobody, "objectId": nobody}
        if function in _CREDENTIALS:
            return {"kubeconfigs": [{"name": "clusterUser", "value": b64encode(_kubeconfig().encode()).decode()}]}
        if args.token.startswith(PREFIX) and function.startswith("get"):
            looked_up = token.replace(":get", ":", 1)
            return {**self._add(looked_up, function, given, read=True)}
        return given

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, MutableObject]:
        """Id and state of a resource."""
        inputs = self.plain(cast("Any", args).inputs)
        if args.custom is False:
            return "", {}
        if args.resource_id and args.typ.startswith(_KUBERNETES):
            return args.resource_id, merged(inputs, _standing(args.resource_id))
        if args.typ == _STACK:
            return args.resource_id, merged(inputs, {"outputs": {"kubeconfig": _kubeconfig()}})
        if not args.typ.startswith(PREFIX):
            return args.resource_id or f"{args.name}-id", inputs
        state = self._add(short(args.typ), args.name, inputs, read=args.custom is None, known_id=args.resource_id)
        return state["id"], state

    def _add(
        self, token: str, name: str, inputs: MutableObject, *, read: bool, known_id: str | None = None
    ) -> MutableObject:
        identity = known_id or azure_id(token, name, inputs)
        one = Registered(token, name, inputs, identity, read=read)
        self.resources.append(one)
        state = merged(inputs, unknown(one))
        assigned = at(inputs, "identity", "userAssignedIdentities")
        if isinstance(assigned, list):
            state["identity"] = {
                **state["identity"],
                "userAssignedIdentities": {one: {} for one in cast("list[str]", assigned)},
            }
        return {"name": identity.rpartition("/")[2], **state, "id": identity}

    def plain(self, value: object, *, secret: bool = False) -> Any:
        """A value as it would stand in a document; what is secret becomes a parameter of the template."""
        if rpc.is_rpc_secret(value):
            return self.plain(rpc.unwrap_rpc_secret(value), secret=True)
        if isinstance(value, Mapping):
            pairs = cast("Object", value).items()
            return {key: self.plain(entry, secret=secret) for key, entry in pairs}
        if isinstance(value, list | tuple):
            return [self.plain(entry, secret=secret) for entry in cast("list[Any]", value)]
        if secret and isinstance(value, str) and not value.startswith("<<"):
            self._hidden += 1
            return f"<<secret.hidden{self._hidden}>>"
        return int(value) if isinstance(value, float) and value.is_integer() else value


class _Monitor(mocks.MockMonitor):
    """The monitor of the SDK, with its mocks at hand."""

    def __init__(self, azure: _Azure) -> None:
        super().__init__(azure)
        self.azure = azure


def _standing(known_id: str) -> MutableObject:
    """What every object that is in a cluster already has."""
    namespace, _, name = known_id.rpartition("/")
    about: MutableObject = {"name": name, "uid": str(uuid5(NAMESPACE_URL, known_id))}
    return {"metadata": {**about, "namespace": namespace} if namespace else about}


def _kubeconfig() -> str:
    """A file of the form that Azure hands out, for a server that nobody can reach."""
    name = {"name": "cluster"}
    content: MutableObject = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{**name, "cluster": {"server": "https://cluster.invalid"}}],
        "contexts": [{**name, "context": {"cluster": "cluster", "user": "cluster"}}],
        "users": [{**name, "user": {}}],
        "current-context": "cluster",
    }
    return json.dumps(content)
