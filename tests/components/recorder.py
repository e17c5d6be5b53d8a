"""Runs a Pulumi program without engine or cloud, and records what it registers.

Owns the run: every resource with its inputs and options as the engine would be told them, the outputs of components
and of the stack, the calls to provider functions. What Azure would answer is in ``azure_answers``.
Of what it registers Azure's types and rules of names are asked, for every program alike.
It does not plan: replacement, refresh and deletion need the real engine.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import mocks as pulumi_mocks
from pulumi.runtime import rpc, settings
from pulumi.runtime.stack import run_pulumi_func

from kaitops.components.resources import given
from tests.arm.rules import refusals
from tests.components.azure_answers import answer, computed
from tests.components.recording import Recording, Registered

__all__ = ["Recording", "Registered", "plain", "run"]
PROJECT, STACK = "kaitops", "test"
Program = Callable[[], Awaitable[Any] | Any]


class _Mocks(pulumi_mocks.Mocks):
    def __init__(self, calls: Mapping[str, Any]) -> None:
        self.called: list[tuple[str, Mapping[str, Any]]] = []
        self._answers = calls

    def call(self, args: pulumi_mocks.MockCallArgs) -> Any:
        given = plain(args.args)
        self.called.append((args.token, given))
        known = self._answers.get(args.token)
        if known is not None:
            return known(given) if callable(known) else known
        return answer(args.token, given)

    def new_resource(self, args: pulumi_mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.custom is False and not args.resource_id:
            return "", {}
        return computed(args.typ, args.name, plain(args.inputs), args.resource_id)


class _Monitor(pulumi_mocks.MockMonitor):
    """Keeps the requests themselves: the mocks of the SDK see only inputs."""

    def __init__(self, mocks: pulumi_mocks.Mocks) -> None:
        super().__init__(mocks)
        self.requests: list[tuple[Any, Any, bool]] = []
        self.component_outputs: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:
        response = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            self.requests.append((request, response, False))
        return response

    def ReadResource(self, request: Any) -> Any:
        response = super().ReadResource(request)
        self.requests.append((request, response, True))
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:
        if request.urn in self.component_outputs:
            raise AssertionError(f"{request.urn}: register_outputs was called twice")
        self.component_outputs[request.urn] = request.outputs
        return super().RegisterResourceOutputs(request)


def run(
    program: Program,
    *,
    config: Mapping[str, str] | None = None,
    secret_config: tuple[str, ...] = (),
    calls: Mapping[str, Any] | None = None,
    preview: bool = False,
    project: str = PROJECT,
    stack: str = STACK,
) -> Recording:
    """Run a program as the engine would, and return the recording.

    Args:
        program: called without arguments inside of a stack; it may be a coroutine function.
        config: stack configuration, full keys such as ``kaitops:location``.
        secret_config: keys of ``config`` that are secret.
        calls: answers of provider functions by token, a value or a function of the arguments.

    Raises:
        AssertionError: Azure would refuse an input.
        Exception: whatever the program or one of its outputs raises.
    """
    settings.ROOT.set(None)
    settings.SETTINGS.rpc_manager.clear()
    settings.SETTINGS.outputs.clear()
    mocks = _Mocks(calls or {})
    monitor = _Monitor(mocks)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # One worker, so that the order of registration is the same in each run; it needs a loop that somebody closes.
    worker_loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(1, initializer=asyncio.set_event_loop, initargs=(worker_loop,)))
    result: list[Any] = []

    async def whole() -> tuple[dict[str, Any], frozenset[str]]:
        pulumi.runtime.set_mocks(mocks, project=project, stack=stack, preview=preview, monitor=monitor)

        async def inside() -> None:
            found = program()
            result.append(
                await found if isinstance(found, Awaitable) and not isinstance(found, pulumi.Output) else found
            )

        await run_pulumi_func(inside)
        return await _exports()

    # The SDK makes a task for each value; collecting again and again among them takes longer than the run itself.
    collecting = gc.isenabled()
    gc.disable()
    try:
        pulumi.runtime.set_all_config(dict(config or {}), list(secret_config))
        exports, secret = loop.run_until_complete(whole())
    finally:
        if collecting:
            gc.enable()
        _close(loop)
        worker_loop.close()
        asyncio.set_event_loop(None)
        pulumi.runtime.set_all_config({}, [])
        settings.ROOT.set(None)
    resources = [_registered(monitor, *entry) for entry in monitor.requests]
    refused = list(_refused(resources))
    refused += _nulls(monitor)
    assert not refused, "\n".join(refused)
    return Recording(resources, exports, secret, mocks.called, result[0] if result else None)


def _refused(resources: list[Registered]) -> Iterator[str]:
    """A line for each input that Azure would refuse."""
    for one in resources:
        kind = one.type.removeprefix("azure-native:")
        if kind != one.type and not one.read:
            yield from (f"{one.type} {one.name}: {path} {reason}" for path, reason in refusals(kind, one.inputs))


def _nulls(monitor: _Monitor) -> Iterator[str]:
    """A line for each null of a Kubernetes object: the server drops it, so that the engine finds it changed each time.

    Of all that is read elsewhere the SDK has left it out.
    """
    for request, _, read in monitor.requests:
        if not read and request.type.startswith("kubernetes:"):
            found = given.nothing(json_format.MessageToDict(request.object), request.name)
            yield from (f"{request.type} {path}: is sent as a null" for path in found)


def _close(loop: asyncio.AbstractEventLoop) -> None:
    # After an error the SDK leaves futures that nobody asks; the error itself has come out already.
    loop.set_exception_handler(lambda *_: None)
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


async def _exports() -> tuple[dict[str, Any], frozenset[str]]:
    root = settings.get_root_resource()
    exports: dict[str, Any] = {}
    secret: set[str] = set()
    for name, value in dict(getattr(root, "outputs", {})).items():
        output = pulumi.Output.from_input(value)
        exports[name] = await output.future(with_unknowns=False)
        if await output.is_secret():
            secret.add(name)
    return exports, frozenset(secret)


def _registered(monitor: _Monitor, request: Any, response: Any, read: bool) -> Registered:
    raw = rpc.deserialize_properties(request.properties if read else request.object, keep_unknowns=True)
    shared: dict[str, Any] = {
        "type": request.type,
        "name": request.name,
        "urn": response.urn,
        "parent": request.parent,
        "depends_on": tuple(request.dependencies),
        "provider": request.provider,
        "version": request.version,
        "line": (request.sourcePosition.uri, request.sourcePosition.line),
        "inputs": plain(raw),
        "additional_secret_outputs": tuple(request.additionalSecretOutputs),
    }
    if read:
        return Registered(id=request.id, custom=True, read=True, outputs=_state(response.properties), **shared)
    custom = bool(request.custom)
    given = monitor.component_outputs.get(response.urn)
    told = {} if given is None else rpc.deserialize_properties(given, keep_unknowns=True)
    return Registered(
        id=response.id,
        custom=custom,
        property_dependencies={key: tuple(value.urns) for key, value in request.propertyDependencies.items()},
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        deleted_with=request.deletedWith,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        replacement_trigger=_trigger(request),
        aliases=(*request.aliasURNs, *request.aliases),
        import_id=request.importId,
        transforms=len(request.transforms),
        timeouts={
            key: value for key in ("create", "update", "delete") if (value := getattr(request.customTimeouts, key, ""))
        },
        outputs=_state(response.object) if custom else plain(told),
        secrets=_secret_keys(raw if custom else told),
        **shared,
    )


def _trigger(request: Any) -> Any:
    if not request.HasField("replacement_trigger"):
        return None
    told = struct_pb2.Struct(fields={"trigger": request.replacement_trigger})
    return plain(rpc.deserialize_properties(told, keep_unknowns=True))["trigger"]


def _state(given: Any) -> Any:
    return plain(rpc.deserialize_properties(given, keep_unknowns=True))


def _secret_keys(given: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(key for key, value in given.items() if rpc.is_rpc_secret(value))


def plain(value: Any) -> Any:
    """A value as it would stand in a document: secrets opened, whole numbers as int."""
    if rpc.is_rpc_secret(value):
        return plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
