"""Addresses of models, of a RAGEngine and in variables of ordinary workloads, that nobody answers at."""

from tests.gate.mended import Case, edited
from tests.gate.objects import ASKING_ENGINE, INFERENCE_SET, SERVING, WORKSPACE

_ENGINE = f"{WORKSPACE}---\n{ASKING_ENGINE}"
_CLIENT = SERVING.replace(
    "        resources:",
    "        env: [{name: OPENAI_BASE_URL, value: http://phi.team.svc.cluster.local/v1}]\n        resources:",
)
_ASKING = f"{WORKSPACE}---\n{_CLIENT}"
_ACROSS = _ASKING.replace("name: web, namespace: team", "name: web, namespace: apps")
_CONFIG = (
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: client, namespace: team}\n"
    "data: {OPENAI_BASE_URL: 'http://phi.team.svc.cluster.local/v1', greeting: 'http://phi.team.svc:1'}\n"
)
_ENV = "env: [{name: OPENAI_BASE_URL, value: http://phi.team.svc.cluster.local/v1}]"
_ALL = _ASKING.replace(_ENV, "envFrom: [{configMapRef: {name: client}}]") + _CONFIG
_KEY = "env: [{name: API_URL, valueFrom: {configMapKeyRef: {name: client, key: greeting}}}]"
_ONE = _ASKING.replace(_ENV, _KEY) + _CONFIG.replace("svc:1'", "svc/v1'")
_FRONT = """\
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: team}
spec: {selector: {kaito.sh/workspace: phi}, ports: [{port: 8080, targetPort: 5000}]}
"""
_FRONTED = _ASKING.replace("http://phi.team.svc.cluster.local/v1", "http://front.team.svc:8080/v1") + _FRONT
_ADDRESS, _URL = "http://phi.team.svc.cluster.local/v1", "http://phi.team.svc/v1/chat/completions"

_OWN = (
    SERVING.replace("name: web, namespace", "name: llm, namespace").replace("app: web", "app: llm")
    + """\
        command: [vllm, serve, /models/phi]
---
apiVersion: v1
kind: Service
metadata: {name: llm, namespace: team}
spec: {selector: {app: llm}, ports: [{port: 80, targetPort: 8000}]}
---
"""
)
_OF_OWN = _OWN + _CLIENT.replace("http://phi.team.svc.cluster.local/v1", "http://llm.team.svc/v1")
_PORTED = _OF_OWN.replace("targetPort: 8000", "targetPort: http").replace(
    "command: [vllm, serve, /models/phi]\n",
    "command: [vllm, serve, /models/phi]\n        ports: [{name: http, containerPort: 8000}]\n",
)
_NOBODY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: nobody, namespace: team}
spec: {podSelector: {matchLabels: {app: llm}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}
"""

_ARGUED = _ASKING.replace(_ENV, "args: [serve, --openai-api-base=http://phi.team.svc/v1]")
_WORDS = _ASKING.replace(_ENV, "args: [serve, --openai-base-url, http://phi.team.svc/v1, --last-url]")
CASES: dict[str, Case] = {
    "client by an argument": edited(_ARGUED, "http://phii.team.svc", "http://phi.team.svc", "Service phii in namespace team", "meant is phi?"),
    "client by an argument of two words": edited(_WORDS, "http://phi.team.svc:5000", "http://phi.team.svc", "asks port 5000 of Service team/phi"),
    "client of a server of one's own": edited(_OF_OWN, "http://llm.team.svc:8000/v1", "http://llm.team.svc/v1", "asks port 8000 of Service team/llm"),
    "client of a server of one's own by a slip": edited(_OF_OWN, "http://lllm.team.svc/v1", "http://llm.team.svc/v1", "meant is llm?"),
    "client whom a server of one's own does not let in at its named port": edited(
        _PORTED + _NOBODY, "ingress: []", "ingress: [{from: [{podSelector: {}}]}]", "lets nobody in", "(port 8000)"
    ),
    "client whom a server of one's own does not let in": edited(
        _OF_OWN + _NOBODY, "ingress: []", "ingress: [{from: [{podSelector: {}}]}]", "lets nobody in"
    ),
    "engine at the beginning of the API": edited(_ENGINE, "http://phi.team.svc/v1", _URL, "asks /v1 of Service team/phi", f"write {_URL}"),
    "engine without a path": edited(_ENGINE, "http://phi.team.svc", _URL, "asks / of Service team/phi", f"write {_URL}"),
    "engine at a path of another server": edited(_ENGINE, "http://phi.team.svc/api/generate", _URL, "answers questions at /v1/chat/completions"),
    "client by a slip": edited(_ASKING, "http://phii.team.svc.cluster.local/v1", _ADDRESS, "Service phii in namespace team", "meant is phi?"),
    "client in a namespace by a slip": edited(_ASKING, "http://phi.taem.svc.cluster.local/v1", _ADDRESS, "it is in team", "write phi.team.svc"),
    "client in its own namespace": edited(_ACROSS, "http://phi/v1", _ADDRESS, "Service phi in namespace apps", "write phi.team.svc"),
    "client at a port": edited(_ASKING, "http://phi.team.svc:5000/v1", _ADDRESS, "asks port 5000 of Service team/phi", "its HTTP port, 80"),
    "client by TLS": edited(_ASKING, "https://phi.team.svc/v1", _ADDRESS, "asks port 443 of Service team/phi"),
    "client at a port of a Service of one's own": edited(_FRONTED, "http://front.team.svc/v1", "http://front.team.svc:8080/v1", "asks port 80 of Service team/front"),
    "client of a Service of one's own by a slip": edited(_FRONTED, "http://fornt.team.svc:8080/v1", "http://front.team.svc:8080/v1", "meant is front?"),
    "client of a set": Case(
        f"{INFERENCE_SET}---\n{_CLIENT}", f"{INFERENCE_SET.replace('name: phi,', 'name: mistral,')}---\n{_CLIENT}",
        ("KAITO makes none of the name of InferenceSet",),
    ),
    "client by a ConfigMap": edited(_ALL, "http://phii.team.svc.cluster.local/v1", _ADDRESS, "Service phii in namespace team", "meant is phi?"),
    "client by a key of a ConfigMap": edited(_ONE, "greeting: 'http://phi.taem.svc/v1'", "greeting: 'http://phi.team.svc/v1'", "write phi.team.svc"),
    "client by another variable": Case(
        _ASKING.replace("OPENAI_BASE_URL", "LLM_ENDPOINT").replace("phi.team.svc", "ph.team.svc"), _ASKING, ("meant is phi?",)
    ),
}  # fmt: skip
FINE: dict[str, str] = {
    "argument of no address": _ARGUED.replace("--openai-api-base", "--greeting").replace("phi.team.svc", "phii.team.svc"),
    "engine at completions": _ENGINE.replace("/v1/chat/completions", "/v1/completions"),
    "engine with a question": _ENGINE.replace("/v1/chat/completions", "/v1/chat/completions?user=rag"),
    "engine of a Service of one's own": _ENGINE.replace("http://phi.team.svc/v1/chat/completions", "http://front.team.svc:8080/ask") + _FRONT,
    "engine elsewhere": _ENGINE.replace(_URL, "https://llm.contoso.com/v1"),
    "client": _ASKING,
    "client by a ConfigMap that has more": _ALL,
    "client by a ConfigMap elsewhere": _ASKING.replace(_ENV, "envFrom: [{configMapRef: {name: other, optional: true}}]"),
    "ConfigMap that nobody takes": _ASKING + _CONFIG.replace("phi.team.svc.cluster", "phii.team.svc.cluster"),
    "client in another namespace": _ACROSS,
    "client of its own namespace by name": _ASKING.replace(_ADDRESS, "http://phi/v1"),
    "client of a Service of one's own": _FRONTED,
    "client of another host": _ASKING.replace(_ADDRESS, "https://phii.openai.azure.com/v1"),
    "client of a namespace that is not here": _ASKING.replace(_ADDRESS, "http://phi.staging.svc/v1"),
    "client of another version": _ASKING.replace("name: phi\n", "name: phi-3\n").replace(_ADDRESS, "http://phi-4.team.svc/v1"),
    "client of a Service elsewhere": _ASKING.replace(_ADDRESS, "http://gateway.team.svc:8443/v1"),
    "client of one of the pods": _ASKING.replace(_ADDRESS, "http://phi-0.phi-headless.team.svc:5000/v1"),
    "client of no model": _ASKING.replace(_ADDRESS, "http://web.team.svc:9090")
    + "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: team}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n",
    "variable of no address": _ASKING.replace("OPENAI_BASE_URL", "GREETING").replace("phi.team.svc", "phii.team.svc"),
    "address that is put together": _ASKING.replace(_ADDRESS, "http://$(HOST).team.svc/v1"),
}  # fmt: skip
