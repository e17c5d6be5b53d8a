"""A stand-in for the provider of azure-native, over the real provider protocol; the engine starts it as a plugin.

Owns the protocol, and the outputs that Azure would compute, which it makes up. What Azure refuses and what it makes anew
is in ``tests.arm``; what has a name of its own is deleted first. What is there is kept in ``cloud``; state is the engine's.
"""

import base64
import json
import os
import re
import sys
import time
import uuid
from collections.abc import Mapping
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN

from kaitops.documents.plain import mapping
from tests.arm.rules import TYPES, changed, refusals, replaces
from tests.arm.standing import There, names, refused_change, refused_deletion
from tests.e2e.engine import cloud

VERSION = "3.29.0"
SUBSCRIPTION = "00000000-0000-0000-0000-00000000beef"
TENANT = "00000000-0000-0000-0000-0000000000aa"
SECRET = "4dabf18193072939515e22adb298388d"
TOKEN = "token-of-the-stand-in"
READ = {
    "getManagedCluster": "containerservice:ManagedCluster",
    "getAgentPool": "containerservice:AgentPool",
    "getUserAssignedIdentity": "managedidentity:UserAssignedIdentity",
    "getGrafana": "dashboard:Grafana",
    "getStorageAccount": "storage:StorageAccount",
    "getSubnet": "network:Subnet",
    "getRegistry": "containerregistry:Registry",
    "getNatGateway": "network:NatGateway",
}
_PATH = re.compile(r"\w+(\.\w+)*")
REAL = "KAITOPS_STAND_IN_KUBECONFIG"
"""Variable with the path of the kubeconfig that the cluster of the stand-in hands out."""


def short(urn: str) -> str:
    """``containerservice:ManagedCluster`` of a URN."""
    return urn.split("::")[2].rpartition("$")[2].removeprefix("azure-native:")


def plain(struct: Any) -> dict[str, Any]:
    """A message's values, whole numbers as int and secrets opened."""
    return _plain(MessageToDict(struct))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(SECRET):
            return _plain(value.get("value"))
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Values as a message."""
    made = struct_pb2.Struct()
    made.update(values)
    return made


def guid(*parts: str) -> str:
    """A GUID that stays the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(parts)))


def azure_id(kind: str, inputs: Mapping[str, Any]) -> str:
    """The resource id."""
    root = f"/subscriptions/{SUBSCRIPTION}"
    if kind == "resources:ResourceGroup":
        return f"{root}/resourceGroups/{inputs['resourceGroupName']}"
    path: str = TYPES[kind]["path"]
    if path.startswith("{"):
        return path.format(**inputs)
    return f"{root}/resourceGroups/{inputs['resourceGroupName']}/providers/{path.format(**inputs)}"


def outputs(kind: str, inputs: Mapping[str, Any], *, preview: bool = False) -> dict[str, Any]:
    """The state of a resource: its inputs, and what Azure computes; in a preview that is not known yet."""
    identity = azure_id(kind, inputs)
    name = identity.rpartition("/")[2]
    state: dict[str, Any] = json.loads(json.dumps(inputs))
    state |= {"name": name, "azureApiVersion": TYPES[kind]["api"]}
    for path in TYPES[kind].get("outputs", ()):
        *above, last = path.split(".")
        place = state
        for step in above:
            place = place.setdefault(step, {})
        place[last] = UNKNOWN if preview else _made_up(path, identity, name, inputs)
    given = mapping(inputs.get("identity")).get("userAssignedIdentities")
    if isinstance(given, list):
        known = {one: {"clientId": guid(one, "clientId"), "principalId": guid(one, "principalId")} for one in given}
        state["identity"] = {**inputs["identity"], "userAssignedIdentities": known}
    return state


def _foreseen(kind: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What a preview tells: the inputs, unknown what Azure computes and what is named by something unknown."""
    state = outputs(kind, inputs, preview=True)
    return {**state, "name": UNKNOWN} if UNKNOWN in azure_id(kind, inputs) else state


def _made_up(path: str, identity: str, name: str, inputs: Mapping[str, Any]) -> str:
    last = path.rpartition(".")[2]
    if last.endswith("Id") and not last.endswith("esourceId"):
        return TENANT if last == "tenantId" else guid(identity, path)
    if last == "currentKubernetesVersion":
        return f"{inputs.get('kubernetesVersion')}.2"
    if last == "ipAddress":
        return "198.51.100.7"
    if last == "issuerURL":
        return f"https://oidc.test.invalid/{TENANT}/{guid(identity)}/"
    if last == "loginServer":
        return f"{name}.azurecr.io"
    if last.lower().endswith(("uri", "endpoint", "blob", "file", "dfs")):
        return f"https://{name}.{last.lower()}.test.invalid/"
    return f"{identity}-{last}" if last.endswith("esourceId") else f"{name}-{last}"


def _inline(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """A pool that is declared inside of its cluster, as the system pool is."""
    cluster = cloud.held(azure_id("containerservice:ManagedCluster", given)) or {}
    pools = cluster.get("agentPoolProfiles", ())
    return next((one for one in pools if one["name"] == given["agentPoolName"]), None)


def _told(function: str, identity: str) -> dict[str, Any]:
    """What Azure tells of a resource beside its own properties: what is in it and what leads to it."""
    there = cloud.everything()
    match function:
        case "getManagedCluster":
            pools = [one for one in there if one.kind.endswith(":AgentPool") and one.id.startswith(f"{identity}/")]
            own = mapping(cloud.held(identity)).get("agentPoolProfiles", [])
            profiles = [{**one.inputs, "name": one.inputs["agentPoolName"]} for one in pools]
            return {"agentPoolProfiles": [*own, *profiles]}
        case "getSubnet":
            ends = [{"id": one.id} for one in there if one.kind == "network:PrivateEndpoint" and names(one, identity)]
            nodes = [{"id": one.id} for one in there if "containerservice:" in one.kind and names(one, identity)]
            return {"privateEndpoints": ends, "ipConfigurations": nodes}
        case "getRegistry":
            ends = [one for one in there if one.kind == "network:PrivateEndpoint" and names(one, identity)]
            return {
                "privateEndpointConnections": [
                    {"id": f"{identity}/privateEndpointConnections/{len(ends)}"} for _ in ends
                ]
            }
        case _:
            return {}


def _kind_of(forced: bool) -> Any:
    kinds = provider_pb2.PropertyDiff
    return kinds(kind=kinds.UPDATE_REPLACE if forced else kinds.UPDATE, inputDiff=True)


def kubeconfig(name: str) -> str:
    """Credentials of the usual form, or those of a real server that the environment names."""
    if REAL in os.environ:
        return base64.b64encode(Path(os.environ[REAL]).read_bytes()).decode()
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": f"https://{name}.test.invalid"}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "users": [{"name": name, "user": {"token": TOKEN}}],
        "current-context": name,
    }
    return base64.b64encode(json.dumps(content).encode()).decode()


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The protocol's calls."""

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True, accept_outputs=False)

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: Any, context: Any) -> Any:
        return provider_pb2.GetSchemaResponse(schema=json.dumps({"name": "azure-native", "version": VERSION}))

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, acceptResources=True, supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:
        found = refusals(short(request.urn), plain(request.news))
        failures = [provider_pb2.CheckFailure(property=path, reason=reason) for path, reason in found]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def Diff(self, request: Any, context: Any) -> Any:
        kind, new = short(request.urn), plain(request.news)
        ignored = tuple(request.ignoreChanges)
        paths = [path for path in changed(plain(request.old_inputs), new) if not path.startswith(ignored or ("\0",))]
        forced = [path for path in paths if replaces(kind, path)]
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        # The engine reads a path as one, so keys with dots or slashes in them are told by their property alone.
        plainly = all(_PATH.fullmatch(path) for path in paths)
        return provider_pb2.DiffResponse(
            detailedDiff={path: _kind_of(path in forced) for path in paths} if plainly else {}, hasDetailedDiff=plainly,
            changes=some if paths else none, diffs=[path.partition(".")[0] for path in paths],
            replaces=forced, deleteBeforeReplace=bool(forced),
        )  # fmt: skip

    def Create(self, request: Any, context: Any) -> Any:
        kind, inputs = short(request.urn), plain(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(id="", properties=struct(_foreseen(kind, inputs)))
        if refused := cloud.put(azure_id(kind, inputs), kind, inputs, new=True):
            context.abort(grpc.StatusCode.ALREADY_EXISTS, refused)
        return provider_pb2.CreateResponse(id=azure_id(kind, inputs), properties=struct(outputs(kind, inputs)))

    def Read(self, request: Any, context: Any) -> Any:
        if request.properties.fields:
            return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)
        # Without a state it is an import: all that is known is in Azure.
        inputs = cloud.held(request.id)
        if inputs is None:
            return provider_pb2.ReadResponse()
        told = struct(outputs(short(request.urn), inputs))
        return provider_pb2.ReadResponse(id=request.id, properties=told, inputs=struct(inputs))

    def Update(self, request: Any, context: Any) -> Any:
        kind, inputs = short(request.urn), plain(request.news)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=struct(_foreseen(kind, inputs)))
        before = There(request.id, kind, cloud.held(request.id) or inputs)
        for refused in refused_change(before, inputs, cloud.everything()):
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, refused)
        cloud.put(request.id, kind, inputs, new=False)
        return provider_pb2.UpdateResponse(properties=struct(outputs(kind, inputs)))

    def Delete(self, request: Any, context: Any) -> Any:
        gone = There(request.id, short(request.urn), cloud.held(request.id) or {})
        if refused := refused_deletion(gone, cloud.everything()):
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, refused)
        cloud.drop(request.id)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        given = plain(request.args)
        function = request.tok.rpartition(":")[2]
        if function == "getClientConfig":
            answer: dict[str, Any] = {"subscriptionId": SUBSCRIPTION, "tenantId": TENANT}
            answer |= {"clientId": guid("client"), "objectId": guid("object")}
        elif function.startswith("listManagedCluster"):
            answer = {"kubeconfigs": [{"name": "clusterUser", "value": kubeconfig(given["resourceName"])}]}
        elif function in READ:
            kind = READ[function]
            known = cloud.held(azure_id(kind, given))
            if function == "getAgentPool" and not known:
                known = _inline(given)
            if known is None or (function == "getAgentPool" and not known):
                context.abort(grpc.StatusCode.NOT_FOUND, f"{request.tok}: StatusCode=404 Code=ResourceNotFound")
            answer = {**outputs(kind, {**given, **(known or {})}), **_told(function, azure_id(kind, given))}
        else:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.tok}: the stand-in does not know the function")
            raise AssertionError
        return provider_pb2.InvokeResponse(**{"return": struct(answer)})


def main() -> None:
    """Serve until the engine ends the process."""
    server = grpc.server(futures.ThreadPoolExecutor(16))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
