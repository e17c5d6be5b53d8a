"""A program with 100 checked Workspaces: ``python -m tests.bench.pulumi_workspaces``."""

from kaitops.components.resources import Workspace
from tests.bench.pulumi_harness import run


def program() -> None:
    """Declare them."""
    for number in range(100):
        name = f"phi-{number:03d}"
        Workspace(
            name,
            metadata={"name": name, "namespace": "models"},
            resource={
                "instanceType": "Standard_NC24ads_A100_v4",
                "labelSelector": {"matchLabels": {"apps": name}},
            },
            inference={"preset": {"name": "phi-4-mini-instruct"}},
        )


if __name__ == "__main__":
    run(program, 100)
