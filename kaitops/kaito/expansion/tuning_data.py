"""Where a tuning Job gets its data and what becomes of its results.

Source: ``pkg/workspace/tuning/preset_tuning.go`` of KAITO.
"""

import json
import posixpath

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito import scripts
from kaitops.kaito.expansion import go_types, volumes
from kaitops.kaito.expansion.adapters import puller
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.world import NIL_POINTER, Refused, World, part
from kaitops.kaito.kubernetes import image_reference


def results(world: World, output: Object) -> MutableObject:
    """The volume that takes the results: the user's, or one that lives as long as the pod."""
    source = output.get("volumeSource")
    if source is None:
        return volumes.empty(volumes.RESULTS)
    return {"name": volumes.RESULTS, **go_types.written(world, "VolumeSource", source)}


def read(world: World, workspace: Workspace, spec: MutableObject, main: MutableObject) -> None:
    """Bring the data in: from an image, else from addresses, else from a volume."""
    source = part(workspace.tuning).get("input")
    if source is None:
        raise Refused(NIL_POINTER)
    paths = world.controller["paths"]
    data = volumes.mount(volumes.DATA, paths["data"])
    if source.get("image"):
        suffix = f"{source.get('name') or ''}-tuning-input"
        secrets = f"docker-config-{suffix}"
        secrets_path = f"{paths['pull_secrets']}/{suffix}"
        mounts = [volumes.mount(secrets, secrets_path), data]
        spec["initContainers"].append(puller(world, source["image"], paths["data"], mounts))
        spec["volumes"].append(volumes.pull_secrets(secrets, source.get("imagePullSecrets") or ()))
        spec["volumes"].append(volumes.empty(volumes.DATA))
        main["volumeMounts"] += [volumes.mount(secrets, secrets_path), dict(data)]
    elif source.get("urls"):
        spec["initContainers"].append(_downloader(world, source["urls"]))
        spec["volumes"].append(volumes.empty(volumes.DATA))
        main["volumeMounts"].append(data)
    elif source.get("volumeSource") is not None:
        volume = go_types.written(world, "VolumeSource", source["volumeSource"])
        spec["volumes"].append({"name": volumes.DATA, **volume})
        main["volumeMounts"].append(data)


def publish(world: World, workspace: Workspace, spec: MutableObject, output_dir: str) -> None:
    """Push the results as an image, unless they stay on a volume."""
    tuning = part(workspace.tuning)
    output = part(tuning, "output")
    if output.get("volumeSource") is not None or not output.get("image"):
        return
    secret = output.get("imagePushSecret") or ""
    spec["imagePullSecrets"] = [{"name": secret} if secret else {}]
    spec["volumes"].append(volumes.push_secret("docker-config", secret))
    script = scripts.with_settings(
        "push_image.sh",
        SOURCE=output_dir,
        IMAGE=image_reference.full(output["image"]),
        ANNOTATIONS=json.dumps({"$manifest": {"sh.kaito.model.name": tuning["preset"].get("name") or ""}}),
        SENTINEL=posixpath.join(output_dir, world.controller["tuning"]["sentinel"]),
    )
    pusher: MutableObject = {
        "args": [script],
        "command": ["/bin/sh", "-c"],
        "image": world.images["pusher"],
        "name": "pusher",
        "resources": {},
        "volumeMounts": [
            volumes.mount("docker-config", world.controller["paths"]["push_secret"]),
            volumes.mount(volumes.RESULTS, output_dir),
        ],
    }
    pause: MutableObject = {
        "image": world.images["pause"],
        "imagePullPolicy": "Always",
        "name": "pause",
        "resources": {},
    }
    spec["containers"] += [pusher, pause]


def _downloader(world: World, urls: list[str]) -> MutableObject:
    target = world.controller["paths"]["data"]
    return {
        "command": ["sh", "-c", scripts.text("download_data.sh")],
        "env": [{"name": "DATA_URLS", "value": " ".join(urls)}, {"name": "DATA_VOLUME_PATH", "value": target}],
        "image": world.images["data_downloader"],
        "name": "data-downloader",
        "resources": {},
        "volumeMounts": [volumes.mount(volumes.DATA, target)],
    }
