"""Streaming from a container that exists already, with a token that the pod gets at start.

Source: ``annotations.go`` and ``azure/sasblob.go`` in ``pkg/workspace/inference/modelstreaming`` of KAITO. An init
container writes account, token and place to a file in memory; the image's wrapper hands them to vLLM.
"""

from kaitops.documents.plain import MutableObject
from kaitops.kaito import scripts
from kaitops.kaito.expansion import volumes
from kaitops.kaito.expansion.command_line import shell
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.world import Refused, World, owner
from kaitops.kaito.golang.quote import quote

MODEL = "$STREAM_MODEL_URI"
_PREFIX = "inference.kaito.sh/"
_STATIC = f"{_PREFIX}static-model-mirror"
_URL = f"{_PREFIX}stream-datarefs-url"
_IDENTITY = f"{_PREFIX}stream-identity-client-id"
_SOURCE = f"{_PREFIX}stream-source-type"
_SHARED = "streaming-sas"
_SCRIPT = "fetch-sas-script"
_FILE = "fetch_sas.py"


def is_static(workspace: Workspace) -> bool:
    """The Workspace names a container of its own instead of a mirror that KAITO fills."""
    return workspace.annotations.get(_STATIC) == "true"


def check_annotations(workspace: Workspace) -> None:
    """All annotations of a static mirror are there.

    Raises:
        Refused: some are missing, or the kind of source is unknown.
    """
    if not is_static(workspace):
        return
    given = workspace.annotations
    if missing := [key for key in (_URL, _IDENTITY, _SOURCE) if not given.get(key)]:
        raise Refused(f"{_STATIC}=true requires all core SAS streaming annotations; missing: {', '.join(missing)}")
    if given[_SOURCE] not in ("public", "byo"):
        raise Refused(f'{_SOURCE} must be "public" or "byo", got {quote(given[_SOURCE])}')


def script(workspace: Workspace) -> MutableObject:
    """The ConfigMap with the program that gets the token."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": f"{workspace.name}-{_SCRIPT}",
            "namespace": workspace.namespace,
            "ownerReferences": owner("Workspace", workspace.name),
        },
        "data": {_FILE: scripts.text(_FILE)},
    }


def prepare(
    world: World, workspace: Workspace, spec: MutableObject, main: MutableObject, env: list[MutableObject]
) -> None:
    """Add the init container, what it shares with the main one, and the wrapper around the command."""
    paths, given = world.controller["paths"], workspace.annotations
    env_file = f"{paths['streaming']}/env"
    version = world.controller["streaming"]["azure_identity"]
    fetch = f"pip install --no-cache-dir -q azure-identity=={version} && python3 {paths['scripts']}/{_FILE}"
    spec["volumes"] += [volumes.memory(_SHARED), volumes.config_map(_SCRIPT, f"{workspace.name}-{_SCRIPT}")]
    spec.setdefault("initContainers", []).append(
        {
            "command": shell(fetch),
            "env": [
                {"name": "STREAM_DATAREFS_URL", "value": given[_URL]},
                {"name": "STREAM_IDENTITY_CLIENT_ID", "value": given[_IDENTITY]},
                {"name": "STREAM_SOURCE_TYPE", "value": given[_SOURCE]},
                {"name": "STREAM_ENV_FILE", "value": env_file},
            ],
            "image": world.images["sas_fetcher"],
            "name": "fetch-sas",
            "resources": {},
            "volumeMounts": [
                volumes.mount(_SHARED, paths["streaming"]),
                volumes.mount(_SCRIPT, paths["scripts"], read_only=True),
            ],
        }
    )
    main["volumeMounts"].append(volumes.mount(_SHARED, paths["streaming"]))
    env.append({"name": "STREAM_ENV_FILE", "value": env_file})
    main["command"] = [world.controller["vllm"]["sas_wrapper"], *main["command"]]
