"""Headlamp with KAITO's plugin, as values of its chart: who logs in as its reader reads, and nobody gets more by it.

Owns that it is read-only, that image and plugin are what their digests say, and how the plugin comes into it. The chart
as it is makes the account of its pod an administrator of the cluster; that is never taken over.
"""

import json

from kaitops.documents.plain import MutableObject, Object, at, mapping, merged
from kaitops.errors import BadInput
from kaitops.kaito import facts

_READ = ["get", "list", "watch"]
# The plugin is kept only if it is what its digest says; a pod without it does not start, and says why.
_FETCH = """\
wget -q -O /download/plugin.tgz "$ARCHIVE"
echo "$SHA256  /download/plugin.tgz" | sha256sum -c - || {
    echo "the archive of the plugin is not the one of the digest; it is not installed" >&2
    exit 1
}
tar -xzf /download/plugin.tgz -C /plugins
"""


def headlamp_values(
    version: str,
    place: str,
    declared: Object,
    published: Object,
    registry: str,
    *,
    chart: str,
    namespace: str,
    release: str,
) -> MutableObject:
    """The values of its chart.

    Args:
        version: of KAITO.
        place: of the declaration, for messages.
        declared: ``operator.headlamp`` of the cluster.
        published: registry and repository of the image.
        registry: the cluster's own, that its images are pulled from; empty where it has none.
        chart: version of the chart, which is that of the image.
        namespace: that it is installed in.
        release: name of the release.

    Raises:
        BadInput: values that would give it more than reading, or a plugin from where the cluster pulls nothing.
    """
    own: Object = declared.get("values", {})
    if at(own, "clusterRoleBinding", "create"):
        raise BadInput(
            f"{place}.values.clusterRoleBinding.create: gives Headlamp's own account {_role(own)}, and it is installed "
            "to read; remove it, and bind a role of your own to who should do more"
        )
    if at(own, "image", "tag") is not None:
        raise BadInput(
            f"{place}.values.image.tag: another image than the one of {place}.digest would run; say which by version "
            "and digest"
        )
    known = facts.load(version, "headlamp.json")
    user, digest = known["image"], declared["digest"]
    tag = f"v{chart.removeprefix('v')}@{digest}"
    security = {
        "runAsNonRoot": True, "runAsUser": user["user"], "runAsGroup": user["group"], "privileged": False,
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }  # fmt: skip
    values: MutableObject = {
        "image": {**({"registry": registry} if registry else {}), "tag": tag},
        "serviceAccount": {"create": True, "name": release},
        "clusterRoleBinding": {"create": False},
        "securityContext": security,
        "resources": known["resources"],
        "extraManifests": [json.dumps(one) for one in reader(known, namespace)],
    }
    if declared.get("plugin", True):
        if registry and not declared.get("archive"):
            raise BadInput(
                f"{place}.archive: is not said, so the plugin would be fetched from {known['plugin']['archive']}, and "
                f"the cluster pulls from its registry {registry}; name a copy of that archive, or write plugin: false"
            )
        mirrored = {**published, **mapping(values["image"]), **mapping(own.get("image"))}
        values |= _plugin(known, declared, f"{mirrored['registry']}/{mirrored['repository']}:{tag}", security)
    return merged(values, own)


def _role(own: Object) -> str:
    return str(at(own, "clusterRoleBinding", "clusterRoleName") or "cluster-admin")


def reader(known: Object, namespace: str) -> list[MutableObject]:
    """The account that people log in as, with a role that reads what the plugin shows, and no Secret."""
    name = known["reader"]
    group = "rbac.authorization.k8s.io"
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": namespace}},
        {
            "apiVersion": f"{group}/v1", "kind": "ClusterRole", "metadata": {"name": name},
            "rules": [{**one, "verbs": _READ} for one in known["reads"]],
        },
        {
            "apiVersion": f"{group}/v1", "kind": "ClusterRoleBinding", "metadata": {"name": name},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": name},
            "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
        },
    ]  # fmt: skip


def _plugin(known: Object, declared: Object, image: str, security: Object) -> MutableObject:
    archive = declared.get("archive") or known["plugin"]["archive"]
    return {
        "initContainers": [
            {
                "name": "kaito-plugin",
                "image": image,
                "command": ["/bin/sh", "-ec", _FETCH],
                "env": [{"name": "ARCHIVE", "value": archive}, {"name": "SHA256", "value": known["plugin"]["sha256"]}],
                "securityContext": dict(security),
                "resources": known["resources"],
                "volumeMounts": [
                    {"name": "kaito-plugin", "mountPath": "/plugins"},
                    {"name": "kaito-plugin-download", "mountPath": "/download"},
                ],
            }
        ],
        "volumes": [
            {"name": "kaito-plugin", "emptyDir": {"sizeLimit": "64Mi"}},
            {"name": "kaito-plugin-download", "emptyDir": {"sizeLimit": "64Mi"}},
        ],
        "volumeMounts": [{"name": "kaito-plugin", "mountPath": known["plugins"], "readOnly": True}],
    }
