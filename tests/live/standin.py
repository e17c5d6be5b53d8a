"""A `kubectl` for tests: a folder of answers, and a program that gives them as the real one would.

It starts in a few milliseconds, so that a command may ask seventeen times. What it does not have is NotFound.
"""

import contextlib
import json
import os
import stat
import time
from pathlib import Path
from typing import Any

from kaitops.live.kinds import KINDS, QUEUED
from tests.live import world

_PROGRAM = """\
#!/bin/sh
# Answers: raw/<path with slashes as dots>, refused/<the same> for what is said on standard error, logs/<pod>;
# below clusters/<context> those of another cluster.
here={folder}
context=
case "$1" in --context=*) context=${{1#--context=}}; shift;; esac
echo "$context $*" >> "$here/calls"
if [ "$context" ] && [ -d "$here/clusters/$context" ]; then here=$here/clusters/$context; fi
if [ -e "$here/all" ]; then cat "$here/all" >&2; exit 1; fi
case "$1 $2" in
"get --raw")
    path=${{3%%[?]*}}
    name=$(printf %s "$path" | tr / .)
    if [ -e "$here/refused/$name" ]; then cat "$here/refused/$name" >&2; exit 1; fi
    case "$3" in *watch=1*) [ -e "$here/watch/$name" ] && cat "$here/watch/$name"; echo $$ >> "$here/pids"; exec sleep 30;; esac
    if [ -e "$here/raw/$name" ]; then exec cat "$here/raw/$name"; fi
    echo 'Error from server (NotFound): the server could not find the requested resource' >&2; exit 1;;
"config get-contexts") cat "$here/contexts"; exit 0;;
"logs "*) if [ -e "$here/logs/$2" ]; then exec cat "$here/logs/$2"; fi; echo 'Error from server (NotFound): pods "x" not found' >&2; exit 1;;
esac
{more}
echo "error: unknown command" >&2; exit 1
"""


FORWARD = """\
case "$*" in
port-forward*)
    if [ -e "$here/refuse-forward" ]; then cat "$here/refuse-forward" >&2; exit 1; fi
    echo "Forwarding from 127.0.0.1:$(cat "$here/port") -> 5000"; echo $$ >> "$here/pids"; exec sleep 60;;
"proxy --address"*) echo "Starting to serve on 127.0.0.1:$(cat "$here/port")"; echo $$ >> "$here/pids"; exec sleep 60;;
esac
"""
"""What the program does with `port-forward` and `proxy`: leads to where the file `port` says."""


class Kubectl:
    """The program in a folder of its own; ``path`` goes first on the PATH."""

    def __init__(self, folder: Path, objects: list[dict[str, Any]] | None = None, more: str = "") -> None:
        self.folder = folder
        self.bin = folder / "bin"
        for name in ("bin", "raw", "refused", "watch", "logs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "contexts").write_text("")
        program = self.bin / "kubectl"
        program.write_text(_PROGRAM.format(folder=folder, more=more))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self.give(objects or [])

    def cluster(self, context: str, objects: list[dict[str, Any]] | None = None) -> "Kubectl":
        """Another cluster, which the program reaches by a context."""
        return Kubectl(self.folder / "clusters" / context, objects)

    def give(self, objects: list[dict[str, Any]]) -> None:
        """From now on the cluster has these objects."""
        for kind in (*KINDS.values(), *(QUEUED if any(one["kind"] == "Workload" for one in objects) else ())):
            items = [one for one in objects if one["kind"] == kind.name]
            path = self.folder / "raw" / _name(kind.path(None))
            staged = path.with_suffix(".new")
            staged.write_text(json.dumps({"metadata": {"resourceVersion": "7"}, "items": items}))
            staged.replace(path)

    def refuse(self, kind: str, said: str) -> None:
        """Reading a kind ends with a message."""
        (self.folder / "refused" / _name(KINDS[kind].path(None))).write_text(said)

    def watch(self, kind: str, *events: dict[str, Any]) -> None:
        """What the watch of a kind tells."""
        text = "".join(json.dumps(one) + "\n" for one in events)
        (self.folder / "watch" / _name(KINDS[kind].path(None))).write_text(text)

    def log(self, pod: str, text: str) -> None:
        (self.folder / "logs" / pod).write_text(text)

    def all(self, said: str) -> None:
        """Every call fails with a message."""
        (self.folder / "all").write_text(said)

    def none(self) -> None:
        """No call fails any more for what :meth:`all` said."""
        (self.folder / "all").unlink()

    def calls(self) -> list[str]:
        path = self.folder / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def alive(self) -> list[int]:
        """Its processes that last and are still there: watches, forwards and proxies."""
        path = self.folder / "pids"
        found: list[int] = []
        for pid in path.read_text().split() if path.exists() else []:
            # One that ends while it is looked at is gone.
            with contextlib.suppress(OSError):
                if "sleep" in Path(f"/proc/{pid}/cmdline").read_text():
                    found.append(int(pid))
        return found

    def gone(self, seconds: float = 3.0) -> bool:
        """None of them is there, or no longer after a while."""
        ends = time.monotonic() + seconds
        while self.alive() and time.monotonic() < ends:
            time.sleep(0.02)
        return not self.alive()

    @property
    def env(self) -> dict[str, str]:
        return {"PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}"}


def _name(path: str) -> str:
    return path.replace("/", ".")


def workspace(name: str = "phi-4-mini", ready: bool = True, **meta: Any) -> dict[str, Any]:
    """A Workspace that serves, or waits for its machine."""
    truth = "True" if ready else "False"
    conditions = [
        world.condition("NodesReady", truth, "NodesReady" if ready else "NodeNotReady"),
        world.condition("NodeClaimReady", truth, "NodeClaimsReady" if ready else "NodeClaimNotReady"),
        world.condition("ResourceReady", truth, "workspaceResourceStatusSuccess" if ready else "NodeClaimNotReady"),
        world.condition("InferenceReady", truth, "WorkspaceInferenceStatusSuccess" if ready else "WorkspaceInferenceStatusPending"),
        world.condition("WorkspaceSucceeded", truth, "workspaceSucceeded" if ready else "workspacePending", "waits"),
    ]  # fmt: skip
    return {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": name, "namespace": "models", "generation": 1, "creationTimestamp": "2026-11-21T06:40:00Z", **meta},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": name}}},
        "inference": {"preset": {"name": "phi-4-mini-instruct"}},
        "status": {"conditions": conditions, "state": "Ready" if ready else "Pending", "targetNodeCount": 1},
    }  # fmt: skip


def serving(name: str = "phi-4-mini") -> list[dict[str, Any]]:
    """A Workspace that serves, with all that belongs to it."""
    obj = workspace(name)
    pod = world.pod(obj, world.RUNNING, ready=True)
    pod["metadata"]["uid"] = f"uid-{name}"
    return [
        obj,
        world.controller(obj, ready=1),
        pod,
        world.node(labels={"topology.kubernetes.io/region": "westeurope"}),
        world.service(obj),
    ]


def without_quota(name: str = "phi-4-mini") -> list[dict[str, Any]]:
    """A Workspace whose machine the quota does not allow."""
    obj = workspace(name, ready=False)
    told = world.condition(
        "Launched", "False", "SubscriptionQuotaReached", "vCPU quota for Standard NCADS_A100_v4 Family has been reached"
    )
    return [obj, world.pool(obj), world.claim(obj, told)]
