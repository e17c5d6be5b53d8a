"""What an engine is to the plugin: the two services that it calls back, and the calls that are made to it.

Owns the protocol without an engine: every registration is answered with its own inputs, as mocks do, and with what
Azure computes where it is Azure's.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, errors_pb2, provider_pb2, provider_pb2_grpc, status_pb2
from pulumi.runtime.proto import resource_pb2 as res
from pulumi.runtime.proto import resource_pb2_grpc as res_grpc
from pulumi.runtime.rpc import UNKNOWN, deserialize_properties

from tests.components.azure_answers import answer, computed
from tests.components.recorder import plain
from tests.conftest import ROOT


@dataclass
class Answer:
    """What came of one construction.

    Attributes:
        made: inputs by type and name, in order.
        parents: URNs of parents by URN.
        state: outputs of the component.
        protected, transformed: URNs of what the engine is to hold, and of what it is to ask back about.
        refused: reason by property, where it was refused; with the whole message under the empty path.
    """

    made: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])
    parents: dict[str, str] = field(default_factory=dict[str, str])
    state: Mapping[str, Any] = field(default_factory=dict[str, Any])
    protected: set[str] = field(default_factory=set[str])
    transformed: set[str] = field(default_factory=set[str])
    refused: dict[str, str] = field(default_factory=dict[str, str])


class _Monitor(res_grpc.ResourceMonitorServicer):
    def __init__(self) -> None:
        self.answer = Answer()

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "features are asked for one by one")

    def SupportsFeature(self, request: Any, context: Any) -> Any:
        return res.SupportsFeatureResponse(hasSupport=request.id not in {"invokeTransforms", "outputValues"})

    def RegisterResource(self, request: Any, context: Any) -> Any:
        urn = f"urn:pulumi:stack::project::{request.type}::{request.name}"
        given = deserialize_properties(request.object, keep_unknowns=True)
        self.answer.made[request.type, request.name] = given
        self.answer.parents[urn] = request.parent
        self.answer.protected |= {urn} if request.protect else set()
        self.answer.transformed |= {urn} if request.transforms else set()
        identity, state = f"{request.name}-id" if request.custom else "", request.object
        if request.type.startswith("azure-native:"):
            identity, told = computed(request.type, request.name, plain(given), None)
            state = struct(told)
        return res.RegisterResourceResponse(urn=urn, id=identity, object=state)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def RegisterPackage(self, request: Any, context: Any) -> Any:
        return res.RegisterPackageResponse(ref="x")

    def Invoke(self, request: Any, context: Any) -> Any:
        given = deserialize_properties(request.args, keep_unknowns=True)
        told: dict[str, Any] = {"return": struct(answer(request.tok, plain(given)))}
        return provider_pb2.InvokeResponse(**told)

    def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


class _Engine(engine_pb2_grpc.EngineServicer):
    def Log(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: Any) -> Any:
        return engine_pb2.GetRootResourceResponse()


class Plugin:
    """A running plugin."""

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    def schema(self) -> dict[str, Any]:
        """The schema that an engine is told."""
        return json.loads(self._stub.GetSchema(provider_pb2.GetSchemaRequest(version=0)).schema)

    def construct(self, kind: str, name: str, **inputs: Any) -> Answer:
        """Make a component from inputs of another language, whose numbers are all floating point."""
        # A refused construction may register late; with a server of its own that never counts as the next one's.
        monitor = _Monitor()
        with _serving(monitor) as address:
            request = provider_pb2.ConstructRequest(
                project="project", stack="stack", organization="o", dryRun=True, parallel=1,
                monitorEndpoint=address, type=f"kaitops:index:{kind}", name=name, inputs=struct(inputs),
            )  # fmt: skip
            told = monitor.answer
            try:
                told.state = deserialize_properties(self._stub.Construct(request).state, keep_unknowns=True)
            except grpc.RpcError as error:
                failed: Any = error
                told.refused = {"": failed.details(), **dict(_properties(failed))}
            return told


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Values as a message."""
    made = struct_pb2.Struct()
    made.update(values)
    return made


def _properties(error: Any) -> Iterator[tuple[str, str]]:
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in status_pb2.Status.FromString(value).details:
            found = errors_pb2.InputPropertiesError()
            if detail.Unpack(found):
                yield from ((one.property_path, one.reason) for one in found.errors)


@contextmanager
def _serving(monitor: _Monitor) -> Iterator[str]:
    server = grpc.server(futures.ThreadPoolExecutor(8))
    res_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    engine_pb2_grpc.add_EngineServicer_to_server(_Engine(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()


@contextmanager
def plugin(folder: Path = ROOT / "provider") -> Iterator[Plugin]:
    """The plugin as the engine starts it."""
    with _serving(_Monitor()) as address:
        process = subprocess.Popen(
            [sys.executable, "-u", str(folder), address], stdout=subprocess.PIPE, text=True, cwd=folder
        )
        assert process.stdout is not None
        try:
            port = process.stdout.readline().strip()
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Plugin(provider_pb2_grpc.ResourceProviderStub(channel))
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


__all__ = ["UNKNOWN", "Answer", "Plugin", "plugin"]
