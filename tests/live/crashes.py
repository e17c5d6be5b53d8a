"""How servers end by themselves: the rule that names it, what the cause says of it, and the end of the log.

The lines are of the form in which vLLM, PyTorch, Triton, Hugging Face's hub, Ray and NCCL write them.
"""

_ENGINE = "(EngineCore_DP0 pid=112) ERROR 11-20 07:10:11 [core.py:710] "

CRASHES: dict[str, tuple[str, str, str]] = {
    "compiler-c": ("compiler", "no C compiler", f"{_ENGINE}RuntimeError: Failed to find C compiler. Please specify via CC environment variable or set triton.knobs.build.impl."),
    "compiler-cxx": ("compiler", "no C compiler", f"{_ENGINE}torch._inductor.exc.InductorError: InvalidCxxCompiler: No working C++ compiler found in torch._inductor.config.cpp.cxx: (None, 'g++')"),
    "compiler-nvcc": ("compiler", "no nvcc", f"{_ENGINE}RuntimeError: Could not find nvcc and default cuda_home='/usr/local/cuda' doesn't exist"),
    "compiler-nvcc-in-a-shell": ("compiler", "no nvcc", "/bin/sh: 1: /usr/local/cuda/bin/nvcc: not found\nninja: build stopped: subcommand failed."),
    "compiler-ninja": ("compiler", "no ninja", f"{_ENGINE}FileNotFoundError: [Errno 2] No such file or directory: 'ninja'"),
    "compiler-headers-of-python": ("compiler", "Python.h", "/tmp/tmpx/cuda_utils.c:6:10: fatal error: Python.h: No such file or directory\ncompilation terminated."),
    "compiler-other-headers": ("compiler", "header files of its compiler", "fatal error: stddef.h: No such file or directory"),
    "compiler-below-the-gpu": ("compiler", "does not know the node's GPU", "triton.runtime.errors.PTXASError: PTXAS error: Internal Triton PTX codegen error\nptxas fatal   : Value 'sm_121a' is not defined for option 'gpu-name'"),
    "compiler-cache-full": ("compiler", "no space left", f"{_ENGINE}OSError: [Errno 28] No space left on device: '/root/.cache/vllm/torch_compile_cache/18abfd6fb8/rank_0_0/inductor_cache/ha/x.py'"),
    "compiler-cache-damaged": ("compiler", "cache of an earlier start is damaged", f"{_ENGINE}RuntimeError: vLLM failed to compile the model. The most likely reason for this is that a previous compilation failed, leading to a corrupted compilation artifact."),
    "compiler-shared-memory-of-the-gpu": ("compiler", "than the GPU has", f"{_ENGINE}triton.runtime.errors.OutOfResources: out of resource: shared memory, Required: 131072, Hardware limit: 101376."),
    "compiler-kernel": ("compiler", "a kernel is not built", "RuntimeError: Ninja build failed. Ninja output:"),
    "compiler-of-torch": ("compiler", "torch.compile fails", f"{_ENGINE}torch._dynamo.exc.BackendCompilerFailed: backend='<vllm.compilation.backends.VllmBackend object at 0x7f>' raised:"),
    "kernel-above-the-gpu": ("unsupported-gpu", "its GPU is too old", "ptxas /tmp/x.ptx, line 91; error   : Feature '.bf16' requires .target sm_80 or higher\nptxas fatal   : Ptx assembly aborted due to errors"),
    "library-of-cuda": ("missing-library", "a library of CUDA", "ImportError: libcudart.so.12: cannot open shared object file: No such file or directory"),
    "library-missing": ("missing-library", "a library is not in the image", "ImportError: libGL.so.1: cannot open shared object file: No such file or directory"),
    "libraries-of-two-builds": ("missing-library", "not built for each other", "ImportError: flash_attn_2_cuda.cpython-312-x86_64-linux-gnu.so: undefined symbol: _ZN3c105ErrorC2ENS_14SourceLocationESs"),
    "package-missing": ("missing-library", "a Python package", "ModuleNotFoundError: No module named 'flash_attn'"),
    "too-many-files": ("process-limits", "too many open files", "OSError: [Errno 24] Too many open files"),
    "too-many-threads": ("process-limits", "no further thread", "OpenBLAS blas_thread_init: pthread_create failed for thread 47 of 48: Resource temporarily unavailable"),
    "hub-without-the-file": ("download-failed", "lacks a file", "huggingface_hub.errors.EntryNotFoundError: 404 Client Error.\nEntry Not Found for url: https://huggingface.co/org/model/resolve/main/config.json."),
    "hub-of-no-name": ("download-failed", "DNS does not know", "httpx.ConnectError: [Errno -3] Temporary failure in name resolution"),
    "hub-too-slow": ("download-failed", "the hub is not reached", "httpx.ConnectTimeout: _ssl.c:983: The handshake operation timed out"),
    "hub-behind-a-proxy": ("download-failed", "the proxy on the way", "requests.exceptions.ProxyError: (MaxRetryError(\"HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded (Caused by ProxyError('Unable to connect to proxy'\")"),
    "download-cut": ("download-failed", "the download was cut", "requests.exceptions.ChunkedEncodingError: ('Connection broken: IncompleteRead(1048576 bytes read)')"),
    "download-helper-missing": ("download-failed", "hf_transfer", "ValueError: Fast download using 'hf_transfer' is enabled (HF_HUB_ENABLE_HF_TRANSFER=1) but 'hf_transfer' package is not available in your environment."),
    "volume-stale": ("download-failed", "no longer answers", "OSError: [Errno 116] Stale file handle: '/mnt/models/config.json'"),
    "disk-of-the-weights-full": ("download-failed", "the disk is full", "OSError: [Errno 28] No space left on device: '/workspace/weights/models--org--x/blobs/9a.incomplete'"),
    "weights-of-other-layers": ("download-failed", "of another model than config.json", "KeyError: 'layers.0.mlp.gate_up_proj.qweight'"),
    "gpu-memory-of-requests": ("gpu-memory", "so many requests", "RuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests. Please try lowering `max_num_seqs` or `gpu_memory_utilization`."),
    "gpu-memory-of-another": ("gpu-memory", "another process on the same GPU", "AssertionError: Error in memory profiling. Initial free memory 40.2 GiB, current free memory 60.1 GiB."),
    "gpu-memory-by-cuda": ("gpu-memory", "does not hold weights and context", "torch.AcceleratorError: CUDA error: out of memory"),
    "gpu-memory-by-cublas": ("gpu-memory", "does not hold weights and context", "RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    "host-memory-refused": ("host-memory", "the machine's memory (not the GPU's)", "RuntimeError: [enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 8589934592 bytes."),
    "host-memory-by-ray": ("host-memory", "the machine's memory (not the GPU's)", "ray.exceptions.OutOfMemoryError: Task was killed due to the node running low on memory."),
    "driver-not-up": ("driver-mismatch", "the node's driver is not up", "RuntimeError: CUDA unknown error - this may be due to an incorrectly set up environment"),
    "gpu-lost": ("gpu-fault", "the GPU or the way between GPUs failed", "Unable to determine the device handle for GPU0001:00:00.0: GPU is lost.  Reboot the system to recover this GPU"),
    "quantisation-unknown": ("wrong-flag", "no quantisation of that name", "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig\n  Value error, Unknown quantization method: nf4. Must be one of ['awq', 'fp8', 'gptq']."),
    "attention-that-does-not-fit": ("wrong-flag", "the attention backend", "ValueError: Selected backend AttentionBackendEnum.FLASHINFER is not valid for this configuration. Reason: ['kv_cache_dtype not supported']"),
    "port-of-a-service": ("wrong-flag", "a Service called vllm", "ValueError: VLLM_PORT 'tcp://10.0.12.3:80' appears to be a URI. This may be caused by a Kubernetes service discovery issue"),
    "guessing-ahead": ("wrong-flag", "cannot guess ahead", "NotImplementedError: Speculative decoding with draft model is not supported yet."),
    "vocabulary-that-does-not-divide": ("wrong-flag", "cannot be parted among so many GPUs", "AssertionError: 151665 is not divisible by 8"),
    "model-without-what-a-flag-asks": ("wrong-flag", "cannot do what a flag asks", "ValueError: Chunked prefill is not supported for this model."),
    "chat-template-not-there": ("tokenizer", "the chat template that a flag names is not there", "ValueError: The supplied chat template string (/mnt/config/tool.jinja) appears path-like, but doesn't exist!"),
    "group-not-connected": ("head-unreached", "do not find each other", "RuntimeError: Gloo connectFullMesh failed with [/pytorch/third_party/gloo/gloo/transport/tcp/pair.cc:144] no error"),
    "placement-group-not-met": ("head-unreached", "do not find each other", "RuntimeError: Cannot provide a placement group of placement_group_specs=[{'GPU': 1.0}, {'GPU': 1.0}] within 1800 seconds."),
    "ray-of-another-version": ("head-unreached", "they run different images", "RuntimeError: Version mismatch: The cluster was started with:\n    Ray: 2.46.0\nThis process on node 10.244.2.7 was started with:\n    Ray: 2.48.0"),
    "ray-without-a-gpu": ("head-unreached", "Ray sees no GPU", "ValueError: Current node has no GPU available. current_node_resource={'node:10.244.1.9': 1.0}. vLLM engine cannot start without GPU."),
    "nccl-without-an-interface": ("head-unreached", "no network interface", "x-0:34:34 [0] bootstrap.cc:45 NCCL WARN Bootstrap : no socket interface found"),
    "nccl-without-shared-memory": ("shared-memory", "shared memory of the pod is too small", "x-0:34:612 [1] misc/shmutils.cc:72 NCCL WARN Error: failed to extend /dev/shm/nccl-3Fy2aB to 9637892 bytes"),
}  # fmt: skip

HARMLESS = (
    "WARNING 11-20 07:10:11 [import_utils.py:9] ModuleNotFoundError: No module named 'flash_attn', which is optional",
    "INFO 11-20 07:10:11 [backends.py:86] a former start wrote a corrupted compilation artifact, which is made anew",
    "WARNING 11-20 07:10:11 BlockingIOError: [Errno 11] tried again",
)
"""What a server also writes on its way to a good start."""
