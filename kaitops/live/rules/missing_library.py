"""A library or module that the server's image lacks, or has in another version."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_WAYS = (
    (
        r"undefined symbol|version `?GLIBC(XX)?_\S+' not found|compiled (using|with) NumPy|wrong ELF class"
        r"|Error: \S+ version \S+ does not match|detected CUDA version \S+ mismatches",
        "two of its libraries were not built for each other",
        "an image whose parts are of one release; with a pip install of your own, the versions that it names",
    ),
    (
        r"No matching distribution found for|Could not find a version that satisfies the requirement",
        "a Python package that is installed at the start, from an index that the pod does not reach or that lacks it",
        "let the nodes reach pypi.org and files.pythonhosted.org, or take an image that has the package",
    ),
    (
        r"lib(cudart|cudnn|cublas|cusparse|nccl|nvrtc)\S*: cannot open shared object file",
        "a library of CUDA that it was built with is not in the image",
        "an image for the CUDA of its PyTorch",
    ),
    (
        r"cannot open shared object file|CUDA Setup failed despite GPU being available",
        "a library is not in the image",
        "an image that has it: the line above names it",
    ),
    (
        r"ImportError: .*\binstall|NIXL is not available|Ray is not installed"
        r"|ModuleNotFoundError: No module named|ImportError: cannot import name|PackageNotFoundError",
        "a Python package is not in the image, or of another version",
        "an image that has it: the line above names it",
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(view, _WAYS, "the image lacks something")


RULE = Rule(
    "missing-library",
    "engine",
    "degraded",
    "a library or Python package is not in the image, or does not fit the others",
    "the server ends on every start",
    _find,
)
