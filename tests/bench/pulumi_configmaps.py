"""A program with 100 ConfigMaps of pulumi-kubernetes: ``python -m tests.bench.pulumi_configmaps``."""

from pulumi_kubernetes.core.v1 import ConfigMap

from tests.bench.pulumi_harness import run


def program() -> None:
    """Declare them."""
    for number in range(100):
        name = f"phi-{number:03d}"
        ConfigMap(name, metadata={"name": name, "namespace": "models"}, data={"config": "size: 1"})


if __name__ == "__main__":
    run(program, 100)
