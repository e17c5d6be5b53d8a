"""Tokens in namespaces, such as ``HF_TOKEN``: the objects by which the cluster fetches them from a key vault.

Owns the objects and the namespaces that hold them. It never sees a secret's value, and installs neither the CSI driver
(AKS does, with ``infra.secrets``) nor External Secrets.
"""

import json
from collections.abc import Mapping
from typing import Literal, TypedDict

import pulumi

from kaitops.components.resources import spaces
from kaitops.components.resources.manifest import Manifest
from kaitops.components.resources.registration import object_key
from kaitops.documents.plain import MutableObject
from kaitops.fleet.kinds.externalsecret import API as EXTERNAL
from kaitops.fleet.kinds.externalsecret import external_secret, secret_type
from kaitops.fleet.kinds.metadata import MANAGED_BY, namespace

_CLIENT, _TENANT = "azure.workload.identity/client-id", "azure.workload.identity/tenant-id"
_CSI = "secrets-store.csi.x-k8s.io/v1"


class ModelSecretsArgs(TypedDict):
    """What the tokens need."""

    kind: Literal["csi", "externalSecrets"]
    vault_name: pulumi.Input[str]
    tenant_id: pulumi.Input[str]
    client_id: pulumi.Input[str]
    """Identity that may read the vault and trusts the service account."""
    service_account: str
    secrets: Mapping[str, Mapping[str, str]]
    """Keys of Secrets with names in the vault, by ``namespace/name``."""


class ModelSecrets(pulumi.ComponentResource):
    """Namespaces, service accounts, and what fetches the tokens."""

    def __init__(self, name: str, args: ModelSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:platform:ModelSecrets", name, None, opts)
        self._name, self._args = name, args
        self.made: dict[str, pulumi.CustomResource] = {}
        """What the workloads find already there, by ``Kind/namespace/name``; a Secret is what fetches it."""
        for space in sorted({place.partition("/")[0] for place in args["secrets"]}):
            self._space(space)
        self.register_outputs({})

    def _space(self, space: str) -> None:
        args = self._args
        first = self._object(namespace(space), [])
        about = {
            "name": args["service_account"],
            "namespace": space,
            "labels": {**MANAGED_BY},
            "annotations": {_CLIENT: args["client_id"], _TENANT: args["tenant_id"]},
        }
        before: list[pulumi.Resource] = [first]
        before.append(self._object({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": about}, before))
        if args["kind"] == "externalSecrets":
            before.append(self._object(self._document(EXTERNAL, "SecretStore", space, "vault", self._store()), before))
        for place, keys in sorted(args["secrets"].items()):
            if not place.startswith(f"{space}/"):
                continue
            secret = place.partition("/")[2]
            if args["kind"] == "csi":
                document = self._document(_CSI, "SecretProviderClass", space, secret, self._class(secret, keys))
            else:
                store = {"kind": "SecretStore", "name": "vault"}
                document = external_secret(secret, space, store, keys)
            self.made[f"Secret/{space}/{secret}"] = self._object(document, before)

    def _object(self, document: MutableObject, before: list[pulumi.Resource]) -> Manifest:
        about = document["metadata"]
        title = "/".join(part for part in (self._name, about.get("namespace"), about["name"]) if part)
        is_space = document["kind"] == "Namespace"
        aliases = list(spaces.elsewhere(self._name, about["name"])) if is_space else []
        options = pulumi.ResourceOptions(parent=self, depends_on=list(before), aliases=aliases)
        made = Manifest(f"{title}-{document['kind'].lower()}", document, opts=options)
        self.made[object_key(document)] = made
        return made

    def _document(self, version: str, kind: str, space: str, name: str, spec: MutableObject) -> MutableObject:
        about = {"name": name, "namespace": space, "labels": {**MANAGED_BY}}
        return {"apiVersion": version, "kind": kind, "metadata": about, "spec": spec}

    def _store(self) -> MutableObject:
        args = self._args
        vault = {
            "authType": "WorkloadIdentity",
            "vaultUrl": pulumi.Output.concat("https://", args["vault_name"], ".vault.azure.net"),
            "tenantId": args["tenant_id"],
            "serviceAccountRef": {"name": args["service_account"]},
        }
        return {"provider": {"azurekv": vault}}

    def _class(self, secret: str, keys: Mapping[str, str]) -> MutableObject:
        args = self._args
        # The driver reads YAML in a text, whose entries are again YAML in a text; JSON is both.
        objects = [json.dumps({"objectName": each, "objectType": "secret"}) for each in sorted(set(keys.values()))]
        data = [{"key": key, "objectName": each} for key, each in sorted(keys.items())]
        return {
            "provider": "azure",
            "parameters": {
                "usePodIdentity": "false",
                "clientID": args["client_id"],
                "keyvaultName": args["vault_name"],
                "tenantId": args["tenant_id"],
                "objects": json.dumps({"array": objects}),
            },
            "secretObjects": [{"secretName": secret, "type": secret_type(keys), "data": data}],
        }
