"""A driver that does not fit the server's CUDA, or a GPU that the container does not see."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_WAYS = (
    (
        r"driver version is insufficient|NVIDIA driver .* too old|unsatisfied condition: cuda"
        r"|forward compatibility was attempted|unsupported display driver",
        "the node's driver is too old for the CUDA of the image",
        "a node image or GPU operator with a newer driver; KAITO's base image names the CUDA version that it needs",
    ),
    (
        r"system not yet initialized|fabric ?manager",
        "the driver is there and does not start: GPUs with NVSwitch need the fabric manager on the node",
        "a node image that starts nvidia-fabricmanager in the version of its driver, then the node made anew",
    ),
    (
        r"CUDA unknown error|CUDA_ERROR_UNKNOWN|nvml error: driver not loaded",
        "the node's driver is not up",
        "a restart of the node, or the node made anew",
    ),
    (
        r"Driver/library version mismatch",
        "the node's driver was replaced under its running kernel module",
        "a restart of the node, or the node made anew",
    ),
    (
        r"invalid literal for int\(\) with base 10: '(MIG|GPU)-",
        "the server does not read the name by which it is given a GPU or a part of one (MIG)",
        "fleet.yaml: {entry}.gpu: a size with whole GPUs, or an image with a newer server",
    ),
    (
        r"no CUDA-capable device|Found no NVIDIA driver|No CUDA GPUs are available|Failed to infer device type"
        r"|\b0 active drivers|NVML(Error| Shared Library Not Found)|libcuda\.so|Failed to initialize NVML"
        r"|nvidia-container-cli|unresolvable CDI devices",
        "no driver or no GPU is handed to the container",
        "kubectl get pods -A | grep -E 'device-plugin|gpu-operator' (does the device plugin run on its node?)",
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(
        view, _WAYS, "the container sees no usable GPU", "kubectl get nodes -L nvidia.com/cuda.driver-version.full"
    )


RULE = Rule(
    "driver-mismatch",
    "engine",
    "degraded",
    "the driver is missing in the container or too old for the server's CUDA",
    "the server ends on every start",
    _find,
)
