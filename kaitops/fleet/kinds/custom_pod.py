"""The pod template of a custom model: a hardened server, and an init container where weights are fetched.

Owns our choices for such pods: no privileges, no token mounted unless workload identity needs it, explicit resources.
"""

from kaitops.documents.plain import MutableObject, Object
from kaitops.fleet.workload import Workload

_GPU = "nvidia.com/gpu"
_WEIGHTS, _HOME = "weights", "home"
# A user that no image knows has / for a home, where it may write nothing, and no name, which caches are called after.
_HOME_PATH = "/home/server"
_NAMED = {"HOME": _HOME_PATH, "USER": "server"}
# Images of servers rarely name a user; the group makes the weights readable for this one.
_USER: MutableObject = {"runAsNonRoot": True, "runAsUser": 1000, "fsGroup": 1000}
_SECURITY: MutableObject = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def pod_template(workload: Workload) -> MutableObject:
    """The ``template`` of a Workspace for a custom model."""
    pattern, server = next(iter(workload.entry["custom"].items()))
    if pattern == "huggingFace" and "secret" in workload.entry:
        server = {"secret": workload.entry["secret"], **server}
    spec: MutableObject = {"automountServiceAccountToken": False}
    metadata: MutableObject = {}
    if "serviceAccount" in server:
        spec["serviceAccountName"] = server["serviceAccount"]
        metadata["labels"] = {"azure.workload.identity/use": "true"}
    if server.get("pullSecrets"):
        spec["imagePullSecrets"] = [{"name": name} for name in dict.fromkeys(server["pullSecrets"])]
    spec["securityContext"] = {**({} if server["runAsRoot"] else _USER), "seccompProfile": {"type": "RuntimeDefault"}}
    if fetch := _FETCH.get(pattern):
        spec["initContainers"] = [_init_container(server, fetch(server))]
    spec["containers"] = [_server(pattern, server)]
    spec["volumes"] = _volumes(pattern, server)
    template: MutableObject = {"spec": spec}
    return {"metadata": metadata, **template} if metadata else template


def _server(pattern: str, server: Object) -> MutableObject:
    container: MutableObject = {"name": "server", "image": server["image"]}
    for key in ("command", "args"):
        if server.get(key):
            container[key] = list(server[key])
    env = _env(pattern, server)
    if env:
        container["env"] = env
    container["ports"] = [{"name": "http", "containerPort": server["port"]}]
    probe = {"httpGet": {"path": server["health"], "port": "http"}, "periodSeconds": 10}
    # Loading weights takes as long as KAITO gives the smallest of its own models: half an hour.
    container["startupProbe"] = {**probe, "failureThreshold": 180}
    container["readinessProbe"] = dict(probe)
    container["livenessProbe"] = {**probe, "failureThreshold": 3}
    container["resources"] = _resources(server)
    container["securityContext"] = {**_SECURITY}
    mounts: list[MutableObject] = [{"name": "dshm", "mountPath": "/dev/shm"}]  # noqa: S108 - the path that shared memory has in a pod
    if not server["runAsRoot"]:
        mounts.append({"name": _HOME, "mountPath": _HOME_PATH})
    if "path" in server:
        mounts.append({"name": _WEIGHTS, "mountPath": server["path"], "readOnly": True, **_below(server)})
    container["volumeMounts"] = mounts
    return container


def _env(pattern: str, server: Object) -> list[MutableObject]:
    env: list[MutableObject] = []
    if pattern == "huggingFace":
        env.append({"name": "MODEL_ID", "value": server["model"]})
        if "revision" in server:
            env.append({"name": "MODEL_REVISION", "value": server["revision"]})
        if "secret" in server:
            reference = {"secretKeyRef": {"name": server["secret"], "key": "HF_TOKEN"}}
            env.append({"name": "HF_TOKEN", "valueFrom": reference})
    elif "path" in server:
        env.append({"name": "MODEL_PATH", "value": server["path"]})
    for name, one in sorted(server.get("secretEnv", {}).items()):
        env.append({"name": name, "valueFrom": {"secretKeyRef": {"name": one, "key": name}}})
    given = {**({} if server["runAsRoot"] else _NAMED), **server.get("env", {})}
    return env + [{"name": name, "value": value} for name, value in sorted(given.items())]


def _below(server: Object) -> dict[str, str]:
    """Blobs keep their whole name when they are fetched, so what lies below a prefix is in a folder called that."""
    prefix = server.get("prefix", "").strip("/")
    return {"subPath": prefix} if prefix else {}


def _resources(server: Object) -> MutableObject:
    amounts = {key: server[key] for key in ("cpu", "memory") if key in server}
    limits = {"memory": amounts["memory"]} if "memory" in amounts else {}
    if server["gpus"]:
        limits[_GPU] = str(server["gpus"])
        amounts[_GPU] = str(server["gpus"])
    return {key: value for key, value in (("requests", amounts), ("limits", limits)) if value}


def _volumes(pattern: str, server: Object) -> list[MutableObject]:
    memory = {"medium": "Memory", "sizeLimit": server["sharedMemory"]}
    volumes: list[MutableObject] = [{"name": "dshm", "emptyDir": memory}]
    if not server["runAsRoot"]:
        volumes.append({"name": _HOME, "emptyDir": {}})
    if pattern == "volume":
        claim = {"claimName": server["claim"], "readOnly": True}
        volumes.append({"name": _WEIGHTS, "persistentVolumeClaim": claim})
    elif "path" in server:
        volumes.append({"name": _WEIGHTS, "emptyDir": {"sizeLimit": server["size"]}})
    return volumes


def _init_container(server: Object, script: tuple[str, dict[str, str]]) -> MutableObject:
    text, env = script
    # The Azure CLI keeps its state in the home folder, which the image gives to root.
    env = {**env, "HOME": "/tmp", "USER": "server"}  # noqa: S108
    return {
        "name": "fetch-weights",
        "image": server["fetchImage"],
        "command": ["/bin/sh", "-ec", text],
        "env": [{"name": name, "value": value} for name, value in sorted({**env, "TARGET": server["path"]}.items())],
        "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"memory": "2Gi"}},
        "securityContext": {**_SECURITY},
        "volumeMounts": [{"name": _WEIGHTS, "mountPath": server["path"]}],
    }


_LOGIN = (
    'az login --federated-token "$(cat "$AZURE_FEDERATED_TOKEN_FILE")" --service-principal '
    '--username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" --allow-no-subscriptions --output none\n'
)


def _blob(server: Object) -> tuple[str, dict[str, str]]:
    text = (
        _LOGIN + 'az storage blob download-batch --auth-mode login --account-name "$ACCOUNT" --source "$CONTAINER" '
        '--pattern "$PATTERN" --destination "$TARGET" --overwrite --output none\n'
        # Nothing of that name is no error to the CLI, and the server would be given an empty folder.
        'if [ -z "$(ls -A "$TARGET/$PREFIX" 2>/dev/null)" ]; then\n'
        '  echo "no blob of $CONTAINER in $ACCOUNT is called $PATTERN" >&2\n  exit 1\nfi\n'
    )
    prefix = server["prefix"].strip("/")
    pattern = f"{prefix}/*" if prefix else "*"
    env = {"ACCOUNT": server["account"], "CONTAINER": server["container"], "PATTERN": pattern, "PREFIX": prefix}
    return text, env


def _azure_ml(server: Object) -> tuple[str, dict[str, str]]:
    text = (
        # The image of the Azure CLI has no command for it; it is added below HOME where it is missing.
        "az extension show --name ml --output none 2>/dev/null || az extension add --name ml --yes --output none\n"
        + _LOGIN
        + 'az ml model download --registry-name "$REGISTRY" --name "$MODEL" --version "$VERSION" '
        '--download-path "$TARGET/.fetched" --output none\n'
        # It lands in a folder of the model's name, and there in one of its path's last part where it is a folder.
        'from="$TARGET/.fetched/$MODEL"\n'
        'while [ "$(ls -A "$from" | wc -l)" -eq 1 ] && [ -d "$from/$(ls -A "$from")" ]; do\n'
        '  from="$from/$(ls -A "$from")"\ndone\n'
        'for one in "$from"/* "$from"/.[!.]*; do\n  if [ -e "$one" ]; then mv "$one" "$TARGET"/; fi\ndone\n'
        'rm -rf "$TARGET/.fetched"\n'
    )
    return text, {"REGISTRY": server["registry"], "MODEL": server["model"], "VERSION": server["version"]}


_FETCH = {"blob": _blob, "azureML": _azure_ml}
