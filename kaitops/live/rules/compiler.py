"""A server that does not compile its model or its kernels."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_EAGER = "fleet.yaml: {entry}.vllm.enforce-eager: true serves without torch.compile, and more slowly"
_IMAGE = "an image that brings it, such as vLLM's own or KAITO's"
CACHES = r"(torch_compile_cache|torchinductor|inductor_cache|[./]triton|flashinfer|torch_extensions|\.cache/vllm)"
_WAYS = (
    (
        rf"No space left on device.*{CACHES}|{CACHES}.*No space left on device",
        "the disk that its compiled kernels are kept on has no space left",
        "a larger emptyDir or disk where VLLM_CACHE_ROOT, TORCHINDUCTOR_CACHE_DIR and TRITON_CACHE_DIR lead",
    ),
    (
        r"corrupted compilation artifact|failed to get the hash of the compiled graph",
        "the cache of an earlier start is damaged",
        "delete the folder torch_compile_cache where VLLM_CACHE_ROOT leads; in an emptyDir it goes with the pod",
    ),
    (
        r"Failed to find C compiler|No working C\+\+ compiler|InvalidCxxCompiler|Cannot find compiler '\S+' in PATH"
        r"|No such file or directory: '\S*(gcc|g\+\+|clang|\bcc)'|(gcc|g\+\+|clang): (command )?not found",
        "its image has no C compiler (gcc, g++), which Triton needs at each start",
        _IMAGE,
    ),
    (
        r"(Could not|Cannot) find nvcc|No such file or directory: '\S*nvcc'|nvcc: (command )?not found"
        r"|CUDA_HOME.*(not set|not found)",
        "its image has no nvcc, with which FlashInfer and extensions build kernels at the start",
        'an image with nvcc or flashinfer-jit-cache, or the variable VLLM_USE_FLASHINFER_SAMPLER: "0"',
    ),
    (
        r"No such file or directory: '\S*ninja'|ninja: (command )?not found|Ninja is required",
        "its image has no ninja, which builds kernels at the start",
        _IMAGE,
    ),
    (
        r"fatal error: Python\.h: No such file",
        "its image has no header files of Python (Python.h), which Triton compiles against",
        "an image with the package python3-dev of its Python",
    ),
    (
        r"fatal error: \S+\.(h|hpp|cuh): No such file",
        "header files of its compiler or of CUDA are missing in the image",
        _IMAGE,
    ),
    (
        r"cannot find -lcuda\b",
        "the linker finds no libcuda.so, which comes from the node's driver and not from the image",
        "the variable TRITON_LIBCUDA_PATH with the folder in the container that holds libcuda.so.1",
    ),
    (
        r"unsupported GNU version",
        "the gcc of its image is newer than its nvcc takes",
        "an image whose gcc and CUDA are of one age",
    ),
    (
        r"is not defined for option 'gpu-name'|Unsupported \.version \S+; current version|unsupported gpu architecture",
        "the compiler in its image does not know the node's GPU, which is newer",
        "an image with a newer CUDA, or the variable TRITON_PTXAS_PATH with the path of a newer ptxas",
    ),
    (
        r"download(ing)? cubin|BatchedGemmEnums\.h not found|edge\.urm\.nvidia\.com",
        "FlashInfer fetches kernels from NVIDIA's server as they are needed, which the pod does not reach",
        "an image with the package flashinfer-cubin of its FlashInfer, or let the nodes reach edge.urm.nvidia.com",
    ),
    (
        r"OutOfResources: out of resource: shared memory|NoTritonConfigsError",
        "a kernel needs more shared memory than the GPU has",
        "fleet.yaml: {entry}.gpu: another kind of GPU, or an image in which the kernel fits this one",
    ),
    (
        r"Command '\['\S*(gcc|g\+\+|clang|\bcc)'.*non-zero exit status",
        "its C compiler fails on what Triton needs at each start",
        "kubectl logs --previous of the pod (the compiler's own words stand above the line)",
    ),
    (
        r"Ninja build failed|ninja: build stopped|Error building extension|NVCC compilation failed",
        "a kernel is not built",
        "kubectl logs --previous of the pod (the compiler's first error stands above the line)",
    ),
    (
        r"BackendCompilerFailed|InductorError|torch\._dynamo\.exc\.|PTXASError|triton\.compiler\.errors\.",
        "torch.compile fails",
        _EAGER,
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(view, _WAYS, "the server does not compile what it runs on the GPU")


RULE = Rule(
    "compiler",
    "engine",
    "degraded",
    "kernels are not compiled: gcc, nvcc or ptxas missing or too old, a cache full or damaged, torch.compile fails",
    "the server ends on every start",
    _find,
)
