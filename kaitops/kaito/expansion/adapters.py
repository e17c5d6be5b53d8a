"""LoRA adapters of a served preset: pulled from an image, or mounted from a volume.

Source: ``SetAdapterPuller`` in ``pkg/workspace/inference/preset_inferences.go`` and ``GeneratePullerContainers`` in
``pkg/workspace/manifests/manifests.go`` of KAITO.
"""

import posixpath
from collections.abc import Sequence

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito import scripts
from kaitops.kaito.expansion import go_types, volumes
from kaitops.kaito.expansion.world import World
from kaitops.kaito.kubernetes import image_reference

_VOLUME = "adapter-volume"


def apply(
    world: World,
    adapters: Sequence[Object],
    spec: MutableObject,
    main: MutableObject,
    env: list[MutableObject],
) -> None:
    """Add volumes, mounts, pullers and strengths to a pod; images first, then volumes."""
    root = world.controller["paths"]["adapters"]
    images = [adapter for adapter in adapters if adapter["source"].get("volumeSource") is None]
    mounted = [adapter for adapter in adapters if adapter["source"].get("volumeSource") is not None]
    if images:
        spec["volumes"].append(volumes.empty(_VOLUME))
        main["volumeMounts"].append(volumes.mount(_VOLUME, root))
        pullers = spec.setdefault("initContainers", [])
        for adapter in images:
            _pull(world, adapter, spec, pullers, root)
            _strength(adapter, env)
    for adapter in mounted:
        source = adapter["source"]
        name = f"{_VOLUME}-{source.get('name') or ''}"
        spec["volumes"].append({"name": name, **go_types.written(world, "VolumeSource", source["volumeSource"])})
        main["volumeMounts"].append(volumes.mount(name, f"{root}/{source.get('name') or ''}"))
        _strength(adapter, env)


def puller(world: World, image: str, target: str, mounts: list[MutableObject]) -> MutableObject:
    """The init container that fetches an image and leaves its ``/data`` in a directory."""
    script = scripts.with_settings("pull_image.sh", IMAGE=image_reference.full(image), TARGET=target)
    return {
        "args": [script],
        "command": ["/bin/sh", "-c"],
        "image": world.images["puller"],
        "name": "puller",
        "resources": {},
        "volumeMounts": mounts,
    }


def _pull(world: World, adapter: Object, spec: MutableObject, pullers: list[MutableObject], root: str) -> None:
    source = adapter["source"]
    name = source.get("name") or ""
    mounts = [volumes.mount(_VOLUME, root)]
    if secrets := source.get("imagePullSecrets"):
        suffix = f"{name}-inference-adapter"
        volume = f"docker-config-{suffix}"
        spec["volumes"].append(volumes.pull_secrets(volume, secrets))
        mounts.append(volumes.mount(volume, f"{world.controller['paths']['pull_secrets']}/{suffix}"))
    target = posixpath.normpath(posixpath.join(root, name.lstrip("/")))
    container = puller(world, source.get("image") or "", target, mounts)
    container["name"] = f"puller-{name}"
    pullers.append(container)


def _strength(adapter: Object, env: list[MutableObject]) -> None:
    strength = adapter.get("strength")
    if strength is None:
        return
    entry = {"name": adapter["source"].get("name") or ""}
    if strength:
        entry["value"] = strength
    env.append(entry)
