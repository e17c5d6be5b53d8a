"""All workloads of a cluster: ``python -m tests.bench.pulumi_cluster fleet.yaml cluster-00 1001``.

Prints the seconds from the start of the interpreter's work to the last resource, and the peak memory in MB.
"""

import resource
import sys
import time
from pathlib import Path

START = time.perf_counter()


def main() -> None:
    """Run and print."""
    from kaitops.components.deployment import declare_cluster
    from tests.bench.pulumi_harness import run

    fleet, cluster, expected = sys.argv[1:]
    run(lambda: declare_cluster("workloads", fleet=Path(fleet), cluster=cluster), int(expected))
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    print(f"{time.perf_counter() - START:.3f} {kilobytes / 1024:.0f}")


if __name__ == "__main__":
    main()
