"""A driver that does not fit the server's CUDA, or a GPU that the container does not see."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = (
    r"driver version is insufficient|no CUDA-capable device|Found no NVIDIA driver|NVIDIA driver .* too old"
    r"|No CUDA GPUs are available|Failed to infer device type|NVMLError|NVML Shared Library Not Found"
    r"|libcuda\.so|Failed to initialize NVML|nvidia-container-cli"
)


def _find(view: View) -> Said | None:
    return signs.by_crash(
        view,
        _PATTERN,
        "the container sees no usable GPU: driver missing or too old",
        "kubectl get nodes -L nvidia.com/cuda.driver-version.full",
        "a node image or GPU operator with a newer driver; KAITO's base image names the CUDA version that it needs",
    )


RULE = Rule(
    "driver-mismatch",
    "engine",
    "degraded",
    "the driver is missing in the container or too old for the server's CUDA",
    "the server ends on every start",
    _find,
)
