"""What kwok does with nodes and pods: our own stages, as kwok's configuration.

Owns the form of what a kubelet would have written. Which pod gets which play is the annotation `PLAY`, set by
`tests.e2e.players.kwok`; a stage acts only on pods that carry one.
"""

import json
from typing import Any

PLAY = "kaitops.test/play"
READY = "ready"
SLOW = "slow"
SLOW_MILLISECONDS = 4000
JOB_MILLISECONDS = 500

_HEAD = "{{ $now := Now }}\n"

_CONDITIONS = "".join(
    f'\n- {{type: {kind}, status: "%({kind})s", lastTransitionTime: {{{{ $now | Quote }}}}}}'
    for kind in ("Initialized", "Ready", "ContainersReady")
)

_STATUSES = """
{key}:
{{{{ range .spec.{source} }}}}
- name: {{{{ .name | Quote }}}}
  image: {{{{ .image | Quote }}}}
  imageID: ""
  ready: {ready}
  restartCount: {restarts}
  started: {ready}
  state: {state}
  lastState: {last}
{{{{ end }}}}
"""

_STARTED = "{running: {startedAt: {{ $now | Quote }}}}"


def _ended(code: int, reason: str) -> str:
    return f"{{terminated: {{exitCode: {code}, reason: {reason}, finishedAt: {{{{ $now | Quote }}}}}}}}"


def _waiting(reason: str, message: str) -> str:
    return f"{{waiting: {{reason: {reason}, message: {json.dumps(message)}}}}}"


def _status(play: str, phase: str, state: str, *, ready: bool = False, restarts: int = 0, last: str = "{}") -> str:
    """The template of a pod's status."""
    truth = "True" if ready else "False"
    conditions = "conditions:" + _CONDITIONS % {"Initialized": "True", "Ready": truth, "ContainersReady": truth}
    common = {"ready": str(ready).lower(), "restarts": restarts, "state": state, "last": last}
    containers = _STATUSES.format(key="containerStatuses", source="containers", **common)
    # `message` also remembers which play was given, so that a stage acts once.
    address = "podIP: {{ PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace | Quote }}\n"
    return f"{_HEAD}phase: {phase}\nreason: null\nmessage: {play}\nstartTime: {{{{ $now | Quote }}}}\n" + (
        (address if phase == "Running" else "") + conditions + containers
    )


_BACK_OFF = _waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container")

PLAYS: dict[str, str] = {
    READY: _status(READY, "Running", _STARTED, ready=True),
    SLOW: _status(SLOW, "Running", _STARTED, ready=True),
    "unready": _status("unready", "Running", _STARTED),
    "image-pull": _status("image-pull", "Pending", _waiting("ImagePullBackOff", "Back-off pulling image")),
    "crash-loop": _status("crash-loop", "Running", _BACK_OFF, restarts=5, last=_ended(1, "Error")),
    "oom": _status("oom", "Running", _BACK_OFF, restarts=5, last=_ended(137, "OOMKilled")),
    "failed": _status("failed", "Failed", _ended(1, "Error")),
    "evicted": _status("evicted", "Failed", _ended(137, "Error")).replace("reason: null", "reason: Evicted"),
}
"""What can happen to a pod, and the status that it gets."""


def _stage(name: str, kind: str, expressions: list[tuple[str, str, list[str]]], after: dict[str, Any], delay: int = 0):
    selector = [
        {"key": key, "operator": operator, **({"values": values} if values else {})}
        for key, operator, values in expressions
    ]
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": name},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": kind},
            "selector": {"matchExpressions": selector},
            **({"delay": {"durationMilliseconds": delay}} if delay else {}),
            "next": after,
        },
    }


_NODE_READY = (
    f'{_HEAD}conditions:\n- {{type: Ready, status: "True", reason: Played, message: played, '
    "lastHeartbeatTime: {{ $now | Quote }}, lastTransitionTime: {{ $now | Quote }}}\n"
)


def configuration() -> str:
    """All stages, as documents of one file."""
    living = (".metadata.deletionTimestamp", "DoesNotExist", list[str]())
    play = f'.metadata.annotations["{PLAY}"]'
    condition = '.status.conditions.[] | select( .type == "Ready" ) | .status'
    stages = [
        _stage("pod-delete", "Pod", [(".metadata.deletionTimestamp", "Exists", [])], {"delete": True}),
        _stage("node-ready", "Node", [(condition, "NotIn", ["True"])], {"statusTemplate": _NODE_READY}),
        _stage(
            "job-complete",
            "Pod",
            [
                living,
                (play, "In", [READY, SLOW]),
                (".status.phase", "In", ["Running"]),
                (".metadata.ownerReferences.[].kind", "In", ["Job"]),
            ],
            {"statusTemplate": _status("complete", "Succeeded", _ended(0, "Completed"))},
            JOB_MILLISECONDS,
        ),
    ]
    for name, template in PLAYS.items():
        expressions = [
            living,
            (play, "In", [name]),
            (".status.phase", "NotIn", ["Succeeded", "Failed"]),
            (".status.message", "NotIn", [name]),
        ]
        stages.append(
            _stage(
                f"pod-{name}",
                "Pod",
                expressions,
                {"statusTemplate": template},
                SLOW_MILLISECONDS if name == SLOW else 0,
            )
        )
    return "---\n".join(json.dumps(stage) + "\n" for stage in stages)
