"""The facts of ``presets/kubernetes.json``, derived from what a running API server says of its own kinds.

Run as ``python -m tests.e2e.native_facts`` to write the file anew; `test_native_objects.py` compares it with the server.
Only names, types, required fields and listed values are taken, no descriptions.
"""

import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from tests.conftest import ROOT
from tests.e2e.client import Client

FILE = ROOT / "presets/kubernetes.json"
KINDS = {
    "v1": (
        "ConfigMap LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController "
        "ResourceQuota Secret Service ServiceAccount"
    ),
    "admissionregistration.k8s.io/v1": "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
    "apps/v1": "DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "batch/v1": "CronJob Job",
    "discovery.k8s.io/v1": "EndpointSlice",
    "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
    "node.k8s.io/v1": "RuntimeClass",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1": "PriorityClass",
    "storage.k8s.io/v1": "CSIDriver StorageClass VolumeAttributesClass",
}
LISTED = {
    "CSIDriverSpec.fsGroupPolicy": "File|None|ReadWriteOnceWithFSType",
    "CSIDriverSpec.volumeLifecycleModes": "Ephemeral|Persistent",
    "Container.restartPolicy": "Always|Never|OnFailure",
    "ContainerResizePolicy.resourceName": "cpu|memory",
    "ContainerResizePolicy.restartPolicy": "NotRequired|RestartContainer",
    "ContainerRestartRule.action": "Restart|RestartAllContainers",
    "EndpointSlice.addressType": "FQDN|IPv4|IPv6",
    "HPAScalingPolicy.type": "Percent|Pods",
    "LabelSelectorRequirement.operator": "DoesNotExist|Exists|In|NotIn",
    "MetricSpec.type": "ContainerResource|External|Object|Pods|Resource",
    "MetricTarget.type": "AverageValue|Utilization|Value",
    "NamedRuleWithOperations.operations": "*|CONNECT|CREATE|DELETE|UPDATE",
    "PodOS.name": "linux|windows",
    "PodSecurityContext.seLinuxChangePolicy": "MountOption|Recursive",
    "ServiceSpec.trafficDistribution": "PreferClose|PreferSameNode|PreferSameZone",
    "StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted": "Delete|Retain",
    "StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled": "Delete|Retain",
    "ValidatingAdmissionPolicyBindingSpec.validationActions": "Audit|Deny|Warn",
    "ValidatingAdmissionPolicySpec.failurePolicy": "Fail|Ignore",
    "Validation.reason": "Forbidden|Invalid|RequestEntityTooLarge|Unauthorized",
    "VolumeMount.recursiveReadOnly": "Disabled|Enabled|IfPossible",
}
"""What the server takes for fields of which its own description lists no values; by what it refuses others with."""
NOT_NEEDED = ("CSIDriver.spec", "ForZone.name", "LimitRangeSpec.limits", "PodFailurePolicy.rules")
"""What the server's description calls needed, and it does without."""
_SPECIAL = {
    "Quantity": "quantity",
    "IntOrString": "intstr",
    "Time": "time",
    "MicroTime": "time",
    "FieldsV1": "any",
    "RawExtension": "any",
}


class _Types:
    """The types of a document, taken over as they are reached."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self._names: dict[str, str] = {}

    def take(self, schemas: Mapping[str, Any], full: str) -> str:
        short = full.rpartition(".")[2]
        if short in _SPECIAL:
            return _SPECIAL[short]
        owner = self._names.setdefault(short, full)
        name = short if owner == full else full.replace("io.k8s.api.", "")
        if name not in self.found:
            self.found[name] = {}
            node = schemas[full]
            fields = {key: self.of(schemas, value) for key, value in sorted(node.get("properties", {}).items())}
            for key, form in fields.items():
                if listed := LISTED.get(f"{name}.{key}"):
                    fields[key] = f"{form}:{listed}"
            self.found[name] = {"fields": fields}
            needed = [key for key in node.get("required", ()) if f"{name}.{key}" not in NOT_NEEDED]
            if needed:
                self.found[name]["required"] = sorted(needed)
        return name

    def of(self, schemas: Mapping[str, Any], node: Mapping[str, Any]) -> str:
        if "allOf" in node:
            node = {**node, **node["allOf"][0]}
        if "$ref" in node:
            return self.take(schemas, node["$ref"].rpartition("/")[2])
        kind, form = node.get("type"), node.get("format")
        if kind == "array":
            return f"[]{self.of(schemas, node['items'])}"
        if kind == "object":
            values = node.get("additionalProperties")
            return f"map:{self.of(schemas, values)}" if values else "any"
        if kind == "string":
            listed = node.get("enum")
            return "bytes" if form == "byte" else f"string:{'|'.join(sorted(listed))}" if listed else "string"
        if kind == "integer":
            return form or "int64"
        return {"boolean": "bool", "number": "number", None: "any"}[kind]


def facts(client: Client) -> dict[str, Any]:
    """What the file is to hold."""
    paths = client.request("GET", "/openapi/v3")["paths"]
    version = client.request("GET", "/version")["gitVersion"]
    types, kinds = _Types(), {}
    for served, names in KINDS.items():
        place = f"{'apis' if '/' in served else 'api'}/{served}"
        schemas = client.request("GET", paths[place]["serverRelativeURL"])["components"]["schemas"]
        resources = {
            one["kind"]: one for one in client.request("GET", f"/{place}")["resources"] if "/" not in one["name"]
        }
        for full, node in schemas.items():
            for known in node.get("x-kubernetes-group-version-kind", ()):
                group, one = served.rpartition("/")[0], known["kind"]
                if (known["group"], known["version"]) == (group, served.rpartition("/")[2]) and one in names.split():
                    kinds[f"{served}/{one}"] = {
                        "type": types.take(schemas, full),
                        "namespaced": resources[one]["namespaced"],
                    }
    served: dict[str, list[str]] = {}
    for group in client.request("GET", "/apis")["groups"]:
        for one in group["versions"]:
            for resource in client.request("GET", f"/apis/{one['groupVersion']}")["resources"]:
                key = f"{group['name']}/{resource['kind']}"
                if "/" not in resource["name"] and any(key == _without_version(kind) for kind in kinds):
                    served.setdefault(key, []).append(one["version"])
    return {
        "source": {"project": "kubernetes/kubernetes", "version": version.partition("-")[0], "files": ["/openapi/v3"]},
        "served": {key: sorted(value) for key, value in sorted(served.items())},
        "kinds": dict(sorted(kinds.items())),
        "types": dict(sorted(types.found.items())),
    }


def _without_version(kind: str) -> str:
    version, _, name = kind.rpartition("/")
    return f"{version.rpartition('/')[0]}/{name}"


def text(found: Mapping[str, Any]) -> str:
    """The file: one line a kind and a type."""
    parts = []
    for key, value in found.items():
        rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in value.items())
        parts.append(
            f" {json.dumps(key)}: {{\n{rows}\n }}" if key != "source" else f" {json.dumps(key)}: {json.dumps(value)}"
        )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Write the file from a control plane of this machine."""
    from tests.e2e.assets import find
    from tests.e2e.cluster import Cluster

    with Cluster(find(), controllers=False) as cluster, closing(cluster.client()) as client:
        FILE.write_text(text(facts(client)))


if __name__ == "__main__":
    main()
