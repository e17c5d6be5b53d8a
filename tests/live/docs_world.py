"""The cluster that the transcripts of `docs/live.md` are of."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from kaitops.today import now
from tests.live import world as w
from tests.live.server import served
from tests.live.standin import FORWARD, Kubectl, workspace


def objects() -> list[dict[str, Any]]:
    """A model that does not fit its GPU, and one of plain mode that serves."""
    failing = workspace(ready=False)
    failing["status"]["conditions"] = [
        w.condition("NodesReady"), w.condition("NodeClaimReady"), w.condition("ResourceReady"),
        w.condition("InferenceReady", "False", "WorkspaceInferenceStatusPending", "Inference workload is not ready"),
        w.condition("WorkspaceSucceeded", "False", "workspacePending", "workspace is waiting for inference workload readiness"),
    ]  # fmt: skip
    failing["metadata"]["annotations"] = {"workspace.kaito.io/revision": "1"}
    pod = w.pod(
        failing, w.waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container"), restarts=4, last=w.ended(1)
    )
    plain = workspace("gpt-oss")
    made = w.controller(plain, ready=1)
    serving = w.pod(plain, w.RUNNING, ready=True, node="n2")
    flags = "--served-model-name=gpt-oss-20b --max-model-len=16384 --tool-call-parser=openai"
    serving["spec"]["containers"][0]["command"] = ["/bin/sh", "-c", f"python3 inference_api.py {flags}"]
    for key in ("ownerReferences", "annotations"):
        made["metadata"].pop(key)
    labels = {
        "topology.kubernetes.io/region": "westeurope",
        "node.kubernetes.io/instance-type": "Standard_NC24ads_A100_v4",
    }
    return [
        failing, w.controller(failing), pod, w.claim(failing, node_name="n1"), w.service(failing), w.node("n1", labels=labels),
        made, serving, w.service(plain), w.node("n2", labels=labels),
    ]  # fmt: skip


LOG = "ValueError: The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in KV cache (20272)."


def aged(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects as if all of it had happened this hour, so that what is shown is the same on every day."""
    text = json.dumps(objects)
    for moment, minutes in (("2026-11-21T06:40:00Z", 40.5), (w.T0, 12.5)):
        text = text.replace(moment, (now() - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return json.loads(text)


@contextmanager
def world(folder: Path) -> Iterator[Mapping[str, str]]:
    """The environment that the commands of the page run in."""
    with served(model="gpt-oss-20b") as (url, _):
        kubectl = Kubectl(folder, aged(objects()), FORWARD)
        kubectl.log("phi-4-mini-0", f"INFO loading\n{LOG}\n")
        (folder / "port").write_text(url.rpartition(":")[2])
        yield {"PATH": str(kubectl.bin)}
