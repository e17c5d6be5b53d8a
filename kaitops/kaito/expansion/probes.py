"""Probes of the container that serves a preset.

Source: ``pkg/workspace/inference/preset_inferences.go`` of KAITO. Times in seconds.
"""

from kaitops.documents.plain import MutableObject
from kaitops.kaito.expansion.command import leader
from kaitops.kaito.expansion.command_line import shell, with_flags
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.world import World
from kaitops.kaito.preset import Preset

_PERIOD = 10


def of_serving(
    world: World, workspace: Workspace, preset: Preset, port: int, distributed: bool
) -> dict[str, MutableObject]:
    """Start-up, liveness and readiness probe by their field name in a container.

    Args:
        port: where the runtime listens.
        distributed: several pods serve one copy of the model, so a pod's health is the cluster's.
    """
    patience = preset.startup_failure_threshold
    if distributed:
        probes = _distributed(world, workspace, port, patience)
    else:
        probes = {
            "startupProbe": {"failureThreshold": patience, "httpGet": _health(port), "periodSeconds": _PERIOD},
            "livenessProbe": {"failureThreshold": 3, "httpGet": _health(port), "periodSeconds": _PERIOD},
            "readinessProbe": {"httpGet": _health(port), "initialDelaySeconds": 30, "periodSeconds": _PERIOD},
        }
    if workspace.benchmark:
        facts = world.controller["vllm"]
        script = facts["benchmark"]
        command = ["python3", script]
        if distributed:
            command = shell(f'if [ "$POD_INDEX" = "0" ]; then python3 {script}; else true; fi')
        probes["startupProbe"] = _exec(command, patience, facts["benchmark_timeout_seconds"])
    return probes


def _distributed(world: World, workspace: Workspace, port: int, patience: int) -> dict[str, MutableObject]:
    check, host = world.controller["vllm"]["health_check"], leader(workspace)
    ray = {"leader-address": host, "ray-port": str(world.controller["ports"]["ray"])}
    ready = shell(with_flags(f"{check} readiness", {"leader-address": host, "vllm-port": str(port)}))
    liveness = _exec(shell(with_flags(f"{check} liveness", ray)), 1, 5)
    # Workers join the cluster within the first minute; a pod that then loses its leader is replaced at once.
    liveness["initialDelaySeconds"] = 60
    liveness["terminationGracePeriodSeconds"] = 1
    return {
        "startupProbe": _exec(ready, patience, 1),
        "livenessProbe": liveness,
        "readinessProbe": _exec(list(ready), 1, 1),
    }


def _exec(command: list[str], patience: int, timeout: int) -> MutableObject:
    return {
        "exec": {"command": command},
        "failureThreshold": patience,
        "periodSeconds": _PERIOD,
        "timeoutSeconds": timeout,
    }


def _health(port: int) -> MutableObject:
    return {"path": "/health", "port": port}
