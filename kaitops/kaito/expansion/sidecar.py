"""The sidecar that routes requests of a decode pod to the prefill pods.

Source: ``injectRoutingSidecar`` in ``pkg/workspace/inference/preset_inferences.go`` of KAITO.
"""

from kaitops.documents.plain import MutableObject
from kaitops.kaito.expansion.world import World


def routing(world: World) -> MutableObject:
    """The container that listens on the inference port and hands on to vLLM on the decode port."""
    ports = world.controller["ports"]
    return {
        "args": [f"--port={ports['inference']}", f"--vllm-port={ports['decode']}", "--secure-proxy=false"],
        "env": [_pod_ip("POD_IP"), _pod_ip("VLLM_NIXL_SIDE_CHANNEL_HOST")],
        "image": world.images["routing_sidecar"],
        "name": "llm-d-routing-sidecar",
        "ports": [{"containerPort": ports["inference"], "name": "sidecar", "protocol": "TCP"}],
        "resources": {},
    }


def _pod_ip(name: str) -> MutableObject:
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}
