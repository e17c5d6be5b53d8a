"""The sample fleet, rendered by the command that users run, and read as its consumers read it.

Owns the way from `fleet.yaml` to lists of objects: by the `kustomization.yaml` files, in their order.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.e2e import kinds

ROOT = Path(__file__).resolve().parents[2]
INPUTS = ("fleet.yaml", "fleet.lock", "presets/huggingface")
"""What the command reads beside the packaged data; copied, because it also writes the lock."""

DISKS = ("disk", "kaito-local-nvme-disk", "blob-weights")
"""Storage classes that the sample fleet's pods and mirrors ask for; the first is for what a user brings."""

STOOD_IN_FOR = ("ConfigMap", "PersistentVolumeClaim", "Secret", "ServiceAccount")
"""What pods wait for; a Gateway, or whom KEDA asks by, no pod does."""

Objects = list[dict[str, Any]]


class CommandMissing(Exception):
    """There is no `kaitops` command beside this Python."""


def render(
    folder: Path,
    mode: str = "",
    without: Collection[str] = (),
    edit: Callable[[dict[str, Any]], object] | None = None,
) -> dict[str, Path]:
    """Renders the sample fleet.

    Args:
        folder: to work in.
        mode: `operator` or `plain` for every workload; empty as declared.
        without: models to leave out.
        edit: changes the declaration in place.

    Returns:
        The folder of each cluster.

    Raises:
        CommandMissing: the project is not installed.
    """
    command = Path(sys.executable).with_name("kaitops")
    if not command.exists():
        raise CommandMissing(f"there is no {command}; run `make setup`")
    for name in INPUTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
        elif (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    if without or edit:
        declaration = yaml.safe_load((folder / "fleet.yaml").read_text())
        for name in without:
            del declaration["models"][name]
        if edit:
            edit(declaration)
        (folder / "fleet.yaml").write_text(yaml.safe_dump(declaration, sort_keys=False))
    arguments = [str(command), "render", "--fleet", str(folder / "fleet.yaml"), "--out", str(folder / "out")]
    arguments += ["--mode", mode] if mode else []
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    clusters = sorted(path.parent for path in (folder / "out" / "clusters").glob("*/kustomization.yaml"))
    assert clusters, "nothing was rendered"
    return {cluster.name: cluster for cluster in clusters}


def listed(folder: Path) -> Iterator[dict[str, Any]]:
    """The objects that a kustomization lists, in its order."""
    for name in yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]:
        path = folder / name
        if path.is_dir():
            yield from listed(path)
        else:
            yield from (document for document in yaml.safe_load_all(path.read_text()) if document)


def settings(cluster: Path) -> dict[str, Any]:
    """How KAITO's controllers run in a cluster."""
    return yaml.safe_load((cluster / "kaitops-context.yaml").read_text())["settings"]


def groups(objects: Objects) -> set[str]:
    """The API groups that objects belong to."""
    return {kinds.group_of(obj) for obj in objects}


def needed(cluster: Path) -> Objects:
    """Stand-ins for what a cluster must hold beside the tree; storage classes are `tests.e2e.players.storage`'s."""
    found: Objects = []
    for line in yaml.safe_load((cluster / "kaitops-context.yaml").read_text()).get("needs", []):
        kind, _, rest = line.partition(" ")
        namespace, _, name = rest.split()[0].rpartition("/")
        obj: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": kind,
            "metadata": {"name": name, "namespace": namespace},
        }
        if kind == "PersistentVolumeClaim":
            obj["spec"] = {
                "accessModes": ["ReadWriteMany"],
                "resources": {"requests": {"storage": "10Gi"}},
                "storageClassName": DISKS[0],
            }
        if kind in STOOD_IN_FOR:
            found.append(obj)
    return found
